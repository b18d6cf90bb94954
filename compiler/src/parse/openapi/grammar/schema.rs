//! The keys of a schema: its own dialect in 3.0, and JSON Schema 2020-12 with OpenAPI's vocabulary from 3.1 on.

use super::Shape::{
    Any, Count, Flag, List, Map, Mapping, Number, One, OneOrList, Text, Texts, Types, Values, Words,
};
use super::{Key, Object, key};
use crate::parse::openapi::version::Version::{V3_0, V3_1, V3_2};

/// What is followed in a schema of 3.0 too, though 3.0 does not know it, is in the table without a version: a reference
/// below it must not dangle. [`is_younger`] tells which.
pub(super) const SCHEMA: &[Key] = &[
    key("$ref", Text),
    key("type", Types),
    key("description", Text),
    key("properties", Map(Object::Schema)),
    key("items", OneOrList(Object::Schema)),
    key("format", Text),
    key("example", Any),
    key("enum", Values(1)),
    key("required", Words(1)).to(V3_0),
    key("required", Words(0)).from(V3_1),
    key("allOf", List(Object::Schema)),
    key("oneOf", List(Object::Schema)),
    key("anyOf", List(Object::Schema)),
    key("not", One(Object::Schema)),
    key("additionalProperties", One(Object::Schema)),
    key("title", Text),
    key("default", Any),
    key("nullable", Flag).to(V3_0),
    key("readOnly", Flag),
    key("writeOnly", Flag),
    key("deprecated", Flag),
    key("minimum", Number),
    key("maximum", Number),
    key("exclusiveMinimum", Flag).to(V3_0),
    key("exclusiveMinimum", Number).from(V3_1),
    key("exclusiveMaximum", Flag).to(V3_0),
    key("exclusiveMaximum", Number).from(V3_1),
    key("multipleOf", Number),
    key("pattern", Text),
    key("minLength", Count),
    key("maxLength", Count),
    key("minItems", Count),
    key("maxItems", Count),
    key("uniqueItems", Flag),
    key("minProperties", Count),
    key("maxProperties", Count),
    key("discriminator", One(Object::Discriminator)),
    key("xml", One(Object::Xml)),
    key("externalDocs", One(Object::ExternalDocs)),
    key("const", Any).from(V3_1),
    key("examples", Any).from(V3_1),
    key("$schema", Text).from(V3_1),
    key("$id", Text).from(V3_1),
    key("$anchor", Text).from(V3_1),
    key("$dynamicRef", Text).from(V3_1),
    key("$dynamicAnchor", Text).from(V3_1),
    key("$vocabulary", Mapping).from(V3_1),
    key("$comment", Text).from(V3_1),
    key("minContains", Count).from(V3_1),
    key("maxContains", Count).from(V3_1),
    key("dependentRequired", Mapping).from(V3_1),
    key("contentEncoding", Text).from(V3_1),
    key("contentMediaType", Text).from(V3_1),
    key("patternProperties", Map(Object::Schema)),
    key("$defs", Map(Object::Schema)),
    key("definitions", Map(Object::Schema)),
    key("dependentSchemas", Map(Object::Schema)),
    key("prefixItems", List(Object::Schema)),
    key("if", One(Object::Schema)),
    key("then", One(Object::Schema)),
    key("else", One(Object::Schema)),
    key("contains", One(Object::Schema)),
    key("propertyNames", One(Object::Schema)),
    key("unevaluatedItems", One(Object::Schema)),
    key("unevaluatedProperties", One(Object::Schema)),
    key("contentSchema", One(Object::Schema)),
    key("additionalItems", One(Object::Schema)),
];

/// Whether a key of a schema is followed but means nothing in 3.0.
pub fn is_younger(name: &str) -> bool {
    matches!(
        name,
        "patternProperties"
            | "$defs"
            | "definitions"
            | "dependentSchemas"
            | "prefixItems"
            | "if"
            | "then"
            | "else"
            | "contains"
            | "propertyNames"
            | "unevaluatedItems"
            | "unevaluatedProperties"
            | "contentSchema"
            | "additionalItems"
    )
}

pub(super) const DISCRIMINATOR: &[Key] =
    &[key("propertyName", Text).needed(), key("mapping", Texts), key("defaultMapping", Text).from(V3_2)];

pub(super) const XML: &[Key] = &[
    key("nodeType", Text).from(V3_2),
    key("name", Text),
    key("namespace", Text),
    key("prefix", Text),
    key("attribute", Flag),
    key("wrapped", Flag),
];
