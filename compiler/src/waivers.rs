//! Findings that somebody accepted, and waivers that accept nothing (any more).
//!
//! What a waiver covers is told by where it stands: `defaults` cover the whole project, a document's root all of its API,
//! a path item and an operation themselves, and an entry of `apply` the operations that it selects. A finding is about
//! what it points at; where it is about several operations, its check told which waivers these have in common.
//!
//! INVARIANT: waivers change no artifact and no verdict of the gate: no error can be waived.

mod place;
mod report;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gw_syntax::{Code, Diagnostic, Severity, Span};

use crate::load::SourceSet;
use crate::pointers;
use crate::policy::waive::Waiver;
use crate::reach::Reach;
use crate::resolve::Resolved;
use crate::vocabulary::scalar::Date;
use place::Places;
pub(crate) use report::CODES;

/// A finding that somebody accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waived {
    /// The finding.
    pub finding: Diagnostic,
    /// The waiver that covers it.
    pub waiver: Arc<Waiver>,
}

/// The waivers of a project and what they cover.
#[derive(Debug)]
pub(crate) struct Waivers<'r> {
    /// By place.
    all: BTreeMap<Span, Arc<Waiver>>,
    places: Places<'r>,
}

/// What waivers are held against.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judgement<'s> {
    /// The day on which waivers must not have expired; `None`: they hold whatever the day.
    pub(crate) today: Option<Date>,
    /// How many findings of each code were counted and not kept.
    pub(crate) suppressed: &'s BTreeMap<Code, usize>,
    /// Whether a waiver that covers nothing is one too many: not where errors may hide what it is for.
    pub(crate) is_whole: bool,
}

/// What became of the findings.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// Those that stand.
    pub(crate) findings: Vec<Diagnostic>,
    /// Those that are accepted.
    pub(crate) waived: Vec<Waived>,
    /// Codes of which those that were not kept are accepted, too.
    pub(crate) waived_whole: BTreeSet<Code>,
    /// What is wrong with the waivers themselves, without the paths of their places.
    pub(crate) about_waivers: Vec<Diagnostic>,
}

impl<'r> Waivers<'r> {
    /// Those of a project.
    pub(crate) fn of(resolved: &Resolved, reach: &'r Reach) -> Self {
        let all = resolved.waivers();
        let places = Places::of(resolved, reach, !all.is_empty());
        Waivers { all, places }
    }

    /// Takes what is accepted out of the findings. Their paths are known.
    pub(crate) fn judge(&self, findings: Vec<Diagnostic>, judgement: Judgement<'_>) -> Judged {
        let mut judged = Judged::default();
        let mut used = BTreeSet::new();
        let codes: BTreeSet<Code> = self.all.values().map(|waiver| waiver.code.value).collect();
        for finding in findings {
            let can_be = finding.severity < Severity::Error && codes.contains(&finding.code);
            let waiver = can_be.then(|| self.waiver_of(&finding, judgement.today)).flatten();
            match waiver {
                Some(waiver) => {
                    used.insert(waiver.span);
                    judged.waived.push(Waived { finding, waiver: Arc::clone(waiver) });
                }
                None => judged.findings.push(finding),
            }
        }
        let whole = judgement.suppressed.keys().filter(|code| {
            let mut waivers = self.places.everywhere(**code).into_iter();
            waivers.any(|span| self.holds(span, judgement.today))
        });
        judged.waived_whole = whole.copied().collect();
        for waiver in self.all.values() {
            let counts =
                !used.contains(&waiver.span) && !judgement.suppressed.contains_key(&waiver.code.value);
            let is_idle = counts && judgement.is_whole;
            let is_own = self.places.is_own(waiver.span.source);
            judged.about_waivers.extend(report::of(waiver, judgement.today, is_idle, is_own));
        }
        judged
    }

    /// The strongest waiver that covers a finding.
    fn waiver_of(&self, finding: &Diagnostic, today: Option<Date>) -> Option<&Arc<Waiver>> {
        let covering = finding.waivers.clone().unwrap_or_else(|| self.places.covering(finding));
        let span = covering.into_iter().find(|span| self.holds(*span, today))?;
        self.all.get(&span)
    }

    fn holds(&self, waiver: Span, today: Option<Date>) -> bool {
        self.all.get(&waiver).is_some_and(|waiver| !report::is_over(waiver, today))
    }
}

/// Findings about waivers with their subjects: the key and the code, whatever stands before it in the list.
pub(crate) fn named(mut findings: Vec<Diagnostic>, set: &SourceSet<'_>) -> Vec<Diagnostic> {
    pointers::complete(&mut findings, set);
    for finding in &mut findings {
        let mut key = finding.pointer.clone().unwrap_or_default();
        // Below the key stand the item and its part.
        key.pop();
        key.pop();
        finding.subject = format!("{key} {}", finding.subject);
    }
    findings
}
