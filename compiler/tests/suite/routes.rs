//! What is published where, and that no request has two answers.

use std::fmt::Write as _;

use gw_artifact::model::{HostPattern, Method, PathItem};
use gw_artifact::path_trie::Captures;
use gw_compiler::Sealed;

use crate::support::{codes, compiled, errors, sealed, shown};

/// Public operations `METHOD /path`, one line each.
fn document(root: &str, operations: &[&str]) -> String {
    let mut text = format!("openapi: 3.0.3\ninfo: {{title: pets, version: \"1\"}}\n{root}");
    text.push_str("x-gw-auth: {public: true, reason: a catalogue}\npaths:\n");
    for operation in operations {
        let (method, path) = operation.split_once(' ').expect("a method and a path");
        let _ = write!(text, "  \"{path}\":\n    {}: {{responses: {{}}}}\n", method.to_lowercase());
    }
    text
}

fn project(apis: &str, documents: &[(&str, String)]) -> String {
    let mut text = format!("# file: gw.yaml\ngw: 1\nname: shop\napis:\n{apis}");
    text.push_str("upstreams: {backend: {}}\ndefaults: {upstream: backend}\n");
    for (name, document) in documents {
        let _ = write!(text, "# file: {name}\n{document}");
    }
    text
}

fn found<'s>(sealed: &'s Sealed, host: &str, path: &str) -> Option<&'s PathItem> {
    let tables = sealed.artifact.tables();
    let item =
        sealed.artifact.site(sealed.artifact.site_of(host)?).paths.find(path, &mut Captures::default())?;
    Some(&tables.path_items[item as usize])
}

#[test]
fn templates_that_differ_in_names_merge_with_a_warning() {
    let text = document("", &["GET /pets/{id}", "DELETE /pets/{name}"]);
    assert_eq!(codes(&compiled(&text)), ["GW0312"]);
    let sealed = sealed(&text);
    let item = found(&sealed, "any", "/pets/7").unwrap();
    assert_eq!(item.allow, "GET, HEAD, DELETE, OPTIONS");
    let names = |method| {
        let operation = item.declared(method).unwrap();
        sealed.artifact.operation(operation).parameters.clone()
    };
    assert_eq!((names(Method::Get), names(Method::Delete)), (vec!["id".into()], vec!["name".into()]));
}

#[test]
fn of_paths_that_share_a_method_only_the_others_are_said_to_be_merged() {
    let paths = "paths: {'/pets/{id}': {get: {responses: {}}}, \
                 '/pets/{name}': {get: {responses: {}}, post: {responses: {}}, put: {responses: {}}}}\n";
    let compilation = compiled(&document("", &[]).replace("paths:\n", paths));
    let told: Vec<(String, &str)> = compilation
        .findings
        .iter()
        .map(|finding| (finding.code.to_string(), finding.message.as_str()))
        .collect();
    let merged = "`/pets/{id}` and `/pets/{name}` are one path: `POST`, `PUT` of the second are merged";
    assert!(told.contains(&("GW0312".into(), merged)), "{told:#?}");
    assert!(told.contains(&("GW0311".into(), "`GET /pets/{name}` is published already")), "{told:#?}");
}

#[test]
fn a_shared_method_is_an_error() {
    insta::assert_snapshot!(shown(&document("", &["GET /pets/{id}", "GET /pets/{name}"])));
}

#[test]
fn an_ambiguous_pair_names_winner_and_witness() {
    insta::assert_snapshot!(shown(&document("", &["GET /a/{x}/c", "GET /a/b/{y}"])));
}

#[test]
fn a_special_case_is_not_ambiguous() {
    let text =
        document("", &["GET /pets/{id}", "GET /pets/mine", "GET /pets/{id}.json", "GET /{any}/{thing}"]);
    assert!(codes(&compiled(&text)).is_empty());
}

#[test]
fn partial_segments_can_be_ambiguous() {
    let text = document("", &["GET /files/{name}.json", "GET /files/report-{day}"]);
    assert_eq!(codes(&compiled(&text)), ["GW0313"]);
}

/// Two ambiguous paths with these methods and annotations.
fn pair(first: &str, second: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{title: pets, version: \"1\"}}\ncomponents:\n  securitySchemes:\n    \
         key: {{type: apiKey, in: header, name: X-Key}}\n    same: {{type: apiKey, in: header, name: x-key}}\n    \
         token: {{type: http, scheme: bearer}}\npaths:\n  /a/{{x}}/c: {{{first}}}\n  /a/b/{{y}}: {{{second}}}\n"
    )
}

