//! Waivers: what they cover, what they cannot cover, and what becomes of those that cover nothing.

use std::fmt::Write as _;

use gw_compiler::{Compilation, Outcome};

use crate::support::{Folder, codes, errors, rendered, sealed};

const WAIVE: &str = "[{code: GW0401, reason: the keys come soon}]";

/// Two denied operations of two paths in two APIs' worth of places: each text is put where its name says.
#[derive(Clone, Copy, Default)]
struct Says<'s> {
    defaults: &'s str,
    apply: &'s str,
    root: &'s str,
    path: &'s str,
    operation: &'s str,
}

impl Says<'_> {
    fn project(self) -> String {
        let Says { defaults, apply, root, path, operation } = self;
        let line = |indent: usize, text: &str| {
            if text.is_empty() { String::new() } else { format!("{}{text}\n", " ".repeat(indent)) }
        };
        format!(
            "# file: gw.yaml\ngw: 1\nname: shop\napis: [{{name: pets, spec: pets.yaml}}]\nupstreams: {{pets: {{}}}}\n\
             defaults:\n  upstream: pets\n{}{}# file: pets.yaml\nopenapi: 3.0.3\ninfo: {{title: pets, version: \"1\"}}\n{}\
             components: {{securitySchemes: {{key: {{type: apiKey, in: header, name: x-key}}}}}}\nsecurity: [{{key: []}}]\n\
             paths:\n  /a:\n{}    get:\n{}      responses: {{}}\n    put: {{responses: {{}}}}\n  /b:\n    get: {{tags: [b], responses: {{}}}}\n",
            line(2, defaults),
            line(0, apply),
            line(0, root),
            line(4, path),
            line(6, operation),
        )
    }

    #[track_caller]
    fn compile(self) -> Compilation {
        Folder::read(&self.project(), "").compile()
    }
}

/// The messages of findings of a code: those that stand, and those that are waived.
fn of_code(compilation: &Compilation, code: &str) -> (Vec<String>, Vec<String>) {
    let standing = compilation.findings.iter();
    let waived = compilation.waived.iter().map(|waived| &waived.finding);
    (
        standing.filter(|it| it.code.to_string() == code).map(|it| it.message.clone()).collect(),
        waived.filter(|it| it.code.to_string() == code).map(|it| it.message.clone()).collect(),
    )
}

fn counts(compilation: &Compilation, code: &str) -> (usize, usize) {
    let (standing, waived) = of_code(compilation, code);
    (standing.len(), waived.len())
}

#[test]
fn what_a_waiver_covers_is_told_by_its_place() {
    let bare = format!("waive: {WAIVE}");
    let prefixed = format!("x-gw-waive: {WAIVE}");
    let apply = |select: &str| format!("apply: [{{select: {select}, set: {{waive: {WAIVE}}}}}]");
    for (says, standing, waived) in [
        (Says::default(), "3 operations: `GET /a`, `PUT /a`, `GET /b`", ""),
        (Says { defaults: &bare, ..Says::default() }, "", "3 operations: `GET /a`, `PUT /a`, `GET /b`"),
        (Says { root: &prefixed, ..Says::default() }, "", "3 operations: `GET /a`, `PUT /a`, `GET /b`"),
        (Says { path: &prefixed, ..Says::default() }, "`GET /b`", "2 operations: `GET /a`, `PUT /a`"),
        (Says { operation: &prefixed, ..Says::default() }, "2 operations: `PUT /a`, `GET /b`", "`GET /a`"),
        (
            Says { apply: &apply("{tags: [b]}"), ..Says::default() },
            "2 operations: `GET /a`, `PUT /a`",
            "`GET /b`",
        ),
        (
            Says { apply: &apply("{methods: [GET]}"), ..Says::default() },
            "`PUT /a`",
            "2 operations: `GET /a`, `GET /b`",
        ),
    ] {
        let compilation = says.compile();
        let (stand, accepted) = of_code(&compilation, "GW0401");
        let names = |messages: &[String]| {
            let start = "every request to ";
            let name = |message: &String| {
                let (which, names) = message[start.len()..]
                    .split_once(" is denied, because nothing can verify its credential")
                    .unwrap();
                format!("{which}{names}")
            };
            messages.iter().map(name).collect::<Vec<_>>().join(" | ")
        };
        assert_eq!(
            (names(&stand).as_str(), names(&accepted).as_str()),
            (standing, waived),
            "{}",
            says.project()
        );
        assert_eq!(codes(&compilation).len(), stand.len(), "{}", rendered(&compilation));
        assert!(compilation.waived.iter().all(|it| it.waiver.reason.value == "the keys come soon"));
    }
}

