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
    /// 3.2.0.
    V3_2,
}

impl Version {
    /// Every version, the oldest first.
    pub const ALL: [Self; 3] = [Self::V3_0, Self::V3_1, Self::V3_2];

    /// The version that the root of a file declares; `None` for a file that is no document of its own.
    pub fn declared(root: NodeRef<'_>) -> Option<Self> {
        match minor(root.get("openapi")?.scalar_text()?) {
            Some("0") => Some(Self::V3_0),
            Some("1") => Some(Self::V3_1),
            Some("2") => Some(Self::V3_2),
            _ => None,
        }
    }

    /// The version by which a node is read that something of this version refers to: that of its own file, where that
    /// is a document, else this one (OpenAPI 3.1 section 4.3).
    pub fn of_target(self, target: NodeRef<'_>) -> Self {
        Self::declared(target.tree().root()).unwrap_or(self)
    }

    /// As people write it: `3.1`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V3_0 => "3.0",
            Self::V3_1 => "3.1",
            Self::V3_2 => "3.2",
        }
    }
}

/// Reads `openapi`; a document of another version, or one that is no OpenAPI document, is a finding.
pub fn version(root: NodeRef<'_>, sink: &mut Sink) -> Option<Version> {
    let refused = match (root.get("swagger"), root.get("openapi"), root.get("asyncapi")) {
        (Some(swagger), _, _) => refusal(swagger, "this is a Swagger 2.0 document").with_help(
            "convert it once and keep the result: `npx swagger2openapi --outfile openapi.yaml FILE`",
        ),
        (None, None, Some(asyncapi)) => refusal(asyncapi, "this is an AsyncAPI document").with_help(READ),
        (None, None, None) => refusal(root, "this is not an OpenAPI document: it has no `openapi` key")
            .with_help("an OpenAPI document begins with its version: `openapi: 3.1.0`"),
        (None, Some(declared), _) => {
            if let Some(version) = Version::declared(root) {
                return Some(version);
            }
            let text = declared.scalar_text().unwrap_or_default();
            refusal(declared, &format!("`{text}` is not a version of OpenAPI that gw reads")).with_help(READ)
        }
    };
    sink.push(refused);
    None
}

/// What to write in `openapi`.
const READ: &str = "gw reads OpenAPI 3.0, 3.1 and 3.2, such as `3.0.3`, `3.1.0` and `3.2.0`";

/// The minor version of a `3.x` or `3.x.y`.
fn minor(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("3.")?;
    let minor = rest.split(['.', '-']).next()?;
    Some(minor)
}

fn refusal(node: NodeRef<'_>, message: &str) -> Diagnostic {
    finding_at(&codes::OPENAPI_VERSION, node, message)
}
