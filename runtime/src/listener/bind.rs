//! Listening sockets: one per thread on the same port, and never beside somebody else's.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::Path;

use socket2::{Domain, Protocol, SockAddr, Socket, Type};

use super::socket_file::{SocketFile, is_left_behind};

/// Connections that wait to be accepted, per socket.
const BACKLOG: i32 = 4096;

/// Opens `threads` sockets on one address; the kernel spreads connections over them. Port 0 chooses one port for all.
///
/// # Errors
/// `AddrInUse` also where `SO_REUSEPORT` alone would let this process listen beside another one: the address is
/// tried without it first, by a socket that does not listen, so that no caller is let in and then turned away.
pub(crate) fn bind_group(address: SocketAddr, threads: usize) -> io::Result<Vec<TcpListener>> {
    drop(bind(address, Sharing::Alone)?);
    let first = listen(address, Sharing::Group)?;
    let address = first.local_addr()?;
    let mut group = vec![first];
    for _ in 1..threads {
        group.push(listen(address, Sharing::Group)?);
    }
    Ok(group)
}

/// Opens one socket.
pub(crate) fn bind_one(address: SocketAddr) -> io::Result<TcpListener> {
    listen(address, Sharing::Alone)
}

/// Opens a Unix socket; one that a dead process left behind is replaced, one that answers is not. Who may connect is said by
/// the mode of its file, or else by the process's umask, before anybody can.
pub(crate) fn bind_unix(path: &Path, mode: Option<u32>) -> io::Result<(UnixListener, SocketFile)> {
    let socket = match bind_file(path) {
        Err(fault) if fault.kind() == io::ErrorKind::AddrInUse && is_left_behind(path) => {
            std::fs::remove_file(path)?;
            bind_file(path)?
        }
        other => other?,
    };
    let file = SocketFile::at(path)?;
    if let Some(mode) = mode {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))?;
    }
    socket.listen(BACKLOG)?;
    Ok((socket.into(), file))
}

fn bind_file(path: &Path) -> io::Result<Socket> {
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    socket.bind(&SockAddr::unix(path)?)?;
    Ok(socket)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sharing {
    Alone,
    Group,
}

fn listen(address: SocketAddr, sharing: Sharing) -> io::Result<TcpListener> {
    let socket = bind(address, sharing)?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

fn bind(address: SocketAddr, sharing: Sharing) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    if sharing == Sharing::Group {
        socket.set_reuse_port(true)?;
    }
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_shares_its_port_and_nobody_else_gets_it() {
        let group = bind_group("127.0.0.1:0".parse().unwrap(), 3).unwrap();
        let address = group[0].local_addr().unwrap();
        assert!(group.iter().all(|socket| socket.local_addr().unwrap() == address));
        assert_eq!(bind_group(address, 1).unwrap_err().kind(), io::ErrorKind::AddrInUse);
        assert_eq!(bind_one(address).unwrap_err().kind(), io::ErrorKind::AddrInUse);
    }

    #[test]
    fn a_unix_socket_left_behind_is_replaced_and_one_that_answers_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gw.sock");
        let (first, file) = bind_unix(&path, None).unwrap();
        assert_eq!(bind_unix(&path, None).unwrap_err().kind(), io::ErrorKind::AddrInUse);
        // Whoever died had no time to remove it.
        std::mem::forget(file);
        drop(first);
        assert!(path.exists());
        bind_unix(&path, None).unwrap();
    }

    #[test]
    fn a_socket_whose_queue_is_full_answers() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gw.sock");
        let socket = bind_file(&path).unwrap();
        socket.listen(0).unwrap();
        let mut waiting = Vec::new();
        let full = loop {
            let caller = Socket::new(Domain::UNIX, Type::STREAM, None).unwrap();
            caller.set_nonblocking(true).unwrap();
            match caller.connect(&SockAddr::unix(&path).unwrap()) {
                Ok(()) => waiting.push(caller),
                Err(fault) => break fault,
            }
        };
        assert_eq!(full.kind(), io::ErrorKind::WouldBlock);
        assert_eq!(bind_unix(&path, None).unwrap_err().kind(), io::ErrorKind::AddrInUse);
    }

    #[test]
    fn a_unix_socket_goes_with_its_owner_and_not_with_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gw.sock");
        drop(bind_unix(&path, None).unwrap());
        assert!(!path.exists());
        let (socket, file) = bind_unix(&path, None).unwrap();
        drop(socket);
        std::fs::remove_file(&path).unwrap();
        let (_other, _others) = bind_unix(&path, None).unwrap();
        drop(file);
        assert!(path.exists(), "it is somebody else's now");
    }

    #[test]
    fn nobody_connects_under_another_mode_than_the_one_that_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gw.sock");
        let _bound = bind_unix(&path, Some(0o620)).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o620);
    }

    #[test]
    fn a_file_that_is_no_socket_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("precious");
        std::fs::write(&path, "x").unwrap();
        assert!(bind_unix(&path, None).is_err());
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(bind_unix(&link, None).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"x");
    }
}
