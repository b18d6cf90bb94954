//! The answers to heads that could not be read: what hyper would say in a bare status line, as a problem document.

use gw_artifact::Artifact;
use gw_artifact::model::Reason;
use gw_decision::{Answer, Context, Exchange, Framing, Head, HeadWriter, Start, Version};

/// An answer as bytes, on their way out.
#[derive(Debug)]
pub(crate) struct Refusal {
    bytes: Vec<u8>,
    sent: usize,
    body_bytes: u64,
}

impl Refusal {
    /// gw's own answer to a request of which nothing is known but where it came from.
    pub(crate) fn new(artifact: &Artifact, exchange: &Exchange, answer: Answer) -> Self {
        let context = Context { artifact, head: &UNREAD, exchange };
        let (mut body, mut wire) = (Vec::new(), Wire(Vec::new()));
        answer.body(context, &mut body);
        answer.head(context, &mut wire);
        wire.line("content-length", body.len().to_string().as_bytes());
        let mut bytes = wire.0;
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&body);
        Self { bytes, sent: 0, body_bytes: body.len() as u64 }
    }

    /// Leaves the body away, as after a `HEAD`.
    pub(crate) fn without_body(&mut self) {
        self.bytes.truncate(self.bytes.len() - self.body_bytes as usize);
        self.body_bytes = 0;
    }

    /// The length of its body.
    pub(crate) fn body_bytes(&self) -> u64 {
        self.body_bytes
    }

    /// What has not left yet.
    pub(crate) fn rest(&self) -> &[u8] {
        &self.bytes[self.sent..]
    }

    /// So much more has left.
    pub(crate) fn advance(&mut self, bytes: usize) {
        self.sent += bytes;
    }
}

/// A head of which nothing was understood.
pub(crate) const UNREAD: Head<'static> =
    Head { method: "", target: "", version: Version::Http11, lines: &[], body: Framing::None };

/// The reason behind hyper's bare status line.
pub(crate) fn reason_of(line: &[u8]) -> Reason {
    match line.get(9..12) {
        Some(b"431") => Reason::HeadTooLarge,
        Some(b"414") => Reason::TargetTooLong,
        _ => Reason::MalformedRequest,
    }
}

struct Wire(Vec<u8>);

impl HeadWriter for Wire {
    fn start(&mut self, start: Start<'_>) {
        let status = match start {
            Start::Response { status } => status,
            Start::Request { .. } => 400,
        };
        let phrase = http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
        self.0.extend_from_slice(format!("HTTP/1.1 {status} {}\r\n", phrase.unwrap_or("")).as_bytes());
    }

    fn line(&mut self, name: &str, value: &[u8]) {
        self.0.extend_from_slice(name.as_bytes());
        self.0.extend_from_slice(b": ");
        self.0.extend_from_slice(value);
        self.0.extend_from_slice(b"\r\n");
    }
}
