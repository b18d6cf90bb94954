//! What the gateway answers by itself to requests that reach an operation, as responses of a document.
//!
//! Only what this version does is said: nothing is limited yet, so that there is no 429.
//! What keeps a request from reaching any operation (404, 405, 421, 508) is no response of one.

use std::collections::BTreeMap;

use gw_artifact::model::{Reason, Upstream};
use serde_json::{Value, json};

use crate::check::{Access, Needed};
use crate::resolve::resolved::{Layered, Operation};

/// The answers of one status.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Answers {
    /// The status.
    pub(super) status: u16,
    reasons: Vec<Reason>,
}

/// What a request to this operation, which is sent to this service, may be answered by the gateway, by status.
pub(super) fn answers(operation: &Operation, access: &Access, service: Option<&Upstream>) -> Vec<Answers> {
    let mut by_status: BTreeMap<u16, Vec<Reason>> = BTreeMap::new();
    let reaches_tls = service.is_some_and(|service| service.tls.is_some());
    for reason in Reason::ALL.iter().filter(|reason| may_happen(**reason, operation, access, reaches_tls)) {
        by_status.entry(reason.status()).or_default().push(*reason);
    }
    by_status.into_iter().map(|(status, reasons)| Answers { status, reasons }).collect()
}

fn may_happen(reason: Reason, operation: &Operation, access: &Access, reaches_tls: bool) -> bool {
    let takes_body = operation.request_schemas.bodies > 0;
    match reason {
        Reason::BodyTooLarge | Reason::RequestTimeout => takes_body,
        Reason::AccessDenied => operation.policy.access.is_some(),
        Reason::CredentialMissing => *access != Access::Public,
        Reason::IdentityUnavailable => some_need(access, |needed| needed.verifier.is_none()),
        Reason::CredentialInvalid => some_need(access, |needed| needed.verifier.is_some()),
        Reason::ScopeMissing => some_need(access, |needed| !needed.scopes.is_empty()),
        Reason::ClaimsRefused => {
            let auth = operation.policy.auth.as_deref().map(Layered::value);
            some_need(access, |_| true) && auth.is_some_and(|auth| auth.claims.is_some())
        }
        // Values in the path may be written in a way that is refused, and queries grow.
        Reason::PathNotCanonical
        | Reason::TargetTooLong
        | Reason::HeadTooLarge
        | Reason::Capacity
        | Reason::Overloaded
        | Reason::NoEndpoint
        | Reason::UpstreamConnect
        | Reason::UpstreamReset
        | Reason::UpstreamProtocol
        | Reason::UpstreamTimeout => true,
        Reason::UpstreamTls => reaches_tls,
        // Such a request is broken, or reaches no operation; and a bug is no part of a contract.
        Reason::MalformedRequest
        | Reason::OperationUnknown
        | Reason::MethodUnknown
        | Reason::AuthorityUnknown
        | Reason::SniMismatch
        | Reason::Loop
        | Reason::Internal => false,
    }
}

/// Whether gw judges a credential of which this is true.
fn some_need(access: &Access, is: impl Fn(&Needed) -> bool) -> bool {
    match access {
        Access::Public | Access::Delegated(_) => false,
        Access::Verified(demand) => demand.iter().flatten().any(is),
    }
}

impl Answers {
    /// The response; `schema` is the name of the problem's schema.
    pub(super) fn response(&self, schema: &str) -> Value {
        let told = |reason: &Reason| format!("{} (`urn:gw:problem:{reason}`)", reason.title());
        let reasons: Vec<String> = self.reasons.iter().map(told).collect();
        let reference = json!({"$ref": format!("#/components/schemas/{schema}")});
        json!({
            "description": format!("The gateway answers by itself: {}", reasons.join("; ")),
            "content": {"application/problem+json": {"schema": reference}},
        })
    }
}

/// The schema of the gateway's own answers: a problem document (RFC 9457).
pub(super) fn problem() -> Value {
    json!({
        "description": "What the gateway says when it answers by itself: a problem document (RFC 9457)",
        "type": "object",
        "required": ["type", "title", "status", "instance"],
        "properties": {
            "type": {"type": "string", "format": "uri", "description": "`urn:gw:problem:` and the reason"},
            "title": {"type": "string"},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "instance": {"type": "string", "format": "uri", "description": "`urn:gw:request:` and the request's id"},
        },
    })
}
