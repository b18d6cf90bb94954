//! Step 11, log: one line of JSON per exchange, in the names of the Elastic Common Schema.
//!
//! The line is complete: every input that the decision looked at stands in it, unless it is secret, and a field of
//! [`FIELDS`] that is left out says that there was nothing. So a log can be decided again later. Secrets are credentials: of a query, the names of all
//! parameters stay, and the values of those that any declared scheme reads a credential from are `REDACTED`, in every
//! spelling that some server could take for the name, `access_token` with them where a scheme uses `Authorization`
//! (RFC 6750 §2.3); of the
//! header lines only those stand here that [`FIELDS`] names, and which places held a credential.
//!
//! [`VERSION`] changes when a field goes away or changes its meaning; a new field does not change it.
//!
//! Cost: one pass over each text, no allocation beyond the buffer that is written to.

use gw_artifact::model::{Access, Operation, Reason, Scheme, SchemeId, Step};

use crate::context::Context;
use crate::credential;
use crate::fault::Fault;
use crate::head::Framing;
use crate::relay::{Finished, How};
use crate::text::list_length;

pub use fields::{FIELDS, FieldKind, LogField};
use json::{Object, key};

mod fields;
mod json;
mod redacted;
mod timestamp;

/// The version of the line: `gw.log.version`.
pub const VERSION: u64 = 2;

/// The longest text of a stranger that is written in full, in bytes.
const MAX_TEXT_BYTES: usize = 8 * 1024;

/// Everything that one line is written from.
#[derive(Clone, Copy, Debug)]
pub struct LogLine<'x> {
    /// The exchange.
    pub context: Context<'x>,
    /// How it ended.
    pub finished: &'x Finished,
    /// The artifact's digest, in hexadecimal digits.
    pub artifact_digest: &'x str,
    /// The digest of its decision tables.
    pub policy_digest: &'x str,
    /// The last endpoint's `host:port`; empty when none was tried.
    pub endpoint: &'x str,
}

