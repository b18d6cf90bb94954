//! The keys of every object but the schema, by the official document schemas of 3.0, 3.1 and 3.2.

use super::Shape::{Any, Choice, Flag, List, Map, Mapping, One, Text, Texts, Words};
use super::{Key, Object, key};
use crate::parse::openapi::version::Version::{V3_0, V3_1, V3_2};

pub(super) const DOCUMENT: &[Key] = &[
    key("openapi", Text),
    key("$self", Text).from(V3_2),
    key("info", One(Object::Info)).needed(),
    key("jsonSchemaDialect", Text).from(V3_1),
    key("servers", List(Object::Server)),
    key("paths", One(Object::Paths)),
    key("webhooks", Map(Object::OutgoingPathItem)).from(V3_1),
    key("components", One(Object::Components)),
    key("security", List(Object::SecurityRequirement)),
    key("tags", List(Object::Tag)),
    key("externalDocs", One(Object::ExternalDocs)),
];

pub(super) const INFO: &[Key] = &[
    key("title", Text).needed(),
    key("summary", Text).from(V3_1),
    key("description", Text),
    key("termsOfService", Text),
    key("contact", One(Object::Contact)),
    key("license", One(Object::License)),
    key("version", Text).needed(),
];

pub(super) const CONTACT: &[Key] = &[key("name", Text), key("url", Text), key("email", Text)];

pub(super) const LICENSE: &[Key] =
    &[key("name", Text).needed(), key("identifier", Text).from(V3_1), key("url", Text)];

pub(super) const TAG: &[Key] = &[
    key("name", Text).needed(),
    key("summary", Text).from(V3_2),
    key("description", Text),
    key("externalDocs", One(Object::ExternalDocs)),
    key("parent", Text).from(V3_2),
    key("kind", Text).from(V3_2),
];

pub(super) const EXTERNAL_DOCS: &[Key] = &[key("description", Text), key("url", Text).needed()];

pub(super) const PATH_ITEM: &[Key] = &path_item(Object::Operation);
pub(super) const OUTGOING_PATH_ITEM: &[Key] = &path_item(Object::OutgoingOperation);

const fn path_item(operation: Object) -> [Key; 15] {
    [
        key("$ref", Text),
        key("summary", Text),
        key("description", Text),
        key("servers", List(Object::Server)),
        key("parameters", List(Object::Parameter)),
        key("get", One(operation)),
        key("put", One(operation)),
        key("post", One(operation)),
        key("delete", One(operation)),
        key("options", One(operation)),
        key("head", One(operation)),
        key("patch", One(operation)),
        key("trace", One(operation)),
        key("query", One(operation)).from(V3_2),
        key("additionalOperations", Map(operation)).from(V3_2),
    ]
}

pub(super) const OPERATION: &[Key] = &[
    key("tags", Words(0)),
    key("summary", Text),
    key("description", Text),
    key("externalDocs", One(Object::ExternalDocs)),
    key("operationId", Text),
    key("parameters", List(Object::Parameter)),
    key("requestBody", One(Object::RequestBody)),
    key("responses", One(Object::Responses)).needed_until(V3_0),
    key("callbacks", Map(Object::Callback)),
    key("deprecated", Flag),
    key("security", List(Object::SecurityRequirement)),
    key("servers", List(Object::Server)),
];

pub(super) const SERVER: &[Key] = &[
    key("url", Text).needed(),
    key("description", Text),
    key("name", Text).from(V3_2),
    key("variables", Map(Object::ServerVariable)),
];

pub(super) const SERVER_VARIABLE: &[Key] = &[
    key("enum", Words(0)).to(V3_0),
    key("enum", Words(1)).from(V3_1),
    key("default", Text).needed(),
    key("description", Text),
];

pub(super) const PARAMETER: &[Key] = &[
    key("name", Text).needed(),
    key("in", Choice(&["query", "header", "path", "cookie"])).to(V3_1).needed(),
    key("in", Choice(&["query", "querystring", "header", "path", "cookie"])).from(V3_2).needed(),
    key("description", Text),
    key("required", Flag),
    key("deprecated", Flag),
    key("allowEmptyValue", Flag),
    key("schema", One(Object::Schema)),
    key("content", Map(Object::MediaType)),
    key("style", Text),
    key("explode", Flag),
    key("allowReserved", Flag),
    key("example", Any),
    key("examples", Map(Object::Example)),
];

