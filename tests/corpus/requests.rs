//! What a document's own words say a client may send: one request per operation and server, built from templates, servers
//! and security schemes by nothing that the gateway matches with.

use std::collections::BTreeMap;

use gw_syntax::{Kind, NodeId, NodeRef, Pointer, Tree};

/// The methods of operations that are published; `trace` would send credentials back (RFC 9110 §9.3.8) and is not.
const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

/// One operation at one server, and the request that must reach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Planned {
    /// The operation's node; two path items that are one node share it.
    pub(crate) operation: NodeId,
    /// `GET`.
    pub(crate) method: String,
    /// The path that a client sends.
    pub(crate) path: String,
    /// The host that it asks for.
    pub(crate) host: String,
    /// What is appended to the path: made-up credentials that stand in the query.
    pub(crate) query: String,
    /// Header lines with made-up credentials.
    pub(crate) lines: Vec<(String, String)>,
    /// Whether a client can bring what the document demands.
    pub(crate) can_be_called: bool,
}

/// What could be planned for a document.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// One request per operation and server.
    pub(crate) requests: Vec<Planned>,
    /// Those whose request these few lines of code cannot build, such as those in other files.
    pub(crate) unbuilt: usize,
}

/// Plans one request for each operation of an OpenAPI document at each of its servers.
pub(crate) fn plan(tree: &Tree) -> Plan {
    let root = tree.root();
    let mut plan = Plan::default();
    let Some(paths) = root.get("paths") else { return plan };
    for (template, item) in paths.entries() {
        let Some(template) = template.scalar_text().filter(|text| text.starts_with('/')) else { continue };
        let Some(item) = followed(root, item) else {
            plan.unbuilt += 1;
            continue;
        };
        // `query` is a method from 3.2 on.
        let is_young = root.get("openapi").and_then(NodeRef::scalar_text).is_some_and(|text| text >= "3.2");
        for method in METHODS.into_iter().chain(is_young.then_some("query")) {
            let Some(operation) = item.get(method).filter(|operation| operation.kind() == Kind::Mapping)
            else {
                continue;
            };
            for server in servers_of([operation, item, root]) {
                match server {
                    Some(server) => plan.requests.push(request(template, method, server, root, operation)),
                    None => plan.unbuilt += 1,
                }
            }
        }
    }
    plan
}

fn request(
    template: &str,
    method: &str,
    (host, base): (String, String),
    root: NodeRef<'_>,
    operation: NodeRef<'_>,
) -> Planned {
    let mut request = Planned {
        operation: operation.id(),
        method: method.to_ascii_uppercase(),
        path: concrete(&format!("{base}{template}")),
        host,
        query: String::new(),
        lines: Vec::new(),
        can_be_called: true,
    };
    bring_credentials(&mut request, root, operation);
    request
}

/// The node that a `$ref` into the same document means; a node without `$ref` means itself.
fn followed<'t>(root: NodeRef<'t>, node: NodeRef<'t>) -> Option<NodeRef<'t>> {
    let mut node = node;
    for _ in 0..8 {
        let Some(reference) = node.get("$ref") else { return Some(node) };
        let pointer = Pointer::parse(reference.as_str()?.strip_prefix('#')?)?;
        node = root.at_pointer(&pointer)?;
    }
    None
}

/// The servers of the innermost node that has any; an empty list says nothing, and nothing says `/` (OpenAPI 3.1 §4.8.1).
fn servers_of(from_the_inside: [NodeRef<'_>; 3]) -> Vec<Option<(String, String)>> {
    let mut lists = from_the_inside.into_iter().filter_map(|node| node.get("servers"));
    match lists.find(|list| !list.is_empty()) {
        Some(list) => list.items().map(server).collect(),
        None => vec![split_url("/")],
    }
}

/// Host and base path of a server, with the defaults of its variables.
fn server(server: NodeRef<'_>) -> Option<(String, String)> {
    let mut url = server.get("url")?.scalar_text()?.to_owned();
    for (name, variable) in server.get("variables").into_iter().flat_map(NodeRef::entries) {
        let default = variable.get("default").and_then(NodeRef::scalar_text)?;
        url = url.replace(&format!("{{{}}}", name.scalar_text()?), default);
    }
    split_url(&url)
}

/// `https://api.example.com:8443/v1/` is the host `api.example.com` and the base `/v1`.
fn split_url(url: &str) -> Option<(String, String)> {
    let (host, path) = match url.split_once("//") {
        Some((_, rest)) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("any.example", url),
    };
    let host = host.split(':').next().unwrap_or_default();
    let path = path.trim_end_matches('/');
    let plain = !host.is_empty() && !host.contains(['{', '@', '[']) && !path.contains(['?', '#', '{']);
    let rooted = path.is_empty() || path.starts_with('/');
    (plain && rooted).then(|| (host.to_owned(), path.to_owned()))
}

/// A path that matches the template, and no literal of another template by accident: each variable stands for a
/// word that no API has, and everything that a client must encode is encoded (RFC 3986 §3.3).
fn concrete(template: &str) -> String {
    let mut path = String::new();
    let mut rest = template;
    while let Some((literal, tail)) = rest.split_once('{') {
        let Some((_, after)) = tail.split_once('}') else { break };
        path.push_str(literal);
        path.push_str("zq7x");
        rest = after;
    }
    path.push_str(rest);
    let mut encoded = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/%".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.extend(
                [byte >> 4, byte & 0xF].map(|digit| char::from(b"0123456789ABCDEF"[usize::from(digit)])),
            );
        }
    }
    encoded
}

