//! Security schemes and requirements (OpenAPI 3.1 sections 4.8.27 and 4.8.30).

use gw_artifact::model::Scheme;
use gw_syntax::{Diagnostic, NodeRef, Sink, nearest};

use crate::parse::codes;
use crate::parse::finding::finding_at;
use crate::resolve::resolved::DeclaredBy;

const ONE_WORD: &str = "say which, in one word: `scheme: bearer`, `scheme: basic`";
const TYPES: [&str; 5] = ["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"];

/// Where the credential of a scheme stands in a request; a declaration that does not say is a finding.
///
/// In `gw.yaml` the key table has looked at `type` and `in` already.
pub fn place_of(name: &str, scheme: NodeRef<'_>, by: DeclaredBy, sink: &mut Sink) -> Option<Scheme> {
    let told = |lack: &Lack| {
        by == DeclaredBy::Project && matches!(lack.key, "type" | "in") && scheme.get(lack.key).is_some()
    };
    let lack = |lack: Lack| {
        if !told(&lack) {
            sink.push_with(&codes::SCHEME_INCOMPLETE, || incomplete(name, scheme, &lack));
        }
    };
    place(scheme).map_err(lack).ok()
}

/// What a declaration lacks: a key, what is wrong with the value that is there, and what to write.
struct Lack {
    key: &'static str,
    wrong: &'static str,
    help: String,
}

fn place(scheme: NodeRef<'_>) -> Result<Scheme, Lack> {
    let word = |key: &str| scheme.get(key).and_then(NodeRef::as_str).filter(|word| !word.trim().is_empty());
    let lack = |key, help: &str| {
        let wrong = if word(key).is_none() { "says nothing" } else { "is not one that OpenAPI knows" };
        Err(Lack { key, wrong, help: help.to_owned() })
    };
    let no_token = |key, wrong, help: &str| Err(Lack { key, wrong, help: help.to_owned() });
    match word("type") {
        Some("http") => match word("scheme") {
            Some(scheme) if is_token(scheme) => Ok(Scheme::Authorization(scheme.to_ascii_lowercase())),
            Some(_) => no_token("scheme", "is not one word of HTTP", ONE_WORD),
            None => lack("scheme", ONE_WORD),
        },
        Some("oauth2" | "openIdConnect") => Ok(Scheme::Authorization("bearer".into())),
        Some("mutualTLS") => Ok(Scheme::ClientCertificate),
        Some("apiKey") => match (word("in"), word("name")) {
            (_, None) => lack("name", "say which: `name: x-api-key`"),
            (Some("header"), Some(name)) if !is_token(name) => {
                let help = "a header's name has letters, digits and `-`: `name: x-api-key`";
                no_token("name", "is not the name of a header", help)
            }
            (Some("header"), Some(name)) => Ok(Scheme::Header(name.to_ascii_lowercase())),
            (Some("query"), Some(name)) => Ok(Scheme::Query(name.to_owned())),
            (Some("cookie"), Some(name)) => Ok(Scheme::Cookie(name.to_owned())),
            _ => lack("in", "say where the key stands: `in: header`, `in: query` or `in: cookie`"),
        },
        other => match other.and_then(|other| nearest(other, TYPES)) {
            Some(near) => lack("type", &format!("did you mean `{near}`?")),
            None => lack("type", &format!("it is one of `{}`", TYPES.join("`, `"))),
        },
    }
}

fn incomplete(name: &str, scheme: NodeRef<'_>, lack: &Lack) -> Diagnostic {
    let key = lack.key;
    let (at, message) = match scheme.get(key) {
        Some(value) => (value, format!("`{key}` of the security scheme `{name}` {}", lack.wrong)),
        None => (scheme, format!("the security scheme `{name}` has no `{key}`")),
    };
    finding_at(&codes::SCHEME_INCOMPLETE, at, message).with_help(lack.help.clone())
}

/// A token of RFC 9110 §5.6.2: what a header or an authentication scheme can be called.
fn is_token(name: &str) -> bool {
    let is_token_byte = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !name.is_empty() && name.bytes().all(is_token_byte)
}
