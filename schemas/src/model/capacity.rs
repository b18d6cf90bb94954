//! How much one gateway takes on at once, as its project says.

use serde::{Deserialize, Serialize};

use super::Bytes;

/// The project's own ceilings. A node may allow less, never more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capacity {
    /// Callers' connections that are open at once, per process; others wait in the kernel. At least 1.
    pub connections: u32,
    /// What a gateway may hold at most ([`Bounds`](super::Bounds)): a node opens fewer connections where its threads and
    /// endpoints would make it more. `None`: nobody said.
    pub memory: Option<Bytes>,
}

impl Capacity {
    /// What holds where nothing is declared.
    pub const DEFAULT: Self = Self { connections: 10_000, memory: None };

    /// The most connections that a project can declare.
    pub const MOST_CONNECTIONS: u32 = 65_536;
}
