//! For whom a connection comes, at a listener that speaks the PROXY protocol: proxies that are believed say so first, and
//! nobody else is let in.

use std::future::poll_fn;
use std::net::SocketAddr;

use gw_artifact::model::ProxyProtocol;

use crate::conversation::Conversation;
use crate::proxy_protocol::{self, MAX_V2_BYTES};
use crate::socket::Socket;

/// Why a connection is closed before anything is said to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It comes from nobody who is believed.
    Stranger,
    /// It begins otherwise.
    Malformed,
    /// It ended within the header.
    Incomplete,
    /// The header took too long.
    Late,
}

impl Refused {
    /// Every reason, in the order of its number.
    pub(crate) const ALL: [Self; 4] = [Self::Stranger, Self::Malformed, Self::Incomplete, Self::Late];

    /// The reason's name in the counters.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Stranger => "stranger",
            Self::Malformed => "malformed",
            Self::Incomplete => "incomplete",
            Self::Late => "late",
        }
    }

    /// The same for people, behind who it was.
    pub(crate) const fn described(self) -> &'static str {
        match self {
            Self::Stranger => "is none of the proxies that `proxy-protocol` names",
            Self::Malformed => "sent no header of the PROXY protocol",
            Self::Incomplete => "left before its header of the PROXY protocol was whole",
            Self::Late => "took too long for its header of the PROXY protocol",
        }
    }
}

/// Reads the header, notes whom it names, and tells: `None` where it names nobody. What stands behind it stays to be read.
pub(super) async fn hear(
    conversation: &Conversation,
    proxies: &ProxyProtocol,
    socket: &mut Socket,
) -> Result<Option<SocketAddr>, Refused> {
    let is_believed = conversation.peer().map_or(proxies.unix, |peer| proxies.from.contains(peer.ip()));
    if !is_believed {
        return Err(Refused::Stranger);
    }
    loop {
        match proxy_protocol::read(socket.ahead()) {
            Err(_) => return Err(Refused::Malformed),
            Ok(Some(header)) => {
                socket.skip(header.length);
                if let Some(client) = header.source {
                    conversation.is_for(client);
                }
                return Ok(header.source);
            }
            Ok(None) => {}
        }
        let heads = &conversation.worker.heads;
        let more = poll_fn(|context| socket.poll_ahead(context, &mut heads.borrow_mut()[..MAX_V2_BYTES]));
        if more.await.unwrap_or(0) == 0 {
            return Err(Refused::Incomplete);
        }
    }
}
