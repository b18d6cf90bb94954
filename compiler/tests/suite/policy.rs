//! Services, deadlines and keys: what dangles or contradicts, and what becomes of the rest.

use gw_artifact::model::{Bytes, HostEdit, LayerKind, Millis, PathEdit};

use crate::support::{codes, compiled, errors, sealed, shown};

fn project(upstreams: &str, defaults: &str, operation: &str) -> String {
    format!(
        "# file: gw.yaml\ngw: 1\nname: shop\napis: [{{name: pets, spec: pets.yaml, base: /v1}}]\n{upstreams}{defaults}\
         # file: pets.yaml\nopenapi: 3.0.3\ninfo: {{title: pets, version: \"1\"}}\n\
         x-gw-auth: {{public: true, reason: a catalogue}}\npaths:\n  /pets:\n    get:\n      {operation}\n      \
         responses: {{}}\n"
    )
}

const UPSTREAMS: &str = "upstreams:\n  orders: {endpoints: [http://127.0.0.1:9001]}\n  pets: {}\n";

#[test]
fn an_unknown_upstream_has_a_nearest_name() {
    insta::assert_snapshot!(shown(&project(UPSTREAMS, "", "x-gw-upstream: order")));
}

#[test]
fn an_operation_without_an_upstream_gets_the_line_to_add() {
    insta::assert_snapshot!(shown(&project("upstreams: {pets: {}}\n", "", "")));
    insta::assert_snapshot!(shown(&project("", "defaults:\n  timeout: 2s\n", "")));
}

#[test]
fn a_bare_document_has_one_service_for_the_bindings() {
    let text = "openapi: 3.1.0\ninfo: {title: pets, version: \"1\"}\nx-gw-auth: {public: true, reason: a catalogue}\n\
                paths: {/pets: {get: {}}}\n";
    let sealed = sealed(text);
    let names: Vec<&str> = sealed.artifact.upstreams().iter().map(|upstream| &upstream.name[..]).collect();
    assert_eq!(names, ["default"]);
}

#[test]
fn the_path_of_an_upstream_replaces_the_base() {
    let sealed =
        sealed(&project(UPSTREAMS, "", "x-gw-upstream: {name: pets, path: /internal, host: pets.local}"));
    let forward = &sealed.artifact.operations()[0].forward;
    assert_eq!(forward.path, PathEdit::ReplaceBase { base: 3, prefix: "/internal".into() });
    assert_eq!(forward.host, HostEdit::Fixed("pets.local".into()));
}

#[test]
fn a_path_that_is_the_base_changes_nothing() {
    let sealed = sealed(&project(UPSTREAMS, "", "x-gw-upstream: {name: pets, path: /v1/}"));
    assert_eq!(sealed.artifact.operations()[0].forward.path, PathEdit::Unchanged);
}

#[test]
fn a_phase_longer_than_the_total_beside_it_is_an_error() {
    insta::assert_snapshot!(shown(&project(
        UPSTREAMS,
        "defaults: {upstream: pets}\n",
        "x-gw-timeout: {total: 2s, connect: 5s}"
    )));
}

#[test]
fn a_stronger_total_may_cut_weaker_phases() {
    let defaults = "defaults: {upstream: pets, timeout: {response-head: 10s, total: 20s}}\n";
    let text = project(UPSTREAMS, defaults, "x-gw-timeout: 2s");
    assert!(errors(&compiled(&text)).is_empty());
    let timeouts = sealed(&text).artifact.operations()[0].timeouts;
    assert_eq!((timeouts.total, timeouts.response_head), (Millis(2_000), Millis(10_000)));
}

#[test]
fn each_key_ahead_of_its_time_is_one_error_with_its_places() {
    let document = "openapi: 3.0.3\ninfo: {title: pets, version: \"1\"}\n\
        x-gw-auth: {public: true, reason: a catalogue}\nx-gw-rate-limit: 100/min\npaths:\n  /pets:\n    get:\n      \
        x-gw-rate-limit: 10/min\n      x-gw-cache: 60s\n      responses: {}\n";
    insta::assert_snapshot!(shown(document));
}

#[test]
fn request_schemas_are_one_warning_with_a_count() {
    let document = "openapi: 3.0.3\ninfo: {title: pets, version: \"1\"}\n\
        x-gw-auth: {public: true, reason: a catalogue}\npaths:\n  /pets:\n    \
        parameters: [{name: q, in: query, schema: {type: string}}]\n    get: {responses: {}}\n    \
        post: {responses: {}}\n";
    insta::assert_snapshot!(shown(document));
    let silenced = document.replace("paths:", "x-gw-validate: none\npaths:");
    assert!(codes(&compiled(&silenced)).is_empty());
}

