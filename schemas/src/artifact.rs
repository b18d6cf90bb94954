//! The artifact as a value: immutable, and valid by construction.

use std::collections::BTreeSet;

use crate::expression::Expression;
use crate::model::{
    Access, AccessId, AccessList, AccessListId, Api, ConditionId, HostPattern, Listener, Operation,
    OperationId, PathEdit, PathItem, PathItemId, Scheme, Site, SiteId, Tables, Upstream, Verifier,
    VerifierId,
};

/// Tables that hold every promise the runtime relies on. Nobody re-checks it.
///
/// INVARIANT: every id is in range of its table, every trie value names a path item, names are unique,
/// there is at least one operation and one listener, at most one site is for any host, no host stands in two
/// sites, an access list refuses somebody, no requirement is empty, no credential stands in a header that gw sets or drops, no verifier judges credentials of another kind, and no base that falls away is longer than its template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    tables: Tables,
    any_host: Option<SiteId>,
    /// For each site, the lists of its operations; empty where one operation has none.
    site_lists: Vec<Vec<AccessListId>>,
    /// The same for all operations.
    all_lists: Vec<AccessListId>,
    /// What [`Artifact::identity_headers`] says.
    identity_headers: Vec<String>,
    /// Part of a [`Draft`](crate::Draft): it is never written.
    is_draft: bool,
}

/// A promise that the tables do not keep.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BrokenInvariant(pub String);

impl Artifact {
    /// The only way to make one: checks every invariant.
    ///
    /// # Errors
    /// The first promise that the tables break, in words.
    pub fn new(tables: Tables) -> Result<Self, BrokenInvariant> {
        invariants::check(&tables)?;
        let any_host = tables.sites.iter().position(|site| site.hosts.is_empty()).map(|at| SiteId(at as u32));
        let site_lists = tables.sites.iter().map(|site| lists::of_site(&tables, site)).collect();
        let all_lists = lists::of(tables.operations.iter());
        let identity_headers = identity_headers(&tables);
        Ok(Self { tables, any_host, site_lists, all_lists, identity_headers, is_draft: false })
    }

    /// The same for a draft.
    pub(crate) fn draft(tables: Tables) -> Result<Self, BrokenInvariant> {
        Ok(Self { is_draft: true, ..Self::new(tables)? })
    }

    /// Whether it is part of a draft.
    pub(crate) fn is_draft(&self) -> bool {
        self.is_draft
    }

    /// All tables, for those who print or compare them.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// The project's name.
    pub fn project(&self) -> &str {
        &self.tables.project
    }

    /// The listener names that bindings must give addresses for.
    pub fn listeners(&self) -> &[Listener] {
        &self.tables.listeners
    }

    /// The services, in the order of their ids.
    pub fn upstreams(&self) -> &[Upstream] {
        &self.tables.upstreams
    }

    /// The operations, in the order of their ids.
    pub fn operations(&self) -> &[Operation] {
        &self.tables.operations
    }

    /// One operation.
    pub fn operation(&self, id: OperationId) -> &Operation {
        &self.tables.operations[id.index()]
    }

    /// The API of an operation.
    pub fn api_of(&self, operation: &Operation) -> &Api {
        &self.tables.apis[operation.api.index()]
    }

    /// What an operation demands of its caller.
    pub fn access_of(&self, operation: &Operation) -> &Access {
        &self.tables.access[operation.access.index()]
    }

    /// One access list.
    pub fn access_list(&self, id: AccessListId) -> &AccessList {
        &self.tables.access_lists[id.index()]
    }

    /// The lists of which one at least must let in who asks for what a site does not publish, or, without a site, for
    /// what nobody publishes: those of the operations that could have been meant. Empty: anybody may ask.
    pub fn lists_of(&self, site: Option<SiteId>) -> &[AccessListId] {
        site.map_or(&self.all_lists, |site| &self.site_lists[site.index()])
    }

