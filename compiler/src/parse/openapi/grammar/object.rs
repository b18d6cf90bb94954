//! The kinds of objects, and where a key of one leads.

use super::{Key, Shape, schema, tables};
use crate::parse::openapi::version::Version;

/// A kind of object. Fewer than 64, so that a set of them is a `u64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Object {
    /// The root of a document.
    Document,
    /// `info`.
    Info,
    /// `info.contact`.
    Contact,
    /// `info.license`.
    License,
    /// One of `tags` at the root.
    Tag,
    /// `externalDocs`.
    ExternalDocs,
    /// `paths`.
    Paths,
    /// One entry of `paths`.
    PathItem,
    /// One method of a path item.
    Operation,
    /// A path item of `webhooks` or of a callback: calls that the API makes itself.
    OutgoingPathItem,
    /// An operation of such a path item.
    OutgoingOperation,
    /// A server of a document, a path item or an operation.
    Server,
    /// The server of a link: nothing is published there.
    LinkServer,
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
    /// The responses of an operation, by status.
    Responses,
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
    /// Which of several schemas holds.
    Discriminator,
    /// How a schema looks in XML.
    Xml,
    /// The components.
    Components,
    /// A security scheme.
    SecurityScheme,
    /// One of `security`.
    SecurityRequirement,
    /// The flows of OAuth 2.0.
    Flows,
    /// The flow `implicit`.
    ImplicitFlow,
    /// The flows `password` and `clientCredentials`.
    TokenFlow,
    /// The flow `authorizationCode`.
    CodeFlow,
    /// The flow `deviceAuthorization`.
    DeviceFlow,
}

impl Object {
    /// The object's bit in a set of objects.
    pub const fn bit(self) -> u64 {
        1 << self as u8
    }

    /// Whether a `$ref` in its place is followed. Documents let media types refer to each other before 3.2 too.
    pub fn may_be_reference(self) -> bool {
        matches!(
            self,
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
                | Object::SecurityScheme
        )
    }

    /// Whether keys beside its `$ref` mean something: those of a path item are merged, those of a schema hold from 3.1
    /// on, and before 3.2 the `$ref` of a media type is none.
    pub fn holds_beside_reference(self, version: Version) -> bool {
        match self {
            Object::PathItem | Object::OutgoingPathItem => true,
            Object::Schema => version >= Version::V3_1,
            Object::MediaType => version < Version::V3_2,
            _ => false,
        }
    }

    /// Whether requests, or what is published, depend on it. The rest is for people and for other tools.
    pub fn decides(self) -> bool {
        matches!(
            self,
            Object::Document
                | Object::Paths
                | Object::PathItem
                | Object::OutgoingPathItem
                | Object::Operation
                | Object::OutgoingOperation
                | Object::Server
                | Object::ServerVariable
                | Object::Parameter
                | Object::Header
                | Object::RequestBody
                | Object::MediaType
                | Object::Responses
                | Object::Response
                | Object::Callback
                | Object::Components
                | Object::SecurityScheme
        )
    }

    /// What people call it.
    pub fn described(self) -> &'static str {
        match self {
            Object::Document => "an OpenAPI document",
            Object::Info => "`info`",
            Object::Contact => "a contact",
            Object::License => "a licence",
            Object::Tag => "a tag",
            Object::ExternalDocs => "external documentation",
            Object::Paths => "`paths`",
            Object::PathItem => "a path item",
            Object::Operation => "an operation",
            Object::OutgoingPathItem | Object::OutgoingOperation => "a call that the API makes itself",
            Object::Server | Object::LinkServer => "a server",
            Object::ServerVariable => "a server variable",
            Object::Parameter => "a parameter",
            Object::Header => "a header",
            Object::RequestBody => "a request body",
            Object::MediaType => "a media type",
            Object::Encoding => "an encoding",
            Object::Responses => "`responses`",
            Object::Response => "a response",
            Object::Link => "a link",
            Object::Callback => "a callback",
            Object::Example => "an example",
            Object::Schema => "a schema",
            Object::Discriminator => "a discriminator",
            Object::Xml => "`xml`",
            Object::Components => "the components",
            Object::SecurityScheme => "a security scheme",
            Object::SecurityRequirement => "a security requirement",
            Object::Flows => "`flows`",
            Object::ImplicitFlow | Object::TokenFlow | Object::CodeFlow | Object::DeviceFlow => {
                "a flow of OAuth 2.0"
            }
        }
    }

    /// Its keys, in all versions.
    pub fn keys(self) -> &'static [Key] {
        match self {
            Object::Document => tables::DOCUMENT,
            Object::Info => tables::INFO,
            Object::Contact => tables::CONTACT,
            Object::License => tables::LICENSE,
            Object::Tag => tables::TAG,
            Object::ExternalDocs => tables::EXTERNAL_DOCS,
            Object::PathItem => tables::PATH_ITEM,
            Object::OutgoingPathItem => tables::OUTGOING_PATH_ITEM,
            Object::Operation | Object::OutgoingOperation => tables::OPERATION,
            Object::Server | Object::LinkServer => tables::SERVER,
            Object::ServerVariable => tables::SERVER_VARIABLE,
            Object::Parameter => tables::PARAMETER,
            Object::Header => tables::HEADER,
            Object::RequestBody => tables::REQUEST_BODY,
            Object::MediaType => tables::MEDIA_TYPE,
            Object::Encoding => tables::ENCODING,
            Object::Response => tables::RESPONSE,
            Object::Link => tables::LINK,
            Object::Example => tables::EXAMPLE,
            Object::Schema => schema::SCHEMA,
            Object::Discriminator => schema::DISCRIMINATOR,
            Object::Xml => schema::XML,
            Object::Components => tables::COMPONENTS,
            Object::SecurityScheme => tables::SECURITY_SCHEME,
            Object::Flows => tables::FLOWS,
            Object::ImplicitFlow => tables::IMPLICIT_FLOW,
            Object::TokenFlow => tables::TOKEN_FLOW,
            Object::CodeFlow => tables::CODE_FLOW,
            Object::DeviceFlow => tables::DEVICE_FLOW,
            Object::Paths | Object::Responses | Object::Callback | Object::SecurityRequirement => &[],
        }
    }

    /// What stands at every name that is no extension, where an object is a mapping of names.
    pub fn named(self) -> Option<Shape> {
        match self {
            Object::Paths => Some(Shape::One(Object::PathItem)),
            Object::Responses => Some(Shape::One(Object::Response)),
            // The keys of a callback are expressions.
            Object::Callback => Some(Shape::One(Object::OutgoingPathItem)),
            Object::SecurityRequirement => Some(Shape::Words(0)),
            _ => None,
        }
    }

    /// The row of a key in a version.
    pub fn key(self, name: &str, version: Version) -> Option<&'static Key> {
        self.keys().iter().find(|key| key.name == name && key.is_in(version))
    }

    /// What stands at a key in a version, when OpenAPI says so.
    pub fn shape_at(self, name: &str, version: Version) -> Option<Shape> {
        let is_other = name.starts_with("x-") || (name == "$ref" && self.may_be_reference());
        match self.named() {
            Some(shape) => (!is_other).then_some(shape),
            None => self.key(name, version).map(|key| key.shape),
        }
    }

    /// Whether keys that OpenAPI does not know mean something: a schema is open from 3.1 on (JSON Schema 2020-12
    /// section 4.3.1), and so is what stands below it.
    pub fn is_open(self, version: Version) -> bool {
        match self {
            Object::Schema | Object::Xml => version >= Version::V3_1,
            Object::Discriminator => true,
            _ => self.named().is_some(),
        }
    }
}
