//! Which objects OpenAPI is made of and where they stand in each other, for 3.0 and 3.1 alike.
//!
//! Only what gw follows is here: where `$ref` may stand, where `x-gw-*` belongs, and the few shapes that
//! everything later relies on. All other keys are left alone (OpenAPI 3.1 section 4.8, JSON Schema 2020-12).

/// A kind of object. Fewer than 32, so that a set of them is a `u32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Object {
    /// The root of a document.
    Document,
    /// One entry of `paths`.
    PathItem,
    /// One method of a path item.
    Operation,
    /// A path item of `webhooks` or of a callback: calls that the API makes itself.
    OutgoingPathItem,
    /// An operation of such a path item.
    OutgoingOperation,
    /// A server.
    Server,
    /// A variable of a server's URL.
    ServerVariable,
    /// A parameter.
    Parameter,
    /// A header.
    Header,
    /// A request body.
    RequestBody,
    /// One media type of a body.
    MediaType,
    /// How one property of a body is encoded.
    Encoding,
    /// A response.
    Response,
    /// A link.
    Link,
    /// A callback: path items by expression.
    Callback,
    /// An example.
    Example,
    /// A schema.
    Schema,
    /// The components.
    Components,
    /// A security scheme.
    SecurityScheme,
    /// Any other mapping: nothing of gw's may stand there.
    Plain,
}

/// What stands at a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// An object.
    One(Object),
    /// A list of objects.
    List(Object),
    /// A mapping from names to objects.
    Map(Object),
    /// A mapping from names to objects, in which `x-` begins an extension, not a name; it is itself a
    /// [`Object::Plain`].
    Extensible(Object),
    /// An object, or a list of them (`items` before 3.1).
    OneOrList(Object),
}

impl Object {
    /// The object's bit in a set of objects.
    pub const fn bit(self) -> u32 {
        1 << self as u8
    }

    /// Whether the specification lets a `$ref` stand in its place.
    pub fn may_be_reference(self) -> bool {
        match self {
            Object::Document
            | Object::Operation
            | Object::OutgoingOperation
            | Object::Server
            | Object::ServerVariable
            | Object::Encoding
            | Object::Components
            | Object::Plain => false,
            Object::PathItem
            | Object::OutgoingPathItem
            | Object::Parameter
            | Object::Header
            | Object::RequestBody
            | Object::MediaType
            | Object::Response
            | Object::Link
            | Object::Callback
            | Object::Example
            | Object::Schema
            | Object::SecurityScheme => true,
        }
    }

    /// What people call it.
    pub fn described(self) -> &'static str {
        match self {
            Object::Document => "an OpenAPI document",
            Object::PathItem => "a path item",
            Object::Operation => "an operation",
            Object::OutgoingPathItem | Object::OutgoingOperation => "a call that the API makes itself",
            Object::Server => "a server",
            Object::ServerVariable => "a server variable",
            Object::Parameter => "a parameter",
            Object::Header => "a header",
            Object::RequestBody => "a request body",
            Object::MediaType => "a media type",
            Object::Encoding => "an encoding",
            Object::Response => "a response",
            Object::Link => "a link",
            Object::Callback => "a callback",
            Object::Example => "an example",
            Object::Schema => "a schema",
            Object::Components => "the components",
            Object::SecurityScheme => "a security scheme",
            Object::Plain => "this place",
        }
    }

    /// What stands at `key` of this object, when gw follows it.
    pub fn field(self, key: &str) -> Option<Field> {
        match self {
            Object::Document => document(key),
            Object::PathItem => path_item(key, Object::Operation),
            Object::OutgoingPathItem => path_item(key, Object::OutgoingOperation),
            Object::Operation | Object::OutgoingOperation => operation(key),
            Object::Server => match key {
                "variables" => Some(Field::Map(Object::ServerVariable)),
                _ => None,
            },
            Object::Parameter | Object::Header => parameter(key),
            Object::RequestBody => match key {
                "content" => Some(Field::Map(Object::MediaType)),
                _ => None,
            },
            Object::MediaType => match key {
                "schema" => Some(Field::One(Object::Schema)),
                "examples" => Some(Field::Map(Object::Example)),
                "encoding" => Some(Field::Map(Object::Encoding)),
                _ => None,
            },
            Object::Encoding => match key {
                "headers" => Some(Field::Map(Object::Header)),
                _ => None,
            },
            Object::Response => match key {
                "headers" => Some(Field::Map(Object::Header)),
                "content" => Some(Field::Map(Object::MediaType)),
                "links" => Some(Field::Map(Object::Link)),
                _ => None,
            },
            Object::Link => match key {
                "server" => Some(Field::One(Object::Server)),
                _ => None,
            },
            // The keys of a callback are expressions; each value is a path item.
            Object::Callback => {
                (!key.starts_with("x-") && key != "$ref").then_some(Field::One(Object::OutgoingPathItem))
            }
            Object::Schema => schema(key),
            Object::Components => components(key),
            Object::SecurityScheme => match key {
                "flows" => Some(Field::One(Object::Plain)),
                _ => None,
            },
            Object::Plain => match key {
                "contact" | "license" | "externalDocs" => Some(Field::One(Object::Plain)),
                "implicit" | "password" | "clientCredentials" | "authorizationCode" => {
                    Some(Field::One(Object::Plain))
                }
                _ => None,
            },
            Object::ServerVariable | Object::Example => None,
        }
    }
}

