//! Tries witness requests: each goes through the decision core, and only what does as its check says is confirmed.
//!
//! A refuted witness is a bug of the check that proposed it. Tests insist that there is none; a command just does not
//! print it.
//!
//! **Bounds.** At most [`MAX_WITNESSES`] are tried, each with a target, lines and body that a small message has. Every
//! one is tried in a gateway of its own in which nothing has happened yet, so that the result depends on nothing else.

mod expected;
mod paste;
#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::net::SocketAddr;

use gw_artifact::model::{OperationId, Reason, SourceMap as PolicySources, Step};
use gw_artifact::{Artifact, Contested, Draft};
use gw_decision::{Finding, StepVerdict};
use gw_syntax::{Diagnostic, SourceMap, Witness};

use crate::dry_run::{OperationTrace, operation_trace};
use crate::exchanged::Exchanged;
use crate::request::{HostLine, Request};
use crate::sim::{Sim, SimOptions};
use crate::units::DEFAULT_PORT;

use expected::Verdict;
pub use paste::paste;

/// How many witnesses of one compilation are tried; the others are as if there were none.
pub const MAX_WITNESSES: usize = 2_000;

/// What witnesses are tried on.
#[derive(Clone, Copy, Debug)]
pub enum Ground<'a> {
    /// What the gate let through.
    Artifact(&'a Artifact, &'a PolicySources),
    /// What it refused.
    Draft(&'a Draft),
}

/// What came of a witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// It does what its check says.
    Confirmed(Confirmed),
    /// It does something else.
    Refuted(Ended),
    /// Access lists let nobody in who could send it from here, so that nothing was seen.
    KeptOut,
}

/// A witness that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// How the request ends.
    pub ended: Ended,
    /// The operation that does not have it, though its template matches.
    pub rather_than: Option<OperationTrace>,
    /// How it would end by each of the contradictory words; none when nothing is contested about it.
    pub readings: Vec<Reading>,
}

/// One of several contradictory words, and what would follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The key that says so; empty when it is another operation.
    pub because: String,
    /// How the request would end.
    pub ended: Ended,
}

/// How a request ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The operation that it is for.
    pub operation: Option<OperationTrace>,
    /// The upstream that receives it, if one does.
    pub upstream: Option<String>,
    /// What gw answers, if it does.
    pub status: Option<u16>,
    /// The step that answers.
    pub step: Option<Step>,
    /// Why it says no.
    pub reason: Option<Reason>,
    /// Whether the step authorize lets anyone pass.
    pub is_public: bool,
}

/// Tries the witness of each finding; `None` for a finding without one, and beyond [`MAX_WITNESSES`].
pub fn confirm(ground: Ground<'_>, sources: &SourceMap, findings: &[Diagnostic]) -> Vec<Option<Tried>> {
    let bench = Bench::new(ground, sources);
    let mut left = MAX_WITNESSES;
    let tried = |finding: &Diagnostic| {
        let witness = finding.witness.as_deref().filter(|witness| is_small(witness))?;
        left = left.checked_sub(1)?;
        Some(bench.attempt(witness))
    };
    findings.iter().map(tried).collect()
}

fn is_small(witness: &Witness) -> bool {
    let lines: usize = witness.lines.iter().map(|(name, value)| name.len() + value.len()).sum();
    let body = witness.body.as_ref().map_or(0, Vec::len);
    witness.target.len() <= MAX_TARGET && lines <= MAX_LINES && body <= MAX_BODY
}

const MAX_TARGET: usize = 4096;
const MAX_LINES: usize = 8192;
const MAX_BODY: usize = 65_536;

/// The tables with every reading of what is contested, each made when it is first asked for.
struct Bench<'a> {
    ground: Ground<'a>,
    sources: &'a SourceMap,
    readings: Vec<OnceCell<Draft>>,
}

impl<'a> Bench<'a> {
    fn new(ground: Ground<'a>, sources: &'a SourceMap) -> Self {
        let readings = match ground {
            Ground::Artifact(..) => 0,
            Ground::Draft(draft) => draft.readings().min(MAX_READINGS),
        };
        Self { ground, sources, readings: (0..readings).map(|_| OnceCell::new()).collect() }
    }

