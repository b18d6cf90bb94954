//! Names of schemas that the way to them decides about, and names that stand twice (JSON Schema 2020-12 section 8.2).

use gw_syntax::{NodeRef, Sink};

use super::{codes, passed_over};
use crate::load::SourceSet;
use crate::parse::Parsed;
use crate::parse::finding::finding_at;
use crate::parse::openapi::grammar::Object;

/// Reports each `$dynamicRef` that leads nowhere, or to several schemas, and each name that stands twice.
///
/// Where only one schema has the dynamic name, a `$dynamicRef` leads to it as a `$ref` would.
pub(super) fn report(parsed: &Parsed<'_>, sources: &SourceSet<'_>, sink: &mut Sink) {
    for place in &parsed.dynamic_references {
        let Some(tree) = sources.tree(place.source) else { continue };
        look(tree.node(place.node), sources, sink);
    }
    for name in sources.names_twice() {
        sink.push_with(&codes::SCHEMA_NAME_TWICE, || {
            let text = name.as_str().unwrap_or_default();
            finding_at(
                &codes::SCHEMA_NAME_TWICE,
                name,
                format!("the name `{text}` stands in this file twice"),
            )
            // Which of them stands first is no matter of what is found.
            .about(format!("/ name {text}"))
            .with_help("references lead to the first; give each schema a name of its own")
        });
    }
}

fn look(value: NodeRef<'_>, sources: &SourceSet<'_>, sink: &mut Sink) {
    let text = value.as_str().unwrap_or_default();
    let name = text.split_once('#').map_or("", |(_, name)| name);
    match sources.follow(value, Object::Schema) {
        Err(_) => sink.push_with(&codes::SCHEMA_REFERENCE_UNREAD, || {
            finding_at(
                &codes::SCHEMA_REFERENCE_UNREAD,
                value,
                format!("the dynamic reference `{text}` leads to nothing"),
            )
            .with_help("a schema is called so by `$dynamicAnchor`")
        }),
        Ok(schema) => {
            passed_over::report(value, sources, sink);
            let is_dynamic = schema.get("$dynamicAnchor").and_then(NodeRef::as_str) == Some(name);
            let places = sources.dynamic_anchors(name);
            if is_dynamic && places > 1 {
                sink.push_with(&codes::DYNAMIC_REFERENCE_OPEN, || {
                    let message =
                        format!("`{text}` leads to one of {places} schemas, depending on the way to it");
                    finding_at(&codes::DYNAMIC_REFERENCE_OPEN, value, message)
                        .with_label(schema.span(), "the nearest is this one")
                        .with_help("nothing has to be done: gw enforces no request schemas yet")
                });
            }
        }
    }
}
