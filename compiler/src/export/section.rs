//! The sections of `components`, and what belongs into which.

use crate::parse::openapi::grammar::Object;
use crate::parse::openapi::version::Version;

/// One section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    Schemas,
    Responses,
    Parameters,
    Examples,
    RequestBodies,
    Headers,
    SecuritySchemes,
    Links,
    Callbacks,
    PathItems,
    MediaTypes,
    /// Path items in a version whose components have none.
    OwnPathItems,
    /// Media types in a version whose components have none.
    OwnMediaTypes,
}

impl Section {
    /// Every section, in the order of the specification.
    pub(super) const ALL: [Self; 13] = [
        Self::Schemas,
        Self::Responses,
        Self::Parameters,
        Self::Examples,
        Self::RequestBodies,
        Self::Headers,
        Self::SecuritySchemes,
        Self::Links,
        Self::Callbacks,
        Self::PathItems,
        Self::MediaTypes,
        Self::OwnPathItems,
        Self::OwnMediaTypes,
    ];

    /// Where an object belongs that can be referred to.
    pub(super) fn of(object: Object, version: Version) -> Self {
        match object {
            Object::Response => Self::Responses,
            Object::Parameter => Self::Parameters,
            Object::Example => Self::Examples,
            Object::RequestBody => Self::RequestBodies,
            Object::Header => Self::Headers,
            Object::SecurityScheme => Self::SecuritySchemes,
            Object::Link => Self::Links,
            Object::Callback => Self::Callbacks,
            Object::PathItem | Object::OutgoingPathItem if version >= Version::V3_1 => Self::PathItems,
            Object::PathItem | Object::OutgoingPathItem => Self::OwnPathItems,
            Object::MediaType if version >= Version::V3_2 => Self::MediaTypes,
            Object::MediaType => Self::OwnMediaTypes,
            // Nothing else can be referred to.
            _ => Self::Schemas,
        }
    }

    /// Its key below `components`.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Schemas => "schemas",
            Self::Responses => "responses",
            Self::Parameters => "parameters",
            Self::Examples => "examples",
            Self::RequestBodies => "requestBodies",
            Self::Headers => "headers",
            Self::SecuritySchemes => "securitySchemes",
            Self::Links => "links",
            Self::Callbacks => "callbacks",
            Self::PathItems => "pathItems",
            Self::MediaTypes => "mediaTypes",
            Self::OwnPathItems => "x-path-items",
            Self::OwnMediaTypes => "x-media-types",
        }
    }

    /// The section of a key.
    pub(super) fn named(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.key() == key)
    }
}
