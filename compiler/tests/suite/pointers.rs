//! Findings say where they stand as a path, too, whatever stage and layer they come from.

use crate::support::{compiled, rendered};

/// The code and path of each finding.
fn paths(text: &str) -> Vec<(String, String)> {
    let compilation = compiled(text);
    let path = |finding: &gw_syntax::Diagnostic| {
        let pointer = finding.pointer.as_ref().unwrap_or_else(|| panic!("{}", rendered(&compilation)));
        (finding.code.to_string(), pointer.to_string())
    };
    compilation.findings.iter().map(path).collect()
}

fn pair(code: &str, path: &str) -> (String, String) {
    (code.to_owned(), path.to_owned())
}

#[test]
fn what_a_root_or_a_path_says_is_found_by_its_path() {
    let found = paths(
        "openapi: 3.1.0\ninfo: {title: t, version: \"1\"}\nx-gw-auth: {public: true, reason: r}\nx-gw-timeout: {total: 1s, connect: 2s}\n\
         components: {securitySchemes: {k: {type: http, scheme: basic}}}\n\
         paths:\n  /a: {get: {security: [{k: []}]}}\n  /b: {get: {x-gw-auth: {delegated: true, reason: r}}}\n  \
         /c: {x-gw-auth: {public: true, delegated: true, reason: r}, get: {}}\n",
    );
    for expected in [
        pair("GW0302", "/x-gw-auth/public"),
        pair("GW0330", "/x-gw-timeout/connect"),
        pair("GW0303", "/paths/~1b/get/x-gw-auth"),
        pair("GW0304", "/paths/~1c/x-gw-auth/public"),
    ] {
        assert!(found.contains(&expected), "{expected:?} is not in {found:?}");
    }
}

#[test]
fn what_a_project_says_is_found_by_its_path() {
    let found = paths(
        "# file: gw.yaml\ngw: 1\nname: shop\napis: [{name: a, spec: a.yaml}, {name: a, spec: a.yaml, base: /b}]\n\
         upstreams: {u: {}}\ndefaults: {upstream: v}\n# file: a.yaml\nopenapi: 3.1.0\ninfo: {title: t, version: \"1\"}\n\
         x-gw-auth: {public: true, reason: r}\npaths: {/a: {get: {}}}\n",
    );
    assert_eq!(found, [pair("GW0206", "/apis/1/name"), pair("GW0320", "/defaults/upstream")]);
}