#[test]
fn the_source_map_names_winners_and_losers() {
    let defaults = "defaults:\n  upstream: orders\n  body-max: 1MiB\n";
    let sealed = sealed(&project(UPSTREAMS, defaults, "x-gw-upstream: pets\n      x-gw-body-max: 64KiB"));
    assert_eq!(sealed.artifact.operations()[0].body_max, Bytes(64 << 10));
    let sources = &sealed.source_map;
    let policy = |key: &str| sources.operations[0].policies.iter().find(|policy| policy.key == key).unwrap();
    let kinds: Vec<LayerKind> = policy("body-max").layers.iter().map(|layer| layer.kind).collect();
    assert_eq!(kinds, [LayerKind::Operation, LayerKind::Defaults, LayerKind::BuiltIn]);
    let upstream = &policy("upstream").layers;
    let place = upstream[1].place.unwrap();
    assert_eq!((upstream[0].value.as_str(), upstream[1].value.as_str()), ("pets", "orders"));
    assert_eq!((sources.files[place.file as usize].as_str(), place.line, place.column), ("gw.yaml", 8, 13));
}

#[test]
fn a_finding_names_the_team_that_owns_its_document() {
    let text = project(UPSTREAMS, "", "x-gw-upstream: nowhere")
        .replace("{name: pets,", "{name: pets, owner: team-pets,");
    let owners: Vec<Option<String>> =
        compiled(&text).findings.into_iter().map(|finding| finding.owner).collect();
    assert_eq!(owners, [Some("team-pets".to_owned())]);
}

#[test]
fn a_finding_names_the_team_that_owns_the_api_it_is_about() {
    let owned = "apis:\n  - {name: pets, owner: team-pets, spec: pets.yaml}\n  \
                 - {name: shops, owner: team-shops, spec: shops.yaml, hosts: ['a b']}\n";
    let text = project(UPSTREAMS, "defaults: {upstream: pets}\n", "$ref: ops.yaml")
        .replace("apis: [{name: pets, spec: pets.yaml, base: /v1}]\n", owned)
        .replace("    get:\n      $ref: ops.yaml\n      responses: {}\n", "    $ref: items.yaml\n")
        + "# file: items.yaml\nget: {x-gw-upstream: nowhere, responses: {}}\n\
           # file: shops.yaml\nopenapi: 3.0.3\ninfo: {title: shops, version: \"1\"}\n\
           x-gw-auth: {public: true, reason: a catalogue}\npaths: {/shops: {get: {responses: {}}}}\n";
    let found = |text: &str| -> Vec<(String, Option<String>)> {
        let findings = compiled(text).findings.into_iter();
        findings.map(|finding| (finding.code.to_string(), finding.owner)).collect()
    };
    let owned_by = |code: &str, team: &str| (code.to_owned(), Some(team.to_owned()));
    assert_eq!(found(&text), [owned_by("GW0139", "team-shops"), owned_by("GW0320", "team-pets")]);
    // What two teams share, or a default for both, is nobody's.
    let shared =
        text.replace("upstream: pets}", "upstream: none}").replace("x-gw-upstream: nowhere", "summary: a");
    assert_eq!(found(&shared)[1..], [("GW0320".to_owned(), None)]);
    let alone = shared.replace("paths: {/shops: {get: {", "paths: {/shops: {get: {x-gw-upstream: pets, ");
    assert_eq!(found(&alone)[1..], [owned_by("GW0320", "team-pets")]);
}

#[test]
fn in_dev_an_operation_without_an_upstream_goes_to_the_implicit_one() {
    let folder = crate::support::Folder::read(&project("", "", ""), "");
    let gw_compiler::Outcome::Sealed(sealed) = folder.compile_dev().outcome else { panic!("it is refused") };
    assert_eq!(sealed.artifact.upstreams()[0].name, "default");
}

#[test]
fn a_bare_document_declares_the_services_that_it_names() {
    let text = "openapi: 3.1.0\ninfo: {title: pets, version: \"1\"}\nx-gw-auth: {public: true, reason: a catalogue}\n\
                paths: {/pets: {get: {x-gw-upstream: pets}, post: {}}}\n";
    let sealed = sealed(text);
    let names: Vec<&str> = sealed.artifact.upstreams().iter().map(|upstream| &upstream.name[..]).collect();
    assert_eq!(names, ["default", "pets"]);
}
