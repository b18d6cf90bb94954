//! References that lead nowhere by JSON Schema, and to a place of the file as most authors mean them.

use gw_syntax::{NodeRef, Sink};

use super::codes;
use crate::load::SourceSet;
use crate::parse::finding::finding_at;

/// Reports a reference that leads somewhere only because its path is read from the top of the file: by JSON Schema it
/// begins at the schema with an `$id` that it stands in or names (2020-12 section 8.2.1, OpenAPI 3.1.1 section 4.6).
pub(super) fn report(value: NodeRef<'_>, sources: &SourceSet<'_>, sink: &mut Sink) {
    let Some(schema) = sources.passed_over(value) else { return };
    sink.push_with(&codes::SCHEMA_PATH_PASSED_OVER, || {
        let text = value.as_str().unwrap_or_default();
        let message = format!(
            "`{text}` begins at an `$id` by JSON Schema, where there is no such place: gw reads it from the top of the file"
        );
        let id = schema.get("$id").unwrap_or(schema);
        // Without its `$id` the schema's anchors would be the file's, which may have others of the same name.
        let is_anchored = ["$anchor", "$dynamicAnchor"].iter().any(|anchor| schema.get(anchor).is_some());
        let help = if is_anchored {
            "give what is meant an `$id` of its own, and refer to it by that"
        } else {
            "remove that `$id`, or give what is meant an `$id` of its own and refer to it by that"
        };
        finding_at(&codes::SCHEMA_PATH_PASSED_OVER, value, message)
            .with_label(id.span(), "it begins at this one")
            .with_help(help)
    });
}