#[test]
fn waivers_change_no_decision() {
    let without = sealed(&Says::default().project());
    let with = Says { root: &format!("x-gw-waive: {WAIVE}"), ..Says::default() };
    assert_eq!(sealed(&with.project()).policy_digest, without.policy_digest);
}

#[test]
fn layers_of_waivers_add_up_and_the_nearest_counts() {
    let outer = "x-gw-waive: [{code: GW0401, reason: outer}, {code: GW0145, reason: odd}]";
    let says = Says {
        root: outer,
        operation: "x-gw-waive: [{code: GW0401, reason: inner}]\n      odd: 1",
        ..Says::default()
    };
    let compilation = says.compile();
    assert!(codes(&compilation).is_empty(), "{}", rendered(&compilation));
    let reasons: Vec<&str> =
        compilation.waived.iter().map(|waived| waived.waiver.reason.value.as_str()).collect();
    assert_eq!(reasons, ["inner", "odd", "outer"]);
}

#[test]
fn no_error_is_waived() {
    let says = Says {
        root: "x-gw-waive: [{code: GW0301, reason: later}, {code: GW9999, reason: what}, {code: GW0601, reason: no}]",
        ..Says::default()
    };
    let compilation = Folder::read(&says.project().replace("security: [{key: []}]\n", ""), "").compile();
    assert_eq!(errors(&compilation), ["GW0361", "GW0360", "GW0361", "GW0301"], "{}", rendered(&compilation));
    assert!(compilation.waived.is_empty());
    // A warning that was made an error is one.
    let overlay = "# file: o.yaml\noverlay: 1.0.0\ninfo: {title: o, version: '1'}\nactions: [{target: $.nothing, update: {}}]\n";
    let says = Says {
        defaults: "waive: [{code: GW0220, reason: known}, {code: GW0401, reason: known}]",
        ..Says::default()
    };
    let text = says.project().replace("spec: pets.yaml", "spec: pets.yaml, overlays: [o.yaml]") + overlay;
    let folder = Folder::read(&text, "");
    assert_eq!(counts(&folder.compile(), "GW0220"), (0, 1));
    let strict = gw_compiler::Options { strict: true, ..gw_compiler::Options::default() };
    let compilation = gw_compiler::compile(&folder.entry(), &folder, &strict);
    assert_eq!(counts(&compilation, "GW0220"), (1, 0));
    assert!(matches!(compilation.outcome, Outcome::Refused { .. }));
}

#[test]
fn only_a_day_lets_a_waiver_expire() {
    let says =
        Says { root: "x-gw-waive: [{code: GW0401, reason: soon, expires: 2027-01-31}]", ..Says::default() };
    let folder = Folder::read(&says.project(), "");
    for (compilation, standing, about) in [
        (folder.compile(), 0, &[][..]),
        (folder.lint("2027-01-16"), 0, &[]),
        (folder.lint("2027-01-17"), 0, &["GW0603"]),
        (folder.lint("2027-01-31"), 0, &["GW0603"]),
        (folder.lint("2027-02-01"), 1, &["GW0602"]),
    ] {
        assert_eq!(counts(&compilation, "GW0401"), (standing, 1 - standing));
        let codes: Vec<String> = codes(&compilation).into_iter().filter(|code| code != "GW0401").collect();
        assert_eq!(codes, about, "{}", rendered(&compilation));
        assert!(matches!(compilation.outcome, Outcome::Sealed(_)));
    }
    // Behind an expired one, a wider one counts.
    let says = Says { defaults: "waive: [{code: GW0401, reason: for now}]", ..says };
    let compilation = Folder::read(&says.project(), "").lint("2027-02-01");
    assert_eq!((counts(&compilation, "GW0401"), codes(&compilation)), ((0, 1), vec!["GW0602".to_owned()]));
}

#[test]
fn a_waiver_that_covers_nothing_is_told() {
    let says =
        Says { path: "x-gw-waive: [{code: GW0327, reason: it knows its requests}]", ..Says::default() };
    let compilation = says.compile();
    assert_eq!(counts(&compilation, "GW0601"), (1, 0), "{}", rendered(&compilation));
    insta::assert_snapshot!(compilation.findings.iter().find(|it| it.code.0 == 601).unwrap().subject, @"pets.yaml /paths/~1a/x-gw-waive GW0327");
    // Errors may hide what it is for, and in `dev` nobody asks.
    let refused = says.project().replace("upstream: pets", "upstream: pest");
    assert_eq!(counts(&Folder::read(&refused, "").compile(), "GW0601"), (0, 0));
    assert_eq!(counts(&Folder::read(&says.project(), "").compile_dev(), "GW0601"), (0, 0));
    // One that stands in a file of many projects may be for another one.
    let extended = "# file: org.yaml\ngw: 1\ndefaults: {waive: [{code: GW0327, reason: org}, {code: GW0401, reason: org}]}\n";
    let text =
        Says::default().project().replace("gw: 1\nname", "gw: 1\nextends: [org.yaml]\nname") + extended;
    let compilation = Folder::read(&text, "").compile();
    let [note] = compilation.findings.as_slice() else { panic!("{}", rendered(&compilation)) };
    assert_eq!((note.code.0, note.severity), (601, gw_syntax::Severity::Info));
    assert_eq!(compilation.waived.len(), 1);
}

