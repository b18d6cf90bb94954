//! Every reason has a case.

use gw_artifact::model::Reason;

use gw_replay::{Expected, Suite};

/// The suite and the case of each reason. A new reason without a case does not compile.
fn case_of(reason: Reason) -> Option<(&'static str, &'static str)> {
    Some(match reason {
        Reason::MalformedRequest => ("receive", "a request without a host is malformed"),
        Reason::PathNotCanonical => ("receive", "a dot segment is not canonical"),
        Reason::RequestTimeout => ("faults", "a body that never ends is given up"),
        Reason::BodyTooLarge => ("faults", "a body that is too large is refused before anyone sees it"),
        Reason::TargetTooLong => ("receive", "a target of more than 8 KiB is too long"),
        Reason::HeadTooLarge => ("receive", "97 header lines are too many"),
        Reason::AccessDenied => ("access", "an address of a denied list is kept out"),
        Reason::CredentialMissing => ("authorize", "nobody reads without a credential"),
        Reason::CredentialInvalid => ("keys", "a key that nobody holds is not good"),
        Reason::ScopeMissing => ("keys", "a key without the scope is good and does not suffice"),
        Reason::ClaimsRefused => ("keys", "nobody reads another tenant's things"),
        Reason::IdentityUnavailable => ("authorize", "what nobody can verify is denied"),
        Reason::OperationUnknown => ("route", "an unknown path is no operation"),
        Reason::MethodUnknown => ("route", "a known path answers other methods with those it has"),
        Reason::SniMismatch => ("doors", "and misdirected where somebody may"),
        Reason::AuthorityUnknown => ("route", "an unknown host is not served"),
        Reason::Capacity => ("faults", "a service has as many requests as it may have"),
        Reason::Overloaded => ("receive", "a gateway that is full says so"),
        Reason::NoEndpoint => ("faults", "and rests"),
        Reason::UpstreamConnect => ("faults", "a service that refuses the connection is a bad gateway"),
        Reason::UpstreamTls => ("services", "a certificate of another authority is not believed"),
        Reason::UpstreamReset => ("faults", "a service that breaks off before its answer is a bad gateway"),
        Reason::UpstreamProtocol => ("faults", "a service that speaks something else is a bad gateway"),
        Reason::UpstreamTimeout => ("faults", "a service that does not begin to answer times out"),
        Reason::Loop => ("receive", "a request that was here before loops"),
        // A bug of our own is no answer that a suite could ask for: `panics` in gw-runtime brings it about.
        Reason::Internal => return None,
    })
}

#[test]
fn every_reason_has_a_case_that_expects_it() {
    for reason in Reason::ALL {
        let Some((suite, case)) = case_of(*reason) else { continue };
        assert!(expects(&crate::suite(suite), case, *reason), "{reason}: {suite}, {case}");
    }
}

/// Whether a case of a suite expects this reason.
fn expects(suite: &Suite, case: &str, reason: Reason) -> bool {
    let cases = suite.cases.iter().filter(|its| its.name == case);
    let expectations = cases.flat_map(|case| &case.steps).flat_map(|step| &step.expectations);
    expectations.into_iter().any(|expectation| expectation.what == Expected::Reason(Some(reason)))
}
