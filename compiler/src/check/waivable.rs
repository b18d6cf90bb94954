//! Waivers name findings that can be accepted; and operations apart by the waivers that cover them.

use std::collections::BTreeMap;

use gw_syntax::{Code, CodeEntry, Diagnostic, Severity, Sink, Span, nearest};

use super::Context;
use super::codes::{WAIVER_REFUSED, WAIVER_UNKNOWN};
use crate::resolve::resolved::{Operation, Spanned};
use crate::{codes, waivers};

/// Reports waivers of findings that there are not, and of those that nobody may accept.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    let named = context.resolved.waivers();
    if named.is_empty() {
        return;
    }
    let known: BTreeMap<Code, &CodeEntry> = codes().into_iter().map(|entry| (entry.code, entry)).collect();
    for waiver in named.values() {
        match known.get(&waiver.code.value) {
            None => sink.push(unknown(&waiver.code, &known)),
            Some(entry) if !is_waivable(entry) => sink.push(refused(&waiver.code, entry)),
            Some(_) => {}
        }
    }
}

/// No error can be waived, whatever the stage; nor what is found about waivers.
fn is_waivable(entry: &CodeEntry) -> bool {
    entry.severity < Severity::Error && !is_about_waivers(entry.code)
}

fn is_about_waivers(code: Code) -> bool {
    waivers::CODES.iter().any(|entry| entry.code == code)
}

fn unknown(code: &Spanned<Code>, known: &BTreeMap<Code, &CodeEntry>) -> Diagnostic {
    let waivable = known.values().filter(|entry| is_waivable(entry));
    let names: Vec<String> = waivable.map(|entry| entry.code.to_string()).collect();
    let name = code.value.to_string();
    let help = match nearest(&name, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`gw explain` lists all findings".to_owned(),
    };
    Diagnostic::new(&WAIVER_UNKNOWN, format!("no finding about a project is called `{name}`"))
        .at(code.span)
        .about(name)
        .with_help(help)
}

fn refused(code: &Spanned<Code>, entry: &CodeEntry) -> Diagnostic {
    let name = code.value;
    let (message, help) = if is_about_waivers(name) {
        let help = "remove this waiver, and mend the one that is found";
        (format!("`{name}` is about waivers, and cannot be waived itself"), help)
    } else {
        let help = "mend what is found: only warnings and notes can be accepted";
        (format!("`{name}` is an error ({}), and no error can be waived", entry.title), help)
    };
    Diagnostic::new(&WAIVER_REFUSED, message).at(code.span).about(name.to_string()).with_help(help)
}

/// The waivers of a code that cover an operation, strongest first.
pub(crate) fn waivers_over(entry: &CodeEntry, operation: &Operation) -> Vec<Span> {
    operation.policy.waivers_of(entry.code).collect()
}

/// Operations apart by the waivers of a code that cover them, so that a finding about several of them is waived as a
/// whole or not at all. Those that none covers come first.
pub(crate) fn apart<'r>(
    entry: &CodeEntry,
    operations: impl IntoIterator<Item = &'r Operation>,
) -> BTreeMap<Vec<Span>, Vec<&'r Operation>> {
    let mut groups: BTreeMap<Vec<Span>, Vec<&Operation>> = BTreeMap::new();
    for operation in operations {
        groups.entry(waivers_over(entry, operation)).or_default().push(operation);
    }
    groups
}
