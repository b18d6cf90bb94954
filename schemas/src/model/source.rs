//! Where policy comes from: the cold section that dry-run and explain read, and the serving runtime does not.

use serde::{Deserialize, Serialize};

/// Positions behind the tables. Indices run beside those of [`Tables`](super::Tables).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceMap {
    /// Source files, relative to the project's folder, with `/`; sorted.
    pub files: Vec<String>,
    /// For each operation, where it and its policy come from.
    pub operations: Vec<OperationSources>,
    /// For each scheme, the names under which documents declare it; sorted, each once.
    pub scheme_names: Vec<Vec<String>>,
    /// For each upstream, where it is declared, if it is.
    pub upstreams: Vec<Option<Place>>,
}

/// A position in a source file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Index into [`SourceMap::files`].
    pub file: u32,
    /// From 1.
    pub line: u32,
    /// From 1, in Unicode scalar values.
    pub column: u32,
}

/// Where one operation and each part of its policy come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationSources {
    /// The operation's own place.
    pub place: Place,
    /// The layers of each key, by the key's name without `x-gw-` (`auth`, `upstream`, `timeout`, `body-max`);
    /// `security` for what OpenAPI itself declares. Sorted by key.
    pub policies: Vec<PolicySource>,
}

/// The layers that spoke about one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicySource {
    /// The key without `x-gw-`.
    pub key: String,
    /// Strongest first: the first one won.
    pub layers: Vec<Layer>,
}

/// One layer's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    /// Which layer.
    pub kind: LayerKind,
    /// Where it stands; none for what is built in.
    pub place: Option<Place>,
    /// The value, in the short form in which people write it.
    pub value: String,
}

/// The layers, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LayerKind {
    /// What gw does where nobody says anything.
    BuiltIn,
    /// `defaults` in `gw.yaml`.
    Defaults,
    /// A selector of `apply` in `gw.yaml`.
    Apply,
    /// The root of the OpenAPI document.
    Root,
    /// The path item.
    Path,
    /// The operation.
    Operation,
}

impl LayerKind {
    /// The name that people read.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BuiltIn => "built-in",
            Self::Defaults => "defaults",
            Self::Apply => "apply",
            Self::Root => "root",
            Self::Path => "path",
            Self::Operation => "operation",
        }
    }
}
