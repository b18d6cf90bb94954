//! `gw test`: suites against the decision core, in virtual time.

use std::path::{Path, PathBuf};

use clap::Args;
use gw_compiler::Options;
use gw_replay::{CaseOutcome, Exchanged, Mismatch};
use serde_json::{Value, json};

use crate::args::{FindingArgs, FindingFormat};
use crate::exit_code::Exit;
use crate::failure::{Ending, Failure};
use crate::out::Out;
use crate::project::{build, counted};
use crate::report::{Report, shown_path};
use crate::suites::{self, SuiteRun};
use crate::workspace::{Target, locate};

/// Run a project's suites (*.test.yaml) in virtual time: no socket, no waiting.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  gw test                              every suite beside gw.yaml and below
  gw test examples/shop examples/petstore/openapi.yaml
  gw test --format json --report tests.json

A suite runs against the code that decides in production. Failed expectations are findings with file and line.")]
pub(crate) struct TestArgs {
    /// Project folders, gw.yaml files or OpenAPI documents.
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    findings: FindingArgs,
}

/// What was run so far.
struct Tested {
    report: Report,
    exit: Exit,
    rows: Vec<Row>,
}

impl Default for Tested {
    fn default() -> Self {
        Self { report: Report::default(), exit: Exit::Clean, rows: Vec::new() }
    }
}

/// One suite as it was run, with the words for it.
struct Row {
    line: String,
    document: Value,
    passed: usize,
    failed: usize,
}

/// Compiles each project and runs its suites. What cannot be read is told behind the findings.
pub(crate) fn run(args: &TestArgs, out: &mut Out) -> Ending {
    let mut tested = Tested::default();
    let mut failures = Vec::new();
    for path in &args.paths {
        failures.extend(test_one(path, &mut tested, out).err());
    }
    let Tested { report, mut exit, rows } = tested;
    exit = failures.iter().map(|failure| failure.exit).fold(exit, Exit::worse);
    exit = exit.worse(report.exit(args.findings.fail_on.severity()));
    publish(args, &report, exit, &rows, out)?;
    for failure in &failures {
        out.failure(failure);
    }
    Ok(exit)
}

fn test_one(path: &Path, tested: &mut Tested, out: &mut Out) -> Result<(), Failure> {
    let target = locate(path)?;
    let (batch, built) = build(&target, &Options::default());
    let Some(sealed) = built.sealed() else {
        tested.exit = tested.exit.worse(built.exit());
        tested.report.push(batch);
        return Ok(());
    };
    for suite in suites_of(&target)? {
        out.progress(format_args!("running {}", shown_path(&target.shown, &suite)));
        let run = suites::run(&sealed.artifact, &target, &suite)?;
        tested.exit = tested.exit.worse(exit_of(&run));
        tested.rows.push(row(&target, &run));
        tested.report.push(run.batch);
    }
    Ok(())
}

fn publish(args: &TestArgs, report: &Report, exit: Exit, rows: &[Row], out: &mut Out) -> Result<(), Failure> {
    let passed: usize = rows.iter().map(|row| row.passed).sum();
    let failed: usize = rows.iter().map(|row| row.failed).sum();
    let suites: Vec<&Value> = rows.iter().map(|row| &row.document).collect();
    let result = json!({"passed": passed, "failed": failed, "suites": suites});
    report.publish(&args.findings, &report.document("test", exit, result), out)?;
    if args.findings.format == FindingFormat::Human && !rows.is_empty() {
        for row in rows {
            out.result(&row.line);
        }
        out.result(format_args!("{passed} passed, {failed} failed in {}", counted(rows.len(), "suite")));
    }
    Ok(())
}

/// A project without suites has not been tested, and silence must not read as success.
fn suites_of(target: &Target) -> Result<Vec<String>, Failure> {
    let found = suites::find(target)?;
    if found.is_empty() {
        let folder = target.shown.display();
        return Err(Failure::refused(format!("there is no suite in `{folder}`"))
            .with_help("a suite is a file `*.test.yaml`; `gw schema suite` says what stands in it"));
    }
    Ok(found)
}

fn exit_of(run: &SuiteRun) -> Exit {
    match &run.outcome {
        Some(outcome) if outcome.passed() => Exit::Clean,
        Some(_) => Exit::Refused,
        None => Exit::NotUnderstood,
    }
}

fn row(target: &Target, run: &SuiteRun) -> Row {
    let path = shown_path(&target.shown, &run.path);
    let cases = run.outcome.as_ref().map_or(&[][..], |outcome| &outcome.cases);
    let passed = cases.iter().filter(|case| case.passed()).count();
    let failed = cases.len() - passed;
    let line = match (&run.outcome, failed) {
        (None, _) => format!("???   {path}: not understood"),
        (Some(_), 0) => format!("ok    {path}: {passed} passed"),
        (Some(_), _) => format!("FAIL  {path}: {passed} passed, {failed} failed"),
    };
    let document = json!({
        "path": path,
        "understood": run.outcome.is_some(),
        "cases": cases.iter().map(|case| case_json(run, case)).collect::<Vec<_>>(),
    });
    Row { line, document, passed, failed }
}

fn case_json(run: &SuiteRun, case: &CaseOutcome) -> Value {
    json!({
        "name": case.name,
        "line": run.batch.sources.position(case.span.source, case.span.start).line,
        "passed": case.passed(),
        "mismatches": case.mismatches.iter().map(mismatch_json).collect::<Vec<_>>(),
        "exchanges": case.exchanges.iter().map(exchange_json).collect::<Vec<_>>(),
    })
}

fn mismatch_json(mismatch: &Mismatch) -> Value {
    json!({
        "subject": mismatch.subject,
        "expected": mismatch.expected,
        "got": mismatch.got,
        "exchange": mismatch.exchange,
    })
}

fn exchange_json(exchanged: &Exchanged) -> Value {
    json!({
        "status": exchanged.received.as_ref().map(|received| received.status),
        "complete": exchanged.complete,
        "step": exchanged.step.map(gw_artifact::model::Step::as_str),
        "reason": exchanged.reason.map(gw_artifact::model::Reason::as_str),
        "upstream": exchanged.sent.as_ref().map(|sent| &sent.upstream),
    })
}
