//! Deny by default, and the two ways around it closed.

use std::fmt::Write as _;

use gw_artifact::model::Access;
use gw_compiler::Outcome;

use crate::support::{Folder, codes, compiled, errors, rendered, sealed, shown};

const SCHEMES: &str = "\
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Api-Key}
    token: {type: http, scheme: bearer}
";

/// One operation `GET /pets` with these lines of its own, below a root with those.
fn document(root: &str, operation: &str) -> String {
    let mut lines = String::new();
    for line in operation.lines() {
        lines.push_str("      ");
        lines.push_str(line);
        lines.push('\n');
    }
    format!(
        "openapi: 3.0.3\ninfo: {{title: pets, version: \"1\"}}\n{root}{SCHEMES}paths:\n  /pets:\n    get:\n{lines}      \
         responses: {{\"200\": {{description: ok}}}}\n"
    )
}

fn project(defaults: &str, document: &str) -> String {
    format!(
        "# file: gw.yaml\ngw: 1\nname: shop\napis: [{{name: pets, spec: pets.yaml}}]\nupstreams: {{pets: {{}}}}\n\
         defaults:\n  upstream: pets\n{defaults}# file: pets.yaml\n{document}"
    )
}

fn access(text: &str) -> Access {
    sealed(text).artifact.tables().access[0].clone()
}

fn refusals(text: &str) -> Vec<String> {
    errors(&crate::support::compiled(text))
}

const PUBLIC: &str = "x-gw-auth: {public: true, reason: a catalogue}\n";
const DELEGATED: &str = "x-gw-auth: {delegated: true, reason: the service verifies}\n";
const PUBLIC_DEFAULT: &str = "  auth: {public: true, reason: a catalogue}\n";
const BOTH_DEFAULTS: &str = "  auth: {public: true, delegated: true, reason: as the document says}\n";

#[test]
fn silence_is_refused() {
    assert_eq!(refusals(&document("", "")), ["GW0301"]);
    assert_eq!(refusals(&project("", &document("", ""))), ["GW0301"]);
}

#[test]
fn one_malformed_word_hides_no_other_operation() {
    let refused = compiled(
        "openapi: 3.1.0\ninfo: {title: t, version: \"1\"}\npaths:\n  \
         /a: {get: {x-gw-auth: {public: true}, responses: {}}}\n  \
         /b: {x-gw-auth: {delegated: true}, get: {responses: {}}}\n  \
         /c: {get: {responses: {}}}\n",
    );
    assert_eq!(codes(&refused), ["GW0135", "GW0135", "GW0301"], "{}", rendered(&refused));
    assert!(rendered(&refused).contains("nothing says who may call `GET /c`"), "{}", rendered(&refused));
}

#[test]
fn public_with_a_reason_passes_on_operation_and_root() {
    assert_eq!(access(&document("", PUBLIC)), Access::Public);
    assert_eq!(access(&document(PUBLIC, "")), Access::Public);
}

#[test]
fn an_empty_security_needs_the_word_public_beside_it() {
    assert_eq!(refusals(&document("", "security: []")), ["GW0301"]);
    assert_eq!(access(&document("", &format!("security: []\n{PUBLIC}"))), Access::Public);
    assert_eq!(access(&document(PUBLIC, "security: []")), Access::Public);
}

#[test]
fn an_empty_alternative_counts_as_public() {
    let optional = "security: [{}, {token: []}]\n";
    assert_eq!(refusals(&document("", optional)), ["GW0301"]);
    assert_eq!(access(&document("", &format!("{optional}{PUBLIC}"))), Access::Public);
}

#[test]
fn an_empty_alternative_is_not_covered_by_delegated_above_it() {
    assert_eq!(refusals(&document(DELEGATED, "security: [{}, {token: []}]")), ["GW0301"]);
    assert_eq!(refusals(&document(DELEGATED, "security: []")), ["GW0301"]);
}

#[test]
fn defaults_say_nothing_about_a_document_that_says_something_else() {
    for security in ["security: []", "security: [{}]", "security: [{token: []}, {}]"] {
        assert_eq!(refusals(&project(BOTH_DEFAULTS, &document("", security))), ["GW0301"], "{security}");
    }
}

#[test]
fn public_in_defaults_covers_silent_documents_only() {
    assert_eq!(access(&project(PUBLIC_DEFAULT, &document("", ""))), Access::Public);
    let demanding = project(PUBLIC_DEFAULT, &document("", "security: [{token: []}]"));
    assert!(matches!(access(&demanding), Access::Verified { .. }));
}

#[test]
fn both_words_in_defaults_cover_each_what_it_fits() {
    assert_eq!(access(&project(BOTH_DEFAULTS, &document("", ""))), Access::Public);
    let demanding = project(BOTH_DEFAULTS, &document("", "security: [{token: []}]"));
    assert!(matches!(access(&demanding), Access::Delegated { .. }));
}

#[test]
fn public_beside_security_is_an_error_on_every_layer() {
    let security = "security: [{token: []}]\n";
    assert_eq!(refusals(&document("", &format!("{security}{PUBLIC}"))), ["GW0302"]);
    assert_eq!(refusals(&document(PUBLIC, security)), ["GW0302"]);
    assert_eq!(refusals(&document(&format!("{security}{PUBLIC}"), "")), ["GW0302"]);
}

#[test]
fn delegated_demands_what_the_document_declares() {
    let Access::Delegated { alternatives, challenges } =
        access(&document("", &format!("security: [{{token: []}}, {{key: []}}]\n{DELEGATED}")))
    else {
        panic!("it is not delegated");
    };
    assert_eq!(alternatives.len(), 2);
    let expected =
        ["ApiKey realm=\"openapi\", in=\"header\", name=\"x-api-key\"", "Bearer realm=\"openapi\""];
    assert_eq!(challenges, expected);
}

