//! The findings of all stages as they are told: each once, in order, with path and owner, and without what is waived.

use std::collections::BTreeMap;

use gw_syntax::{Code, Diagnostic, Sink, SourceMap, put_in_order};

use crate::compile::Options;
use crate::load::SourceSet;
use crate::owners::Owners;
use crate::pointers;
use crate::waivers::{self, Judged, Judgement, Waived, Waivers};

/// What a compilation tells.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// The findings that stand, in their final order.
    pub(crate) findings: Vec<Diagnostic>,
    /// How many more there were of each code.
    pub(crate) suppressed: BTreeMap<Code, usize>,
    /// The findings that are accepted.
    pub(crate) waived: Vec<Waived>,
    /// How many more of these there were.
    pub(crate) waived_suppressed: BTreeMap<Code, usize>,
}

/// What the stages found. Owners and waivers are known where the project was understood.
pub(crate) fn settle(
    sink: Sink,
    set: &SourceSet<'_>,
    known: Option<(&Owners<'_>, &Waivers<'_>)>,
    options: &Options,
) -> Told {
    let suppressed = sink.suppressed();
    let is_whole = !options.dev && !sink.has_errors();
    let owners = known.map(|(owners, _)| owners);
    let findings = placed(sink.finish(set.sources()).diagnostics(), set, owners);
    let Some((_, waivers)) = known else { return Told { findings, suppressed, ..Told::default() } };
    let judgement = Judgement { today: options.today, suppressed: &suppressed, is_whole };
    let Judged { mut findings, waived, waived_whole, about_waivers } = waivers.judge(findings, judgement);
    let (waived_suppressed, mut suppressed): (BTreeMap<_, _>, BTreeMap<_, _>) =
        suppressed.into_iter().partition(|(code, _)| waived_whole.contains(code));
    let mut sink = Sink::new();
    for finding in waivers::named(about_waivers, set) {
        sink.push(finding);
    }
    suppressed.append(&mut sink.suppressed());
    findings.extend(placed(sink.finish(set.sources()).diagnostics(), set, owners));
    put_in_order(&mut findings, set.sources());
    Told { findings, suppressed, waived, waived_suppressed }
}

/// Findings with what their places tell.
fn placed(findings: &[Diagnostic], set: &SourceSet<'_>, owners: Option<&Owners<'_>>) -> Vec<Diagnostic> {
    let mut findings = named(findings, set.sources());
    pointers::complete(&mut findings, set);
    pointers::show_beneath(&mut findings, set);
    if let Some(owners) = owners {
        owners.attribute(&mut findings);
    }
    findings
}

/// The findings, each once, with the file's name in front of a subject that is a path through it.
fn named(findings: &[Diagnostic], sources: &SourceMap) -> Vec<Diagnostic> {
    let mut named: Vec<Diagnostic> = findings.to_vec();
    for finding in &mut named {
        if let Some(span) = finding.span.filter(|_| finding.subject.starts_with('/')) {
            finding.subject = format!("{} {}", sources.path(span.source), finding.subject);
        }
    }
    named.dedup();
    named
}