/// Makes up the credentials of the first alternative that a client can bring.
fn bring_credentials(request: &mut Planned, root: NodeRef<'_>, operation: NodeRef<'_>) {
    let Some(security) = operation.get("security").or_else(|| root.get("security")) else { return };
    let schemes = root.get("components").and_then(|components| components.get("securitySchemes"));
    for alternative in security.items() {
        let demanded = alternative.entries().filter_map(|(name, _)| name.scalar_text());
        let found: Option<Vec<_>> = demanded.map(|name| followed(root, schemes?.get(name)?)).collect();
        if let Some(credentials) = found.and_then(|found| made_up(&found)) {
            request.lines = credentials.lines;
            request.query = credentials.query;
            return;
        }
    }
    request.can_be_called = security.is_empty();
}

#[derive(Default)]
struct Credentials {
    lines: Vec<(String, String)>,
    query: String,
}

/// Credentials of all these schemes together, if one request can carry them.
fn made_up(schemes: &[NodeRef<'_>]) -> Option<Credentials> {
    let mut lines = BTreeMap::new();
    let mut credentials = Credentials::default();
    for scheme in schemes {
        let text = |key| scheme.get(key).and_then(NodeRef::scalar_text);
        let (name, value) = match text("type")? {
            "apiKey" => match (text("in")?, text("name")?) {
                ("header" | "cookie", name) if !is_token(name) => return None,
                ("header", name) => (name.to_ascii_lowercase(), "made-up".to_owned()),
                ("cookie", name) => ("cookie".to_owned(), format!("{name}=made-up")),
                ("query", name) => {
                    let start = if credentials.query.is_empty() { '?' } else { '&' };
                    credentials.query.push(start);
                    credentials.query.extend([&concrete(name), "=made-up"]);
                    continue;
                }
                _ => return None,
            },
            "http" => ("authorization".to_owned(), format!("{} made-up", text("scheme")?)),
            "oauth2" | "openIdConnect" => ("authorization".to_owned(), "Bearer made-up".to_owned()),
            _ => return None,
        };
        if lines.insert(name, value.clone()).is_some_and(|other| other != value) {
            return None;
        }
    }
    credentials.lines = lines.into_iter().collect();
    Some(credentials)
}

/// Whether a client can send a header line or cookie of this name (RFC 9110 §5.6.2).
fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use gw_syntax::{Sink, SourceMap, parse};

    use super::*;

    fn planned(text: &str) -> Vec<String> {
        let mut sources = SourceMap::new();
        let id = sources.add("openapi.yaml", text);
        let tree = parse(&sources, id, &mut Sink::new()).unwrap();
        let told = |planned: Planned| {
            let lines: Vec<_> =
                planned.lines.iter().map(|(name, value)| format!(" {name}: {value}")).collect();
            format!("{} {}{}{}{}", planned.method, planned.host, planned.path, planned.query, lines.concat())
        };
        plan(&tree).requests.into_iter().map(told).collect()
    }

    #[test]
    fn a_request_follows_server_template_and_scheme() {
        let text = "
servers: [{url: 'https://{at}.example:8443/v1/', variables: {at: {default: eu}}}]
security: [{both: [], key: []}]
paths:
  /a b/{id}.json: {get: {}, post: {security: []}}
components:
  securitySchemes:
    both: {type: http, scheme: basic}
    key: {type: apiKey, in: query, name: k}
";
        let expected = [
            "GET eu.example/v1/a%20b/zq7x.json?k=made-up authorization: basic made-up",
            "POST eu.example/v1/a%20b/zq7x.json",
        ];
        assert_eq!(planned(text), expected);
    }

    #[test]
    fn path_items_are_followed_within_the_document() {
        let text = "
paths:
  /a: {$ref: '#/x/item'}
x: {item: {put: {}}}
";
        assert_eq!(planned(text), ["PUT any.example/a"]);
    }
}
