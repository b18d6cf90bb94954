//! Why serving could not begin, and the exit code that says so.

use std::io;
use std::path::PathBuf;

use gw_artifact::model::{Bytes, Node};

use crate::bindings::BindingDefect;

/// Why the gateway does not serve. Each has the exit code of the public table.
#[derive(Debug, thiserror::Error)]
pub enum ServeFault {
    /// The command line is not understood.
    #[error("{0}")]
    Usage(String),
    /// The artifact's file cannot be read.
    #[error("cannot read artifact `{}`: {source}", path.display())]
    ArtifactUnreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The artifact is damaged, or of a format that this version does not read.
    #[error("artifact `{name}` is refused: {defect}")]
    ArtifactRefused {
        /// The file, or what stands for it.
        name: String,
        /// What is wrong with it.
        defect: String,
    },
    /// The bindings' file cannot be read.
    #[error("cannot read bindings `{}`: {source}", path.display())]
    BindingsUnreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The bindings are wrong or lack what the artifact names; all of it.
    #[error("{}", list(.0))]
    Bindings(Vec<BindingDefect>),
    /// What the artifact allows a gateway to hold is too little for this node.
    #[error(
        "`max-memory` is {max}, and one connection with {} threads and {} endpoints needs {}; give it fewer threads or \
         endpoints, or raise `max-memory` and compile again",
        node.threads, node.endpoints, needed.rounded()
    )]
    Memory {
        /// `max-memory`.
        max: Bytes,
        /// What one connection needs.
        needed: Bytes,
        /// This node.
        node: Node,
    },
    /// An address cannot be listened on.
    #[error("cannot listen on {address} ({purpose}): {source}")]
    Listen {
        /// The address, as the bindings write it.
        address: String,
        /// What it is for: `listener public`, `admin`, `health`.
        purpose: String,
        /// What the system said.
        source: io::Error,
    },
    /// A log's file cannot be opened.
    #[error("cannot write log `{}`: {source}", path.display())]
    Log {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The system refused a thread, a runtime or a signal handler.
    #[error("cannot start: {0}")]
    Start(#[source] io::Error),
    /// A thread failed that the gateway cannot go on without; it has said why.
    #[error("the gateway ended because a part of it failed")]
    Failed,
}

impl ServeFault {
    /// The process's exit code (the vocabulary's table).
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 64,
            Self::ArtifactRefused { .. } => 3,
            Self::ArtifactUnreadable { .. }
            | Self::BindingsUnreadable { .. }
            | Self::Listen { .. }
            | Self::Log { .. } => 74,
            Self::Bindings(_) | Self::Memory { .. } => 78,
            Self::Start(_) | Self::Failed => 70,
        }
    }
}

fn list(defects: &[BindingDefect]) -> String {
    let lines: Vec<String> = defects.iter().map(ToString::to_string).collect();
    format!("the bindings do not fit ({} to fix)\n  {}", lines.len(), lines.join("\n  "))
}
