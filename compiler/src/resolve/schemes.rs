//! Security schemes and the requirements that name them.

use std::collections::{BTreeMap, BTreeSet};

use gw_artifact::model::LayerKind;
use gw_syntax::{Diagnostic, Kind, NodeRef, Sink, Span, nearest};

use super::codes;
use super::references::References;
use super::resolved::{
    Alternative, Api, ApiIndex, DeclaredBy, Requirement, Scheme, SchemeIndex, Security, Spanned,
};
use crate::parse::Parsed;
use crate::parse::codes as parse_codes;
use crate::parse::finding::finding_at;
use crate::parse::openapi::security::place_of;
use crate::parse::policy_file::PolicyFile;
use crate::policy::authenticator::{self, Authenticator};
use crate::vocabulary::annotations::PREFIX;

/// Every declared scheme, and which name means which.
#[derive(Debug, Default)]
pub(super) struct Schemes {
    rows: Vec<Scheme>,
    project: BTreeMap<String, SchemeIndex>,
    documents: BTreeMap<(ApiIndex, String), SchemeIndex>,
    /// By the place of the scheme's name: a document of several APIs is read, and told about, once.
    authenticators: BTreeMap<Span, Option<Spanned<Authenticator>>>,
    /// The scopes that each scheme of `oauth2` has in some flow; beside the rows. `None`: nothing says which there are.
    scopes: Vec<Option<BTreeSet<String>>>,
}

impl Schemes {
    /// Collects the schemes of `gw.yaml`, of what it extends, and of every API's document. Of a name that several
    /// files of the chain declare, the strongest file's holds.
    pub(super) fn declare(
        chain: &[&PolicyFile<'_>],
        parsed: &Parsed<'_>,
        apis: &[Api],
        references: &References<'_>,
        sink: &mut Sink,
    ) -> Self {
        let mut schemes = Schemes::default();
        for (name, node) in chain.iter().rev().flat_map(|file| &file.security_schemes) {
            if !name.scalar_text().is_some_and(|name| schemes.project.contains_key(name)) {
                schemes.add(DeclaredBy::Project, *name, *node, sink);
            }
        }
        for (index, api) in apis.iter().enumerate() {
            let document = parsed.documents.get(&api.document);
            for (name, node) in document.into_iter().flat_map(|document| document.security_schemes()) {
                schemes.add(DeclaredBy::Document(index), name, references.target(node), sink);
            }
        }
        schemes
    }

    /// The table of schemes.
    pub(super) fn into_rows(self) -> Vec<Scheme> {
        self.rows
    }

    /// What a `security` key demands.
    pub(super) fn security(
        &self,
        node: NodeRef<'_>,
        layer: LayerKind,
        api: ApiIndex,
        sink: &mut Sink,
    ) -> Security {
        if node.kind() != Kind::Sequence {
            sink.push_with(&parse_codes::OPENAPI_SHAPE, || misshapen(node, "`security` is a list"));
        }
        if node.span().len() > MAX_SECURITY_BYTES {
            sink.push_with(&codes::PROJECT_TOO_LARGE, || oversized(node));
            return Security::Undeclared;
        }
        let alternatives = node.items().map(|item| self.alternative(item, api, sink)).collect();
        Security::Declared { layer, span: node.span(), alternatives }
    }

    fn add(&mut self, declared_by: DeclaredBy, name: NodeRef<'_>, node: NodeRef<'_>, sink: &mut Sink) {
        let Some(text) = name.scalar_text() else { return };
        // A reference that leads nowhere is a finding already.
        let is_reference = node.get("$ref").is_some_and(|target| target.as_str().is_some());
        let place = if is_reference { None } else { place_of(text, node, declared_by, sink) };
        let authenticator = self
            .authenticators
            .entry(name.span())
            .or_insert_with(|| authenticator_of(node, declared_by, sink))
            .clone();
        let index = self.rows.len();
        self.scopes.push(scopes_of(node));
        match declared_by {
            DeclaredBy::Project => self.project.insert(text.to_owned(), index),
            DeclaredBy::Document(api) => self.documents.insert((api, text.to_owned()), index),
        };
        self.rows.push(Scheme {
            name: text.to_owned(),
            span: name.span(),
            declared_by,
            place,
            authenticator,
        });
    }

    fn alternative(&self, node: NodeRef<'_>, api: ApiIndex, sink: &mut Sink) -> Alternative {
        if node.kind() != Kind::Mapping {
            let what = "a security requirement is a mapping from a scheme to its scopes";
            sink.push_with(&parse_codes::OPENAPI_SHAPE, || misshapen(node, what));
        }
        let schemes =
            node.entries().map(|(name, scopes)| self.requirement(name, scopes, api, sink)).collect();
        Alternative { span: node.span(), schemes }
    }

    fn requirement(
        &self,
        name: NodeRef<'_>,
        scopes: NodeRef<'_>,
        api: ApiIndex,
        sink: &mut Sink,
    ) -> Requirement {
        let text = name.scalar_text().unwrap_or_default();
        let scheme = self.find(text, api);
        if scheme.is_none() {
            sink.push_with(&codes::SCHEME_UNKNOWN, || self.unknown(name, text, api));
        }
        let declared = scheme.and_then(|scheme| self.scopes[scheme].as_ref());
        for scope in declared.into_iter().flat_map(|declared| unknown_scopes(scopes, declared)) {
            sink.push_with(&codes::SCOPE_UNKNOWN, || unknown_scope(scope, text, declared));
        }
        Requirement {
            name: text.to_owned(),
            span: name.span(),
            scheme,
            scopes: scopes.items().filter_map(NodeRef::scalar_text).map(str::to_owned).collect(),
        }
    }

    /// The document's own scheme of that name before the project's.
    fn find(&self, name: &str, api: ApiIndex) -> Option<SchemeIndex> {
        self.documents.get(&(api, name.to_owned())).or_else(|| self.project.get(name)).copied()
    }

    fn unknown(&self, name: NodeRef<'_>, text: &str, api: ApiIndex) -> Diagnostic {
        let of_document = self.documents.keys().filter(|(owner, _)| *owner == api).map(|(_, name)| name);
        let known: Vec<&str> = of_document.chain(self.project.keys()).map(String::as_str).collect();
        let help = match nearest(text, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "declare it below `components.securitySchemes`, or below `security-schemes` of gw.yaml: \
                 `{text}: {}`",
                declaration_of(text)
            ),
        };
        let message = format!("nothing declares the security scheme `{text}`");
        finding_at(&codes::SCHEME_UNKNOWN, name, message).with_help(help)
    }
}

