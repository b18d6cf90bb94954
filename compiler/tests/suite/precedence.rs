//! `x-gw-precedence`: who wins, what is refused, and what changes nothing.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use gw_artifact::path_trie::{Captures, Relation, Template, compare};
use gw_compiler::{Outcome, Sealed};
use proptest::prelude::*;

use crate::support::{codes, compiled, errors, rendered, sealed, shown};

/// Public paths, each perhaps over another.
fn document(paths: &[(&str, Option<&str>)]) -> String {
    let mut text = "openapi: 3.0.3\ninfo: {title: pets, version: \"1\"}\n\
                    x-gw-auth: {public: true, reason: a catalogue}\npaths:\n"
        .to_owned();
    for (path, over) in paths {
        let _ = writeln!(text, "  \"{path}\":");
        if let Some(over) = over {
            let _ = writeln!(text, "    x-gw-precedence: {{over: \"{over}\"}}");
        }
        text.push_str("    get: {responses: {}}\n");
    }
    text
}

/// The template that answers a path.
fn template<'s>(sealed: &'s Sealed, path: &str) -> Option<&'s str> {
    let tables = sealed.artifact.tables();
    let item = tables.sites[0].paths.find(path, &mut Captures::new())?;
    let (_, operation) = tables.path_items[item as usize].methods[0];
    Some(&sealed.artifact.operation(operation).template)
}

#[test]
fn a_declared_path_goes_first_and_the_warning_is_gone() {
    let text = document(&[("/a/b/{y}", None), ("/a/{x}/c", Some("/a/b/{name}"))]);
    assert!(codes(&compiled(&text)).is_empty());
    let sealed = sealed(&text);
    assert_eq!(template(&sealed, "/a/b/c"), Some("/a/{x}/c"));
    assert_eq!(template(&sealed, "/a/b/d"), Some("/a/b/{y}"));
}

#[test]
fn saying_who_wins_already_settles_the_pair_too() {
    let text = document(&[("/a/b/{y}", Some("/a/{x}/c")), ("/a/{x}/c", None)]);
    assert!(codes(&compiled(&text)).is_empty());
    assert_eq!(template(&sealed(&text), "/a/b/c"), Some("/a/b/{y}"));
}

#[test]
fn it_settles_a_pair_with_different_callers() {
    let text = document(&[("/a/b/{y}", None), ("/a/{x}/c", Some("/a/b/{y}"))]);
    let guarded = text.replacen(
        "get: {responses: {}}",
        "get: {security: [{key: []}], x-gw-auth: {delegated: true, reason: the service verifies}, responses: {}}",
        1,
    ) + "components: {securitySchemes: {key: {type: apiKey, in: header, name: x-key}}}\n";
    assert!(codes(&compiled(&guarded)).is_empty(), "{}", rendered(&compiled(&guarded)));
    let undecided = guarded.replace("    x-gw-precedence: {over: \"/a/b/{y}\"}\n", "");
    assert_eq!(errors(&compiled(&undecided)), ["GW0314"]);
}

#[test]
fn it_holds_under_every_base_path_and_in_dev() {
    let text = document(&[("/a/b/{y}", None), ("/a/{x}/c", Some("/a/b/{y}"))])
        + "servers: [{url: /v1}, {url: \"https://b.example.com/v2\"}]\n";
    let sealed = sealed(&text);
    for site in &sealed.artifact.tables().sites {
        for base in ["/v1", "/v2"] {
            let found = |path: &str| site.paths.find(&format!("{base}{path}"), &mut Captures::new());
            assert!(found("/a/b/c") == found("/a/x/c") || found("/a/b/c").is_none(), "{base}");
        }
    }
    let folder = crate::support::Folder::read(&text, "openapi.yaml");
    let Outcome::Sealed(dev) = folder.compile_dev().outcome else { panic!("it is refused") };
    let any = dev.artifact.site_of("localhost").unwrap();
    let found = |path: &str| dev.artifact.site(any).paths.find(path, &mut Captures::new());
    assert!(found("/v2/a/b/c").is_some() && found("/v2/a/b/c") == found("/v2/a/x/c"));
}

#[test]
fn what_cannot_be_had_says_why() {
    insta::assert_snapshot!(shown(&document(&[
        ("/a/b/{y}", None),
        ("/a/{x}/c", Some("/a/b/{z}")),
        ("/b/{x}", Some("/a/b/{y}")),
        ("/b/special", Some("/b/spezial")),
        ("/c/{x}", Some("/c/only")),
        ("/c/only", None),
        ("/d/only", Some("/d/{x}")),
        ("/d/{x}", None),
    ])));
}

