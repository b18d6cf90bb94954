//! The facts of one exchange: where it came from and what the steps found, as positions and ids.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::ops::Range;
use std::sync::Arc;

use gw_artifact::Artifact;
use gw_artifact::model::{ListenerId, Operation, OperationId, PathItemId, SiteId, TlsVersion};
use gw_artifact::path_trie::Captures;

use crate::head::Head;
use crate::key_set::KeyHolder;
use crate::steps::receive::client::Client;
use crate::world::{BodyPlan, Now, World};

/// How the caller reached the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The other end of the connection: the caller, or the last proxy before the gateway; or, where that says for whom it
    /// connects, who that is. `None` over a Unix socket, whose other end has no address.
    pub client: Option<SocketAddr>,
    /// The scheme of the connection.
    pub scheme: UrlScheme,
    /// The door.
    pub listener: ListenerId,
}

/// What the handshake of a connection told; shared by all exchanges on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// The version that is spoken.
    pub version: TlsVersion,
    /// The name that the client asked for (RFC 6066 §3), in lower case and without a dot at its end.
    pub server_name: Option<String>,
    /// The client's certificate, which the listener has verified.
    pub client: Option<ClientCertificate>,
}

/// A verified client certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCertificate {
    /// The subject, as RFC 4514 writes it.
    pub subject: String,
    /// The subject alternative names: DNS names, mail addresses, URIs and IP addresses as text.
    pub names: Vec<String>,
    /// The SHA-256 digest of the certificate, as 64 hexadecimal digits.
    pub fingerprint: String,
}

/// A caller whom the gateway has verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// By an API key.
    Key(Arc<KeyHolder>),
    /// By its certificate: the position of one of the subject alternative names, or else the subject.
    Certificate(Option<u16>),
}

/// The scheme of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlScheme {
    /// Plain text.
    Http,
    /// TLS.
    Https,
}

/// The name of one exchange: 128 random bits, written as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RequestId(pub u128);

/// Everything that is known about one exchange. The driver owns it from the first byte to the log line.
///
/// It borrows nothing: texts are byte ranges of the head. Only a path that had to be rewritten (`%41` for `A`)
/// is kept as text of its own, which is the one heap allocation that a request can cause here.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub(crate) arrival: Arrival,
    pub(crate) tls: Option<Arc<Tls>>,
    pub(crate) client: Client,
    pub(crate) request_id: RequestId,
    pub(crate) received: Now,
    pub(crate) decided: Option<u64>,
    pub(crate) responded: Option<u64>,
    pub(crate) connected: Option<u64>,
    pub(crate) authority: Place,
    pub(crate) path: PathPlace,
    pub(crate) query: Option<Span>,
    pub(crate) captures: Captures,
    pub(crate) site: Option<SiteId>,
    pub(crate) path_item: Option<PathItemId>,
    pub(crate) operation: Option<OperationId>,
    pub(crate) credential: Option<u16>,
    pub(crate) caller: Option<Caller>,
    pub(crate) body: BodyPlan,
}

/// A half-open range of bytes in a target or a value; both are far shorter than 64 KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u16,
    pub(crate) end: u16,
}

/// Where the authority stands (host and port, as received).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Unknown,
    Target(Span),
    Line { index: u16, span: Span },
}

/// Where the canonical path stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PathPlace {
    Unknown,
    Target(Span),
    Rewritten(String),
}

impl Exchange {
    /// A new exchange, about which nothing is known but where it came from.
    pub fn new(arrival: Arrival) -> Self {
        Self {
            arrival,
            tls: None,
            client: Client {
                address: arrival.client.map(|client| client.ip().to_canonical()),
                scheme: arrival.scheme,
            },
            request_id: RequestId::default(),
            received: Now::default(),
            decided: None,
            responded: None,
            connected: None,
            authority: Place::Unknown,
            path: PathPlace::Unknown,
            query: None,
            captures: Captures::new(),
            site: None,
            path_item: None,
            operation: None,
            credential: None,
            caller: None,
            body: BodyPlan::None,
        }
    }

    /// The same exchange on a connection that a handshake came before.
    #[must_use]
    pub fn over(mut self, tls: Option<Arc<Tls>>) -> Self {
        self.tls = tls;
        self
    }

    /// The first thing that happens: the exchange gets its name and its time.
    pub(crate) fn begin(&mut self, world: &impl World) {
        self.received = world.now();
        self.request_id = RequestId(u128::from(world.random()) << 64 | u128::from(world.random()));
    }

    pub(crate) fn note_decided(&mut self, now: Now) {
        self.decided = Some(now.monotonic);
    }

    pub(crate) fn note_responded(&mut self, now: Now) {
        self.responded = Some(now.monotonic);
    }