impl LogLine<'_> {
    /// Appends the line with its line feed. The fields are those of [`FIELDS`], in that order; optional ones only when
    /// there is something to say.
    pub fn write(&self, out: &mut Vec<u8>) {
        let mut line = Object::begin(out);
        self.event(&mut line);
        self.request(&mut line);
        self.caller(&mut line);
        self.policy(&mut line);
        self.upstream(&mut line);
        line.end();
    }

    fn event(&self, line: &mut Object<'_>) {
        let Context { exchange, .. } = self.context;
        let ending = self.finished.ending;
        line.timestamp(key!("@timestamp"), exchange.received.unix);
        line.plain(key!("data_stream.dataset"), "gw.access");
        line.number(key!("gw.log.version"), VERSION);
        line.number(key!("event.duration"), ending.at.monotonic.saturating_sub(exchange.received.monotonic));
        line.plain(key!("event.outcome"), self.outcome());
        line.optional_text(key!("gw.step"), self.finished.step.map(Step::as_str));
        line.optional_text(key!("gw.reason"), self.finished.reason.map(Reason::as_str));
        line.optional_text(key!("gw.fault"), self.finished.fault.map(Fault::as_str));
        line.plain(key!("gw.ending"), ending_name(ending.how));
        line.optional_number(key!("http.response.status_code"), self.finished.status.map(u64::from));
        line.number(key!("http.response.body.bytes"), ending.response_bytes);
    }

    /// `success`: the caller has a whole answer that is no server error and no denial.
    fn outcome(&self) -> &'static str {
        let denied = self.finished.reason.is_some();
        match (self.finished.ending.how, self.finished.status) {
            (How::ClientGone, _) => "unknown",
            (How::Complete, Some(status)) if status < 500 && !denied => "success",
            (How::Complete | How::Cut(_), _) => "failure",
        }
    }

    fn request(&self, line: &mut Object<'_>) {
        let Context { exchange, head, .. } = self.context;
        line.digits(key!("http.request.id"), &exchange.request_id().digits());
        line.clipped(key!("http.request.method"), head.method.as_bytes(), 32);
        line.plain(key!("http.version"), head.version.as_str());
        line.plain(key!("url.scheme"), exchange.scheme().as_str());
        let authority = Some(exchange.authority(head)).filter(|authority| !authority.is_empty());
        line.optional(key!("url.domain"), authority.map(str::as_bytes));
        let path = exchange.path(head).or_else(|| raw_path(head.target));
        line.optional(key!("url.path"), path.map(str::as_bytes));
        if let Some(query) = exchange.query(head) {
            redacted::write(line, &self.context.artifact.tables().schemes, query);
        }
        let (framing, length) = match head.body {
            Framing::None => (None, None),
            Framing::Length(length) => (Some("length"), Some(length)),
            Framing::Chunked => (Some("chunked"), None),
        };
        line.optional_text(key!("gw.request.framing"), framing);
        line.optional_number(key!("gw.request.content_length"), length);
        self.received(line);
        line.count(key!("http.request.body.bytes"), self.finished.ending.request_bytes);
        line.joined(key!("gw.request.expect"), head.all("expect"));
        line.joined(key!("gw.request.via"), head.all("via"));
        line.optional(key!("user_agent.original"), head.first("user-agent"));
        line.optional_text(key!("trace.id"), super::transform::trace_id(head));
    }

    /// What a refusal can hang on before an operation is known, as it came.
    fn received(&self, line: &mut Object<'_>) {
        let head = self.context.head;
        line.joined(key!("gw.received.host"), head.all("host").map(without_user));
        line.joined(key!("gw.received.content_length"), head.all("content-length"));
        line.joined(key!("gw.received.transfer_encoding"), head.all("transfer-encoding"));
        line.joined(key!("gw.received.max_forwards"), head.all("max-forwards"));
        line.count(key!("gw.received.authorizations"), head.all("authorization").count() as u64);
        line.count(key!("gw.received.connection_names"), list_length(head.all("connection")) as u64);
        line.number(key!("gw.received.lines"), head.lines.len() as u64);
        line.number(key!("gw.received.bytes"), head.bytes() as u64);
    }

    fn caller(&self, line: &mut Object<'_>) {
        let Context { artifact, exchange, .. } = self.context;
        let arrival = exchange.arrival();
        let peer = arrival.client.map(|peer| peer.ip().to_canonical());
        line.optional_address(key!("source.ip"), exchange.client());
        line.optional_number(key!("source.port"), arrival.client.map(|peer| u64::from(peer.port())));
        line.optional_address(key!("gw.peer.ip"), peer.filter(|_| peer != exchange.client()));
        let listener = artifact.listeners().get(arrival.listener.index());
        line.optional_text(key!("gw.listener"), listener.map(|listener| listener.name.as_str()));
        self.handshake(line);
        line.optional(key!("gw.consumer"), exchange.consumer().map(str::as_bytes));
        line.optional(key!("gw.key.id"), exchange.key_id().map(str::as_bytes));
        self.credentials(line);
        line.optional_number(key!("gw.credentials.alternative"), exchange.credential.map(u64::from));
    }

    /// What the connection's handshake told.
    fn handshake(&self, line: &mut Object<'_>) {
        let Some(tls) = self.context.exchange.tls() else { return };
        line.plain(key!("tls.version"), tls.version.as_str());
        line.optional_text(key!("tls.client.server_name"), tls.server_name.as_deref());
        let client = tls.client.as_ref();
        line.optional(key!("tls.client.subject"), client.map(|client| client.subject.as_bytes()));
        line.optional_text(key!("tls.client.hash.sha256"), client.map(|client| client.fingerprint.as_str()));
    }

    /// Where the operation's access rule looked, and where something was.
    fn credentials(&self, line: &mut Object<'_>) {
        let Context { artifact, exchange, head } = self.context;
        let Some(operation) = exchange.operation(artifact) else { return };
        let query = exchange.query(head);
        for (key, wanted) in [(key!("gw.credentials.present"), true), (key!("gw.credentials.absent"), false)]
        {
            let schemes = schemes_of(artifact.access_of(operation)).map(|scheme| artifact.scheme(scheme));
            let schemes =
                schemes.filter(|scheme| credential::is_there(scheme, head, query, exchange.tls()) == wanted);
            line.list(key, schemes.map(place_of));
        }
    }

    fn policy(&self, line: &mut Object<'_>) {
        let Context { artifact, exchange, .. } = self.context;
        let operation = exchange.operation(artifact);
        line.plain(key!("gw.artifact.digest"), self.artifact_digest);
        line.plain(key!("gw.policy.digest"), self.policy_digest);
        let api = operation.map(|operation| artifact.api_of(operation));
        line.optional_text(key!("gw.api"), api.map(|api| api.name.as_str()));
        line.optional_text(key!("gw.operation"), operation.map(|operation| operation.name.as_str()));
        line.optional_text(key!("http.route"), operation.map(|operation| operation.template.as_str()));
        if let (Some(step), Some(reason)) = (self.finished.step, self.finished.reason) {
            line.pieces(key!("rule.id"), |text| {
                text.push(step.as_str().as_bytes());
                text.push(b"/");
                text.push(reason.as_str().as_bytes());
            });
        }
    }

    fn upstream(&self, line: &mut Object<'_>) {
        let Context { artifact, exchange, .. } = self.context;
        let tried = self.finished.attempts > 0;
        let upstream =
            exchange.operation(artifact).map(|operation: &Operation| artifact.upstream_of(operation));
        line.optional_text(key!("gw.upstream"), upstream.map(|upstream| upstream.name.as_str()));
        line.optional_text(key!("gw.endpoint"), tried.then_some(self.endpoint));
        line.number(key!("gw.attempts"), u64::from(self.finished.attempts));
        let since = |end: Option<u64>, start: Option<u64>| Some(end?.saturating_sub(start?));
        let end = self.finished.ending.at.monotonic;
        let received = exchange.received.monotonic;
        let sent = exchange.decided.filter(|_| tried);
        line.optional_number(key!("gw.phases.decide"), since(exchange.decided, Some(received)));
        line.optional_number(key!("gw.phases.connect"), exchange.connected);
        line.optional_number(key!("gw.phases.upstream"), since(exchange.responded, sent));
        let relayed_from = exchange.responded.or(exchange.decided);
        line.optional_number(key!("gw.phases.relay"), since(Some(end), relayed_from));
    }
}

