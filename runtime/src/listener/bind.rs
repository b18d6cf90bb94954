//! Listening sockets: one per thread on the same port, and never beside somebody else's.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::net::UnixListener;
use std::path::Path;

use socket2::{Domain, Protocol, Socket, Type};

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

/// Opens a Unix socket; one that a dead process left behind is replaced, one that answers is not.
pub(crate) fn bind_admin(path: &Path) -> io::Result<UnixListener> {
    let listener = match UnixListener::bind(path) {
        Err(fault) if fault.kind() == io::ErrorKind::AddrInUse && is_left_behind(path) => {
            std::fs::remove_file(path)?;
            UnixListener::bind(path)?
        }
        other => other?,
    };
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn is_left_behind(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    let is_socket = std::fs::metadata(path).is_ok_and(|found| found.file_type().is_socket());
    is_socket && std::os::unix::net::UnixStream::connect(path).is_err()
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
        let first = bind_admin(&path).unwrap();
        assert_eq!(bind_admin(&path).unwrap_err().kind(), io::ErrorKind::AddrInUse);
        drop(first);
        bind_admin(&path).unwrap();
    }

    #[test]
    fn a_file_that_is_no_socket_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("precious");
        std::fs::write(&path, "x").unwrap();
        assert!(bind_admin(&path).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"x");
    }
}
