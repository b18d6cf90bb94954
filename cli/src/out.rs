//! The one door to stdout and stderr: results on the one, everything for people on the other.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use crate::failure::{Failure, reason};

/// The process's two outputs.
///
/// A reader that went away (`gw … | head`) is no fault: what is left is dropped, and the command's own ending
/// stands. Any other fault of stdout is kept until [`Out::finish`].
#[derive(Debug)]
pub(crate) struct Out {
    results: BufWriter<Stdout>,
    fault: Option<io::Error>,
    quiet: bool,
    verbose: bool,
    colors: bool,
}

/// What `--color` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColorChoice {
    /// Whether findings carry colours (<https://no-color.org>: set and not empty means no colour).
    pub(crate) fn decide(self, no_color: bool) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => !no_color && io::stderr().is_terminal(),
        }
    }
}

impl Out {
    /// Opens both.
    pub(crate) fn new(colors: bool, quiet: bool, verbose: bool) -> Self {
        Self { results: BufWriter::new(io::stdout()), fault: None, quiet, verbose, colors }
    }

    /// Whether findings carry colours.
    pub(crate) fn colors(&self) -> bool {
        self.colors
    }

    /// Writes a line of the command's result.
    pub(crate) fn result(&mut self, line: impl Display) {
        self.raw_result(format!("{line}\n").as_bytes());
    }

    /// Writes bytes of the command's result as they are.
    pub(crate) fn raw_result(&mut self, bytes: &[u8]) {
        if self.fault.is_none() {
            self.fault = self.results.write_all(bytes).err();
        }
    }

    /// Writes what a person must see, `--quiet` or not: findings, failures, a listening address.
    pub(crate) fn say(&mut self, line: impl Display) {
        self.flush();
        // A person who closed stderr cannot be told that it is closed.
        let _ = writeln!(io::stderr().lock(), "{line}");
    }

    /// Writes what a person may like to see; nothing under `--quiet`.
    pub(crate) fn note(&mut self, line: impl Display) {
        if !self.quiet {
            self.say(line);
        }
    }

    /// Writes how far the work is: on a terminal or under `-v`, never under `--quiet`.
    pub(crate) fn progress(&mut self, line: impl Display) {
        if self.verbose || io::stderr().is_terminal() {
            self.note(line);
        }
    }

    /// Writes a failure and its way on.
    pub(crate) fn failure(&mut self, failure: &Failure) {
        self.say(format_args!("error: {}", failure.message));
        if let Some(help) = &failure.help {
            self.say(format_args!("  help: {}", help.replace('\n', "\n        ")));
        }
    }

    /// Hands everything to the system.
    pub(crate) fn flush(&mut self) {
        if self.fault.is_none() {
            self.fault = self.results.flush().err();
        }
    }

    /// Hands everything over.
    ///
    /// # Errors
    /// When stdout could not take the result, unless its reader went away.
    pub(crate) fn finish(&mut self) -> Result<(), Failure> {
        self.flush();
        match self.fault.take() {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::io(format!("cannot write the standard output: {}", reason(&error))))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_stronger_than_the_terminal_and_the_environment() {
        assert!(ColorChoice::Always.decide(true));
        assert!(!ColorChoice::Never.decide(false));
        assert!(!ColorChoice::Auto.decide(true));
    }
}