fn operation(method: &str, auth: &str) -> String {
    format!("{method}: {{responses: {{}}, {auth}}}")
}

const PUBLIC: &str = "x-gw-auth: {public: true, reason: a catalogue}";
const WITH_KEY: &str = "security: [{key: []}], x-gw-auth: {delegated: true, reason: the service verifies}";
const WITH_SAME: &str = "security: [{same: []}], x-gw-auth: {delegated: true, reason: the service verifies}";
const WITH_TOKEN: &str =
    "security: [{token: []}], x-gw-auth: {delegated: true, reason: the service verifies}";

#[test]
fn an_ambiguity_that_changes_the_callers_is_an_error() {
    insta::assert_snapshot!(shown(&pair(&operation("get", PUBLIC), &operation("get", WITH_KEY))));
    assert_eq!(
        errors(&compiled(&pair(&operation("get", WITH_TOKEN), &operation("get", WITH_KEY)))),
        ["GW0314"]
    );
}

#[test]
fn schemes_are_compared_by_what_they_demand_not_by_name() {
    let text = pair(&operation("get", WITH_SAME), &operation("get", WITH_KEY));
    assert_eq!(codes(&compiled(&text)), ["GW0313"]);
}

#[test]
fn the_synthesized_head_is_compared_too() {
    let text = pair(&operation("get", PUBLIC), &operation("head", WITH_KEY));
    assert_eq!(errors(&compiled(&text)), ["GW0314"]);
}

#[test]
fn methods_that_only_one_answers_cannot_change_the_callers() {
    let text = pair(&operation("get", PUBLIC), &operation("post", WITH_KEY));
    assert_eq!(codes(&compiled(&text)), ["GW0313"]);
}

#[test]
fn an_unservable_path_is_an_error_at_its_character() {
    insta::assert_snapshot!(shown(&document(
        "",
        &[
            "GET /a/{b}{c}",
            "GET /a#b",
            "GET /a?b=c",
            "GET /a//b",
            "GET /a/../b",
            "GET /a;b",
            "GET /a/{b",
            "GET /a/{}"
        ]
    )));
}

#[test]
fn apis_that_meet_on_a_host_and_path_are_an_error() {
    let apis = "  - {name: one, spec: one.yaml, hosts: [a.example.com]}\n  \
                - {name: two, spec: two.yaml, hosts: ['*.example.com']}\n";
    let documents = [("one.yaml", document("", &["GET /pets"])), ("two.yaml", document("", &["GET /pets"]))];
    assert_eq!(errors(&compiled(&project(apis, &documents))), ["GW0311"]);
}

#[test]
fn apis_apart_by_host_or_base_do_not_meet() {
    let documents = [("one.yaml", document("", &["GET /pets"])), ("two.yaml", document("", &["GET /pets"]))];
    let hosts = "  - {name: one, spec: one.yaml, hosts: [a.example.com]}\n  \
                 - {name: two, spec: two.yaml, hosts: [b.example.com]}\n";
    let bases = "  - {name: one, spec: one.yaml, base: /one}\n  - {name: two, spec: two.yaml, base: /two}\n";
    assert!(errors(&compiled(&project(hosts, &documents))).is_empty());
    assert!(errors(&compiled(&project(bases, &documents))).is_empty());
}

#[test]
fn a_host_answers_what_is_published_for_any_host_too() {
    let apis = "  - {name: one, spec: one.yaml, hosts: [a.example.com]}\n  - {name: two, spec: two.yaml}\n";
    let documents = [("one.yaml", document("", &["GET /pets"])), ("two.yaml", document("", &["GET /dogs"]))];
    let sealed = sealed(&project(apis, &documents));
    assert!(found(&sealed, "a.example.com", "/pets").is_some());
    assert!(found(&sealed, "a.example.com", "/dogs").is_some());
    assert!(found(&sealed, "b.example.com", "/pets").is_none());
    assert!(found(&sealed, "b.example.com", "/dogs").is_some());
}