#[test]
fn what_stands_elsewhere_belongs_to_its_api() {
    let part = "# file: part.yaml\nPet: {type: object, odd: 1}\n";
    let refers = |says: Says<'_>| {
        let odd = "components: {schemas: {A: {$ref: 'part.yaml#/Pet'}, B: {deprecated: 7}}, ";
        says.project().replace("components: {", odd) + part
    };
    let waive = "x-gw-waive: [{code: GW0144, reason: old}, {code: GW0401, reason: old}]";
    let of = |says| counts(&Folder::read(&refers(says), "").compile_in_full(None), "GW0144");
    let (all, none) = of(Says::default());
    assert!(all > 0 && none == 0);
    assert_eq!(of(Says { root: waive, ..Says::default() }), (0, all));
    assert_eq!(of(Says { defaults: &waive[5..], ..Says::default() }), (0, all));
    let (stand, waived) = of(Says { path: waive, ..Says::default() });
    assert!(stand > 0 && stand + waived == all, "{stand} {waived} {all}");
}

#[test]
fn what_is_only_counted_is_waived_where_everything_is() {
    let mut text = "openapi: 3.0.3\ninfo: {title: t, version: \"1\"}\nx-gw-auth: {public: true, reason: all}\nROOT\npaths:\n".to_owned();
    for n in 0..150 {
        let _ = writeln!(text, "  /p{n}: {{get: {{odd: 1, responses: {{}}}}}}");
    }
    let of = |waive: &str| Folder::read(&text.replace("ROOT", waive), "openapi.yaml").compile();
    let all = of("x-gw-waive: [{code: GW0145, reason: old}]");
    assert!(codes(&all).is_empty() && all.suppressed.is_empty(), "{}", rendered(&all));
    assert_eq!((all.waived.len(), all.waived_suppressed.values().sum::<usize>()), (100, 50));
    let one = Folder::read(
        &text.replace("ROOT\n", "").replace("/p0: {", "/p0: {x-gw-waive: [{code: GW0145, reason: old}], "),
        "openapi.yaml",
    )
    .compile();
    // It may cover one that was not kept: nobody can say that it covers nothing.
    assert_eq!((one.waived.len(), one.suppressed.values().sum::<usize>()), (0, 50));
    assert!(!codes(&one).contains(&"GW0601".to_owned()));
}

#[test]
fn what_an_overlay_brings_is_covered_where_it_ends_up() {
    let overlay = "# file: o.yaml\noverlay: 1.0.0\ninfo: {title: o, version: '1'}\nactions:\n  - target: $.paths['/b']\n    \
                   update: {post: {odd: 1, responses: {}}}\n";
    let waive = "x-gw-waive: [{code: GW0145, reason: old}, {code: GW0401, reason: old}]";
    let text = |says: Says<'_>| {
        says.project().replace("spec: pets.yaml", "spec: pets.yaml, overlays: [o.yaml]") + overlay
    };
    assert_eq!(counts(&Folder::read(&text(Says::default()), "").compile(), "GW0145"), (1, 0));
    assert_eq!(
        counts(&Folder::read(&text(Says { root: waive, ..Says::default() }), "").compile(), "GW0145"),
        (0, 1)
    );
    let in_path = text(Says::default()).replace("  /b:\n", &format!("  /b:\n    {waive}\n"));
    assert_eq!(counts(&Folder::read(&in_path, "").compile(), "GW0145"), (0, 1));
    let in_other = text(Says { path: waive, ..Says::default() });
    assert_eq!(counts(&Folder::read(&in_other, "").compile(), "GW0145"), (1, 0));
}

#[test]
fn a_word_of_many_operations_is_told_apart_by_their_waivers() {
    let says = Says {
        defaults: "retry: {attempts: 2, methods: [PATCH]}",
        operation: "x-gw-waive: [{code: GW0327, reason: it knows its requests}]",
        ..Says::default()
    };
    let text = says.project().replace("    get:", "    patch:");
    let (stand, waived) = of_code(&Folder::read(&text, "").compile(), "GW0327");
    assert_eq!(stand, ["`PATCH /b` is sent again although it may take effect twice"]);
    assert_eq!(waived, ["`PATCH /a` is sent again although it may take effect twice"]);
}
