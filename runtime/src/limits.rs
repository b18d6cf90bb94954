//! How many connections the process opens: no more than the artifact allows, descriptors last for, and `max-memory` holds.

use gw_artifact::model::{Bounds, Bytes, Node};

use crate::fault::ServeFault;

/// Descriptors that are not connections: sockets that listen, logs, event queues.
const OTHER_DESCRIPTORS: u64 = 64;
/// What POSIX promises at least, should the system not say.
const FEW_DESCRIPTORS: u64 = 1024;

/// What this process takes on at once, and why it is not what the artifact allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Callers' connections that may be open at once.
    pub connections: u32,
    /// Those that the artifact allows.
    pub declared: u32,
    /// What made them fewer, if anything did.
    pub shortage: Option<Shortage>,
    /// What the process holds at most, all of them open.
    pub memory: Bytes,
    /// The node that the artifact's bound was resolved for.
    pub node: Node,
}

/// What makes connections fewer than the artifact allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortage {
    /// The limit of open files: a connection may need a second descriptor for its upstream.
    Descriptors,
    /// `max-memory`, with this node's threads and endpoints.
    Memory(Bytes),
}

impl Room {
    /// What this node can take on.
    ///
    /// # Errors
    /// [`ServeFault::Memory`] when `max-memory` is too little for one connection.
    pub(crate) fn of(bounds: &Bounds, node: Node) -> Result<Self, ServeFault> {
        let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
        Self::within(bounds, node, open_files(&limits).unwrap_or(FEW_DESCRIPTORS))
    }

    fn within(bounds: &Bounds, node: Node, descriptors: u64) -> Result<Self, ServeFault> {
        let declared = bounds.connections;
        let for_descriptors =
            (descriptors.saturating_sub(OTHER_DESCRIPTORS) / 2).clamp(1, u64::from(declared));
        let mut room = Self {
            connections: u32::try_from(for_descriptors).unwrap_or(declared),
            declared,
            shortage: (for_descriptors < u64::from(declared)).then_some(Shortage::Descriptors),
            memory: Bytes(0),
            node,
        };
        if let Some(max) = bounds.max_memory {
            let fitting = bounds.connections_within(max, node).ok_or_else(|| ServeFault::Memory {
                max,
                needed: bounds.with_connections(1).total(node),
                node,
            })?;
            if fitting < room.connections {
                (room.connections, room.shortage) = (fitting, Some(Shortage::Memory(max)));
            }
        }
        room.memory = bounds.with_connections(room.connections).total(node);
        Ok(room)
    }
}

impl std::fmt::Display for Room {
    /// `room for 480 connections (the artifact allows 10000, the limit of open files does not), at most 1.1 GiB of memory`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { connections, declared, memory, .. } = self;
        write!(f, "room for {connections} connections")?;
        match self.shortage {
            None => {}
            Some(Shortage::Descriptors) => {
                write!(f, " (the artifact allows {declared}, the limit of open files does not)")?;
            }
            Some(Shortage::Memory(max)) => write!(
                f,
                " (the artifact allows {declared}; with {} threads and {} endpoints `max-memory` {max} does not)",
                self.node.threads, self.node.endpoints
            )?,
        }
        write!(f, ", at most {} of memory", memory.rounded())
    }
}

/// The soft limit of open files, as the kernel lists it.
fn open_files(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    match line.split_whitespace().next()? {
        "unlimited" => Some(u64::MAX),
        soft => soft.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use gw_artifact::model::{MemoryRow, Per};

    use super::*;

    const NODE: Node = Node { threads: 2, endpoints: 1 };

    fn bounds(max_memory: Option<Bytes>) -> Bounds {
        let row =
            |name: &str, per, count, each| MemoryRow { name: name.to_owned(), per, count, each: Bytes(each) };
        Bounds {
            connections: 1_000,
            requests: 1_000,
            max_memory,
            least: Bytes(0),
            memory: vec![
                row("connections of callers", Per::Process, 1_000, 1_000),
                row("stack and buffers of a thread", Per::Thread, 1, 100_000),
            ],
            work: vec![],
        }
    }

    #[test]
    fn the_artifact_is_the_ceiling_where_nothing_is_short() {
        let room = Room::within(&bounds(Some(Bytes(10 << 20))), NODE, u64::MAX).unwrap();
        assert_eq!((room.connections, room.shortage), (1_000, None));
        assert_eq!(room.to_string(), "room for 1000 connections, at most 1.3 MiB of memory");
    }

    #[test]
    fn the_limit_of_open_files_is_a_ceiling() {
        let room = Room::within(&bounds(None), NODE, 1_024).unwrap();
        assert_eq!((room.connections, room.shortage), (480, Some(Shortage::Descriptors)));
        assert!(room.to_string().contains("(the artifact allows 1000, the limit of open files does not)"));
        assert_eq!(Room::within(&bounds(None), NODE, 3).unwrap().connections, 1);
    }

    #[test]
    fn more_threads_leave_room_for_fewer_connections() {
        let bounds = bounds(Some(Bytes(900_000)));
        let room = Room::within(&bounds, NODE, u64::MAX).unwrap();
        assert_eq!((room.connections, room.shortage), (600, Some(Shortage::Memory(Bytes(900_000)))));
        assert!(room.memory <= Bytes(900_000));
        let four = Node { threads: 4, ..NODE };
        assert_eq!(Room::within(&bounds, four, u64::MAX).unwrap().connections, 400);
        let fault = Room::within(&bounds, Node { threads: 9, ..NODE }, u64::MAX).unwrap_err();
        assert_eq!(fault.exit_code(), 78);
        assert!(fault.to_string().contains("9 threads and 1 endpoint"), "{fault}");
    }

    #[test]
    fn the_soft_limit_is_read_from_the_kernels_list() {
        let list = "Limit    Soft Limit  Hard Limit  Units\nMax open files            1024   4096   files\n";
        assert_eq!(open_files(list), Some(1024));
        assert_eq!(open_files("Max open files  unlimited unlimited files"), Some(u64::MAX));
        assert_eq!(open_files(""), None);
    }
}
