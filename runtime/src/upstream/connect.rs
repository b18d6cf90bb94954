//! From an endpoint's address to a connected socket.

use std::cell::RefCell;
use std::io;
use std::net::{IpAddr, SocketAddr};

use gw_artifact::model::EndpointAddress;
use tokio::net::{TcpStream, lookup_host};

/// How long an answer of the resolver is believed, in milliseconds.
const NAME_MILLIS: u64 = 10_000;
/// How many addresses of a name are tried and remembered.
const MOST_ADDRESSES: usize = 8;

/// Where an endpoint is: an address, or a name with what the resolver said last. One per endpoint and thread.
#[derive(Debug)]
pub(crate) enum Address {
    /// An IP address and a port.
    Fixed(SocketAddr),
    /// A name and a port.
    Named {
        /// `host:port`.
        name: EndpointAddress,
        /// What the resolver said, and until when it is believed (the wheel's milliseconds).
        resolved: RefCell<(Vec<SocketAddr>, u64)>,
    },
}

impl Address {
    pub(crate) fn new(endpoint: &EndpointAddress) -> Self {
        match endpoint.host.parse::<IpAddr>() {
            Ok(ip) => Self::Fixed(SocketAddr::new(ip, endpoint.port)),
            Err(_) => Self::Named { name: endpoint.clone(), resolved: RefCell::default() },
        }
    }
}

/// Connects to an endpoint; a name's addresses are tried in the resolver's order. The caller keeps the deadline.
///
/// # Errors
/// What the system said about the last address, or the resolver about the name.
pub(crate) async fn connect(address: &Address, now: u64) -> io::Result<TcpStream> {
    match address {
        Address::Fixed(address) => connect_to(*address).await,
        Address::Named { name, resolved } => {
            let mut last = io::Error::from(io::ErrorKind::NotFound);
            for address in resolve(name, resolved, now).await? {
                match connect_to(address).await {
                    Ok(stream) => return Ok(stream),
                    Err(fault) => last = fault,
                }
            }
            resolved.borrow_mut().1 = 0;
            Err(last)
        }
    }
}

async fn connect_to(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn resolve(
    name: &EndpointAddress,
    resolved: &RefCell<(Vec<SocketAddr>, u64)>,
    now: u64,
) -> io::Result<Vec<SocketAddr>> {
    let remembered = resolved.borrow().clone();
    if remembered.1 > now {
        return Ok(remembered.0);
    }
    let found: Vec<_> = lookup_host((name.host.as_str(), name.port)).await?.take(MOST_ADDRESSES).collect();
    *resolved.borrow_mut() = (found.clone(), now + NAME_MILLIS);
    Ok(found)
}
