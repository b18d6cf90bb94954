//! Sites with their tries, and the path items that the tries lead to.

use std::collections::{BTreeMap, BTreeSet};

use gw_artifact::model::{Method, OperationId, PathItem as Row, Site};
use gw_artifact::path_trie::{PathTrie, Template};

use super::operations::OperationTable;
use crate::check::{PathItem, Routes, SiteRoutes};

/// Declared methods, in their order: what makes a path item.
type Methods = Vec<(Method, OperationId)>;

/// Sites by their hosts; path items in the order of their first operations, each once however many sites have it.
pub(super) fn lower(routes: &Routes, operations: &OperationTable) -> (Vec<Site>, Vec<Row>) {
    let all = routes.sites.iter().flat_map(|site| &site.items);
    let mut positions: BTreeMap<Methods, u32> = all.map(|item| (methods(item, operations), 0)).collect();
    for (index, position) in positions.values_mut().enumerate() {
        *position = index as u32;
    }
    let mut sites: Vec<Site> =
        routes.sites.iter().map(|site| lower_one(site, operations, &positions)).collect();
    sites.sort_by(|a, b| a.hosts.cmp(&b.hosts));
    let items = positions.into_keys().map(|methods| Row { allow: allow(&methods), methods }).collect();
    (sites, items)
}

fn lower_one(site: &SiteRoutes, operations: &OperationTable, positions: &BTreeMap<Methods, u32>) -> Site {
    let templates: Vec<(Template, u32)> = site
        .items
        .iter()
        .map(|item| (item.template.clone(), positions[&methods(item, operations)]))
        .collect();
    let paths = PathTrie::build_with(&templates, &site.rules)
        .expect("the gate gave each site each shape once, and rules about its items");
    let mut hosts = site.hosts.clone();
    hosts.sort();
    Site { hosts, paths }
}

fn methods(item: &PathItem, operations: &OperationTable) -> Methods {
    item.methods.iter().map(|(method, row)| (*method, operations.ids[*row])).collect()
}

/// Declared methods, `HEAD` where `GET` is, and `OPTIONS`, in the order of [`Method`].
fn allow(methods: &Methods) -> String {
    let mut answered: BTreeSet<Method> = methods.iter().map(|(declared, _)| *declared).collect();
    answered.insert(Method::Options);
    if answered.contains(&Method::Get) {
        answered.insert(Method::Head);
    }
    let names: Vec<&str> = answered.iter().map(Method::as_str).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allow_lists_what_is_synthesized_too() {
        let row = |method| (method, OperationId(0));
        assert_eq!(allow(&vec![row(Method::Get), row(Method::Post)]), "GET, HEAD, POST, OPTIONS");
        assert_eq!(allow(&vec![row(Method::Delete)]), "DELETE, OPTIONS");
        let purge = Method::from_wire("PURGE").expect("a token");
        assert_eq!(allow(&vec![row(Method::Query), row(purge)]), "OPTIONS, QUERY, PURGE");
    }
}