#[test]
fn a_circle_shows_its_paths() {
    insta::assert_snapshot!(shown(&document(&[
        ("/a/b/{z}", None),
        ("/a/{y}/c", None),
        ("/{x}/b/c", Some("/a/b/{z}")),
    ])));
}

#[test]
fn two_paths_cannot_both_go_first() {
    let text = document(&[("/a/b/{z}", Some("/a/{y}/c")), ("/a/{y}/c", Some("/a/b/{z}"))]);
    assert_eq!(errors(&compiled(&text)), ["GW0324"]);
}

#[test]
fn ten_thousand_wishes_are_settled_in_moments() {
    let paths: Vec<(String, Option<String>)> = (0..5_000)
        .flat_map(|n| {
            let natural = format!("/area{n}/b/{{y}}");
            [(natural.clone(), None), (format!("/area{n}/{{x}}/c"), Some(natural))]
        })
        .collect();
    let paths: Vec<(&str, Option<&str>)> =
        paths.iter().map(|(path, over)| (path.as_str(), over.as_deref())).collect();
    assert!(codes(&compiled(&document(&paths))).is_empty());
}

fn segments() -> impl Strategy<Value = String> {
    let segment = prop::sample::select(vec!["a", "b", "ab", "{}", "a{}", "{}b"]);
    prop::collection::vec(segment, 1..4).prop_map(|segments| {
        let named = segments.iter().enumerate().map(|(at, text)| text.replace("{}", &format!("{{v{at}}}")));
        named.flat_map(|segment| ["/".to_owned(), segment]).collect()
    })
}

/// Whether the first of two overlapping templates goes before the second: declared, else by its segments.
fn beats(declared: &BTreeSet<(String, String)>, a: &Template, b: &Template) -> bool {
    let says = |a: &Template, b: &Template| declared.contains(&(a.shape(), b.shape()));
    says(a, b) || (!says(b, a) && a.segments() < b.segments())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// What passes has for every path the one template that goes before all others that match; a template is called
    /// unreachable exactly when another one that goes before it covers it.
    #[test]
    fn the_winner_is_the_one_that_goes_before_all_others(
        paths in prop::collection::btree_set(segments(), 2..8),
        wishes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..4),
        requests in prop::collection::vec(prop::collection::vec("a|b|ab|axb|x", 1..4), 12),
    ) {
        let mut shapes = BTreeSet::new();
        let paths: Vec<String> =
            paths.into_iter().filter(|path| shapes.insert(Template::parse(path).unwrap().shape())).collect();
        let mut wanted: Vec<(&str, Option<&str>)> = paths.iter().map(|path| (path.as_str(), None)).collect();
        for (winner, loser) in &wishes {
            wanted[winner.index(paths.len())].1 = Some(&paths[loser.index(paths.len())]);
        }
        let shape = |path: &str| Template::parse(path).unwrap().shape();
        let declared: BTreeSet<(String, String)> =
            wanted.iter().filter_map(|(path, over)| Some((shape(path), shape((*over)?)))).collect();
        let templates: Vec<Template> = paths.iter().map(|path| Template::parse(path).unwrap()).collect();
        let compilation = compiled(&document(&wanted));
        let errors = errors(&compilation);
        prop_assert!(errors.iter().all(|code| code == "GW0317" || code == "GW0324"), "{}", rendered(&compilation));
        if !errors.contains(&"GW0324".to_owned()) {
            let hidden = templates.iter().any(|hidden| templates.iter().any(|first| {
                compare(first, hidden) == Relation::LessSpecific && beats(&declared, first, hidden)
            }));
            prop_assert_eq!(hidden, errors.contains(&"GW0317".to_owned()), "{}", rendered(&compilation));
        }
        let Outcome::Sealed(sealed) = compilation.outcome else { return Ok(()) };
        for request in requests {
            let path: String = request.iter().flat_map(|segment| ["/", segment]).collect();
            let matches = |template: &&Template| {
                template.segments().len() == request.len()
                    && template.segments().iter().zip(&request).all(|(segment, text)| segment.matches(text))
            };
            let all: Vec<&Template> = templates.iter().filter(matches).collect();
            let first: Vec<String> = all
                .iter()
                .filter(|one| all.iter().all(|other| one == &other || beats(&declared, one, other)))
                .map(ToString::to_string)
                .collect();
            prop_assert_eq!(template(&sealed, &path), first.first().map(String::as_str), "{}", path);
            prop_assert_eq!(first.len(), usize::from(!all.is_empty()));
        }
    }
}