/// What a scheme of this name may be declared as.
fn declaration_of(name: &str) -> &'static str {
    let letters = name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
    if letters.collect::<Vec<u8>>().windows(6).any(|part| part == b"apikey") {
        "{type: apiKey, in: header, name: X-API-Key}"
    } else {
        "{type: http, scheme: bearer}"
    }
}

/// What the scheme's declaration says about verifying; the place is that of the key.
fn authenticator_of(
    node: NodeRef<'_>,
    declared_by: DeclaredBy,
    sink: &mut Sink,
) -> Option<Spanned<Authenticator>> {
    let key = match declared_by {
        DeclaredBy::Project => "authenticator".to_owned(),
        DeclaredBy::Document(_) => format!("{PREFIX}authenticator"),
    };
    let (key, value) = node.entry(&key)?;
    Some(Spanned { value: authenticator::read(value, sink)?, span: key.span() })
}

/// The scopes of all flows of a scheme of `oauth2` (OpenAPI 3.1 section 4.8.28).
fn scopes_of(node: NodeRef<'_>) -> Option<BTreeSet<String>> {
    node.get("type").and_then(NodeRef::as_str).filter(|kind| *kind == "oauth2")?;
    let flows = node.get("flows")?.entries().filter_map(|(_, flow)| flow.get("scopes"));
    let mut flows = flows.filter(|scopes| scopes.kind() == Kind::Mapping).peekable();
    flows.peek()?;
    let names = flows.flat_map(NodeRef::entries).filter_map(|(name, _)| name.scalar_text());
    Some(names.map(str::to_owned).collect())
}

fn unknown_scopes<'t>(
    scopes: NodeRef<'t>,
    declared: &'t BTreeSet<String>,
) -> impl Iterator<Item = NodeRef<'t>> {
    scopes.items().filter(|scope| scope.scalar_text().is_some_and(|name| !declared.contains(name)))
}

fn unknown_scope(node: NodeRef<'_>, scheme: &str, declared: Option<&BTreeSet<String>>) -> Diagnostic {
    let name = node.scalar_text().unwrap_or_default();
    let known = declared.into_iter().flatten().map(String::as_str);
    let help = match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "declare it below `scopes` of a flow, or remove it: callers cannot ask for what is not there"
            .to_owned(),
    };
    let message = format!("`{scheme}` has no scope `{name}` in any of its flows");
    finding_at(&codes::SCOPE_UNKNOWN, node, message).with_help(help)
}

/// The longest `security`, in bytes; it is kept with every operation that it covers.
const MAX_SECURITY_BYTES: u32 = 16 * 1024;

fn oversized(node: NodeRef<'_>) -> Diagnostic {
    let message = format!("`security` is longer than {MAX_SECURITY_BYTES} bytes");
    finding_at(&codes::PROJECT_TOO_LARGE, node, message)
        .with_help("name fewer alternatives; those that operations do not share belong to the operations")
}

fn misshapen(node: NodeRef<'_>, what: &str) -> Diagnostic {
    let message = format!("{what}, and this is {}", node.kind().described());
    finding_at(&parse_codes::OPENAPI_SHAPE, node, message)
        .with_help("`security: [{main: []}, {key: []}]` means `main` or `key`")
}
