//! The TLS handshake with an endpoint.

use gw_decision::Fault;
use tokio_rustls::TlsConnector;

use crate::socket::Socket;
use crate::stream::Stream;
use crate::tls::{Dial, blame};

/// Shakes hands on a connected socket. The caller keeps the deadline.
///
/// # Errors
/// Why the endpoint cannot be relied on, or did not want to.
pub(crate) async fn secure(dial: &Dial, socket: Socket) -> Result<Stream, Fault> {
    let connector = TlsConnector::from(dial.config.clone());
    let stream = connector.connect(dial.name.clone(), socket).await;
    let stream = stream.map_err(|fault| blame::of_handshake(&fault))?;
    let (_, connection) = stream.get_ref();
    dial.still_holds(connection).map_err(|fault| blame::of(&fault))?;
    Ok(Stream::tls(stream))
}
