//! The dialects of JSON Schema that schemas say they are of, from OpenAPI 3.1 on (3.1 section 4.8.24.1).

use gw_syntax::NodeRef;

use super::version::Version;

/// What the keys of a schema mean, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// JSON Schema 2020-12, alone or with OpenAPI's vocabulary: what gw reads.
    Current,
    /// Draft 4: bounds that exclude their limit are flags, as in OpenAPI 3.0.
    Draft4,
    /// Drafts 6 and 7, and 2019-09: another edition of the same keys.
    Older,
    /// Anybody's own: what its keys take is not known here.
    Foreign,
}

impl Dialect {
    /// The dialect that `$schema` or `jsonSchemaDialect` names.
    pub fn named(uri: &str) -> Self {
        let uri = uri.trim_end_matches('#');
        let path = uri.strip_prefix("https://").or(uri.strip_prefix("http://"));
        match path {
            Some("json-schema.org/draft/2020-12/schema") => Dialect::Current,
            Some("json-schema.org/draft-04/schema") => Dialect::Draft4,
            Some(
                "json-schema.org/draft-06/schema"
                | "json-schema.org/draft-07/schema"
                | "json-schema.org/draft/2019-09/schema",
            ) => Dialect::Older,
            Some(path)
                if ["3.1", "3.2"].iter().any(|version| {
                    path.starts_with(&format!("spec.openapis.org/oas/{version}/dialect/"))
                }) =>
            {
                Dialect::Current
            }
            _ => Dialect::Foreign,
        }
    }

    /// The dialect of schemas that say nothing themselves: the document's, or that of the schema which a file is.
    pub fn of_file(root: NodeRef<'_>, version: Version) -> Self {
        let key = if Version::declared(root).is_some() { "jsonSchemaDialect" } else { "$schema" };
        Dialect::Current.unless_said(root, key, version)
    }

    /// The dialect of a schema below one of this dialect.
    pub fn of_schema(self, schema: NodeRef<'_>, version: Version) -> Self {
        self.unless_said(schema, "$schema", version)
    }

    fn unless_said(self, node: NodeRef<'_>, key: &str, version: Version) -> Self {
        if version < Version::V3_1 {
            return Dialect::Current;
        }
        node.get(key).and_then(NodeRef::as_str).map_or(self, Dialect::named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialect_goes_by_its_uri() {
        for (uri, dialect) in [
            ("https://json-schema.org/draft/2020-12/schema", Dialect::Current),
            ("https://spec.openapis.org/oas/3.1/dialect/base", Dialect::Current),
            ("https://spec.openapis.org/oas/3.2/dialect/2025-09-17", Dialect::Current),
            ("http://json-schema.org/draft-04/schema#", Dialect::Draft4),
            ("http://json-schema.org/draft-07/schema", Dialect::Older),
            ("https://json-schema.org/draft-07/schema#", Dialect::Older),
            ("https://example.com/ours", Dialect::Foreign),
            ("", Dialect::Foreign),
        ] {
            assert_eq!(Dialect::named(uri), dialect, "{uri}");
        }
    }
}