#[test]
fn delegated_without_security_is_an_error() {
    assert_eq!(refusals(&document("", DELEGATED)), ["GW0303"]);
}

#[test]
fn what_nothing_can_verify_is_compiled_denied_and_said() {
    let text = document("", "security: [{token: []}]");
    assert!(matches!(access(&text), Access::Verified { .. }));
    assert_eq!(codes(&crate::support::compiled(&text)), ["GW0401"]);
}

#[test]
fn an_unknown_scheme_is_one_error_and_no_other() {
    assert_eq!(refusals(&document("", &format!("security: [{{tokn: []}}]\n{DELEGATED}"))), ["GW0204"]);
}

#[test]
fn in_dev_silence_is_a_warning_and_served() {
    let folder = Folder::read(&document("", ""), "openapi.yaml");
    let compilation = folder.compile_dev();
    assert_eq!((codes(&compilation), errors(&compilation)), (vec!["GW0301".to_owned()], vec![]));
    let Outcome::Sealed(sealed) = compilation.outcome else { panic!("it is refused") };
    assert_eq!(sealed.artifact.tables().access, [Access::Public]);
}

#[test]
fn in_dev_a_demand_stays_a_demand() {
    let folder = Folder::read(&document("", "security: [{token: []}]"), "openapi.yaml");
    let Outcome::Sealed(sealed) = folder.compile_dev().outcome else { panic!("it is refused") };
    assert!(matches!(sealed.artifact.tables().access[0], Access::Verified { .. }));
}

#[test]
fn the_finding_of_a_bare_document_prints_one_line_for_its_root() {
    insta::assert_snapshot!(shown(&document("", "")));
}

#[test]
fn the_finding_of_a_project_prints_the_line_for_its_defaults() {
    insta::assert_snapshot!(shown(&project("", &document("", ""))));
}

#[test]
fn the_finding_prints_lines_for_operations_where_defaults_cannot_help() {
    let mixed = "\
openapi: 3.0.3
info: {title: pets, version: \"1\"}
paths:
  /pets:
    get:
      security: []
      responses: {}
    post:
      security: [{token: []}]
      responses: {}
  /health:
    get:
      responses: {}
components:
  securitySchemes:
    token: {type: http, scheme: bearer}
";
    insta::assert_snapshot!(shown(&project(
        "  auth: {delegated: true, reason: the service verifies}\n",
        mixed
    )));
}

#[test]
fn the_finding_speaks_json_to_json() {
    let text = "{\n  \"openapi\": \"3.0.3\",\n  \"info\": {\"title\": \"pets\", \"version\": \"1\"},\n  \
                \"paths\": {\"/pets\": {\"get\": {\"responses\": {}}}}\n}";
    insta::assert_snapshot!(shown(text));
}

#[test]
fn where_security_lets_anyone_in_the_finding_asks_why() {
    for (operation, root) in
        [("security: []", ""), ("security: [{token: []}, {}]", ""), ("", "security: [{}]\n")]
    {
        let compilation = compiled(&document(root, operation));
        let message = "`security` lets anyone call `GET /pets`, and nothing says why";
        assert_eq!(compilation.findings[0].message, message, "{}", rendered(&compilation));
        let help = compilation.findings[0].help.as_deref().unwrap_or_default();
        assert!(
            help.ends_with("identify themselves, name a scheme in `security` instead of `[]` or `{}`"),
            "{help}"
        );
    }
}

#[test]
fn a_long_list_of_operations_ends_in_a_count() {
    let mut text = String::from("openapi: 3.0.3\ninfo: {title: pets, version: \"1\"}\npaths:\n");
    for n in 0..12 {
        let _ = write!(text, "  /pets{n}:\n    get: {{responses: {{}}}}\n");
    }
    insta::assert_snapshot!(shown(&text));
}

#[test]
fn contradictions_are_one_finding_for_each_place() {
    let text = document(PUBLIC, "security: [{token: []}]");
    insta::assert_snapshot!(shown(&text));
}

#[test]
fn lines_to_add_fit_into_braces() {
    let text = "\
openapi: 3.0.3
info: {title: pets, version: \"1\"}
paths:
  /pets:
    get: {security: [], responses: {}}
    post: {security: [{token: []}], responses: {}}
components: {securitySchemes: {token: {type: http, scheme: bearer}}}
";
    insta::assert_snapshot!(shown(text));
}

#[test]
fn a_word_that_does_not_read_is_not_called_silence() {
    let unread = document("", "x-gw-auth: {public: true}");
    assert_eq!(refusals(&unread), ["GW0135"]);
    let unread = project("  auth: {public: true}\n", &document("", ""));
    assert_eq!(refusals(&unread), ["GW0135"]);
}

#[test]
fn on_one_line_the_help_does_not_mean_the_braces_of_the_root() {
    let text = r#"{"openapi":"3.1.0","info":{"title":"t","version":"1"},"security":[{"k":[]}],"components":{"securitySchemes":{"k":{"type":"http","scheme":"bearer"}}},"paths":{"/a":{"get":{"security":[],"responses":{}},"put":{"responses":{}}}}}"#;
    let folder = Folder::read(text, "openapi.json");
    let compilation = folder.compile();
    let gate = compilation.findings.iter().find(|finding| finding.code.to_string() == "GW0301");
    let help = gate.and_then(|gate| gate.help.as_deref()).unwrap_or_default();
    let column = text.find("\"get\"").map_or(0, |at| at + 1);
    let named = format!("inside the braces behind column {column} of line 1");
    assert!(help.contains(&named), "{help}");
}