fn document(key: &str) -> Option<Field> {
    match key {
        "paths" => Some(Field::Extensible(Object::PathItem)),
        "servers" => Some(Field::List(Object::Server)),
        "components" => Some(Field::One(Object::Components)),
        "info" | "externalDocs" => Some(Field::One(Object::Plain)),
        "tags" => Some(Field::List(Object::Plain)),
        "webhooks" => Some(Field::Map(Object::OutgoingPathItem)),
        _ => None,
    }
}

fn path_item(key: &str, operation: Object) -> Option<Field> {
    match key {
        "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace" => {
            Some(Field::One(operation))
        }
        "parameters" => Some(Field::List(Object::Parameter)),
        "servers" => Some(Field::List(Object::Server)),
        _ => None,
    }
}

fn operation(key: &str) -> Option<Field> {
    match key {
        "parameters" => Some(Field::List(Object::Parameter)),
        "requestBody" => Some(Field::One(Object::RequestBody)),
        "responses" => Some(Field::Extensible(Object::Response)),
        "callbacks" => Some(Field::Map(Object::Callback)),
        "servers" => Some(Field::List(Object::Server)),
        "externalDocs" => Some(Field::One(Object::Plain)),
        _ => None,
    }
}

fn parameter(key: &str) -> Option<Field> {
    match key {
        "schema" => Some(Field::One(Object::Schema)),
        "content" => Some(Field::Map(Object::MediaType)),
        "examples" => Some(Field::Map(Object::Example)),
        _ => None,
    }
}

fn components(key: &str) -> Option<Field> {
    match key {
        "schemas" => Some(Field::Map(Object::Schema)),
        "responses" => Some(Field::Map(Object::Response)),
        "parameters" => Some(Field::Map(Object::Parameter)),
        "examples" => Some(Field::Map(Object::Example)),
        "requestBodies" => Some(Field::Map(Object::RequestBody)),
        "headers" => Some(Field::Map(Object::Header)),
        "securitySchemes" => Some(Field::Map(Object::SecurityScheme)),
        "links" => Some(Field::Map(Object::Link)),
        "callbacks" => Some(Field::Map(Object::Callback)),
        "pathItems" => Some(Field::Map(Object::PathItem)),
        _ => None,
    }
}

fn schema(key: &str) -> Option<Field> {
    match key {
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
            Some(Field::Map(Object::Schema))
        }
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Some(Field::List(Object::Schema)),
        "items" => Some(Field::OneOrList(Object::Schema)),
        "externalDocs" | "discriminator" | "xml" => Some(Field::One(Object::Plain)),
        "additionalProperties"
        | "not"
        | "if"
        | "then"
        | "else"
        | "contains"
        | "propertyNames"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | "contentSchema"
        | "additionalItems" => Some(Field::One(Object::Schema)),
        _ => None,
    }
}
