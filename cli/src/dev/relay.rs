//! Passes requests on to a real service, so that what comes back can be marked.

use std::fmt::Display;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use gw_artifact::model::EndpointAddress;
use http::header::HOST;
use http::{HeaderValue, Request, Response};
use hyper::body::Incoming;
use tokio::net::TcpStream;

use super::hyper_io::Stream;

/// The endpoints of a real service, taken in turn.
#[derive(Debug)]
pub(crate) struct Endpoints {
    addresses: Vec<EndpointAddress>,
    turn: AtomicUsize,
}

/// Why nothing came back. The gateway sees a connection that breaks off, and says so in its own words.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct NothingCame(String);

/// How long a connection to a service may take.
const CONNECT: Duration = Duration::from_secs(2);

impl Endpoints {
    /// One endpoint at least.
    pub(crate) fn new(addresses: Vec<EndpointAddress>) -> Option<Self> {
        let some = !addresses.is_empty();
        some.then_some(Self { addresses, turn: AtomicUsize::new(0) })
    }

    fn next(&self) -> &EndpointAddress {
        &self.addresses[self.turn.fetch_add(1, Ordering::Relaxed) % self.addresses.len()]
    }

    /// Sends one request and gives the head of the answer; bodies stream through.
    pub(super) async fn pass_on(
        &self,
        mut request: Request<Incoming>,
        own: SocketAddr,
    ) -> Result<Response<Incoming>, NothingCame> {
        let endpoint = self.next();
        name_host(&mut request, own, endpoint);
        let connecting = TcpStream::connect((endpoint.host.as_str(), endpoint.port));
        let stream = tokio::time::timeout(CONNECT, connecting).await.map_err(nothing)?.map_err(nothing)?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(Stream(stream)).await.map_err(nothing)?;
        tokio::spawn(connection);
        sender.send_request(request).await.map_err(nothing)
    }
}

/// The gateway names the stand-in as host where it would name the endpoint; a host that the project fixes stays.
fn name_host(request: &mut Request<Incoming>, own: SocketAddr, endpoint: &EndpointAddress) {
    let names_us =
        request.headers().get(HOST).is_none_or(|host| host.as_bytes() == own.to_string().as_bytes());
    if names_us && let Ok(host) = HeaderValue::try_from(endpoint.to_string()) {
        request.headers_mut().insert(HOST, host);
    }
}

fn nothing(fault: impl Display) -> NothingCame {
    NothingCame(fault.to_string())
}
