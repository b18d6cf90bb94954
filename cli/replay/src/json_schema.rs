//! The JSON Schema (2020-12) of a suite, made from the key table; and that of the log line, from its field table.

use gw_decision::{FIELDS, FieldKind};
use serde_json::{Map, Value, json};

use crate::vocabulary::{Key, Presence, SUITE, Shape, Status};

/// The JSON Schema of a suite file.
pub fn suite_schema() -> Value {
    titled("suite", "Tests of a gateway: requests, and what must come of them.", object(SUITE))
}

/// The JSON Schema of a line of the access log.
pub fn log_line_schema() -> Value {
    let property = |field: &gw_decision::LogField| {
        let mut property = match field.kind {
            FieldKind::Timestamp => json!({"type": "string", "format": "date-time"}),
            FieldKind::Text => json!({"type": "string"}),
            FieldKind::Number => json!({"type": "integer", "minimum": 0}),
            FieldKind::List => json!({"type": "array", "items": {"type": "string"}}),
        };
        property["description"] = json!(field.doc);
        (field.name.to_owned(), property)
    };
    let mut schema = Map::new();
    schema.insert("type".into(), json!("object"));
    schema.insert("properties".into(), FIELDS.iter().map(property).collect());
    let always = FIELDS.iter().filter(|field| !field.optional);
    schema.insert("required".into(), always.map(|field| field.name).collect());
    titled("log", "One line of the access log: one exchange.", schema)
}

fn titled(title: &str, description: &str, mut schema: Map<String, Value>) -> Value {
    schema.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("$id".into(), json!(format!("urn:gw:schema:{title}")));
    schema.insert("title".into(), json!(title));
    schema.insert("description".into(), json!(description));
    Value::Object(schema)
}

fn object(keys: &[Key]) -> Map<String, Value> {
    let enforced = keys.iter().filter(|key| key.status == Status::Enforced);
    let required: Vec<_> =
        keys.iter().filter(|key| key.presence == Presence::Required).map(|key| key.name).collect();
    let mut schema = Map::new();
    schema.insert("type".into(), json!("object"));
    schema.insert("properties".into(), enforced.map(|key| (key.name.to_owned(), property(key))).collect());
    schema.insert("additionalProperties".into(), json!(false));
    if !required.is_empty() {
        schema.insert("required".into(), json!(required));
    }
    schema
}

fn property(key: &Key) -> Value {
    let mut property = value(&key.shape);
    if let Value::Object(property) = &mut property {
        property.insert("description".into(), json!(key.doc));
    }
    property
}

/// The recursion follows the shape, which is a small constant.
fn value(shape: &Shape) -> Value {
    match shape {
        Shape::Any => json!({}),
        Shape::Text => json!({"type": ["string", "number", "boolean"], "minLength": 1}),
        Shape::Word => json!({"type": ["string", "number", "boolean"]}),
        Shape::Address => json!({"type": "string"}),
        Shape::Date => json!({"type": "string", "format": "date"}),
        Shape::True => json!({"const": true}),
        Shape::Integer(least, most) => json!({"type": "integer", "minimum": least, "maximum": most}),
        Shape::Duration => json!({"type": "string", "pattern": "^[0-9]+(ms|s|m|h|d)$"}),
        Shape::Size => json!({"type": "string", "pattern": "^[0-9]+(B|KiB|MiB)$"}),
        Shape::Choice(words) => json!({"enum": words()}),
        Shape::Null => json!({"type": "null"}),
        Shape::List(item) => json!({"type": "array", "items": value(item)}),
        Shape::Map(item) => json!({"type": "object", "additionalProperties": value(item)}),
        Shape::Object(keys) => Value::Object(object(keys)),
        Shape::Either(shapes) => json!({"anyOf": shapes.iter().map(value).collect::<Vec<_>>()}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suite_schema_has_every_key_that_is_enforced_and_no_other() {
        let schema = suite_schema();
        let case = &schema["properties"]["tests"]["items"];
        assert!(case["properties"]["request"]["properties"]["get"].is_object());
        assert!(case["properties"]["as"].is_null(), "what is refused is not offered");
        assert_eq!(case["required"], json!(["name"]));
    }

    #[test]
    fn the_log_schema_says_what_can_be_left_out() {
        let schema = log_line_schema();
        let required = |name| schema["required"].as_array().unwrap().contains(&json!(name));
        assert_eq!(schema["properties"]["gw.reason"]["type"], "string");
        assert!(required("gw.attempts") && !required("gw.reason") && !required("source.ip"));
    }
}
