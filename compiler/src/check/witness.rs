//! What a witness request is made of: hosts that lead to a site, and operations as a witness names them.

use gw_artifact::model::HostPattern;
use gw_syntax::{Declaration, Diagnostic, Witness};

use super::Context;
use super::routes::Published;

/// An operation under one of its public templates.
pub(crate) fn declaration(context: &Context<'_>, row: &Published) -> Declaration {
    let operation = &context.resolved.operations[row.operation];
    Declaration { span: operation.span, route: format!("{} {}", operation.method, row.template) }
}

/// The finding with its witness, where there is one.
pub(crate) fn with_witness(finding: Diagnostic, witness: Option<Witness>) -> Diagnostic {
    match witness {
        Some(witness) => finding.with_witness(witness),
        None => finding,
    }
}

/// What is sent as `Host` to reach one of several sites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Authority {
    /// Any host does.
    Any,
    /// This one.
    Host(String),
}

impl Authority {
    /// As [`gw_syntax::Witness::to`] takes it.
    pub(crate) fn host(&self) -> Option<&str> {
        match self {
            Self::Any => None,
            Self::Host(host) => Some(host),
        }
    }
}

/// A host that the site at `at` answers; `sites` are the hosts of all sites, none for any host. `None` when more
/// specific sites claim every name that was tried.
pub(crate) fn authority(sites: &[&[HostPattern]], at: usize) -> Option<Authority> {
    let is_ours = |host: &String| site_of(sites, host) == Some(at);
    if sites[at].is_empty() {
        // What people paste names `localhost` where nothing is said.
        if is_ours(&"localhost".to_owned()) {
            return Some(Authority::Any);
        }
        return names("").find(is_ours).map(Authority::Host);
    }
    let of_pattern = |pattern: &HostPattern| match pattern {
        HostPattern::Exact(host) => Some(host.clone()),
        HostPattern::Suffix(suffix) => names(suffix).find(is_ours),
    };
    sites[at].iter().find_map(of_pattern).map(Authority::Host)
}

/// A few unlikely names: somebody would have to claim them all.
fn names(suffix: &str) -> impl Iterator<Item = String> {
    ["x", "any", "some-host", "another-host"].into_iter().map(move |name| format!("{name}{suffix}"))
}

/// As `Artifact::site_of` decides: an exact name before the longest suffix before any host.
fn site_of(sites: &[&[HostPattern]], host: &str) -> Option<usize> {
    let weight = |pattern: &HostPattern| match pattern {
        HostPattern::Exact(_) => usize::MAX,
        HostPattern::Suffix(suffix) => suffix.len(),
    };
    let weight_of = |hosts: &[HostPattern]| match hosts {
        [] => Some(0),
        hosts => hosts.iter().filter(|pattern| pattern.matches(host)).map(weight).max(),
    };
    let claims = sites.iter().enumerate().filter_map(|(at, hosts)| Some((weight_of(hosts)?, at)));
    claims.max_by_key(|(weight, _)| *weight).map(|(_, at)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(host: &str) -> HostPattern {
        HostPattern::Exact(host.to_owned())
    }

    fn suffix(host: &str) -> HostPattern {
        HostPattern::Suffix(host.to_owned())
    }

    #[test]
    fn a_host_is_one_that_no_other_site_claims() {
        let hosts: [&[HostPattern]; 4] =
            [&[], &[exact("localhost"), exact("x.a.com")], &[suffix(".a.com")], &[suffix(".b.a.com")]];
        let named = |at| authority(&hosts, at).and_then(|authority| authority.host().map(str::to_owned));
        assert_eq!(named(0).as_deref(), Some("x"));
        assert_eq!(named(1).as_deref(), Some("localhost"));
        assert_eq!(named(2).as_deref(), Some("any.a.com"));
        assert_eq!(named(3).as_deref(), Some("x.b.a.com"));
        assert_eq!(authority(&[&[]], 0), Some(Authority::Any));
    }

    #[test]
    fn a_site_whose_names_are_all_taken_has_none() {
        let taken = ["x", "any", "some-host", "another-host"].map(|name| exact(&format!("{name}.a.com")));
        let wild = [suffix(".a.com")];
        assert_eq!(authority(&[&taken, &wild], 1), None);
    }
}
