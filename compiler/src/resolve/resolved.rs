//! What the project means: every operation with its effective policy, and where each part of it came from.
//!
//! Plain data with spans; positions and texts stand in the compilation's `SourceMap`. References, layers and
//! names are settled; whether the result may be published is for the gate to say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gw_artifact::model::{
    Balance, Bytes, EndpointAddress, HostPattern, LayerKind, Method, Scheme as CredentialPlace,
};
use gw_syntax::{Pointer, SourceId, Span};

pub use super::effective::{Effective, Timeouts};
pub use super::layered::{Layer, Layered};
pub use super::precedence::Precedence;
use crate::parse::annotations::Policies;
pub use crate::parse::guardrails::Guardrail;
use crate::parse::selection::Selection;
use crate::policy::authenticator::Authenticator;
use crate::policy::project::ProjectTables;
use crate::policy::project::listener::ListenerPolicy;
use crate::policy::project::upstream::UpstreamPolicy;
use crate::policy::waive::Waiver;

/// The whole project after `$ref`, names and inheritance.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The project itself.
    pub project: Project,
    /// Published APIs, in the order of `gw.yaml`.
    pub apis: Vec<Api>,
    /// Operations of all APIs: API by API, each in the order of its document.
    pub operations: Vec<Operation>,
    /// Which path items want to go before which others, in the order of the documents.
    pub precedence: Vec<Precedence>,
    /// What holds where only `defaults` speak.
    pub defaults: Arc<Effective>,
    /// Declared upstreams, in the order of `gw.yaml`; none for a bare document.
    pub upstreams: Vec<Upstream>,
    /// Declared security schemes: those of `gw.yaml`, then document by document.
    pub schemes: Vec<Scheme>,
    /// Declared listeners; `public` alone where nothing is declared. Never empty.
    pub listeners: Vec<Listener>,
    /// Stores, secrets, plans and the like; empty for a bare document.
    pub tables: ProjectTables,
    /// The files with policy beside the documents, weakest first: those that `gw.yaml` extends, then itself.
    pub policy_files: Vec<SourceId>,
    /// The entries of `apply`, weakest first: those of extended files before those of `gw.yaml`.
    pub applied: Vec<Applied>,
    /// Conditions that every operation must meet, of all files of the project.
    pub guardrails: Vec<Guardrail>,
    /// Every occurrence of a key or value that the key table says nothing enforces yet, in source order.
    pub unenforced: Vec<Unenforced>,
}

impl Resolved {
    /// Every waiver, by its place.
    ///
    /// O(operations + waivers).
    pub(crate) fn waivers(&self) -> BTreeMap<Span, Arc<Waiver>> {
        let of_operations = self.operations.iter().map(|operation| &operation.policy);
        let policies =
            [&self.defaults].into_iter().chain(self.apis.iter().map(|api| &api.policy)).chain(of_operations);
        // Operations share policies; which of them were looked at is told by where they are kept.
        let mut seen = BTreeSet::new();
        let layered = policies.filter_map(|policy| policy.waive.as_ref());
        let layered = layered.filter(|waive| seen.insert(Arc::as_ptr(waive))).map(|waive| waive.value());
        let applied = self.applied.iter().filter_map(|applied| Some(&*applied.set.waive.as_ref()?.value));
        let waivers = layered.chain(applied).flat_map(|waive| &waive.waivers);
        waivers.map(|waiver| (waiver.span, Arc::clone(waiver))).collect()
    }

    /// Whether a file is the project's `gw.yaml`, or one that this extends.
    pub fn is_policy_file(&self, source: SourceId) -> bool {
        self.policy_files.contains(&source)
    }
}

/// The project's own facts.
#[derive(Clone, Debug)]
pub struct Project {
    /// Its name: from `gw.yaml`, or made from the document's file name. A token of at most 64 letters,
    /// digits, `-`, `_` and `.`.
    pub name: String,
    /// Where the name stands; `None` for a bare document.
    pub name_span: Option<Span>,
    /// How the project is written down.
    pub kind: ProjectKind,
    /// How much its gateways take on at once.
    pub capacity: Ceilings,
}

