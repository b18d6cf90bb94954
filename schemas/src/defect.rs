//! Why bytes are not an artifact that can be served.

use crate::version::FORMAT_VERSION;

/// What is wrong with the bytes of an artifact. It is the file's fault, always: reading it again does not help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Defect {
    /// The bytes do not begin as an artifact does.
    #[error("this is not a gw artifact")]
    NotAnArtifact,
    /// The layout is one that this version does not read.
    #[error("the artifact has format version {found}, and this gw reads version {supported}")]
    UnsupportedVersion {
        /// What the file says.
        found: u32,
        /// What is read.
        supported: u32,
    },
    /// The file ends too early.
    #[error("the artifact is cut off: {found} bytes of at least {expected}")]
    Truncated {
        /// How many bytes the file should have, as far as its head tells.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// The file is longer than any artifact may be.
    #[error("the artifact has {found} bytes, and {max} is the most that is read")]
    TooLarge {
        /// How many bytes the file has.
        found: usize,
        /// The bound.
        max: usize,
    },
    /// Some byte is not what was sealed.
    #[error("the artifact was altered: its content has digest {found}, and {sealed} was sealed")]
    DigestMismatch {
        /// What the file says.
        sealed: crate::Digest,
        /// What its bytes have.
        found: crate::Digest,
    },
    /// The digest holds, but a section is not what gw writes.
    #[error("the {section} of the artifact cannot be read: {reason}")]
    Malformed {
        /// Which part: `envelope`, `manifest`, `tables`, `source map`.
        section: &'static str,
        /// What is wrong there.
        reason: String,
    },
    /// The sections can be read, but what they say cannot be true.
    #[error("the artifact breaks a promise: {0}")]
    Invariant(String),
}

impl Defect {
    /// What to do about it, one sentence.
    pub fn help(&self) -> String {
        match self {
            Self::NotAnArtifact => "give a file that `gw compile -o FILE` wrote".to_owned(),
            Self::UnsupportedVersion { found, .. } if *found > FORMAT_VERSION => {
                "update gw, or compile the project again with this gw".to_owned()
            }
            Self::UnsupportedVersion { .. } => "compile the project again with this gw".to_owned(),
            Self::Truncated { .. } | Self::DigestMismatch { .. } => {
                "copy the artifact again from where it was compiled, or compile it again".to_owned()
            }
            Self::TooLarge { .. } => "split the project into several gateways".to_owned(),
            Self::Malformed { .. } | Self::Invariant(_) => {
                "compile the project again; if that gives the same file, please report it".to_owned()
            }
        }
    }

    pub(crate) fn malformed(section: &'static str, reason: impl Into<String>) -> Self {
        Self::Malformed { section, reason: reason.into() }
    }
}
