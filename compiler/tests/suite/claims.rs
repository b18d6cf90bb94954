//! Where an API is published, and what gw.yaml lets it claim.

use gw_artifact::path_trie::Captures;
use gw_compiler::{Compilation, Outcome};

use crate::support::{Folder, codes, rendered};

/// A project whose one API claims this, with a document that has `servers` at its root, a path and an operation.
fn compiled(claim: &str, root: &str, path: &str, operation: &str) -> Compilation {
    let servers =
        |url: &str| if url.is_empty() { String::new() } else { format!("servers: [{{url: '{url}'}}]") };
    let comma = |text: String| if text.is_empty() { text } else { format!("{text}, ") };
    let text = format!(
        "# file: gw.yaml\ngw: 1\nname: shop\napis: [{{name: pets, spec: pets.yaml, owner: team-pets{claim}}}]\n\
         upstreams: {{pets: {{}}}}\ndefaults: {{upstream: pets, auth: {{public: true, reason: all}}}}\n# file: pets.yaml\n\
         openapi: 3.1.0\ninfo: {{title: t, version: \"1\"}}\n{}\npaths:\n  /a: {{{}get: {{{}responses: {{}}}}}}\n  /b: {{get: {{responses: {{}}}}}}\n",
        servers(root),
        comma(servers(path)),
        comma(servers(operation)),
    );
    Folder::read(&text, "").compile()
}

/// Whether `/a` is there under a host and a base path.
fn is_at(compilation: &Compilation, host: &str, path: &str) -> bool {
    let Outcome::Sealed(sealed) = &compilation.outcome else { panic!("{}", rendered(compilation)) };
    let site = sealed.artifact.site_of(host);
    site.is_some_and(|site| sealed.artifact.site(site).paths.find(path, &mut Captures::default()).is_some())
}

#[test]
fn the_claim_stands_for_servers_of_the_root() {
    let root = "https://inner.example.com/v1";
    for (claim, host, path) in [
        ("", "inner.example.com", "/v1/a"),
        (", hosts: [a.example.com]", "a.example.com", "/v1/a"),
        (", base: /pets", "inner.example.com", "/pets/a"),
        (", hosts: [a.example.com], base: /pets", "a.example.com", "/pets/a"),
    ] {
        let compilation = compiled(claim, root, "", "");
        assert!(is_at(&compilation, host, path), "{claim}");
        assert!(host == "inner.example.com" || !is_at(&compilation, "inner.example.com", path), "{claim}");
    }
}

#[test]
fn servers_of_a_path_or_an_operation_hold_within_the_claim() {
    let both = ", hosts: [a.example.com, '*.b.example.com'], base: /pets";
    for (claim, url, host, path) in [
        ("", "https://x.example.com/v2", "x.example.com", "/v2/a"),
        (both, "https://a.example.com/pets", "a.example.com", "/pets/a"),
        (both, "https://x.b.example.com/pets/v2", "x.b.example.com", "/pets/v2/a"),
        (both, "/pets/v2", "a.example.com", "/pets/v2/a"),
        (", base: /pets", "https://x.example.com/pets", "x.example.com", "/pets/a"),
        (", hosts: [a.example.com]", "/v2", "a.example.com", "/v2/a"),
        (", hosts: ['*']", "https://x.example.com/v2", "x.example.com", "/v2/a"),
    ] {
        for (of_path, of_operation) in [(url, ""), ("", url), ("https://nowhere.example.com", url)] {
            let compilation = compiled(claim, "https://inner.example.com", of_path, of_operation);
            assert!(codes(&compilation).is_empty(), "{claim} {url}\n{}", rendered(&compilation));
            assert!(is_at(&compilation, host, path), "{claim} {url}");
            assert!(!is_at(&compilation, "nowhere.example.com", "/a"), "{claim} {url}");
        }
    }
}

#[test]
fn servers_of_a_path_or_an_operation_elsewhere_are_refused_with_a_request() {
    let both = ", hosts: [a.example.com, '*.b.example.com'], base: /pets";
    for (claim, url, host, target) in [
        (both, "https://x.example.com/pets", Some("x.example.com"), "/pets/a"),
        (both, "https://b.example.com/pets", Some("b.example.com"), "/pets/a"),
        (both, "https://a.example.com/", Some("a.example.com"), "/a"),
        (both, "https://a.example.com/petshop", Some("a.example.com"), "/petshop/a"),
        (both, "/v2", Some("a.example.com"), "/v2/a"),
        (", base: /pets", "/v2", None, "/v2/a"),
        (", hosts: [a.example.com]", "https://x.example.com", Some("x.example.com"), "/a"),
    ] {
        for (of_path, of_operation) in [(url, ""), ("", url)] {
            let compilation = compiled(claim, "", of_path, of_operation);
            let found = &compilation.findings[0];
            assert!(
                codes(&compilation).iter().all(|code| code == "GW0308"),
                "{url}\n{}",
                rendered(&compilation)
            );
            assert_eq!(found.owner.as_deref(), Some("team-pets"));
            let witness = found.witness.as_ref().expect("a witness");
            assert_eq!(
                (witness.authority.as_deref(), witness.target.as_str()),
                (host, target),
                "{claim} {url}"
            );
            assert!(compilation.draft.is_some());
        }
    }
    insta::assert_snapshot!(rendered(&compiled(both, "", "https://x.example.com/v2", "")));
}

#[test]
fn what_is_claimed_twice_is_told_apart_by_base_or_match() {
    for (second, root, expected) in [
        ("hosts: [a.example.com, b.example.com], base: /v1", "", Some("GW0309")),
        ("hosts: [a.example.com], base: /v1/dogs", "", None),
        ("hosts: [c.example.com], base: /v1", "", None),
        ("hosts: [a.example.com]", "", None),
        ("base: /v1", "", None),
        ("hosts: [a.example.com], base: /v1", "x-gw-match: {header: {api-version: '2'}}\n", None),
    ] {
        let document = |name: &str, root: &str| {
            format!(
                "# file: {name}.yaml\nopenapi: 3.1.0\ninfo: {{title: t, version: \"1\"}}\n{root}paths: {{/{name}: {{get: {{responses: {{}}}}}}}}\n"
            )
        };
        let text = format!(
            "# file: gw.yaml\ngw: 1\nname: shop\napis:\n  - {{name: pets, spec: pets.yaml, hosts: [a.example.com, b.example.com], base: /v1}}\n  \
             - {{name: dogs, spec: dogs.yaml, {second}}}\nupstreams: {{pets: {{}}}}\ndefaults: {{upstream: pets, auth: {{public: true, reason: all}}}}\n{}{}",
            document("pets", ""),
            document("dogs", root),
        );
        let mut codes = codes(&Folder::read(&text, "").compile());
        codes.retain(|code| code != "GW0340");
        assert_eq!(codes, expected.into_iter().collect::<Vec<_>>(), "{second} {root}");
    }
}