/// What the project says about how much its gateways take on.
#[derive(Clone, Debug, Default)]
pub struct Ceilings {
    /// `max-connections`.
    pub connections: Option<Spanned<u32>>,
    /// `max-memory`.
    pub memory: Option<Spanned<Bytes>>,
}

/// How a project is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProjectKind {
    /// A bare OpenAPI document: secure defaults, one implicit upstream named [`DEFAULT_UPSTREAM`].
    Bare {
        /// The document.
        document: SourceId,
    },
    /// A folder with a `gw.yaml`.
    Configured {
        /// The `gw.yaml`.
        file: SourceId,
        /// Where its `defaults` mapping stands, if it has one.
        defaults: Option<Span>,
        /// Where its `upstreams` mapping stands, if it has one.
        upstreams: Option<Span>,
    },
}

/// The implicit upstream of a bare document.
pub const DEFAULT_UPSTREAM: &str = "default";

/// Position of an [`Api`] in [`Resolved::apis`].
pub type ApiIndex = usize;
/// Position of an [`Applied`] in [`Resolved::applied`].
pub type AppliedIndex = usize;
/// Position of a [`Scheme`] in [`Resolved::schemes`].
pub type SchemeIndex = usize;
/// Position of an [`Operation`] in [`Resolved::operations`].
pub type OperationIndex = usize;

/// One API: one OpenAPI document and its owner.
#[derive(Clone, Debug)]
pub struct Api {
    /// Its name, unique in the project; from the file name for a bare document.
    pub name: String,
    /// The version as `gw.yaml` writes it; empty when it does not.
    pub version: String,
    /// The team that owns it; empty when not said.
    pub owner: String,
    /// The entry of `gw.yaml`; `None` for a bare document.
    pub span: Option<Span>,
    /// The OpenAPI document.
    pub document: SourceId,
    /// Where clients reach it, unless an operation says otherwise. Never empty.
    pub publications: Arc<[Publication]>,
    /// What `gw.yaml` says where it may be reached.
    pub claim: Claim,
    /// What holds where only `defaults` and the document's root speak.
    pub policy: Arc<Effective>,
}

/// Where an API may be reached; what is not given is not bounded.
#[derive(Clone, Debug, Default)]
pub struct Claim {
    /// `hosts`; `None` in the list is any host.
    pub hosts: Vec<Spanned<Option<HostPattern>>>,
    /// `base`.
    pub base: Option<Spanned<String>>,
}

/// One public place of an API: a host and a base path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// The host without its port, in lower case; `None` for any host.
    pub host: Option<HostPattern>,
    /// The base path: empty, or canonical, beginning with `/` and not ending in one.
    pub base: String,
    /// The server entry or the `hosts` item it comes from; `None` where nothing is declared.
    pub span: Option<Span>,
}

/// One operation with its effective policy.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The API it belongs to.
    pub api: ApiIndex,
    /// Unique within its API: `operationId`, else `GET /path`.
    pub name: String,
    /// The `operationId` as written.
    pub operation_id: Option<Spanned<String>>,
    /// Its method.
    pub method: Method,
    /// The path template as the document writes it, without the base: `/orders/{id}`. Begins with `/`.
    pub path: String,
    /// The key of the path item: where a finding about the template points.
    pub path_span: Span,
    /// The method key: where a finding about the operation points.
    pub span: Span,
    /// Where the operation stands in its own file.
    pub pointer: Pointer,
    /// The tags, in source order.
    pub tags: Vec<String>,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// Where clients reach it: the API's own places, or those of path- or operation-level `servers`.
    /// Never empty.
    pub publications: Arc<[Publication]>,
    /// What the document demands of callers.
    pub security: Security,
    /// The entries of `apply` that select it, weakest first.
    pub applied: Arc<[AppliedIndex]>,
    /// What holds for it; operations that hear the same layers share it.
    pub policy: Arc<Effective>,
    /// The request schemas that the document declares.
    pub request_schemas: RequestSchemas,
    /// The response a mock upstream gives; only made in `dev`.
    pub example: Option<Example>,
}