    fn artifact(&self) -> &'a Artifact {
        match self.ground {
            Ground::Artifact(artifact, _) => artifact,
            Ground::Draft(draft) => draft.artifact(),
        }
    }

    fn policy_sources(&self) -> &'a PolicySources {
        match self.ground {
            Ground::Artifact(_, sources) => sources,
            Ground::Draft(draft) => draft.sources(),
        }
    }

    fn contested(&self, operation: OperationId) -> Option<&'a Contested> {
        match self.ground {
            Ground::Artifact(..) => None,
            Ground::Draft(draft) => draft.contested_at(operation),
        }
    }

    fn attempt(&self, witness: &Witness) -> Tried {
        let Some((request, operation, ended)) = self.run_from_somewhere(witness) else {
            return Tried::KeptOut;
        };
        let contested = operation.and_then(|operation| self.contested(operation));
        let readings = contested.map(|contested| self.read(contested, &request)).unwrap_or_default();
        match self.holds(witness, &ended, contested.is_some(), &readings) {
            Verdict::Holds(rather_than) => Tried::Confirmed(Confirmed { ended, rather_than, readings }),
            Verdict::Fails => Tried::Refuted(ended),
        }
    }

    /// Sends it from an address that is let in, so that what it shows does not hang on who asks. `None` when it gets
    /// nowhere.
    fn run_from_somewhere(&self, witness: &Witness) -> Option<(Request, Option<OperationId>, Ended)> {
        let artifact = self.artifact();
        let mut request = request(witness);
        let lists = artifact.tables().access_lists.iter().filter_map(|list| list.addresses.first());
        let here = request.client.map(|client| client.ip());
        here.into_iter().chain(lists.take(MAX_CLIENTS)).find_map(|client| {
            request.client = Some(SocketAddr::new(client, DEFAULT_PORT));
            let (operation, ended) = self.run(artifact, &request);
            (ended.reason != Some(Reason::AccessDenied)).then(|| (request.clone(), operation, ended))
        })
    }

    /// Runs a request by each of the words about a contested operation.
    fn read(&self, contested: &Contested, request: &Request) -> Vec<Reading> {
        let Ground::Draft(draft) = self.ground else { return Vec::new() };
        let drafts = self.readings.iter().enumerate();
        let drafts = drafts.map(|(at, cell)| cell.get_or_init(|| draft.reading(at)));
        let read = |(candidate, draft): (&gw_artifact::Candidate, &Draft)| Reading {
            because: candidate.because.clone(),
            ended: self.run(draft.artifact(), request).1,
        };
        contested.candidates.iter().zip(drafts).map(read).collect()
    }

    fn run(&self, artifact: &Artifact, request: &Request) -> (Option<OperationId>, Ended) {
        let sim = Sim::new(artifact, &SimOptions::default());
        let exchanged = Exchanged::of(&sim, request);
        let passed = |of: fn(&Finding) -> bool| {
            exchanged.events.iter().find_map(|event| match event.verdict {
                StepVerdict::Passed(finding) if of(&finding) => Some(finding),
                _ => None,
            })
        };
        let operation = match passed(|finding| matches!(finding, Finding::Operation(_))) {
            Some(Finding::Operation(operation)) => Some(operation),
            _ => None,
        };
        let upstream = exchanged.sent.filter(|_| exchanged.fault.is_none()).map(|sent| sent.upstream);
        let ended = Ended {
            operation: operation.map(|id| operation_trace(artifact, id, self.policy_sources())),
            status: exchanged.received.map(|received| received.status).filter(|_| upstream.is_none()),
            step: exchanged.step.filter(|_| upstream.is_none()),
            reason: exchanged.reason,
            is_public: passed(|finding| *finding == Finding::Public).is_some(),
            upstream,
        };
        (operation, ended)
    }
}

/// How many addresses that some list lets in are tried.
const MAX_CLIENTS: usize = 16;

/// More readings of one operation than that are not tried.
const MAX_READINGS: usize = 8;

/// The request of a witness; where any host does, it names the one that people paste.
fn request(witness: &Witness) -> Request {
    let host = HostLine::Given(witness.authority.clone().unwrap_or_else(|| "localhost".to_owned()));
    let mut request = Request { host, ..Request::new(&witness.method, "/") };
    request.target.clone_from(&witness.target);
    request.lines.clone_from(&witness.lines);
    request.body.bytes = witness.body.clone().unwrap_or_default();
    request
}
