//! Who may call: the outcome of the gate for each operation.

use serde::{Deserialize, Serialize};

use super::{ConditionId, KeySetId, SchemeId, VerifierId};

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
    /// The gateway verifies: every credential of one alternative must be there, be good and have its scopes.
    Verified {
        /// Any one of these suffices.
        alternatives: Vec<Alternative>,
        /// The ready-made `WWW-Authenticate` values of a 401, one header line each.
        challenges: Vec<String>,
        /// What must hold of the caller and the request, beside good credentials.
        claims: Option<ConditionId>,
        /// Header lines in which the upstream is told who the caller is, by name.
        forward: Vec<IdentityHeader>,
        /// Whether the credential stays here: the lines that it stood in are not forwarded.
        keeps_credential: bool,
    },
}

impl Access {
    /// Whether every request is denied, because each alternative has a credential that nothing verifies.
    pub fn lets_nobody_in(&self) -> bool {
        match self {
            Access::Public | Access::Delegated { .. } => false,
            Access::Verified { alternatives, .. } => alternatives
                .iter()
                .all(|alternative| alternative.needs.iter().any(|need| need.verifier.is_none())),
        }
    }
}

/// A header line that the gateway sets from a verified caller.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct IdentityHeader {
    /// Its name, in lower case; never one that [`is_reserved_header`](super::is_reserved_header).
    pub name: String,
    /// What it says.
    pub fact: CallerFact,
}

/// Something that is known about a verified caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CallerFact {
    /// Its name.
    Consumer,
    /// What it is allowed, with spaces between (RFC 6749 section 3.3).
    Scopes,
}

/// One security requirement: all of these credentials together. Never empty: `{}` is [`Access::Public`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Alternative {
    /// The credentials, sorted; the first one says who the caller is.
    pub needs: Vec<Need>,
}

/// One credential that must be there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Need {
    /// Where it stands.
    pub scheme: SchemeId,
    /// Who judges it. `None`: the upstream does ([`Access::Delegated`]), or nothing in this version can, so that nobody
    /// gets in by this alternative ([`Access::Verified`]).
    pub verifier: Option<VerifierId>,
    /// What its holder must be allowed (OpenAPI 3.1 section 4.8.30), sorted; empty unless a verifier judges it.
    pub scopes: Vec<String>,
}

/// How credentials are verified.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Verifier {
    /// An API key: its digest stands in this set of the bindings.
    Keys(KeySetId),
    /// The client certificate that the listener has verified.
    ClientCertificate {
        /// The certificate has one of these subject alternative names, sorted; any will do when there is none.
        names: Vec<String>,
    },
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
