//! The `gw` command: reads the command line, runs one verb, returns its exit code.
#![forbid(unsafe_code)]

mod args;
mod artifact_file;
mod commands;
mod dev;
mod examples;
mod exit_code;
mod failure;
mod out;
mod place;
mod project;
mod remote;
mod report;
mod suites;
mod table;
mod workspace;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use exit_code::Exit;
use failure::{Ending, Failure};
use out::Out;

fn main() -> ExitCode {
    end_with_our_code_on_a_bug();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return misused(&error).into(),
    };
    let colors = cli.global.color.decide(no_color());
    let mut out = Out::new(colors, cli.global.quiet, cli.global.verbose);
    let ending = enter(cli.global.directory.as_deref()).and_then(|()| run(cli.command, &mut out));
    finish(ending, &mut out).into()
}

fn run(command: Command, out: &mut Out) -> Ending {
    match command {
        Command::Init(args) => commands::init::run(&args, out),
        Command::Validate(args) => commands::validate::run(&args, out),
        Command::Lint(args) => commands::lint::run(&args, out),
        Command::Compile(args) => commands::compile::run(&args, out),
        Command::Lock(args) => commands::lock::run(&args, out),
        Command::Key(args) => commands::key::run(&args, out),
        Command::Inspect(args) => commands::inspect::run(&args, out),
        Command::Test(args) => commands::test::run(&args, out),
        Command::DryRun(args) => commands::dry_run::run(&args, out),
        Command::Serve(args) => commands::serve::run(args, out),
        Command::Explain(args) => commands::explain::run(&args, out),
        Command::Export(args) => commands::export::run(&args, out),
        Command::Schema(args) => commands::schema::run(&args, out),
        Command::Completions(args) => Ok(commands::completions::run(&args, out)),
        Command::Demo(args) => commands::demo::run(&args, out),
    }
}

fn finish(ending: Ending, out: &mut Out) -> Exit {
    let written = out.finish();
    let failures = [ending.as_ref().err(), written.as_ref().err()];
    failures.into_iter().flatten().for_each(|failure| out.failure(failure));
    let exit = ending.unwrap_or_else(|failure| failure.exit);
    written.err().map_or(exit, |failure| exit.worse(failure.exit))
}

/// Prints clap's own words. Its exit code for a mistake, 2, means "changes present" in this vocabulary.
fn misused(error: &clap::Error) -> Exit {
    // Nobody is left to tell when the terminal is gone.
    let _ = error.print();
    let _ = std::io::stdout().flush();
    match error.kind() {
        clap::error::ErrorKind::DisplayHelp | clap::error::ErrorKind::DisplayVersion => Exit::Clean,
        _ => Exit::Usage,
    }
}

fn enter(directory: Option<&Path>) -> Result<(), Failure> {
    let Some(directory) = directory else { return Ok(()) };
    std::env::set_current_dir(directory).map_err(|error| {
        Failure::io(format!("cannot enter `{}`: {}", directory.display(), failure::reason(&error)))
    })
}

/// <https://no-color.org>, and terminals that say that they have none.
fn no_color() -> bool {
    let is_set = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    is_set || std::env::var_os("TERM").is_some_and(|value| value == "dumb")
}

/// A panic is our bug, whichever thread it strikes: say so once and end with 70. A gateway at work loses a connection by it,
/// and ends itself where it must.
fn end_with_our_code_on_a_bug() {
    std::panic::set_hook(Box::new(|panic| {
        if gw_runtime::is_gateway_thread() {
            return gw_runtime::tell_panic(panic);
        }
        let mut stderr = std::io::stderr().lock();
        // Nobody is left to tell when the terminal is gone.
        let _ = writeln!(stderr, "error: gw stopped: {panic}");
        let _ =
            writeln!(stderr, "  help: this is a bug in gw: please report it with the input that shows it");
        #[expect(clippy::exit, reason = "the promise of exit code 70 holds for every thread")]
        std::process::exit(i32::from(Exit::Bug.number()));
    }));
}
