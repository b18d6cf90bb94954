//! What is sent.

use gw_decision::Version;
use gw_syntax::NodeRef;

use super::{Json, Reader, header_lines, text};
use crate::conform::missing_key;
use crate::connection::{CertificateSaid, Connection, ServerName};
use crate::request::{HostLine, Request, RequestBody};
use crate::units;
use crate::vocabulary::{METHODS, UNIX};

impl Reader<'_> {
    pub(super) fn request(&mut self, node: NodeRef<'_>, name: &str) -> Option<Request> {
        let (method, target) = self.method_and_target(node, name)?;
        let mut request = Request::new(&method, "/");
        request.target = target;
        request.host = match node.get("host") {
            None => HostLine::Published,
            Some(host) if host.is_null() => HostLine::Absent,
            Some(host) => HostLine::Given(text(host)),
        };
        if node.get("http").is_some_and(|version| text(version) == "1.0") {
            request.version = Version::Http10;
        }
        if let Some(client) = node.get("client").map(text) {
            request.client = if client == UNIX { None } else { units::address(&client).or(request.client) };
        }
        request.connection = connection(node);
        request.lines = header_lines(node);
        let body = self.body(node);
        if body.is_json && !request.lines.iter().any(|(name, _)| name == "content-type") {
            request.lines.push(("content-type".into(), "application/json".into()));
        }
        request.body = RequestBody {
            bytes: body.bytes,
            chunked: node.get("chunked").is_some(),
            stalls: node.get("body-stalls").is_some(),
        };
        Some(request)
    }

    fn method_and_target(&mut self, node: NodeRef<'_>, name: &str) -> Option<(String, String)> {
        let mut named = METHODS.iter().filter_map(|method| Some((*method, node.get(method)?)));
        let first = named.next();
        if let (Some((first, _)), Some((second, _))) = (first, named.next()) {
            self.exclude(node, first, second);
            return None;
        }
        match (first, node.get("method"), node.get("target")) {
            (Some((method, target)), None, None) => Some((method.to_ascii_uppercase(), text(target))),
            (None, Some(method), Some(target)) => Some((text(method), text(target))),
            (Some((method, _)), _, _) => {
                for other in ["method", "target"] {
                    self.exclude(node, method, other);
                }
                None
            }
            (None, method, _) => {
                let missing = if method.is_some() { "target" } else { "get" };
                let help = "a request names its method with its target: `get: /path`";
                self.sink.push(missing_key(name, missing, node).with_help(help));
                None
            }
        }
    }
}

/// What is said about the connection.
fn connection(node: NodeRef<'_>) -> Connection {
    let certificate = |node: NodeRef<'_>| {
        let names = node.get("names").into_iter().flat_map(NodeRef::items).map(text);
        Some(CertificateSaid { subject: text(node.get("subject")?), names: names.collect() })
    };
    Connection {
        listener: node.get("listener").map(text),
        is_plain: node.get("plain").is_some(),
        server_name: match node.get("sni") {
            None => ServerName::Host,
            Some(name) if name.is_null() => ServerName::Absent,
            Some(name) => ServerName::Given(text(name)),
        },
        certificate: node.get("client-cert").and_then(certificate),
    }
}

/// What a message carries.
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    pub(super) is_json: bool,
}

impl Reader<'_> {
    pub(super) fn body(&mut self, node: NodeRef<'_>) -> Body {
        for (first, second) in [("body", "json"), ("body", "body-size"), ("json", "body-size")] {
            self.exclude(node, first, second);
        }
        if let Some(json) = node.get("json") {
            return Body { bytes: Json::of(json).text().into_bytes(), is_json: true };
        }
        let size = node.get("body-size").and_then(|size| units::bytes(&text(size)));
        let bytes = match (node.get("body"), size) {
            (Some(body), _) => text(body).into_bytes(),
            (None, Some(size)) => vec![b'x'; size as usize],
            (None, None) => Vec::new(),
        };
        Body { bytes, is_json: false }
    }
}
