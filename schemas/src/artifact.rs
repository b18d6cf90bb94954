//! The artifact as a value: immutable, and valid by construction.

use crate::model::{
    Access, Api, HostPattern, Listener, Operation, OperationId, PathEdit, PathItem, PathItemId, Scheme, Site,
    SiteId, Tables, Upstream,
};

/// Tables that hold every promise the runtime relies on. Nobody re-checks it.
///
/// INVARIANT: every id is in range of its table, every trie value names a path item, names are unique,
/// there is at least one operation and one listener, at most one site is for any host, no host stands in two
/// sites, no requirement is empty, no credential stands in a header that gw sets or drops, and no base that falls away is longer than its template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    tables: Tables,
    any_host: Option<SiteId>,
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
        Ok(Self { tables, any_host, is_draft: false })
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

    /// The site of a host (lower case, no port): an exact name before the longest suffix before any host.
    /// O(hosts of the artifact), which is a handful; allocates nothing.
    pub fn site_of(&self, host: &str) -> Option<&Site> {
        let mut best: Option<(usize, &Site)> = None;
        for site in &self.tables.sites {
            for pattern in site.hosts.iter().filter(|pattern| pattern.matches(host)) {
                match pattern {
                    HostPattern::Exact(_) => return Some(site),
                    HostPattern::Suffix(suffix) => {
                        if best.is_none_or(|(longest, _)| suffix.len() > longest) {
                            best = Some((suffix.len(), site));
                        }
                    }
                }
            }
        }
        best.map(|(_, site)| site).or(self.any_host.map(|id| &self.tables.sites[id.index()]))
    }
}

mod invariants {
    //! What [`Artifact::new`](super::Artifact::new) checks, one promise per function.

    use std::collections::BTreeSet;

    use super::{Access, BrokenInvariant, PathEdit, Scheme, Tables};
    use crate::model::{Capacity, is_reserved_header};

    pub(super) fn check(tables: &Tables) -> Result<(), BrokenInvariant> {
        not_empty(tables)?;
        unique_names(tables)?;
        sites(tables)?;
        path_items(tables)?;
        operations(tables)?;
        access(tables)?;
        schemes(tables)?;
        upstreams(tables)?;
        capacity(tables)
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

    fn access(tables: &Tables) -> Result<(), BrokenInvariant> {
        for access in &tables.access {
            let (Access::Delegated { alternatives, challenges }
            | Access::Unverifiable { alternatives, challenges }) = access
            else {
                continue;
            };
            ensure(!alternatives.is_empty(), || "a demand on callers has no alternative".into())?;
            for alternative in alternatives {
                ensure(!alternative.schemes.is_empty(), || {
                    "a requirement without scheme stands as a demand".into()
                })?;
                let in_range = alternative.schemes.iter().all(|scheme| scheme.index() < tables.schemes.len());
                ensure(in_range, || "a requirement names a scheme that is not there".into())?;
            }
            ensure(challenges.iter().all(|challenge| is_field_value(challenge)), || {
                "a challenge is no field value".into()
            })?;
        }
        Ok(())
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
                let read = format!("http://{endpoint}").parse();
                ensure(read.as_ref() == Ok(endpoint), || format!("`{endpoint}` is not an endpoint"))?;
            }
        }
        Ok(())
    }

    fn capacity(tables: &Tables) -> Result<(), BrokenInvariant> {
        let connections = tables.capacity.connections;
        ensure((1..=Capacity::MOST_CONNECTIONS).contains(&connections), || {
            format!("{connections} connections are none, or more than a gateway takes on")
        })
    }

    /// RFC 9110 §5.5, without the obsolete bytes.
    fn is_field_value(text: &str) -> bool {
        text.bytes().all(|b| (0x20..0x7f).contains(&b)) && text.trim() == text
    }
}
