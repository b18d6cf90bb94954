//! The `WWW-Authenticate` lines of a denial: what a caller could send instead.
//!
//! | Denial | Lines | Source |
//! |---|---|---|
//! | `credential-missing` | the access rule's challenges as they are | RFC 9110 §11.6.1, RFC 6750 §3.1: no error code |
//! | `credential-invalid` | the same, `Bearer` with `error="invalid_token"` | RFC 6750 §3.1 |
//! | `scope-missing` | `Bearer` alone, with `error="insufficient_scope"` and the scopes of the first alternative | RFC 6750 §3.1 |

use gw_artifact::model::{Access, Reason};

use crate::context::HeadWriter;

/// Writes the lines of a denial by this rule.
pub(crate) fn write(reason: Reason, access: &Access, writer: &mut impl HeadWriter) {
    let (Access::Delegated { challenges, .. } | Access::Verified { challenges, .. }) = access else { return };
    for challenge in challenges {
        let is_bearer = challenge.starts_with("Bearer ");
        match reason {
            Reason::CredentialInvalid if is_bearer => {
                line(&[challenge, ", error=\"invalid_token\""], writer);
            }
            Reason::ScopeMissing if is_bearer => {
                let scopes = scopes(access);
                line(&[challenge, ", error=\"insufficient_scope\", scope=\"", &scopes, "\""], writer);
            }
            Reason::ScopeMissing => {}
            _ => line(&[challenge], writer),
        }
    }
}

/// What the first alternative with scopes demands; the gate lets no scope in that a quoted string could not carry.
fn scopes(access: &Access) -> String {
    let Access::Verified { alternatives, .. } = access else { return String::new() };
    let needs = alternatives.iter().flat_map(|alternative| &alternative.needs);
    let scopes = needs.map(|need| &need.scopes).find(|scopes| !scopes.is_empty());
    scopes.map_or_else(String::new, |scopes| scopes.join(" "))
}

fn line(parts: &[&str], writer: &mut impl HeadWriter) {
    writer.line("www-authenticate", parts.concat().as_bytes());
}
