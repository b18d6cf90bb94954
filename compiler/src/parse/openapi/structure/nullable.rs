//! How a schema says from 3.1 on what `nullable` says in 3.0.

use gw_syntax::NodeRef;

/// What to write instead of the `nullable` of a schema, by what else the schema says (JSON Schema 2020-12 validation
/// sections 6.1.1 and 6.1.2).
pub(super) fn instead(schema: NodeRef<'_>) -> String {
    if schema.get("nullable").and_then(NodeRef::as_bool) != Some(true) {
        return "remove it: from 3.1 on it says nothing".to_owned();
    }
    let listed = schema.get("enum").filter(|values| !values.items().any(NodeRef::is_null));
    let add = listed.map(|_| "add `null` to `enum`");
    let Some(types) = schema.get("type") else { return add.map_or_else(|| untyped(schema), str::to_owned) };
    let words: Vec<&str> = match types.as_str() {
        Some(only) => vec![only],
        None => types.items().filter_map(NodeRef::as_str).collect(),
    };
    match (words.contains(&"null"), add) {
        (true, None) => "remove it: `type` takes `null` already".to_owned(),
        (true, Some(add)) => add.to_owned(),
        (false, add) => {
            let add = add.map(|add| format!(", and {add}")).unwrap_or_default();
            format!("say `type: [{}, \"null\"]`{add}", words.join(", "))
        }
    }
}

fn untyped(schema: NodeRef<'_>) -> String {
    if OTHERS.iter().any(|key| schema.get(key).is_some()) {
        "let `null` in beside the rest: `anyOf: [{…}, {type: \"null\"}]`".to_owned()
    } else {
        "remove it: a schema without `type` takes `null` too".to_owned()
    }
}

/// Keys by which a schema without `type` may keep `null` out.
const OTHERS: [&str; 7] = ["$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "not", "const"];