#[test]
fn each_server_is_a_host_and_a_base() {
    let servers =
        "servers: [{url: https://api.example.com/v1}, {url: 'http://localhost:8080/v2/'}, {url: /v3}]\n";
    let sealed = sealed(&document(servers, &["GET /pets/{id}"]));
    assert!(found(&sealed, "api.example.com", "/v1/pets/7").is_some());
    assert!(found(&sealed, "localhost", "/v2/pets/7").is_some());
    assert!(found(&sealed, "other", "/v3/pets/7").is_some());
    assert!(found(&sealed, "other", "/v1/pets/7").is_none());
    let hosts: Vec<&[HostPattern]> =
        sealed.artifact.tables().sites.iter().map(|site| &site.hosts[..]).collect();
    assert_eq!(hosts.len(), 3, "{hosts:?}");
    let names: Vec<&str> = sealed.artifact.operations().iter().map(|operation| &operation.name[..]).collect();
    let unique: std::collections::BTreeSet<&&str> = names.iter().collect();
    assert_eq!(unique.len(), 3, "{names:?}");
}

#[test]
fn in_dev_any_host_is_answered() {
    let servers = "servers: [{url: https://api.example.com/v1}]\n";
    let folder = crate::support::Folder::read(&document(servers, &["GET /pets"]), "openapi.yaml");
    let gw_compiler::Outcome::Sealed(sealed) = folder.compile_dev().outcome else { panic!("it is refused") };
    assert!(found(&sealed, "localhost", "/v1/pets").is_some());
}

#[test]
fn ten_thousand_templates_are_compared_in_moments() {
    let paths: Vec<String> =
        (0..10_000).map(|n| format!("GET /area{}/{{id}}/part{n}/{{x}}", n % 100)).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    assert!(codes(&compiled(&document("", &paths))).is_empty());
}

#[test]
fn an_api_that_joins_on_one_host_cannot_hide_behind_the_others() {
    let with_key = "security: [{key: []}]\n      x-gw-auth: {delegated: true, reason: the service verifies}";
    let schemes = "components: {securitySchemes: {key: {type: apiKey, in: header, name: x-key}}}\n";
    let one = document("", &["GET /a/{x}/c", "GET /a/b/{y}", "POST /a/b/{y}"]);
    let two = format!(
        "openapi: 3.0.3\ninfo: {{title: t, version: \"1\"}}\n{schemes}paths:\n  /a/{{z}}/c:\n    post:\n      \
         {with_key}\n      responses: {{}}\n"
    );
    let apis = "  - {name: one, spec: one.yaml, hosts: [a.example.com, b.example.com]}\n  \
                - {name: two, spec: two.yaml, hosts: [b.example.com]}\n";
    let one = one.replace("\"/a/b/{y}\":\n    post:", "\"/a/b/{other}\":\n    post:");
    let found = errors(&compiled(&project(apis, &[("one.yaml", one), ("two.yaml", two)])));
    assert_eq!(found, ["GW0314"]);
}

#[test]
fn paths_that_all_overlap_are_refused_in_moments() {
    let paths: Vec<String> = (0..2_500).map(|n| format!("GET /{{x}}/a{n}/{{y}}")).collect();
    let more: Vec<String> = (0..2_500).map(|n| format!("GET /b{n}/{{y}}/{{z}}")).collect();
    let all: Vec<&str> = paths.iter().chain(&more).map(String::as_str).collect();
    assert_eq!(errors(&compiled(&document("", &all))), ["GW0316"]);
}

#[test]
fn in_dev_the_first_api_answers_where_hosts_disagree() {
    let apis = "  - {name: one, spec: one.yaml, hosts: [a.example.com]}\n  \
                - {name: two, spec: two.yaml, hosts: [b.example.com]}\n";
    let documents =
        [("one.yaml", document("", &["GET /pets"])), ("two.yaml", document("", &["GET /pets", "GET /dogs"]))];
    let folder = crate::support::Folder::read(&project(apis, &documents), "");
    let gw_compiler::Outcome::Sealed(sealed) = folder.compile_dev().outcome else { panic!("it is refused") };
    let api = |host, path| {
        let operation = found(&sealed, host, path).unwrap().declared(Method::Get).unwrap();
        sealed.artifact.api_of(sealed.artifact.operation(operation)).name.clone()
    };
    assert_eq!(api("localhost", "/pets"), "one");
    assert_eq!(api("localhost", "/dogs"), "two");
    assert_eq!(api("b.example.com", "/pets"), "two");
}
