//! Who may call: the outcome of the gate for each operation.

use serde::{Deserialize, Serialize};

use super::SchemeId;

/// What an operation demands of its caller. There is no variant for "nobody said": the gate refuses that.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Access {
    /// Anyone. The reason that the author gave stands in the source map.
    Public,
    /// The upstream verifies: a credential of one declared alternative must be present, and is forwarded untouched.
    Delegated {
        /// Any one of these suffices (OpenAPI `security` is an OR of ANDs).
        alternatives: Vec<Alternative>,
        /// The ready-made `WWW-Authenticate` values of a 401, one header line each (RFC 9110 §11.6.1).
        challenges: Vec<String>,
    },
    /// The gateway must verify, and no authenticator of this version can: every request is denied.
    Unverifiable {
        /// Any one of these would suffice.
        alternatives: Vec<Alternative>,
        /// The ready-made `WWW-Authenticate` values of a 401, one header line each.
        challenges: Vec<String>,
    },
}

/// One security requirement: all of these schemes together. Never empty: `{}` is [`Access::Public`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Alternative {
    /// The schemes, sorted, each once.
    pub schemes: Vec<SchemeId>,
}

/// Where the credential of one declared security scheme stands in a request.
///
/// The scheme's name is not here: renaming a component changes no decision. It stands in the source map.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Scheme {
    /// `Authorization` with this authentication scheme, in lower case: `bearer`, `basic`, `digest` …
    /// (`http`, `oauth2` and `openIdConnect` schemes; names compare without case, RFC 9110 §11.1).
    Authorization(String),
    /// An API key in this header, in lower case; never one that [`is_reserved_header`](super::is_reserved_header).
    Header(String),
    /// An API key in this query parameter.
    Query(String),
    /// An API key in this cookie.
    Cookie(String),
    /// A client certificate (`mutualTLS`).
    ClientCertificate,
}
