//! What is published: APIs, their path items and operations.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{AccessId, ApiId, Bytes, Forward, OperationId, Timeouts};

/// One API of the project: one OpenAPI document and its owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Api {
    /// The name in `gw.yaml`, or one made from the document's file name; unique.
    pub name: String,
    /// The API's version as `gw.yaml` writes it, empty when it does not.
    pub version: String,
    /// The team that owns it, empty when not said.
    pub owner: String,
}

/// The request methods that an OpenAPI path item can declare (OpenAPI 3.1 §4.8.9) and that are served.
///
/// `TRACE` is not: its answer tells the caller what the gateway told the upstream, and it must carry no credential
/// (RFC 9110 §9.3.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Method {
    /// RFC 9110 §9.3.1.
    Get,
    /// RFC 9110 §9.3.2.
    Head,
    /// RFC 9110 §9.3.3.
    Post,
    /// RFC 9110 §9.3.4.
    Put,
    /// RFC 9110 §9.3.5.
    Delete,
    /// RFC 9110 §9.3.7.
    Options,
    /// RFC 5789.
    Patch,
}

impl Method {
    /// Every method, in the order in which `Allow` lists them.
    pub const ALL: [Self; 7] =
        [Self::Get, Self::Head, Self::Post, Self::Put, Self::Delete, Self::Options, Self::Patch];

    /// The method's name as it stands on the wire; methods are case-sensitive (RFC 9110 §9.1).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Patch => "PATCH",
        }
    }

    /// The method of that name on the wire, if it is one that can be published.
    pub fn from_wire(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == name)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What one path template answers: its declared methods and the ready-made `Allow` value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathItem {
    /// Declared methods in the order of [`Method`], each once.
    pub methods: Vec<(Method, OperationId)>,
    /// The `Allow` value: declared methods, `HEAD` where `GET` is, and `OPTIONS` (RFC 9110 §10.2.1).
    pub allow: String,
}

impl PathItem {
    /// The operation declared for exactly this method.
    pub fn declared(&self, method: Method) -> Option<OperationId> {
        self.methods.iter().find(|(declared, _)| *declared == method).map(|(_, operation)| *operation)
    }
}

/// One published operation with its whole effective policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// The API it belongs to.
    pub api: ApiId,
    /// `operationId`, or `GET /path` where the document gives none; unique within its API.
    pub name: String,
    /// The declared method.
    pub method: Method,
    /// The public template, base path included: `/v1/orders/{id}`. The `http.route` of logs and metrics.
    pub template: String,
    /// Names of the template's variables, in path order.
    pub parameters: Vec<String>,
    /// Who may call it.
    pub access: AccessId,
    /// Where it is sent and how the request changes on the way.
    pub forward: Forward,
    /// How long each phase may take.
    pub timeouts: Timeouts,
    /// The longest request body that is forwarded; one byte more is refused with 413.
    pub body_max: Bytes,
}