    /// The service that an operation is sent to.
    pub fn upstream_of(&self, operation: &Operation) -> &Upstream {
        &self.tables.upstreams[operation.forward.upstream.index()]
    }

    /// One path item.
    pub fn path_item(&self, id: PathItemId) -> &PathItem {
        &self.tables.path_items[id.index()]
    }

    /// One place of a credential.
    pub fn scheme(&self, id: crate::model::SchemeId) -> &Scheme {
        &self.tables.schemes[id.index()]
    }

    /// One demand on callers.
    pub fn access(&self, id: AccessId) -> &Access {
        &self.tables.access[id.index()]
    }

    /// One condition on callers.
    pub fn condition(&self, id: ConditionId) -> &Expression {
        &self.tables.conditions[id.index()]
    }

    /// How one kind of credential is verified.
    pub fn verifier(&self, id: VerifierId) -> &Verifier {
        &self.tables.verifiers[id.index()]
    }

    /// The headers in which some operation's upstream is told who the caller is, sorted. No caller speaks through them.
    pub fn identity_headers(&self) -> &[String] {
        &self.identity_headers
    }

    /// The site of a host (lower case, no port): an exact name before the longest suffix before any host.
    /// O(hosts of the artifact), which is a handful; allocates nothing.
    pub fn site_of(&self, host: &str) -> Option<SiteId> {
        let mut best: Option<(usize, SiteId)> = None;
        for (site, id) in self.tables.sites.iter().zip(0..) {
            for pattern in site.hosts.iter().filter(|pattern| pattern.matches(host)) {
                match pattern {
                    HostPattern::Exact(_) => return Some(SiteId(id)),
                    HostPattern::Suffix(suffix) => {
                        if best.is_none_or(|(longest, _)| suffix.len() > longest) {
                            best = Some((suffix.len(), SiteId(id)));
                        }
                    }
                }
            }
        }
        best.map(|(_, site)| site).or(self.any_host)
    }

    /// One site.
    pub fn site(&self, id: SiteId) -> &Site {
        &self.tables.sites[id.index()]
    }
}

fn identity_headers(tables: &Tables) -> Vec<String> {
    let set = tables.access.iter().flat_map(|access| match access {
        Access::Public | Access::Delegated { .. } => [].as_slice(),
        Access::Verified { forward, .. } => forward.as_slice(),
    });
    let names: BTreeSet<&String> = set.map(|header| &header.name).collect();
    names.into_iter().cloned().collect()
}

mod lists {
    //! The access lists of many operations.

    use std::collections::BTreeSet;

    use super::{AccessListId, Operation, Site, Tables};

    /// Each list once; none where one of the operations has none, since anybody may ask for that.
    pub(super) fn of<'t>(operations: impl Iterator<Item = &'t Operation>) -> Vec<AccessListId> {
        let lists: Option<BTreeSet<AccessListId>> =
            operations.map(|operation| operation.access_list).collect();
        lists.unwrap_or_default().into_iter().collect()
    }

    pub(super) fn of_site(tables: &Tables, site: &Site) -> Vec<AccessListId> {
        let items = site.paths.values().map(|item| &tables.path_items[item as usize]);
        let operations = items.flat_map(|item| &item.methods);
        of(operations.map(|(_, operation)| &tables.operations[operation.index()]))
    }
}

mod invariants {
    //! What [`Artifact::new`](super::Artifact::new) checks, one promise per function.

    use std::collections::BTreeSet;

    use super::{Access, AccessList, BrokenInvariant, Listener, PathEdit, Scheme, Tables, Verifier};
    use crate::address_set::AddressSet;
    use crate::model::{
        Capacity, HeaderRule, IdentityHeader, ListenerCeilings, MethodRule, Need, is_reserved_header,
        is_server_name,
    };

