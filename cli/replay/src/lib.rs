//! The offline harness: suites and single requests against the decision core, in virtual time.
//!
//! A suite (`*.test.yaml`) says which requests are sent and what must come of each. It runs against an
//! [`Artifact`](gw_artifact::Artifact) in a [`Sim`]: the functions that decide are those of the serving gateway, and
//! so is the engine room behind them; only the clock is moved by hand, the random bits come from a seed, and the
//! upstreams say what a script says.
//!
//! ```
//! use gw_syntax::{Sink, SourceMap};
//!
//! let mut sources = SourceMap::new();
//! let text = "tests:\n  - name: orders are found\n    request: {get: /orders/7}\n    expect: {stauts: 200}\n";
//! let id = sources.add("orders.test.yaml", text);
//! let mut sink = Sink::new();
//! assert_eq!(gw_replay::parse_suite(&sources, id, &mut sink), None);
//!
//! let findings = sink.finish(&sources);
//! let finding = &findings.diagnostics()[0];
//! assert_eq!(finding.help.as_deref(), Some("did you mean `status`?"));
//! ```
//!
//! # Invariants
//!
//! - Same artifact, same suite, same seed: same outcome. No clock, no socket, no file is touched.
//! - Every case has a gateway of its own.
//! - A request goes the way of the runtime's driver: decide, send, decide, relay, finish.
#![forbid(unsafe_code)]

mod codes;
mod compare;
mod confirm;
mod conform;
mod connection;
mod dry_run;
mod exchanged;
#[cfg(test)]
mod fixture;
mod json_schema;
mod read;
mod request;
mod run;
mod sim;
mod suite;
mod units;
pub mod vocabulary;
mod walk;

pub use codes::{CODES, explain};
pub use confirm::{Confirmed, Ended, Ground, MAX_WITNESSES, Reading, Tried, confirm, paste};
pub use connection::{CertificateSaid, Connection, ServerName};
pub use dry_run::{
    DryRun, DryVerdict, LayerTrace, OperationTrace, PolicyTrace, SourcePlace, StepTrace, dry_run,
    dry_run_with,
};
pub use exchanged::{Exchanged, Received, Sent};
pub use json_schema::{log_line_schema, suite_schema};
pub use read::parse_suite;
pub use request::{HostLine, Request, RequestBody, SentHead, published_host};
pub use run::{CaseOutcome, Mismatch, SuiteOutcome, judge, run, run_case, run_with};
pub use sim::{Sim, SimOptions, SimWorld};
pub use suite::{
    Act, Case, CaseStep, Course, Expectation, Expected, ExpectedHeader, ExpectedLines, InFlight, Response,
    Script, ScriptedAnswer, Suite, SuiteKeys, Which,
};
