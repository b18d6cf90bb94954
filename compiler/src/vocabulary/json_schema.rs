//! The JSON Schemas (2020-12) of what people write, made from the key table.

use serde_json::{Map, Value, json};

use super::annotations::{ANNOTATIONS, PREFIX, annotation, annotations_at};
use super::project::{EXTENDED, PROJECT};
use super::scalar::Syntax;
use super::shape::{Key, Presence, Shape, Status};

/// The names of the files and mappings that have a schema; [`schema`] knows each policy key as well.
pub const SCHEMAS: &[&str] = &["gw.yaml", "extended", "x-gw"];

/// The JSON Schema of that name: `gw.yaml` for the project file, `extended` for one that a project extends, `x-gw` for a mapping of an OpenAPI document
/// that may hold policy keys, `x-gw-timeout` and the like for the value of one key.
pub fn schema(name: &str) -> Option<Value> {
    match name {
        "gw.yaml" => Some(project_schema()),
        "extended" => Some(extended_schema()),
        "x-gw" => Some(annotations_schema()),
        _ => key_schema(name, annotation(name.strip_prefix(PREFIX)?)?),
    }
}

fn key_schema(name: &str, key: &Key) -> Option<Value> {
    let Value::Object(mut schema) = property(key) else { return None };
    let description = schema.remove("description")?;
    Some(titled(name, description.as_str()?, schema))
}

fn project_schema() -> Value {
    let mut schema = object(PROJECT.iter(), "");
    schema.insert("type".into(), json!("object"));
    titled("gw.yaml", "The project: what is published, and with which policy.", schema)
}

fn extended_schema() -> Value {
    let mut schema = object(EXTENDED.iter(), "");
    schema.insert("type".into(), json!("object"));
    titled("extended", "Policy that several projects share: a file that `extends` of gw.yaml names.", schema)
}

/// Keys that are not gw's are left alone; one that begins like gw's and is not known is refused.
fn annotations_schema() -> Value {
    let mut schema = object(ANNOTATIONS.iter(), PREFIX);
    schema.remove("additionalProperties");
    let known: Vec<Value> = ANNOTATIONS.iter().map(|key| json!(format!("{PREFIX}{}", key.name))).collect();
    let foreign = json!({ "not": { "pattern": format!("^{PREFIX}") } });
    schema.insert("propertyNames".into(), json!({ "anyOf": [{ "enum": known }, foreign] }));
    titled("x-gw", "The policy keys of an OpenAPI document.", schema)
}

fn titled(title: &str, description: &str, mut schema: Map<String, Value>) -> Value {
    schema.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("$id".into(), json!(format!("urn:gw:schema:{title}")));
    schema.insert("title".into(), json!(title));
    schema.insert("description".into(), json!(description));
    Value::Object(schema)
}

fn object<'k>(keys: impl Iterator<Item = &'k Key>, prefix: &str) -> Map<String, Value> {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for key in keys {
        let name = format!("{prefix}{}", key.name);
        if key.presence == Presence::Required {
            required.push(json!(name));
        }
        properties.insert(name, property(key));
    }
    let mut schema = Map::new();
    schema.insert("properties".into(), Value::Object(properties));
    schema.insert("additionalProperties".into(), json!(false));
    if !required.is_empty() {
        schema.insert("required".into(), Value::Array(required));
    }
    schema
}

fn property(key: &Key) -> Value {
    let mut schema = shape(&key.shape);
    let description = match key.status {
        Status::Enforced => key.doc.to_owned(),
        Status::NotYet => format!("{} Not enforced yet: the gate refuses it.", key.doc),
    };
    schema.insert("description".into(), json!(description));
    Value::Object(schema)
}

/// The schema of a shape. The recursion follows the table, which is a few levels deep.
fn shape(shape: &Shape) -> Map<String, Value> {
    let value = match shape {
        Shape::Any => json!({}),
        Shape::Text | Shape::Expression(_) => json!({ "type": "string", "pattern": "\\S" }),
        Shape::Word => json!({ "type": ["string", "number", "boolean"] }),
        Shape::Literal => json!({ "type": ["string", "integer", "boolean"] }),
        Shape::Name => json!({ "type": "string", "pattern": NAME }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::True => json!({ "const": true }),
        Shape::Integer { least, most: u64::MAX } => json!({ "type": "integer", "minimum": least }),
        Shape::Integer { least, most } => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Shape::Duration => json!({ "type": "string", "pattern": "^[0-9]+(ms|s|m|h|d)$" }),
        Shape::Size => json!({ "type": "string", "pattern": "^[0-9]+(B|KiB|MiB|GiB)$" }),
        Shape::Rate => json!({ "type": "string", "pattern": "^[0-9]+/(s|min|h|day|month)$" }),
        Shape::Percent => json!({ "type": "string", "pattern": "^([0-9]{1,2}(\\.[0-9])?|100(\\.0)?)%$" }),
        Shape::Scalar(Syntax { pattern, numbers: false, .. }) => {
            json!({ "type": "string", "pattern": pattern })
        }
        Shape::Scalar(Syntax { pattern, .. }) => json!({ "type": ["string", "number"], "pattern": pattern }),
        Shape::Choice(choices) => {
            let words: Vec<&str> = choices.iter().map(|choice| choice.word).collect();
            json!({ "enum": words })
        }
        Shape::List(item) => json!({ "type": "array", "items": self::shape(item) }),
        Shape::Map(item) => json!({
            "type": ["object", "null"],
            "propertyNames": { "pattern": NAME },
            "additionalProperties": self::shape(item),
        }),
        Shape::MapBy(keys, item) => json!({
            "type": ["object", "null"],
            "propertyNames": { "pattern": keys.pattern },
            "additionalProperties": self::shape(item),
        }),
        Shape::Object(keys) => return mapping(object(keys.iter(), "")),
        Shape::Policies(place) => return mapping(object(annotations_at(*place), "")),
        Shape::Either(shapes) => {
            let each: Vec<Value> = shapes.iter().map(|each| Value::Object(self::shape(each))).collect();
            json!({ "anyOf": each })
        }
    };
    match value {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}

/// A mapping that may be left empty unless it needs a key.
fn mapping(mut schema: Map<String, Value>) -> Map<String, Value> {
    let types = if schema.contains_key("required") { json!("object") } else { json!(["object", "null"]) };
    schema.insert("type".into(), types);
    schema
}

const NAME: &str = "^[A-Za-z0-9._-]{1,64}$";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_a_schema_and_no_other() {
        assert!(SCHEMAS.iter().all(|name| schema(name).is_some()));
        assert!(ANNOTATIONS.iter().all(|key| schema(&format!("{PREFIX}{}", key.name)).is_some()));
        assert!(schema("x-gw-nonsense").is_none() && schema("timeout").is_none());
    }

    #[test]
    fn every_row_stands_in_a_schema_with_its_text() {
        let annotations = schema("x-gw").unwrap();
        for key in ANNOTATIONS {
            let row = &annotations["properties"][format!("{PREFIX}{}", key.name)];
            assert!(row["description"].as_str().unwrap().starts_with(key.doc), "{}", key.name);
        }
        let project = schema("gw.yaml").unwrap();
        for key in PROJECT {
            assert!(project["properties"][key.name]["description"].is_string(), "{}", key.name);
        }
        assert!(project["properties"]["defaults"]["properties"]["timeout"].is_object());
    }
}