fn ending_name(how: How) -> &'static str {
    match how {
        How::Complete => "complete",
        How::Cut(_) => "cut",
        How::ClientGone => "client-gone",
    }
}

/// The path as received, for a request that was refused before its path was known. An absolute form that was not
/// understood is not written: it could hold a password.
fn raw_path(target: &str) -> Option<&str> {
    let path = target.split('?').next()?;
    path.starts_with('/').then_some(path)
}

/// A host that was refused could hold a password before its `@`.
fn without_user(host: &[u8]) -> &[u8] {
    host.rsplit(|&byte| byte == b'@').next().unwrap_or(host)
}

fn schemes_of(access: &Access) -> impl Iterator<Item = SchemeId> {
    let alternatives = match access {
        Access::Public => [].as_slice(),
        Access::Delegated { alternatives, .. } | Access::Verified { alternatives, .. } => alternatives,
    };
    let all = alternatives.iter().enumerate();
    all.flat_map(move |(at, alternative)| {
        let earlier = &alternatives[..at];
        let stood = |scheme| earlier.iter().flat_map(|it| &it.needs).any(|need| need.scheme == scheme);
        alternative.needs.iter().map(|need| need.scheme).filter(move |scheme| !stood(*scheme))
    })
}

fn place_of(scheme: &Scheme) -> (&str, &str) {
    match scheme {
        Scheme::Authorization(name) => ("authorization", name),
        Scheme::Header(name) => ("header", name),
        Scheme::Query(name) => ("query", name),
        Scheme::Cookie(name) => ("cookie", name),
        Scheme::ClientCertificate => ("client-certificate", ""),
    }
}

#[cfg(test)]
mod tests;
