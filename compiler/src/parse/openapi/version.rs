//! Which OpenAPI a document is.

use gw_syntax::{Diagnostic, NodeRef, Sink};

use crate::parse::codes;
use crate::parse::finding::finding_at;

/// The minor versions that gw reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// 3.0.0 to 3.0.4.
    V3_0,
    /// 3.1.0 to 3.1.2.
    V3_1,
}

/// Reads `openapi`; a document of another version, or one that is no OpenAPI document, is a finding.
pub fn version(root: NodeRef<'_>, sink: &mut Sink) -> Option<Version> {
    let refused = match (root.get("swagger"), root.get("openapi")) {
        (Some(swagger), _) => refusal(swagger, "this is a Swagger 2.0 document").with_help(
            "convert it once and keep the result: `npx swagger2openapi --outfile openapi.yaml FILE`",
        ),
        (None, None) => refusal(root, "this is not an OpenAPI document: it has no `openapi` key")
            .with_help("an OpenAPI document begins with its version: `openapi: 3.1.0`"),
        (None, Some(declared)) => {
            let text = declared.scalar_text().unwrap_or_default();
            match minor(text) {
                Some("0") => return Some(Version::V3_0),
                Some("1") => return Some(Version::V3_1),
                Some("2") => refusal(declared, "OpenAPI 3.2 is not read yet").with_help(
                    "a document without 3.2's own keys (`query`, `additionalOperations`) can say `3.1.2`",
                ),
                _ => refusal(declared, &format!("`{text}` is not a version of OpenAPI that gw reads"))
                    .with_help("gw reads 3.0 and 3.1, such as `3.0.3` and `3.1.0`"),
            }
        }
    };
    sink.push(refused);
    None
}

/// The minor version of a `3.x` or `3.x.y`.
fn minor(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("3.")?;
    let minor = rest.split(['.', '-']).next()?;
    Some(minor)
}

fn refusal(node: NodeRef<'_>, message: &str) -> Diagnostic {
    finding_at(&codes::OPENAPI_VERSION, node, message)
}
