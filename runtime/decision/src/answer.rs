//! The answers that gw gives by itself: problem documents (RFC 9457) and the synthesized `OPTIONS`.

use gw_artifact::model::{AccessId, HttpsRedirect, PathItemId, Reason, Step};

use crate::context::{Context, HeadWriter, Start};
use crate::steps::authorize::challenge;
use crate::steps::receive::authority::host;
use crate::steps::transform::hsts;
use crate::text::push_decimal;

/// An answer that no upstream gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "somebody waits for it"]
pub struct Answer {
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Denial(Reason),
    MethodUnknown(PathItemId),
    Credential(Reason, AccessId),
    Options(Option<PathItemId>),
    Redirect(HttpsRedirect),
}

impl Answer {
    /// A denial that its reason says in full.
    pub(crate) const fn denial(reason: Reason) -> Self {
        Self { kind: Kind::Denial(reason) }
    }

    /// 405 with the path item's `Allow`.
    pub(crate) const fn method_unknown(item: PathItemId) -> Self {
        Self { kind: Kind::MethodUnknown(item) }
    }

    /// 401 or 403 with the access rule's challenges.
    pub(crate) const fn challenge(reason: Reason, access: AccessId) -> Self {
        Self { kind: Kind::Credential(reason, access) }
    }

    /// 204 to an `OPTIONS` that the document does not declare; without a path item for `OPTIONS *`.
    pub(crate) const fn options(item: Option<PathItemId>) -> Self {
        Self { kind: Kind::Options(item) }
    }

    /// 308 to the same place in HTTPS (RFC 9110 §15.4.9).
    pub(crate) const fn redirect(to: HttpsRedirect) -> Self {
        Self { kind: Kind::Redirect(to) }
    }

    /// Why, if gw says no.
    pub const fn reason(&self) -> Option<Reason> {
        match self.kind {
            Kind::Denial(reason) | Kind::Credential(reason, _) => Some(reason),
            Kind::MethodUnknown(_) => Some(Reason::MethodUnknown),
            Kind::Options(_) | Kind::Redirect(_) => None,
        }
    }

    /// The status code.
    pub const fn status(&self) -> u16 {
        match (self.reason(), self.kind) {
            (Some(reason), _) => reason.status(),
            (None, Kind::Redirect(_)) => 308,
            (None, _) => 204,
        }
    }

    /// The step that answers.
    pub const fn step(&self) -> Step {
        match self.reason() {
            Some(reason) => reason.step(),
            None => Step::Route,
        }
    }

    /// Whether the connection ends with this answer: what follows on it may not be a request.
    pub const fn closes(&self) -> bool {
        match self.reason() {
            Some(reason) => matches!(
                reason,
                Reason::MalformedRequest
                    | Reason::RequestTimeout
                    | Reason::BodyTooLarge
                    | Reason::TargetTooLong
                    | Reason::HeadTooLarge
                    | Reason::Internal
            ),
            None => false,
        }
    }

    /// Writes the body (without caring whether the request was a `HEAD`): a problem document, or nothing.
    pub fn body(&self, context: Context<'_>, out: &mut Vec<u8>) {
        let Some(reason) = self.reason() else { return };
        out.extend_from_slice(b"{\"type\":\"urn:gw:problem:");
        out.extend_from_slice(reason.as_str().as_bytes());
        out.extend_from_slice(b"\",\"title\":\"");
        out.extend_from_slice(reason.title().as_bytes());
        out.extend_from_slice(b"\",\"status\":");
        push_decimal(out, u64::from(reason.status()));
        out.extend_from_slice(b",\"instance\":\"urn:gw:request:");
        out.extend_from_slice(&context.exchange.request_id().digits());
        out.extend_from_slice(b"\"}");
    }

    /// Writes the head. `content-length` is the driver's, who knows whether a body follows.
    pub fn head(&self, context: Context<'_>, writer: &mut impl HeadWriter) {
        writer.start(Start::Response { status: self.status() });
        if self.reason().is_some() {
            writer.line("content-type", b"application/problem+json");
            writer.line("cache-control", b"no-store");
        }
        self.own_lines(context, writer);
        hsts::write(context, writer);
        writer.line("x-request-id", &context.exchange.request_id().digits());
        if self.closes() {
            writer.line("connection", b"close");
        }
    }

    fn own_lines(self, context: Context<'_>, writer: &mut impl HeadWriter) {
        match self.kind {
            Kind::MethodUnknown(item) | Kind::Options(Some(item)) => {
                writer.line("allow", context.artifact.path_item(item).allow.as_bytes());
            }
            Kind::Credential(reason, access) => {
                challenge::write(reason, context.artifact.access(access), writer);
            }
            Kind::Redirect(to) => writer.line("location", &location(context, to)),
            Kind::Denial(_) | Kind::Options(None) => {}
        }
    }
}

/// The place that was asked for, in HTTPS. The host is one that the gateway serves, and the path is canonical.
fn location(context: Context<'_>, to: HttpsRedirect) -> Vec<u8> {
    let Context { exchange, head, .. } = context;
    let mut location = b"https://".to_vec();
    location.extend_from_slice(host(exchange.authority(head)).as_bytes());
    if to.port != 443 {
        location.push(b':');
        push_decimal(&mut location, u64::from(to.port));
    }
    location.extend_from_slice(exchange.path(head).unwrap_or("/").as_bytes());
    if let Some(query) = exchange.query(head) {
        location.push(b'?');
        location.extend_from_slice(query.as_bytes());
    }
    location
}
