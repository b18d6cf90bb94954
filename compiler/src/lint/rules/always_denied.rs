//! Operations that demand a credential which nothing can verify: every request is denied.

use gw_syntax::{Code, CodeEntry, Diagnostic, Severity};

use crate::check::{Access, access_of, apart, operations};
use crate::resolve::Resolved;
use crate::resolve::resolved::{Operation, Security};

/// The rule's code.
pub(in crate::lint) const ALWAYS_DENIED: CodeEntry = CodeEntry {
    code: Code(401),
    name: "always-denied",
    severity: Severity::Warning,
    title: "every request to an operation is denied",
};

const HELP: &str = "say how gw verifies it, as in `x-gw-authenticator: {keys: partners}` at a security scheme; or, where the \
     upstream does, say so:\n\n  \
     x-gw-auth: {delegated: true, reason: \"say here who verifies it\"}\n\n\
     on the operation, its path or the document's root, or as `auth` below `defaults` in gw.yaml";

/// One finding over all such operations that no waiver tells apart.
pub(in crate::lint) fn run(resolved: &Resolved) -> Vec<Diagnostic> {
    let is_denied =
        |operation: &&Operation| access_of(resolved, operation).is_some_and(|it| lets_nobody_in(&it));
    let denied = apart(&ALWAYS_DENIED, resolved.operations.iter().filter(is_denied));
    denied.into_iter().map(|(waivers, denied)| finding(&denied).with_waivers(waivers)).collect()
}

/// Whether each alternative has a credential that nothing verifies.
fn lets_nobody_in(access: &Access) -> bool {
    match access {
        Access::Public | Access::Delegated(_) => false,
        Access::Verified(demand) => {
            demand.iter().all(|needs| needs.iter().any(|needed| needed.verifier.is_none()))
        }
    }
}

fn finding(denied: &[&Operation]) -> Diagnostic {
    let first = denied[0];
    let (which, names) = operations(denied);
    let message =
        format!("every request to {which} is denied, because nothing can verify its credential{names}");
    let finding = Diagnostic::new(&ALWAYS_DENIED, message)
        .at(first.span)
        .with_pointer(first.pointer.clone())
        .about("credentials")
        .with_help(HELP);
    match &first.security {
        Security::Declared { span, .. } => finding.with_label(*span, "credentials are demanded here"),
        Security::Undeclared => finding,
    }
}