/// An entry of `apply`.
#[derive(Clone, Debug)]
pub struct Applied {
    /// Which operations it selects.
    pub select: Selection,
    /// What holds for them, unless their documents say otherwise.
    pub set: Arc<Policies>,
    /// The keys of `set`, by name and place.
    pub keys: Vec<(String, Span)>,
    /// Whether it stands in the project's own `gw.yaml`, not in a file that this extends.
    pub is_own: bool,
}

/// What a document demands of an operation's callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Security {
    /// Neither the operation nor the root has a `security` key.
    Undeclared,
    /// A `security` key stands somewhere.
    Declared {
        /// Whose: [`LayerKind::Operation`] or [`LayerKind::Root`].
        layer: LayerKind,
        /// The key's value.
        span: Span,
        /// Any one of these suffices. Empty for `security: []`.
        alternatives: Arc<[Alternative]>,
    },
}

/// One security requirement: all of its schemes together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// The requirement object.
    pub span: Span,
    /// Its schemes, in source order; empty for `{}`, which lets anyone in.
    pub schemes: Vec<Requirement>,
}

/// One scheme of a requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The scheme's name as written.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// The scheme it names; `None` when nothing declares it (which is an error by then).
    pub scheme: Option<SchemeIndex>,
    /// The scopes or roles, in source order.
    pub scopes: Vec<String>,
}

/// A declared security scheme.
#[derive(Clone, Debug)]
pub struct Scheme {
    /// The name under which it is declared.
    pub name: String,
    /// Where its name stands.
    pub span: Span,
    /// Who declares it.
    pub declared_by: DeclaredBy,
    /// Where its credential stands in a request; `None` when its declaration does not say (which is an
    /// error by then).
    pub place: Option<CredentialPlace>,
    /// How the gateway verifies its credentials, if it does.
    pub authenticator: Option<Spanned<Authenticator>>,
}

/// Who declares a security scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeclaredBy {
    /// `security-schemes` of `gw.yaml`.
    Project,
    /// `components.securitySchemes` of an API's document.
    Document(ApiIndex),
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Span,
}

/// How many request schemas an operation declares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RequestSchemas {
    /// Parameters (path, query, header, cookie) of the operation and its path item.
    pub parameters: u32,
    /// Media types of the request body.
    pub bodies: u32,
}

impl RequestSchemas {
    /// Whether the document declares anything about requests that a validator would check.
    pub fn any(self) -> bool {
        self.parameters > 0 || self.bodies > 0
    }
}

/// A response that the document gives as an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The status, 100 to 599.
    pub status: u16,
    /// The media type; `None` for a response without a body.
    pub content_type: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// A declared upstream.
#[derive(Clone, Debug)]
pub struct Upstream {
    /// Its name, unique in the project.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// Endpoints that hold unless the bindings replace them; may be empty.
    pub endpoints: Vec<Spanned<EndpointAddress>>,
    /// How an endpoint is chosen.
    pub balance: Balance,
    /// `limits.requests`: requests in flight at once, at least 1.
    pub max_requests: u32,
    /// Everything else that is said about it.
    pub policy: UpstreamPolicy,
}

/// A declared listener.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// Its name, unique in the project.
    pub name: String,
    /// Where the name stands; `None` for the built-in `public`.
    pub span: Option<Span>,
    /// Everything else that is said about it.
    pub policy: ListenerPolicy,
}

/// One occurrence of a key or a value that nothing enforces yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unenforced {
    /// The key as its row in the key table names it (`x-gw-rate-limit`, `upstreams.*.tls`), with the value
    /// where only the value is ahead of its time (`balance: maglev`). Findings are grouped by it.
    pub key: String,
    /// The key in the source.
    pub span: Span,
    /// Where it stands in its own file; only told for the first occurrence of each key, else the root.
    pub pointer: Pointer,
    /// The operation at which it stands; `None` at a root, a path item or in `gw.yaml`.
    pub operation: Option<OperationIndex>,
    /// The API in whose document it stands; `None` in `gw.yaml`.
    pub api: Option<ApiIndex>,
}
