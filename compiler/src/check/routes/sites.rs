//! Which operations each host answers: those published for it, and those of every wider pattern.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gw_artifact::model::HostPattern;

use super::Published;
use super::places::Hosts;

/// Sets of hosts with the positions of what they answer. No hosts: any host that no other set claims.
///
/// Hosts that answer the same stand together, and a host that answers just what its widest pattern answers is
/// left out, so that equal projects give equal sites however they are written.
pub(super) fn all(published: &[Published]) -> Vec<(Vec<HostPattern>, Vec<usize>)> {
    let groups = groups(published);
    let patterns: BTreeSet<&Option<HostPattern>> =
        groups.iter().flat_map(|(hosts, _)| hosts.iter()).collect();
    let members: BTreeMap<&Option<HostPattern>, Vec<usize>> =
        patterns.iter().map(|&pattern| (pattern, members(&groups, pattern.as_ref()))).collect();
    let mut sites: BTreeMap<&[usize], Vec<HostPattern>> = BTreeMap::new();
    for (pattern, ours) in &members {
        if let Some(host) = pattern
            && wider(host, &members) != Some(ours)
        {
            sites.entry(ours).or_default().push(host.clone());
        }
    }
    let any = members.get(&None).map(|ours| (Vec::new(), ours.clone()));
    any.into_iter().chain(sites.into_iter().map(|(ours, hosts)| (hosts, ours.to_vec()))).collect()
}

/// What stands under the same hosts, together: usually one group for each API.
fn groups(published: &[Published]) -> Vec<(&Hosts, Vec<usize>)> {
    // Equal sets are one set already, and telling them apart by their places costs no comparison of hosts.
    let mut groups: BTreeMap<_, (&Hosts, Vec<usize>)> = BTreeMap::new();
    for (index, row) in published.iter().enumerate() {
        groups.entry(Arc::as_ptr(&row.hosts)).or_insert((&row.hosts, Vec::new())).1.push(index);
    }
    groups.into_values().collect()
}

fn members(groups: &[(&Hosts, Vec<usize>)], pattern: Option<&HostPattern>) -> Vec<usize> {
    let ours = groups.iter().filter(|(hosts, _)| hosts.iter().any(|host| covers(host.as_ref(), pattern)));
    let mut members: Vec<usize> = ours.flat_map(|(_, rows)| rows.iter().copied()).collect();
    members.sort_unstable();
    members
}

/// Whether every host that `narrow` means is meant by `wide`.
pub(super) fn covers(wide: Option<&HostPattern>, narrow: Option<&HostPattern>) -> bool {
    match (wide, narrow) {
        (None, _) => true,
        (Some(_), None) | (Some(HostPattern::Exact(_)), Some(HostPattern::Suffix(_))) => false,
        (Some(HostPattern::Suffix(wide)), Some(HostPattern::Suffix(narrow))) => {
            narrow.ends_with(wide.as_str())
        }
        (Some(wide), Some(HostPattern::Exact(host))) => wide.matches(host),
    }
}

/// What `host` would answer if it were not named: what its longest wider pattern answers.
fn wider<'m>(
    host: &HostPattern,
    members: &'m BTreeMap<&Option<HostPattern>, Vec<usize>>,
) -> Option<&'m Vec<usize>> {
    let wider = members
        .iter()
        .filter(|(other, _)| other.as_ref() != Some(host) && covers(other.as_ref(), Some(host)));
    let length = |pattern: &Option<HostPattern>| match pattern {
        Some(HostPattern::Suffix(suffix)) => suffix.len(),
        Some(HostPattern::Exact(_)) | None => 0,
    };
    wider.max_by_key(|(pattern, _)| length(pattern)).map(|(_, rows)| rows)
}

#[cfg(test)]
mod tests {
    use gw_artifact::path_trie::Template;

    use super::*;

    fn exact(host: &str) -> HostPattern {
        HostPattern::Exact(host.to_owned())
    }

    fn suffix(host: &str) -> HostPattern {
        HostPattern::Suffix(host.to_owned())
    }

    fn published(hosts: &[Option<HostPattern>]) -> Published {
        Published {
            operation: 0,
            base: String::new(),
            template: Template::parse("/").unwrap(),
            hosts: Arc::new(hosts.iter().cloned().collect()),
        }
    }

    #[test]
    fn a_host_answers_what_every_wider_pattern_answers() {
        let rows =
            [published(&[None]), published(&[Some(suffix(".a.com"))]), published(&[Some(exact("x.a.com"))])];
        let sites = all(&rows);
        let members: Vec<&[usize]> = sites.iter().map(|(_, members)| members.as_slice()).collect();
        assert_eq!(members, [&[0][..], &[0, 1], &[0, 1, 2]]);
    }

    #[test]
    fn hosts_that_answer_the_same_stand_together() {
        let rows = [published(&[Some(exact("a.com")), Some(exact("b.com"))])];
        let hosts = vec![exact("a.com"), exact("b.com")];
        assert_eq!(all(&rows), [(hosts, vec![0])]);
    }

    #[test]
    fn a_host_that_adds_nothing_to_any_host_is_left_out() {
        assert_eq!(all(&[published(&[None, Some(exact("a.com"))])]), [(vec![], vec![0])]);
    }
}