    pub(super) fn check(tables: &Tables) -> Result<(), BrokenInvariant> {
        not_empty(tables)?;
        unique_names(tables)?;
        sites(tables)?;
        path_items(tables)?;
        operations(tables)?;
        access_lists(tables)?;
        access(tables)?;
        schemes(tables)?;
        verifiers(tables)?;
        upstreams(tables)?;
        capacity(tables)?;
        ceilings(tables)
    }

    fn broken(promise: impl Into<String>) -> BrokenInvariant {
        BrokenInvariant(promise.into())
    }

    fn ensure(holds: bool, promise: impl FnOnce() -> String) -> Result<(), BrokenInvariant> {
        if holds { Ok(()) } else { Err(broken(promise())) }
    }

    fn not_empty(tables: &Tables) -> Result<(), BrokenInvariant> {
        ensure(!tables.operations.is_empty(), || "there is no operation".into())?;
        ensure(!tables.listeners.is_empty(), || "there is no listener".into())?;
        for listener in &tables.listeners {
            let (name, proxies) = (&listener.name, listener.proxy_protocol.as_ref());
            let lets_somebody_in = proxies.is_none_or(|proxies| proxies.unix || !proxies.from.is_empty());
            ensure(lets_somebody_in, || format!("listener `{name}` takes connections from nobody"))?;
        }
        let name = tables.project.as_bytes();
        let is_token = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        ensure(!name.is_empty() && name.len() <= 64 && name.iter().all(is_token), || {
            "the project's name is not a token of at most 64 letters, digits, `-`, `_` and `.`".into()
        })
    }

    fn unique_names(tables: &Tables) -> Result<(), BrokenInvariant> {
        let all_unique = |what: &str, names: &mut dyn Iterator<Item = &str>| {
            let mut seen = BTreeSet::new();
            for name in names {
                ensure(seen.insert(name), || format!("{what} `{name}` stands in the tables twice"))?;
            }
            Ok(())
        };
        all_unique("API", &mut tables.apis.iter().map(|api| api.name.as_str()))?;
        all_unique("listener", &mut tables.listeners.iter().map(|listener| listener.name.as_str()))?;
        all_unique("upstream", &mut tables.upstreams.iter().map(|upstream| upstream.name.as_str()))
    }

    fn sites(tables: &Tables) -> Result<(), BrokenInvariant> {
        let mut hosts = BTreeSet::new();
        let any_host = tables.sites.iter().filter(|site| site.hosts.is_empty()).count();
        ensure(any_host <= 1, || "two sites are for any host".into())?;
        for site in &tables.sites {
            for host in &site.hosts {
                ensure(hosts.insert(host), || format!("host {host:?} stands in two sites"))?;
            }
            site.paths.check(tables.path_items.len()).map_err(|defect| broken(defect.to_string()))?;
        }
        Ok(())
    }

    fn path_items(tables: &Tables) -> Result<(), BrokenInvariant> {
        for item in &tables.path_items {
            ensure(!item.methods.is_empty(), || "a path item has no method".into())?;
            ensure(item.methods.is_sorted_by(|a, b| a.0 < b.0), || {
                "a path item's methods are not sorted".into()
            })?;
            let in_range =
                item.methods.iter().all(|(_, operation)| operation.index() < tables.operations.len());
            ensure(in_range, || "a path item names an operation that is not there".into())?;
            ensure(is_field_value(&item.allow), || "an `Allow` value is no field value".into())?;
        }
        Ok(())
    }