pub(super) const HEADER: &[Key] = &[
    key("description", Text),
    key("required", Flag),
    key("deprecated", Flag),
    key("allowEmptyValue", Flag).to(V3_0),
    key("schema", One(Object::Schema)),
    key("content", Map(Object::MediaType)),
    key("style", Choice(&["simple"])),
    key("explode", Flag),
    key("allowReserved", Flag).to(V3_0),
    key("example", Any),
    key("examples", Map(Object::Example)),
];

pub(super) const REQUEST_BODY: &[Key] =
    &[key("description", Text), key("content", Map(Object::MediaType)).needed(), key("required", Flag)];

pub(super) const MEDIA_TYPE: &[Key] = &[
    key("$ref", Text).from(V3_2),
    key("description", Text).from(V3_2),
    key("schema", One(Object::Schema)),
    key("itemSchema", One(Object::Schema)).from(V3_2),
    key("example", Any),
    key("examples", Map(Object::Example)),
    key("encoding", Map(Object::Encoding)),
    key("prefixEncoding", List(Object::Encoding)).from(V3_2),
    key("itemEncoding", One(Object::Encoding)).from(V3_2),
];

pub(super) const ENCODING: &[Key] = &[
    key("contentType", Text),
    key("headers", Map(Object::Header)),
    key("style", Choice(&["form", "spaceDelimited", "pipeDelimited", "deepObject"])),
    key("explode", Flag),
    key("allowReserved", Flag),
    key("encoding", Map(Object::Encoding)).from(V3_2),
    key("prefixEncoding", List(Object::Encoding)).from(V3_2),
    key("itemEncoding", One(Object::Encoding)).from(V3_2),
];

pub(super) const RESPONSE: &[Key] = &[
    key("summary", Text).from(V3_2),
    key("description", Text).needed_until(V3_1),
    key("headers", Map(Object::Header)),
    key("content", Map(Object::MediaType)),
    key("links", Map(Object::Link)),
];

pub(super) const LINK: &[Key] = &[
    key("operationRef", Text),
    key("operationId", Text),
    key("parameters", Mapping).to(V3_0),
    key("parameters", Texts).from(V3_1),
    key("requestBody", Any),
    key("description", Text),
    key("server", One(Object::LinkServer)),
];

pub(super) const EXAMPLE: &[Key] = &[
    key("summary", Text),
    key("description", Text),
    key("dataValue", Any).from(V3_2),
    key("serializedValue", Text).from(V3_2),
    key("value", Any),
    key("externalValue", Text),
];

pub(super) const COMPONENTS: &[Key] = &[
    key("schemas", Map(Object::Schema)),
    key("responses", Map(Object::Response)),
    key("parameters", Map(Object::Parameter)),
    key("examples", Map(Object::Example)),
    key("requestBodies", Map(Object::RequestBody)),
    key("headers", Map(Object::Header)),
    key("securitySchemes", Map(Object::SecurityScheme)),
    key("links", Map(Object::Link)),
    key("callbacks", Map(Object::Callback)),
    key("pathItems", Map(Object::PathItem)).from(V3_1),
    key("mediaTypes", Map(Object::MediaType)).from(V3_2),
];

pub(super) const SECURITY_SCHEME: &[Key] = &[
    key("type", Text),
    key("description", Text),
    key("name", Text),
    key("in", Text),
    key("scheme", Text),
    key("bearerFormat", Text),
    key("flows", One(Object::Flows)),
    key("openIdConnectUrl", Text),
    key("oauth2MetadataUrl", Text).from(V3_2),
    key("deprecated", Flag).from(V3_2),
];

pub(super) const FLOWS: &[Key] = &[
    key("implicit", One(Object::ImplicitFlow)),
    key("password", One(Object::TokenFlow)),
    key("clientCredentials", One(Object::TokenFlow)),
    key("authorizationCode", One(Object::CodeFlow)),
    key("deviceAuthorization", One(Object::DeviceFlow)).from(V3_2),
];

pub(super) const IMPLICIT_FLOW: &[Key] =
    &[key("authorizationUrl", Text).needed(), key("refreshUrl", Text), key("scopes", Texts).needed()];

pub(super) const TOKEN_FLOW: &[Key] =
    &[key("tokenUrl", Text).needed(), key("refreshUrl", Text), key("scopes", Texts).needed()];

pub(super) const CODE_FLOW: &[Key] = &[
    key("authorizationUrl", Text).needed(),
    key("tokenUrl", Text).needed(),
    key("refreshUrl", Text),
    key("scopes", Texts).needed(),
];

pub(super) const DEVICE_FLOW: &[Key] = &[
    key("deviceAuthorizationUrl", Text).needed(),
    key("tokenUrl", Text).needed(),
    key("refreshUrl", Text),
    key("scopes", Texts).needed(),
];