    /// How the caller reached the gateway.
    pub fn arrival(&self) -> Arrival {
        self.arrival
    }

    /// The client's address: that of the connection, or the one that trusted proxies tell of; `None` where nobody knows it.
    pub fn client(&self) -> Option<IpAddr> {
        self.client.address
    }

    /// The scheme that the client used, as far as trusted proxies tell.
    pub fn scheme(&self) -> UrlScheme {
        self.client.scheme
    }

    /// The consumer that the gateway has verified: the name of whoever holds the key or the certificate.
    pub fn consumer(&self) -> Option<&str> {
        self.caller.as_ref()?.consumer(self.tls())
    }

    /// The public name of the API key that the caller showed.
    pub fn key_id(&self) -> Option<&str> {
        match self.caller.as_ref()? {
            Caller::Key(holder) => Some(&holder.id),
            Caller::Certificate(_) => None,
        }
    }

    /// What the verified caller is allowed, sorted; nothing when it is not known.
    pub fn scopes(&self) -> &[String] {
        self.caller.as_ref().map_or(&[], Caller::scopes)
    }

    /// What the connection's handshake told; `None` over plain text.
    pub fn tls(&self) -> Option<&Tls> {
        self.tls.as_deref()
    }

    /// The exchange's name: in `x-request-id`, in a problem's `instance`, in the log line.
    pub fn request_id(&self) -> RequestId {
        self.request_id
    }

    /// When the head was handed to the first step.
    pub fn received(&self) -> Now {
        self.received
    }

    /// The operation, once path and method named one.
    pub fn operation_id(&self) -> Option<OperationId> {
        self.operation
    }

    /// The operation itself: its deadlines, its limits, its template.
    pub fn operation<'a>(&self, artifact: &'a Artifact) -> Option<&'a Operation> {
        self.operation.map(|id| artifact.operation(id))
    }

    /// The path item, once the path named one.
    pub fn path_item(&self) -> Option<PathItemId> {
        self.path_item
    }

    /// How the body travels, once that was decided.
    pub fn body_plan(&self) -> BodyPlan {
        self.body
    }

    /// Notes how long the connection to the endpoint took to stand, in nanoseconds; not called for a kept one.
    pub fn connected_after(&mut self, nanos: u64) {
        self.connected = Some(nanos);
    }

    /// The authority as received, port included. Empty when the request has none.
    pub fn authority<'a>(&self, head: &Head<'a>) -> &'a str {
        match self.authority {
            Place::Unknown => "",
            Place::Target(span) => head.target.get(span.range()).unwrap_or(""),
            Place::Line { index, span } => head
                .lines
                .get(usize::from(index))
                .and_then(|line| line.value.get(span.range()))
                .and_then(|bytes| std::str::from_utf8(bytes).ok())
                .unwrap_or(""),
        }
    }

    /// The canonical path; before it is known, or when it is not canonical, nothing.
    pub fn path<'a>(&'a self, head: &Head<'a>) -> Option<&'a str> {
        match &self.path {
            PathPlace::Unknown => None,
            PathPlace::Target(span) => head.target.get(span.range()),
            PathPlace::Rewritten(path) => Some(path),
        }
    }

    /// The query as received, without its `?`.
    pub fn query<'a>(&self, head: &Head<'a>) -> Option<&'a str> {
        self.query.and_then(|span| head.target.get(span.range()))
    }

    /// The path parameters in path order, still percent-encoded; as many as the operation's `parameters`.
    pub fn path_parameters<'a>(&'a self, head: &Head<'a>) -> impl Iterator<Item = &'a str> {
        self.captures.texts(self.path(head).unwrap_or(""))
    }
}

impl Caller {
    /// Its name; that of a certificate stands in what the handshake told.
    pub(crate) fn consumer<'c>(&'c self, tls: Option<&'c Tls>) -> Option<&'c str> {
        match self {
            Self::Key(holder) => Some(&holder.consumer),
            Self::Certificate(name) => {
                let client = tls?.client.as_ref()?;
                let named = name.and_then(|at| client.names.get(usize::from(at)));
                Some(named.unwrap_or(&client.subject))
            }
        }
    }

    /// What it is allowed, sorted.
    pub(crate) fn scopes(&self) -> &[String] {
        match self {
            Self::Key(holder) => &holder.scopes,
            Self::Certificate(_) => &[],
        }
    }
}

impl Span {
    pub(crate) fn range(self) -> Range<usize> {
        usize::from(self.start)..usize::from(self.end)
    }
}

impl UrlScheme {
    /// `http` or `https`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl RequestId {
    /// The 32 digits, without allocating.
    pub fn digits(self) -> [u8; 32] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut digits = [0; 32];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(self.0.to_be_bytes()) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 0xf)];
        }
        digits
    }
}
