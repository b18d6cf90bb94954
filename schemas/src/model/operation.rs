//! What is published: APIs, their path items and operations.

use serde::{Deserialize, Serialize};

use super::{AccessId, AccessListId, ApiId, Bytes, Forward, Method, OperationId, Timeouts};

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
    /// Who may call it at all; `None`: nobody is turned away unasked.
    pub access_list: Option<AccessListId>,
    /// What it demands of its callers.
    pub access: AccessId,
    /// Where it is sent and how the request changes on the way.
    pub forward: Forward,
    /// How long each phase may take.
    pub timeouts: Timeouts,
    /// The longest request body that is forwarded; one byte more is refused with 413.
    pub body_max: Bytes,
}
