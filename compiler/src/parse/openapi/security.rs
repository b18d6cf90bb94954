//! Security schemes and requirements (OpenAPI 3.1 sections 4.8.27 and 4.8.30).

use gw_artifact::model::Scheme;
use gw_syntax::{Diagnostic, NodeRef, nearest};

use crate::parse::codes;

const TYPES: [&str; 5] = ["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"];

/// Where the credential of a scheme stands in a request.
///
/// # Errors
/// A finding when the declaration does not say.
pub fn place_of(name: &str, scheme: NodeRef<'_>) -> Result<Scheme, Diagnostic> {
    let word = |key: &str| scheme.get(key).and_then(NodeRef::as_str).filter(|word| !word.trim().is_empty());
    let incomplete = |key: &str, help: &str| {
        let at = scheme.get(key).unwrap_or(scheme);
        let message = match scheme.get(key) {
            Some(_) => format!("`{key}` of the security scheme `{name}` is not one that OpenAPI knows"),
            None => format!("the security scheme `{name}` has no `{key}`"),
        };
        let pointer = at.pointer();
        let span = gw_syntax::Span::new(at.span().source, at.span().start, first_line_end(at));
        Diagnostic::new(&codes::SCHEME_INCOMPLETE, message)
            .at(span)
            .with_pointer(pointer)
            .with_help(help)
            .about(name)
    };
    match word("type") {
        Some("http") => match word("scheme") {
            Some(scheme) => Ok(Scheme::Authorization(scheme.to_ascii_lowercase())),
            None => Err(incomplete("scheme", "say which: `scheme: bearer`, `scheme: basic`")),
        },
        Some("oauth2" | "openIdConnect") => Ok(Scheme::Authorization("bearer".into())),
        Some("mutualTLS") => Ok(Scheme::ClientCertificate),
        Some("apiKey") => match (word("in"), word("name")) {
            (_, None) => Err(incomplete("name", "say which: `name: x-api-key`")),
            (Some("header"), Some(name)) => Ok(Scheme::Header(name.to_ascii_lowercase())),
            (Some("query"), Some(name)) => Ok(Scheme::Query(name.to_owned())),
            (Some("cookie"), Some(name)) => Ok(Scheme::Cookie(name.to_owned())),
            _ => Err(incomplete("in", "say where the key stands: `in: header`, `in: query` or `in: cookie`")),
        },
        other => {
            let near = other.and_then(|other| nearest(other, TYPES));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it is one of `{}`", TYPES.join("`, `")),
            };
            Err(incomplete("type", &help))
        }
    }
}

/// Where the first line of a node ends: a whole mapping underlined says nothing.
fn first_line_end(node: NodeRef<'_>) -> u32 {
    let span = node.span();
    let text = &node.tree().text()[span.start as usize..span.end as usize];
    span.start + text.find(['\n', '\r']).unwrap_or(text.len()) as u32
}
