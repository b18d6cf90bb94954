//! Runs suites: every case in a gateway of its own, so that no case depends on another.

use gw_artifact::Artifact;
use gw_artifact::model::UpstreamId;
use gw_decision::KeySet;
use gw_syntax::{Diagnostic, Span};

use crate::codes;
use crate::compare::compare;
use crate::exchanged::Exchanged;
use crate::sim::{Sim, SimOptions};
use crate::suite::{Act, Case, CaseStep, Script, Suite, Which};

/// What came of a suite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuiteOutcome {
    /// What came of each case, in order.
    pub cases: Vec<CaseOutcome>,
}

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseOutcome {
    /// What it claims.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// What did not hold; none when it passed.
    pub mismatches: Vec<Mismatch>,
    /// What became of each request, in order.
    pub exchanges: Vec<Exchanged>,
}

/// An expectation that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Where the expectation stands.
    pub span: Span,
    /// About what: `status`, `header x-a`.
    pub subject: String,
    /// What was expected.
    pub expected: String,
    /// What came.
    pub got: String,
    /// Which request of the case it is about, from 0.
    pub exchange: usize,
}

impl SuiteOutcome {
    /// Whether every case passed.
    pub fn passed(&self) -> bool {
        self.cases.iter().all(CaseOutcome::passed)
    }
}

impl CaseOutcome {
    /// Whether everything held.
    pub fn passed(&self) -> bool {
        self.mismatches.is_empty()
    }

    /// What did not hold, as findings about the suite's file.
    pub fn diagnostics(&self) -> impl Iterator<Item = Diagnostic> {
        self.mismatches.iter().map(|mismatch| mismatch.diagnostic(&self.name))
    }
}

impl Mismatch {
    fn diagnostic(&self, case: &str) -> Diagnostic {
        let Self { span, subject, expected, got, .. } = self;
        Diagnostic::new(
            &codes::EXPECTATION_FAILED,
            format!("`{case}`: expected {subject} {expected}, got {got}"),
        )
        .at(*span)
        .about(format!("{case} {subject}"))
    }
}

/// Runs all cases of a suite against an artifact.
pub fn run(artifact: &Artifact, suite: &Suite) -> SuiteOutcome {
    run_with(artifact, suite, &SimOptions::default())
}

/// Runs all cases of a suite in gateways that are made like this.
pub fn run_with(artifact: &Artifact, suite: &Suite, options: &SimOptions) -> SuiteOutcome {
    SuiteOutcome { cases: suite.cases.iter().map(|case| run_case(artifact, case, options)).collect() }
}

/// Runs one case in a gateway of its own.
pub fn run_case(artifact: &Artifact, case: &Case, options: &SimOptions) -> CaseOutcome {
    let sets = case.keys.iter().map(|set| (set.set.clone(), KeySet::new(set.keys.iter().cloned())));
    let options = SimOptions {
        max_exchanges: case.room.or(options.max_exchanges),
        keys: sets.chain(options.keys.iter().cloned()).collect(),
        ..options.clone()
    };
    let mut sim = Sim::new(artifact, &options);
    let mut mismatches = set_up(&mut sim, case);
    let mut exchanges = Vec::new();
    for step in &case.steps {
        let of_step = run_step(&sim, step);
        mismatches.extend(judge(step, &of_step, exchanges.len()));
        exchanges.extend(of_step);
    }
    CaseOutcome { name: case.name.clone(), span: case.span, mismatches, exchanges }
}

fn set_up(sim: &mut Sim<'_>, case: &Case) -> Vec<Mismatch> {
    let mut mismatches = Vec::new();
    for script in &case.scripts {
        match upstream(sim.artifact, &script.upstream) {
            Some(upstream) => {
                if needs_tls(script) && sim.artifact.upstreams()[upstream.index()].tls.is_none() {
                    mismatches.push(no_tls(script));
                }
                sim.script(upstream, script.answers.clone());
            }
            None => mismatches.push(no_upstream(sim.artifact, &script.upstream, script.span)),
        }
    }
    for busy in &case.in_flight {
        match upstream(sim.artifact, &busy.upstream) {
            Some(upstream) => sim.occupy(upstream, busy.count),
            None => mismatches.push(no_upstream(sim.artifact, &busy.upstream, busy.span)),
        }
    }
    for keys in case.keys.iter() {
        if !sim.artifact.tables().key_sets.contains(&keys.set) {
            mismatches.push(no_key_set(sim.artifact, &keys.set, keys.span));
        }
    }
    for step in &case.steps {
        if let Some(name) = &step.request.connection.listener
            && step.request.connection.listener(sim.artifact).is_none()
        {
            mismatches.push(no_listener(sim.artifact, name, case.span));
        }
    }
    mismatches
}

fn run_step(sim: &Sim<'_>, step: &CaseStep) -> Vec<Exchanged> {
    sim.pass(step.wait);
    let start = sim.now();
    let pace = step.within / u64::from(step.times);
    let one = |at: u32| {
        sim.pass_until(start + pace * u64::from(at));
        Exchanged::of(sim, &step.request)
    };
    (0..step.times).map(one).collect()
}

/// What does not hold of a step's exchanges, wherever they took place; `first` is the position of the first of them
/// in its case.
pub fn judge(step: &CaseStep, exchanges: &[Exchanged], first: usize) -> Vec<Mismatch> {
    let last = exchanges.len().saturating_sub(1);
    let mut mismatches = Vec::new();
    for (at, exchanged) in exchanges.iter().enumerate() {
        let is_meant = |of: Which| match of {
            Which::All => true,
            Which::First => at == 0,
            Which::Last => at == last,
        };
        let meant = step.expectations.iter().filter(|expectation| is_meant(expectation.of));
        mismatches.extend(meant.filter_map(|expectation| compare(expectation, exchanged, first + at)));
    }
    mismatches
}

fn upstream(artifact: &Artifact, name: &str) -> Option<UpstreamId> {
    let at = artifact.upstreams().iter().position(|upstream| upstream.name == name)?;
    Some(UpstreamId(at as u32))
}

/// Whether an answer of a script is a handshake that fails.
fn needs_tls(script: &Script) -> bool {
    script.answers.iter().any(|answer| matches!(answer.act, Act::FailHandshake(_)))
}

fn no_tls(script: &Script) -> Mismatch {
    let (subject, expected) = ("an upstream that is reached over".into(), "TLS".into());
    Mismatch { span: script.span, subject, expected, got: format!("`{}`", script.upstream), exchange: 0 }
}

fn no_upstream(artifact: &Artifact, name: &str, span: Span) -> Mismatch {
    let names = artifact.upstreams().iter().map(|upstream| upstream.name.as_str());
    unknown("an upstream among", names, name, span)
}

fn no_listener(artifact: &Artifact, name: &str, span: Span) -> Mismatch {
    let names = artifact.listeners().iter().map(|listener| listener.name.as_str());
    unknown("a listener among", names, name, span)
}

fn no_key_set(artifact: &Artifact, name: &str, span: Span) -> Mismatch {
    let names = artifact.tables().key_sets.iter().map(String::as_str);
    unknown("a set of keys among", names, name, span)
}

fn unknown<'n>(what: &str, names: impl Iterator<Item = &'n str>, name: &str, span: Span) -> Mismatch {
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    Mismatch { span, subject: what.into(), expected: names.join(", "), got: format!("`{name}`"), exchange: 0 }
}

#[cfg(test)]
mod tests;
