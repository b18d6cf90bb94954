//! What a run ends with: the exit codes that scripts and CI rely on.

use std::process::ExitCode;

/// How a command ended. The numbers are public and never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nothing at or above `--fail-on`.
    Clean,
    /// Read completely, and a verdict says no: findings, failed tests, a denied request.
    Refused,
    /// Input not understood: it does not parse, or is damaged.
    NotUnderstood,
    /// The command line is wrong (`EX_USAGE`).
    Usage,
    /// Something that should answer does not (`EX_UNAVAILABLE`).
    Unreachable,
    /// Our bug (`EX_SOFTWARE`).
    Bug,
    /// Cannot read or write, or an address is in use (`EX_IOERR`).
    Io,
    /// Bindings are missing or invalid (`EX_CONFIG`).
    Bindings,
}

impl Exit {
    /// The number that the process returns.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Refused => 1,
            Self::NotUnderstood => 3,
            Self::Usage => 64,
            Self::Unreachable => 69,
            Self::Bug => 70,
            Self::Io => 74,
            Self::Bindings => 78,
        }
    }

    /// Of two endings of one run, the one that says more about what has to be mended first.
    pub(crate) fn worse(self, other: Self) -> Self {
        if other.weight() > self.weight() { other } else { self }
    }

    const fn weight(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Refused => 1,
            Self::NotUnderstood => 2,
            Self::Bindings => 3,
            Self::Unreachable => 4,
            Self::Io => 5,
            Self::Usage => 6,
            Self::Bug => 7,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worse_ending_of_two_wins_whatever_their_order() {
        for (one, other, worse) in [
            (Exit::Clean, Exit::Refused, Exit::Refused),
            (Exit::NotUnderstood, Exit::Refused, Exit::NotUnderstood),
            (Exit::Io, Exit::NotUnderstood, Exit::Io),
            (Exit::Bug, Exit::Io, Exit::Bug),
        ] {
            assert_eq!(one.worse(other), worse);
            assert_eq!(other.worse(one), worse);
        }
    }
}
