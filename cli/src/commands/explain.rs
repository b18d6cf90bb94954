//! `gw explain`: the page of a code, a key, a step or a reason; or what holds at a place.

mod at;
mod keys;
mod reasons;
mod steps;

use std::path::PathBuf;

use at::At;
use clap::Args;
use gw_artifact::model::{Reason, Step};
use gw_syntax::{Code, CodeEntry, nearest};

use crate::args::Format;
use crate::exit_code::Exit;
use crate::failure::{Ending, Failure};
use crate::out::Out;

/// Explain a code, a key, a step or a reason; or which policy holds at a place, and where each part comes from.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  gw explain                       list everything that has a page
  gw explain GW0301                a code, as findings show it
  gw explain x-gw-timeout          a key, in documents or in gw.yaml
  gw explain upstreams.limits      a key inside another
  gw explain circuit_break         a step, as the log line shows it
  gw explain credential-missing    a reason, as problem documents end in
  gw explain --at orders.yaml:14   the policy of the operation at that line, layer by layer")]
pub(crate) struct ExplainArgs {
    /// What to explain; without it, the list.
    name: Option<String>,
    /// A place in a document or in gw.yaml: what holds there, and which layer says so.
    #[arg(long, value_name = "FILE:LINE[:COL]", conflicts_with = "name")]
    at: Option<At>,
    /// The project of that file; the nearest gw.yaml above it unless said.
    #[arg(long, value_name = "PATH", requires = "at")]
    project: Option<PathBuf>,
    /// How the answer about a place is written.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", requires = "at")]
    format: Format,
}

/// Prints every page that the name means.
pub(crate) fn run(args: &ExplainArgs, out: &mut Out) -> Ending {
    if let Some(at) = &args.at {
        return at::run(at, args.project.as_deref(), args.format, out);
    }
    let Some(name) = &args.name else {
        list(out);
        return Ok(Exit::Clean);
    };
    let pages = pages(name);
    if pages.is_empty() {
        return Err(unknown(name));
    }
    out.result(pages.join("\n").trim_end());
    Ok(Exit::Clean)
}

/// A name may mean several things: `access` is a step and a key.
fn pages(name: &str) -> Vec<String> {
    let code = name.parse().ok().or_else(|| code_named(name));
    let reason = Reason::ALL.iter().find(|reason| reason.as_str() == name);
    let step = Step::ALL.into_iter().find(|step| step.as_str() == name);
    let mut pages = Vec::new();
    pages.extend(code.and_then(page_of).map(str::to_owned));
    pages.extend(reason.map(|reason| reasons::page(*reason)));
    pages.extend(step.map(steps::page));
    pages.extend(keys::pages(name));
    pages
}

/// The codes of compilations and of suites.
fn codes() -> Vec<&'static CodeEntry> {
    gw_compiler::codes().into_iter().chain(gw_replay::CODES).collect()
}

fn page_of(code: Code) -> Option<&'static str> {
    gw_compiler::explain(code).or_else(|| gw_replay::explain(code))
}

/// A code by its readable name: `operation-unprotected`.
fn code_named(name: &str) -> Option<Code> {
    codes().into_iter().find(|entry| entry.name == name).map(|entry| entry.code)
}

fn list(out: &mut Out) {
    let codes = codes();
    let codes =
        codes.iter().map(|entry| format!("{}  {:<7}  {}", entry.code, entry.severity.as_str(), entry.title));
    section("codes", codes, out);
    section("steps", Step::ALL.iter().map(ToString::to_string), out);
    section("reasons", Reason::ALL.iter().map(|reason| format!("{} {reason}", reason.status())), out);
    section("keys", keys::names().into_iter(), out);
}

fn section(title: &str, lines: impl Iterator<Item = String>, out: &mut Out) {
    out.result(title);
    for line in lines {
        out.result(format_args!("  {line}"));
    }
}

fn unknown(name: &str) -> Failure {
    let codes = codes();
    let code_numbers: Vec<String> = codes.iter().map(|entry| entry.code.to_string()).collect();
    let keys = keys::names();
    let candidates = (code_numbers.iter().map(String::as_str))
        .chain(Reason::ALL.iter().map(|reason| reason.as_str()))
        .chain(Step::ALL.iter().map(|step| step.as_str()))
        .chain(keys.iter().map(String::as_str))
        .chain(codes.iter().map(|entry| entry.name));
    let failure = Failure::usage(format_args!("`{name}` is no code, key, step or reason"));
    match nearest(name, candidates) {
        Some(near) => failure.with_help(format_args!("did you mean `{near}`?")),
        None => failure.with_help("`gw explain` lists everything that has a page"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_has_a_public_name_has_a_page() {
        for entry in codes() {
            assert!(!pages(&entry.code.to_string()).is_empty(), "{}", entry.code);
            assert!(!pages(entry.name).is_empty(), "{}", entry.name);
        }
        let reasons = Reason::ALL.iter().map(|reason| reason.as_str().to_owned());
        let steps = Step::ALL.iter().map(|step| step.as_str().to_owned());
        for name in reasons.chain(steps).chain(keys::names()) {
            assert!(!pages(&name).is_empty(), "{name}");
        }
    }

    #[test]
    fn a_name_with_two_meanings_shows_both() {
        assert_eq!(pages("access").len(), 2);
    }

    #[test]
    fn a_slip_is_answered_with_the_nearest_name() {
        let help = unknown("credential-mising").help;
        assert_eq!(help.as_deref(), Some("did you mean `credential-missing`?"));
    }
}
