//! The first suite of a new project: what is open answers, what is closed denies, what is not there is not there.

use std::fmt::Write as _;

use gw_artifact::Artifact;
use gw_artifact::canonical_path::canonicalize;
use gw_artifact::model::{Access, HostPattern, Method, Operation, Site};
use gw_artifact::path_trie::Captures;

/// A request that the artifact answers in a known way.
struct Case {
    name: String,
    method: Method,
    path: String,
    host: Host,
    expect: &'static str,
}

/// The text of the suite.
pub(super) fn first(artifact: &Artifact) -> String {
    let mut text = String::from(
        "# Run it with `gw test`: in virtual time, against the code that decides in production.\ntests:\n",
    );
    for case in cases(artifact) {
        let host = match case.host {
            Host::Any => String::new(),
            Host::Named(name) => format!(", host: {}", quoted(&name)),
        };
        write!(
            text,
            "  - name: {}\n    request: {{{}{}{host}}}\n    expect: {{{}}}\n",
            quoted(&case.name),
            key_of(case.method),
            quoted(&case.path),
            case.expect,
        )
        .expect("a String takes whatever is written to it");
    }
    text
}

/// What stands before the target of a request.
fn key_of(method: Method) -> String {
    match method {
        Method::Other(token) => format!("method: {}, target: ", quoted(token.as_str())),
        named => format!("{}: ", named.as_str().to_lowercase()),
    }
}

fn cases(artifact: &Artifact) -> Vec<Case> {
    let open = |access: &Access| matches!(access, Access::Public);
    let mut cases = Vec::new();
    if let Some((operation, path, host)) = reachable(artifact, open) {
        cases.push(Case {
            name: format!("anyone can call {}", operation.name),
            method: operation.method,
            path,
            host,
            expect: "status: 200",
        });
    }
    if let Some((operation, path, host)) = reachable(artifact, |access| !open(access)) {
        cases.push(Case {
            name: format!("{} needs a credential", operation.name),
            method: operation.method,
            path,
            host,
            expect: "status: 401, step: authorize, reason: credential-missing, upstream: none",
        });
    }
    cases.extend(nothing_here(artifact));
    cases
}

/// The first operation of the wanted kind for which a path can be made up that leads to it.
fn reachable(artifact: &Artifact, wanted: impl Fn(&Access) -> bool) -> Option<(&Operation, String, Host)> {
    let tables = artifact.tables();
    let items = tables.sites.iter().flat_map(|site| site.paths.values().map(move |item| (site, item)));
    let operations = items.flat_map(|(site, item)| {
        let methods = &tables.path_items[item as usize].methods;
        methods.iter().map(move |(_, operation)| (site, item, artifact.operation(*operation)))
    });
    let mut wanted: Vec<_> =
        operations.filter(|(_, _, operation)| wanted(artifact.access_of(operation))).collect();
    wanted.sort_by_key(|(_, _, operation)| (operation.method, &operation.template));
    wanted.into_iter().find_map(|(site, item, operation)| {
        let path = filled(&operation.template);
        let host = host(site)?;
        leads_to(site, &path, item).then_some((operation, path, host))
    })
}

/// The template with `1` for each variable.
fn filled(template: &str) -> String {
    let mut path = String::new();
    let mut rest = template;
    while let Some((before, variable)) = rest.split_once('{') {
        path.push_str(before);
        path.push('1');
        rest = variable.split_once('}').map_or("", |(_, behind)| behind);
    }
    path + rest
}

fn leads_to(site: &Site, path: &str, item: u32) -> bool {
    canonicalize(path).is_ok_and(|path| site.paths.find(path.as_str(), &mut Captures::new()) == Some(item))
}

/// What a request names as its host.
#[derive(Clone, Debug)]
enum Host {
    /// Nothing: any will do.
    Any,
    Named(String),
}

/// `None` where no host can be made up.
fn host(site: &Site) -> Option<Host> {
    if site.hosts.is_empty() {
        return Some(Host::Any);
    }
    site.hosts.iter().find_map(|host| match host {
        HostPattern::Exact(name) => Some(Host::Named(name.clone())),
        HostPattern::Suffix(_) => None,
    })
}

/// A path that nobody publishes.
fn nothing_here(artifact: &Artifact) -> Option<Case> {
    let path = "/nothing/is/published/here";
    let is_nowhere = |site: &&Site| site.paths.find(path, &mut Captures::new()).is_none();
    let host = artifact.tables().sites.iter().filter(is_nowhere).find_map(host)?;
    Some(Case {
        name: "what nobody publishes is not there".to_owned(),
        method: Method::Get,
        path: path.to_owned(),
        host,
        expect: "status: 404, step: route, reason: operation-unknown, upstream: none",
    })
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_is_filled() {
        assert_eq!(filled("/a/{x}.json/{y}:cancel"), "/a/1.json/1:cancel");
        assert_eq!(filled("/"), "/");
    }
}
