//! The file of a Unix socket that this process has made: removed once, at the end, and only while it is that file.

use std::fs::Metadata;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use socket2::{Domain, SockAddr, Socket, Type};

/// See the module. It is removed with its last owner.
#[derive(Debug)]
pub(crate) struct SocketFile {
    path: PathBuf,
    identity: Identity,
    is_removed: AtomicBool,
}

/// What tells a file from another one that has its name. Numbers of inodes are used again, so its birth is a part of it where
/// the file system tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
    born: Option<SystemTime>,
}

impl Identity {
    fn of(file: &Metadata) -> Self {
        Self { device: file.dev(), inode: file.ino(), born: file.created().ok() }
    }
}

impl SocketFile {
    /// The file that was made a moment ago.
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        let identity = Identity::of(&std::fs::symlink_metadata(path)?);
        Ok(Self { path: path.to_owned(), identity, is_removed: AtomicBool::new(false) })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Removes it, unless that was done, or the name is another file's by now.
    pub(crate) fn remove(&self) {
        let is_ours =
            || std::fs::symlink_metadata(&self.path).is_ok_and(|found| Identity::of(&found) == self.identity);
        if !self.is_removed.swap(true, Ordering::Relaxed) && is_ours() {
            // One that cannot be removed is replaced by who comes next.
            drop(std::fs::remove_file(&self.path));
        }
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Whether this is the socket of a process that is no more: one that nobody answers at. A file of any other kind is not.
pub(super) fn is_left_behind(path: &Path) -> bool {
    let is_socket = std::fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket());
    // A queue that is full says so at once, instead of letting this wait in it.
    let asked = || {
        let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
        socket.set_nonblocking(true)?;
        socket.connect(&SockAddr::unix(path)?)
    };
    is_socket && asked().is_err_and(|fault| fault.kind() == io::ErrorKind::ConnectionRefused)
}
