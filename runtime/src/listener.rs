//! The doors: sockets, connections, and HTTP/1.1 on them.

mod accept;
mod bind;
mod handshake;
mod head_scan;
mod http;
mod io;
mod refusal;

pub(crate) use accept::accept;
pub(crate) use bind::{bind_admin, bind_group, bind_one};
pub(crate) use head_scan::{Doubt, HeadScan};
pub(crate) use refusal::Refusal;