    fn operations(tables: &Tables) -> Result<(), BrokenInvariant> {
        for operation in &tables.operations {
            let name = &operation.name;
            ensure(operation.api.index() < tables.apis.len(), || format!("`{name}` has no API"))?;
            ensure(operation.access.index() < tables.access.len(), || {
                format!("`{name}` has no access rule")
            })?;
            ensure(
                operation.access_list.is_none_or(|list| list.index() < tables.access_lists.len()),
                || format!("`{name}` has no such access list"),
            )?;
            let forward = &operation.forward;
            ensure(forward.upstream.index() < tables.upstreams.len(), || {
                format!("`{name}` has no upstream")
            })?;
            if let super::super::model::HostEdit::Fixed(host) = &forward.host {
                ensure(!host.is_empty() && is_field_value(host), || format!("`{name}` has a bad host"))?;
            }
            if let PathEdit::ReplaceBase { base, prefix } = &forward.path {
                let base = usize::from(*base);
                let whole = operation.template.get(..base).is_some_and(|base| !base.contains(['{', '}']));
                let rest = operation.template.get(base..).unwrap_or("");
                ensure(whole && (rest.is_empty() || rest.starts_with('/')), || {
                    format!("the base of `{name}` is not a literal part of its template")
                })?;
                let prefixed = prefix.is_empty() || prefix.starts_with('/') && !prefix.ends_with('/');
                ensure(prefixed && crate::canonical_path::is_canonical_prefix(prefix), || {
                    format!("the prefix of `{name}` is not a canonical path")
                })?;
            }
        }
        Ok(())
    }

    fn access_lists(tables: &Tables) -> Result<(), BrokenInvariant> {
        for list in &tables.access_lists {
            let AccessList { addresses, methods, headers } = list;
            ensure(
                *addresses != AddressSet::all() || *methods != MethodRule::Any || !headers.is_empty(),
                || "an access list refuses nobody".into(),
            )?;
            ensure(headers.is_sorted_by(|a, b| a.name < b.name), || {
                "the headers of an access list are not in order".into()
            })?;
            let speaks = |rule: &HeaderRule| rule.allow.is_some() || rule.deny.is_some();
            ensure(headers.iter().all(|rule| is_field_name(&rule.name) && speaks(rule)), || {
                "a header of an access list has no name, or nothing to say".into()
            })?;
            let in_order = match methods {
                MethodRule::Any => true,
                MethodRule::Only(methods) | MethodRule::Not(methods) => methods.is_sorted_by(|a, b| a < b),
            };
            ensure(in_order, || "the methods of an access list are not in order".into())?;
        }
        Ok(())
    }

    fn access(tables: &Tables) -> Result<(), BrokenInvariant> {
        for access in &tables.access {
            let (Access::Delegated { alternatives, challenges }
            | Access::Verified { alternatives, challenges, .. }) = access
            else {
                continue;
            };
            ensure(!alternatives.is_empty(), || "a demand on callers has no alternative".into())?;
            let delegated = matches!(access, Access::Delegated { .. });
            for alternative in alternatives {
                ensure(!alternative.needs.is_empty(), || {
                    "a requirement without scheme stands as a demand".into()
                })?;
                alternative.needs.iter().try_for_each(|need| self::need(tables, need, delegated))?;
            }
            ensure(challenges.iter().all(|challenge| is_field_value(challenge)), || {
                "a challenge is no field value".into()
            })?;
            if let Access::Verified { claims, forward, .. } = access {
                identity_headers(forward)?;
                let in_range = claims.is_none_or(|claims| claims.index() < tables.conditions.len());
                ensure(in_range, || "a demand names a condition that is not there".into())?;
            }
        }
        Ok(())
    }

    fn identity_headers(headers: &[IdentityHeader]) -> Result<(), BrokenInvariant> {
        ensure(headers.is_sorted_by(|a, b| a.name < b.name), || {
            "headers that tell the caller are not in order".into()
        })?;
        headers.iter().try_for_each(|IdentityHeader { name, .. }| {
            let holds = is_field_name(name) && !is_reserved_header(name);
            ensure(holds, || format!("header `{name}` cannot tell the caller"))
        })
    }

