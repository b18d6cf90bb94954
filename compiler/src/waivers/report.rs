//! What is wrong with a waiver: it covers nothing, it has expired, or it soon will.

use gw_syntax::{Code, CodeEntry, Diagnostic, Severity};

use crate::policy::waive::Waiver;
use crate::vocabulary::scalar::Date;

/// A waiver that covers no finding.
pub(crate) const WAIVER_UNUSED: CodeEntry = CodeEntry {
    code: Code(601),
    name: "waiver-unused",
    severity: Severity::Warning,
    title: "a waiver accepts what is not found",
};
/// A waiver whose last day is over.
pub(crate) const WAIVER_EXPIRED: CodeEntry = CodeEntry {
    code: Code(602),
    name: "waiver-expired",
    severity: Severity::Warning,
    title: "a waiver has expired",
};
/// A waiver whose last day is near.
pub(crate) const WAIVER_EXPIRES_SOON: CodeEntry = CodeEntry {
    code: Code(603),
    name: "waiver-expires-soon",
    severity: Severity::Info,
    title: "a waiver soon expires",
};

/// Findings about waivers, which no waiver accepts: it would answer for itself.
pub(crate) const CODES: &[CodeEntry] = &[WAIVER_UNUSED, WAIVER_EXPIRED, WAIVER_EXPIRES_SOON];

/// So many days before its last day a waiver is told to expire: two weeks, the time in which most teams plan.
const SOON: u32 = 14;

/// Whether its last day is over.
pub(super) fn is_over(waiver: &Waiver, today: Option<Date>) -> bool {
    let expires = waiver.expires.as_ref();
    expires.zip(today).is_some_and(|(expires, today)| expires.value < today)
}

/// The finding about a waiver, if there is one. In a file that is extended it may be meant for other projects.
pub(super) fn of(waiver: &Waiver, today: Option<Date>, is_idle: bool, is_own: bool) -> Option<Diagnostic> {
    if is_over(waiver, today) {
        return expired(waiver);
    }
    if is_idle {
        let finding = unused(waiver);
        return Some(if is_own { finding } else { finding.with_severity(Severity::Info) });
    }
    expires_soon(waiver, today?)
}

fn unused(waiver: &Waiver) -> Diagnostic {
    let message = format!("nothing that this covers has a finding `{}` to accept", waiver.code.value);
    Diagnostic::new(&WAIVER_UNUSED, message)
        .at(waiver.code.span)
        .about(waiver.code.value.to_string())
        .with_help("remove it: what is mended needs no waiver, and the next finding would be accepted unseen")
}

fn expired(waiver: &Waiver) -> Option<Diagnostic> {
    let expires = waiver.expires.as_ref()?;
    let message = format!("`{}` was accepted until {}", waiver.code.value, expires.value);
    Some(
        Diagnostic::new(&WAIVER_EXPIRED, message)
            .at(expires.span)
            .about(waiver.code.value.to_string())
            .with_help(
                "mend what is found and remove the waiver; or look at its reason again, and extend it",
            ),
    )
}

fn expires_soon(waiver: &Waiver, today: Date) -> Option<Diagnostic> {
    let expires = waiver.expires.as_ref()?;
    let left = expires.value.days().saturating_sub(today.days());
    if left > SOON {
        return None;
    }
    let when = match left {
        0 => "which is today".to_owned(),
        1 => "which is tomorrow".to_owned(),
        days => format!("in {days} days"),
    };
    let message = format!("`{}` is accepted until {}, {when}", waiver.code.value, expires.value);
    Some(
        Diagnostic::new(&WAIVER_EXPIRES_SOON, message)
            .at(expires.span)
            .about(waiver.code.value.to_string())
            .with_help("behind that day `gw lint` finds it again: mend it, or extend the waiver"),
    )
}
