//! The lean binary: artifact in, traffic through.
#![forbid(unsafe_code)]

use std::io::Write;
use std::process::ExitCode;

use gw_runtime::options::{Command, USAGE, parse};
use gw_runtime::{Running, ServeFault, Signals, serve};

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(gw_runtime::tell_panic));
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            say(&format!("error: {fault}\n"));
            if matches!(fault, ServeFault::Usage(_)) {
                say(USAGE);
            }
            ExitCode::from(fault.exit_code())
        }
    }
}

fn run() -> Result<(), ServeFault> {
    match parse(std::env::args().skip(1))? {
        Command::Help => drop(std::io::stdout().write_all(USAGE.as_bytes())),
        Command::Version => drop(writeln!(std::io::stdout(), "gw-runtime {}", env!("CARGO_PKG_VERSION"))),
        Command::Serve(options) => {
            let running = serve(*options, Signals::Heard)?;
            announce(&running);
            running.wait()?;
        }
    }
    Ok(())
}

fn announce(running: &Running) {
    for listener in running.listeners() {
        say(&format!("listening on {listener}\n"));
    }
    say(&format!("admin on {}\n", running.admin()));
    say(&format!("{}\n", running.room()));
    if let Some(health) = running.health() {
        say(&format!("health on http://{health}\n"));
    }
}

/// For people; that nobody reads it is no reason to end.
fn say(text: &str) {
    drop(std::io::stderr().write_all(text.as_bytes()));
}
