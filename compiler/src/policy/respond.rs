//! `x-gw-respond`: a fixed response instead of an upstream.

use std::fmt;

use gw_artifact::model::is_hop_by_hop_header;
use gw_syntax::{Kind, NodeRef, Sink};

use super::flow::{Flow, in_quotes, map};
use super::{parts, self_check};
use crate::json_text;
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::{HeaderName, HeaderValue};

/// What every request is answered with. At least one part is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Respond {
    /// The status, 200 to 599; 200 unless said.
    pub status: Option<Spanned<u16>>,
    /// The headers.
    pub headers: Vec<(Spanned<HeaderName>, Spanned<HeaderValue>)>,
    /// The body; none unless said.
    pub body: Option<Spanned<RespondBody>>,
}

/// The body of a fixed response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RespondBody {
    /// Text, sent as it is.
    Text(String),
    /// JSON, written without spaces.
    Json(String),
}

/// The longest body, in bytes.
const MAX_BODY_BYTES: usize = 64 * 1024;

impl Respond {
    /// The status of the answer.
    pub fn effective_status(&self) -> u16 {
        self.status.as_ref().map_or(200, |status| status.value)
    }
}

/// Reads the value.
pub fn read(node: NodeRef<'_>, sink: &mut Sink) -> Option<Respond> {
    let status = parts::count(node, "status").and_then(|status| {
        let value = u16::try_from(status.value).ok().filter(|value| (200..=599).contains(value))?;
        Some(Spanned { value, span: status.span })
    });
    let value = Respond {
        status,
        headers: parts::map(node, "headers"),
        body: node.get("body").and_then(|node| body(node, sink)),
    };
    self_check::map(node, "headers", &value.headers, sink);
    if parts::is_empty_mapping(node) {
        let help = "say what is answered: `{status: 503, body: \"back at noon\"}`";
        self_check::says_nothing(node, "`respond` says nothing", help, sink);
    }
    incomplete(node, &value, sink);
    (!value.to_flow().is_empty()).then_some(value)
}

/// A number or truth alone is JSON; text is text.
fn body(node: NodeRef<'_>, sink: &mut Sink) -> Option<Spanned<RespondBody>> {
    if let Some(text) = node.as_str().filter(|text| text.len() <= MAX_BODY_BYTES) {
        return Some(parts::spanned(node, RespondBody::Text(text.to_owned())));
    }
    let mut text = String::new();
    let short = node.kind() != Kind::String && json_text::write(node, &mut text, MAX_BODY_BYTES).is_some();
    if !short {
        let takes = format!("`body` takes at most {MAX_BODY_BYTES} bytes");
        self_check::malformed(node, &takes, Some("longer answers come from an upstream"), sink);
    }
    short.then(|| parts::spanned(node, RespondBody::Json(text)))
}

fn incomplete(node: NodeRef<'_>, value: &Respond, sink: &mut Sink) {
    let status = value.effective_status();
    let beside = value.status.as_ref().map(|status| (status.span, "the status"));
    if let (Some((body, _)), 204 | 205 | 304) = (node.entry("body"), status) {
        let message = format!("a response with status {status} has no body");
        let help = "RFC 9110 sections 15.3.5 and 15.4.5: remove `body`, or say another status";
        self_check::contradiction(body, &message, beside, help, sink);
    }
    let leads_on = matches!(status, 301 | 302 | 303 | 307 | 308);
    let has_location = || value.headers.iter().any(|(name, _)| name.value.as_str() == "location");
    if let (Some(status_node), true) = (node.get("status"), leads_on && !has_location()) {
        let message = format!("status {status} sends callers on, and no `location` says where to");
        let help = "add it: `headers: {location: https://example.com/new}`";
        self_check::contradiction(status_node, &message, None, help, sink);
    }
    let names = node.get("headers").into_iter().flat_map(NodeRef::entries).map(|(name, _)| name);
    for name in names {
        let lower = name.scalar_text().unwrap_or_default().to_ascii_lowercase();
        if is_hop_by_hop_header(&lower) || lower == "content-length" {
            let why = "it belongs to one connection or to the length of the body";
            self_check::malformed(name, "`headers` takes headers that policy may set", Some(why), sink);
        }
    }
}

impl Respond {
    fn to_flow(&self) -> Flow {
        Flow::new()
            .plain("status", self.status.as_ref())
            .raw("headers", (!self.headers.is_empty()).then(|| map(&self.headers)))
            .raw("body", self.body.as_ref().map(|body| body.value.to_string()))
    }
}

impl fmt::Display for RespondBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RespondBody::Text(text) => f.write_str(&in_quotes(text)),
            RespondBody::Json(json) => f.write_str(json),
        }
    }
}

impl fmt::Display for Respond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_flow().finish())
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::tests::{codes, reads_as};

    #[test]
    fn fixed_responses_are_read() {
        reads_as("respond", "{status: 503, body: back at noon}", "{status: 503, body: \"back at noon\"}");
        reads_as("respond", "{body: {a: [1, x, null]}}", "{body: {\"a\":[1,\"x\",null]}}");
        reads_as(
            "respond",
            "{status: 308, headers: {Location: 'https://a/b'}}",
            "{status: 308, headers: {location: https://a/b}}",
        );
    }

    #[test]
    fn responses_that_cannot_be_are_refused() {
        assert_eq!(codes("respond", "{status: 204, body: x}"), ["GW0120"]);
        assert_eq!(codes("respond", "{status: 302}"), ["GW0120"]);
        assert_eq!(codes("respond", "{}"), ["GW0121"]);
        assert_eq!(codes("respond", "{headers: {a: b, A: c}}"), ["GW0122"]);
        assert_eq!(codes("respond", "{headers: {Content-Length: 5}}"), ["GW0133"]);
        assert_eq!(codes("respond", "{status: 100}"), ["GW0133"]);
        assert_eq!(codes("respond", "{headers: {a: \"b\\nc\"}}"), ["GW0133"]);
    }
}