    fn need(tables: &Tables, need: &Need, delegated: bool) -> Result<(), BrokenInvariant> {
        let scheme = tables.schemes.get(need.scheme.index());
        let scheme = scheme.ok_or_else(|| broken("a requirement names a scheme that is not there"))?;
        let Some(verifier) = need.verifier else {
            return ensure(need.scopes.is_empty(), || "scopes are demanded that nobody knows".into());
        };
        ensure(!delegated, || "a credential is delegated, and verified".into())?;
        let verifier = tables.verifiers.get(verifier.index());
        let verifier = verifier.ok_or_else(|| broken("a requirement names a verifier that is not there"))?;
        ensure(need.scopes.is_sorted_by(|a, b| a < b), || "scopes are not in order".into())?;
        let fits = match verifier {
            Verifier::Keys(_) => *scheme != Scheme::ClientCertificate,
            Verifier::ClientCertificate { .. } => *scheme == Scheme::ClientCertificate,
        };
        ensure(fits, || "a credential is verified as if it were of another kind".into())
    }

    fn verifiers(tables: &Tables) -> Result<(), BrokenInvariant> {
        let names = &tables.key_sets;
        ensure(names.is_sorted_by(|a, b| a < b), || "sets of keys are not in order".into())?;
        tables.verifiers.iter().try_for_each(|verifier| match verifier {
            Verifier::Keys(set) => ensure(set.index() < names.len(), || {
                "a verifier names a set of keys that is not there".into()
            }),
            Verifier::ClientCertificate { names } => {
                ensure(names.is_sorted_by(|a, b| a < b), || "names of certificates are not in order".into())
            }
        })
    }

    fn schemes(tables: &Tables) -> Result<(), BrokenInvariant> {
        for scheme in &tables.schemes {
            if let Scheme::Header(name) = scheme {
                ensure(!is_reserved_header(name), || {
                    format!("header `{name}` is gw's own, and no credential")
                })?;
            }
        }
        Ok(())
    }

    fn upstreams(tables: &Tables) -> Result<(), BrokenInvariant> {
        for upstream in &tables.upstreams {
            ensure(upstream.max_requests > 0, || format!("upstream `{}` admits no request", upstream.name))?;
            for endpoint in &upstream.endpoints {
                ensure(endpoint.url().parse().as_ref() == Ok(endpoint), || {
                    format!("`{endpoint}` is not an endpoint")
                })?;
                ensure(endpoint.scheme == upstream.scheme(), || {
                    format!("`{}` does not speak what upstream `{}` does", endpoint.url(), upstream.name)
                })?;
            }
            let name = upstream.tls.as_ref().and_then(|tls| tls.server_name.as_deref());
            ensure(name.is_none_or(is_server_name), || {
                format!("upstream `{}` has no name that TLS can ask for", upstream.name)
            })?;
        }
        Ok(())
    }

    fn capacity(tables: &Tables) -> Result<(), BrokenInvariant> {
        let connections = tables.capacity.connections;
        ensure((1..=Capacity::MOST_CONNECTIONS).contains(&connections), || {
            format!("{connections} connections are none, or more than a gateway takes on")
        })
    }

    fn ceilings(tables: &Tables) -> Result<(), BrokenInvariant> {
        for Listener { name, ceilings: ListenerCeilings { connections, per_address }, .. } in
            &tables.listeners
        {
            let around = connections.unwrap_or(tables.capacity.connections);
            let holds = (1..=tables.capacity.connections).contains(&around)
                && per_address.is_none_or(|most| (1..=around).contains(&most));
            ensure(holds, || format!("a ceiling of listener `{name}` is 0, or above the one around it"))?;
        }
        Ok(())
    }

    /// A token in lower case (RFC 9110 §5.1, §5.6.2).
    fn is_field_name(text: &str) -> bool {
        let is_token_byte =
            |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"!#$%&'*+-.^_`|~".contains(&b);
        !text.is_empty() && text.bytes().all(is_token_byte)
    }

    /// RFC 9110 §5.5, without the obsolete bytes.
    fn is_field_value(text: &str) -> bool {
        text.bytes().all(|b| (0x20..0x7f).contains(&b)) && text.trim() == text
    }
}
