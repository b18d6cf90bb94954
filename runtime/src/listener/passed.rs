//! Sockets that a service manager opens and passes, as systemd does (sd_listen_fds(3)): `LISTEN_PID`, `LISTEN_FDS`,
//! `LISTEN_FDNAMES`. They are its own: what waits in them when this process stops is for the next one.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::os::unix::net::UnixListener;

use listenfd::ListenFd;
use socket2::SockRef;

use super::Entrance;
use crate::bindings::{BindingDefect, ListenAddress};

/// A socket that listens.
#[derive(Debug)]
pub(crate) enum Passed {
    Tcp(TcpListener),
    Unix(UnixListener),
}

/// The most sockets that are passed.
const MOST: usize = 64;

/// What the environment says about them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Said {
    pid: Option<String>,
    count: Option<String>,
    names: Option<String>,
}

/// Takes the sockets that this process was passed, with their names; `wanted` are the names that listeners have. To be called
/// once, before there are other threads: what the environment says about them is taken out of it.
///
/// # Errors
/// A name that no socket has, a socket that no listener has, and one that is no listening stream socket: all of them.
pub(crate) fn take(wanted: &BTreeSet<&str>) -> Result<Vec<(String, Passed)>, Vec<BindingDefect>> {
    let told = |name: &str| std::env::var(name).ok();
    let said = Said { pid: told("LISTEN_PID"), count: told("LISTEN_FDS"), names: told("LISTEN_FDNAMES") };
    let names = said.names_for(std::process::id()).map_err(|defect| vec![defect])?;
    let mut defects: Vec<BindingDefect> = mismatches(wanted, &names).collect();
    let mut sockets = ListenFd::from_env();
    let mut taken = Vec::new();
    for (at, name) in names.into_iter().enumerate() {
        match Passed::take(&mut sockets, at) {
            Some(socket) => taken.push((name, socket)),
            None => defects.push(about(&name, "is no socket on which streams come in")),
        }
    }
    if defects.is_empty() { Ok(taken) } else { Err(defects) }
}

impl Said {
    /// The name of each socket that is passed to this process.
    fn names_for(&self, pid: u32) -> Result<Vec<String>, BindingDefect> {
        let defect = |message: String| {
            let help = "start the gateway by its socket unit, or bind an address";
            BindingDefect::new("listen", message).help(help)
        };
        let is_for_this = self.pid.as_ref().is_some_and(|its| its.parse() == Ok(pid));
        let Some(count) = self.count.as_ref().filter(|_| is_for_this) else {
            let message =
                "names sockets of the service manager, and it has passed none (`LISTEN_PID`, `LISTEN_FDS`)";
            return Err(defect(message.to_owned()));
        };
        let Some(count) = count.parse().ok().filter(|count| (1..=MOST).contains(count)) else {
            return Err(defect(format!("`LISTEN_FDS` is no number from 1 to {MOST}")));
        };
        let names: Vec<String> =
            self.names.as_deref().unwrap_or_default().split(':').map(str::to_owned).collect();
        if names.len() != count {
            return Err(defect(format!("`LISTEN_FDNAMES` does not name each of {count} sockets")));
        }
        Ok(names)
    }
}

/// Names that one side alone knows.
fn mismatches<'n>(
    wanted: &'n BTreeSet<&str>,
    passed: &'n [String],
) -> impl Iterator<Item = BindingDefect> + 'n {
    let missing = wanted.iter().filter(|name| !passed.iter().any(|its| its == *name));
    let passed_names = passed.join(", ");
    let missing = missing.map(move |name| {
        about(name, "was not passed by the service manager").help(format!("it has passed: {passed_names}"))
    });
    let idle: BTreeSet<&str> =
        passed.iter().map(String::as_str).filter(|name| !wanted.contains(name)).collect();
    let idle = idle.into_iter().map(|name| {
        let help = format!("bind a listener to `systemd:{name}`, or take it out of the socket unit");
        about(name, "was passed, and callers would wait there for ever").help(help)
    });
    missing.chain(idle)
}

fn about(name: &str, message: &str) -> BindingDefect {
    BindingDefect::new("listen", format!("the socket `systemd:{name}` {message}"))
}

impl Passed {
    /// The socket of this number; `None` when it is another kind of thing, or does not listen.
    fn take(sockets: &mut ListenFd, at: usize) -> Option<Self> {
        let tcp = sockets.take_tcp_listener(at).ok().flatten().map(Self::Tcp);
        let unix = || sockets.take_unix_listener(at).ok().flatten().map(Self::Unix);
        let socket = tcp.or_else(unix)?;
        socket.listens().then_some(socket)
    }

    fn listens(&self) -> bool {
        let socket = match self {
            Self::Tcp(socket) => SockRef::from(socket),
            Self::Unix(socket) => SockRef::from(socket),
        };
        // What the system does not tell shows when the first caller is accepted.
        #[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
        let listens = socket.is_listener().unwrap_or(false);
        #[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
        let listens = true;
        listens && socket.set_nonblocking(true).is_ok()
    }

    /// Where it listens; its name where that cannot be said.
    pub(crate) fn address(&self, name: &str) -> ListenAddress {
        let unknown = || ListenAddress::Passed(name.to_owned());
        match self {
            Self::Tcp(socket) => socket.local_addr().map_or_else(|_| unknown(), ListenAddress::Tcp),
            Self::Unix(socket) => {
                let address = socket.local_addr().ok();
                let path = address.as_ref().and_then(|address| address.as_pathname());
                path.map_or_else(unknown, |path| ListenAddress::Unix { path: path.to_owned(), mode: None })
            }
        }
    }

    /// Whether callers have no address there.
    pub(crate) fn is_unix(&self) -> bool {
        matches!(self, Self::Unix(_))
    }

    /// One thread's share of it.
    pub(crate) fn share(&self) -> std::io::Result<Entrance> {
        match self {
            Self::Tcp(socket) => socket.try_clone().map(Entrance::PassedTcp),
            Self::Unix(socket) => socket.try_clone().map(Entrance::PassedUnix),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(pid: &str, count: &str, names: &str) -> Result<Vec<String>, String> {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Said { pid: some(pid), count: some(count), names: some(names) }
            .names_for(7)
            .map_err(|defect| defect.message)
    }

    #[test]
    fn what_is_passed_to_this_process_has_names() {
        assert_eq!(said("7", "2", "public:inside"), Ok(vec!["public".to_owned(), "inside".to_owned()]));
        for (pid, count, names) in [
            ("", "1", "a"),
            ("8", "1", "a"),
            ("x", "1", "a"),
            ("7", "", "a"),
            ("7", "0", "a"),
            ("7", "65", "a"),
            ("7", "-1", "a"),
            ("7", "2", "a"),
            ("7", "1", "a:b"),
            ("7", "2", ""),
        ] {
            assert!(said(pid, count, names).is_err(), "{pid} {count} {names}");
        }
    }

    #[test]
    fn a_name_that_one_side_alone_knows_is_told() {
        let wanted = BTreeSet::from(["public", "staff"]);
        let passed = ["public".to_owned(), "extra".to_owned(), "extra".to_owned()];
        let told: Vec<String> = mismatches(&wanted, &passed).map(|defect| defect.to_string()).collect();
        assert_eq!(
            told,
            [
                "`listen`: the socket `systemd:staff` was not passed by the service manager; it has passed: public, extra, extra",
                "`listen`: the socket `systemd:extra` was passed, and callers would wait there for ever; bind a listener to \
                 `systemd:extra`, or take it out of the socket unit",
            ]
        );
    }
}
