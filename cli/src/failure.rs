//! Why a command could not do its work: one sentence, a way on, and an exit code.

use std::fmt::Display;
use std::io;
use std::path::Path;

use crate::exit_code::Exit;

/// What a command gives back: how it ended, or why it could not go on.
pub(crate) type Ending = Result<Exit, Failure>;

/// A command stopped. Findings about the user's files are not failures: they are reported.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What the process returns.
    pub(crate) exit: Exit,
    /// What went wrong: one sentence, lower case, no full stop.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) help: Option<String>,
}

impl Failure {
    /// The command line asks for something that does not go together.
    pub(crate) fn usage(message: impl Display) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// An input is damaged or is not what the command reads.
    pub(crate) fn not_understood(message: impl Display) -> Self {
        Self::new(Exit::NotUnderstood, message)
    }

    /// A verdict says no.
    pub(crate) fn refused(message: impl Display) -> Self {
        Self::new(Exit::Refused, message)
    }

    /// Bindings are missing or invalid.
    pub(crate) fn bindings(message: impl Display) -> Self {
        Self::new(Exit::Bindings, message)
    }

    /// Something that should answer does not.
    pub(crate) fn unreachable(message: impl Display) -> Self {
        Self::new(Exit::Unreachable, message)
    }

    /// The operating system says no.
    pub(crate) fn io(message: impl Display) -> Self {
        Self::new(Exit::Io, message)
    }

    /// A path cannot be read.
    pub(crate) fn read(path: &Path, error: &io::Error) -> Self {
        Self::io(format!("cannot read `{}`: {}", path.display(), reason(error)))
    }

    /// A path cannot be written.
    pub(crate) fn write(path: &Path, error: &io::Error) -> Self {
        Self::io(format!("cannot write `{}`: {}", path.display(), reason(error)))
    }

    /// This program broke a promise of its own.
    pub(crate) fn bug(message: impl Display) -> Self {
        Self::new(Exit::Bug, message)
            .with_help("this is a bug in gw: please report it with the input that shows it")
    }

    /// The command ends with this code, for reasons that were told.
    pub(crate) fn ended(exit: Exit, message: impl Display) -> Self {
        Self::new(exit, message)
    }

    /// Adds what to do about it.
    pub(crate) fn with_help(mut self, help: impl Display) -> Self {
        self.help = Some(help.to_string());
        self
    }

    fn new(exit: Exit, message: impl Display) -> Self {
        Self { exit, message: message.to_string(), help: None }
    }
}

/// The words of the operating system without their number: `permission denied`.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string()).unwrap_or_default();
    first + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_of_a_fault_carries_no_number() {
        assert_eq!(reason(&io::Error::from_raw_os_error(2)), "no such file or directory");
        assert_eq!(reason(&io::Error::other("no space")), "no space");
    }
}
