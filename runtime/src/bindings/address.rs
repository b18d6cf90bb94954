//! Where a listener listens, as the bindings write it.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::socket_address;

/// Where a listener listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListenAddress {
    /// TCP; port 0 for any that is free.
    Tcp(SocketAddr),
    /// A Unix socket: `unix:/run/gw/public.sock`.
    Unix {
        /// Its file; absolute.
        path: PathBuf,
        /// The mode of the file; what the umask leaves unless said.
        mode: Option<u32>,
    },
    /// Sockets that the service manager passes under this name: `systemd:public`.
    Passed(String),
}

impl ListenAddress {
    /// The address, where it is TCP.
    pub fn tcp(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(address) => Some(*address),
            Self::Unix { .. } | Self::Passed(_) => None,
        }
    }

    /// The file, where it is a Unix socket.
    pub fn unix(&self) -> Option<&Path> {
        match self {
            Self::Unix { path, .. } => Some(path),
            Self::Tcp(_) | Self::Passed(_) => None,
        }
    }
}

impl From<SocketAddr> for ListenAddress {
    fn from(address: SocketAddr) -> Self {
        Self::Tcp(address)
    }
}

impl FromStr for ListenAddress {
    type Err = String;

    /// Reads `IP:PORT`, `unix:/absolute/path` or `systemd:NAME`.
    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(name) = text.strip_prefix("systemd:") {
            return passed_name(name).map(|name| Self::Passed(name.to_owned()));
        }
        match text.strip_prefix("unix:") {
            Some(path) => unix_path(path).map(|path| Self::Unix { path, mode: None }),
            None => socket_address(text).map(Self::Tcp),
        }
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix { path, .. } => write!(f, "unix:{}", path.display()),
            Self::Passed(name) => write!(f, "systemd:{name}"),
        }
    }
}

/// The path of a Unix socket.
pub(super) fn unix_path(text: &str) -> Result<PathBuf, String> {
    if !text.starts_with('/') || text.len() == 1 || text.contains('\0') {
        return Err("a Unix socket is an absolute path: `unix:/run/gw.sock`".to_owned());
    }
    if text.len() > MAX_PATH_BYTES {
        return Err(format!(
            "a Unix socket's path has at most {MAX_PATH_BYTES} bytes, and this has {}",
            text.len()
        ));
    }
    Ok(PathBuf::from(text))
}

/// A name that a service manager may give a socket (sd_listen_fds(3)).
fn passed_name(text: &str) -> Result<&str, String> {
    let is_plain = text.bytes().all(|byte| (0x20..0x7f).contains(&byte) && byte != b':');
    if text.is_empty() || text.len() > 255 || !is_plain {
        return Err("a socket's name has 1 to 255 plain characters and no colon: `systemd:public`".to_owned());
    }
    Ok(text)
}

/// What `sockaddr_un` holds, but for the byte at its end, on the system that has least room.
const MAX_PATH_BYTES: usize = 103;

/// The mode of a file, as `chmod` takes it: three or four octal digits.
pub(super) fn mode(text: &str) -> Option<u32> {
    let is_octal = matches!(text.len(), 3 | 4) && text.bytes().all(|digit| matches!(digit, b'0'..=b'7'));
    u32::from_str_radix(text, 8).ok().filter(|mode| is_octal && *mode <= 0o777)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_back() {
        for text in ["127.0.0.1:8080", "[::]:0", "unix:/run/gw.sock", "systemd:gw.socket"] {
            assert_eq!(text.parse::<ListenAddress>().map(|address| address.to_string()).as_deref(), Ok(text));
        }
        let long = format!("unix:/{}", "x".repeat(MAX_PATH_BYTES));
        for text in [
            "systemd:",
            "systemd:a:b",
            "systemd:ä",
            "unix:",
            "unix:/",
            "unix:gw.sock",
            "unix:/a\0b",
            "localhost:80",
            "8080",
            long.as_str(),
        ] {
            assert!(text.parse::<ListenAddress>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_mode_is_what_chmod_takes() {
        assert_eq!((mode("660"), mode("0660"), mode("0777")), (Some(0o660), Some(0o660), Some(0o777)));
        for text in ["", "66", "00660", "888", "-60", "+66", "1777", "rw-"] {
            assert_eq!(mode(text), None, "{text}");
        }
    }
}
