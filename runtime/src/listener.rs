//! The doors: sockets, connections, and HTTP/1.1 on them.

mod accept;
mod bind;
mod entrance;
mod greeting;
mod head_scan;
mod http;
mod introduction;
mod io;
mod passed;
mod refusal;
mod socket_file;

pub(crate) use accept::accept;
pub(crate) use bind::{bind_group, bind_one, bind_unix};
pub(crate) use entrance::Entrance;
pub(crate) use head_scan::{Doubt, HeadScan};
pub(crate) use introduction::Refused;
pub(crate) use passed::{Passed, take as take_passed};
pub(crate) use refusal::Refusal;
pub(crate) use socket_file::SocketFile;
