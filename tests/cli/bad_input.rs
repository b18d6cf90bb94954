//! Bad input: each kind has a snapshot with its exit code, ends in bounded time and memory (see the sandbox), and
//! leaves nothing half-written behind.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use insta::assert_snapshot;

use crate::fixtures::{PETS, furnished};
use crate::sandbox::{Run, Sandbox};

/// How long a run may take, on a machine that does other things too.
const PATIENCE: Duration = Duration::from_mins(1);

/// Compiles one document, and insists that a refusal leaves no file behind.
fn compile(name: &str, document: impl AsRef<[u8]>) -> Run {
    let sandbox = Sandbox::new();
    sandbox.file(name, document);
    let from = Instant::now();
    let run = sandbox.gw(&["compile", name, "-o", "out.gwa"]);
    assert!(from.elapsed() < PATIENCE, "it took {:?}", from.elapsed());
    assert_eq!(sandbox.names(), [name], "{}", run.transcript());
    run
}

/// Looks into a file that is no artifact.
fn inspect(bytes: &[u8]) -> Run {
    let sandbox = Sandbox::new();
    sandbox.file("api.gwa", bytes).gw(&["inspect", "api.gwa"])
}

fn artifact() -> Vec<u8> {
    furnished().read("pets.gwa")
}

/// Digests differ from build to build of a fixture; what is said about them does not.
fn without_digests(run: &Run) -> String {
    let text = run.transcript();
    let mut parts = text.split("sha256:");
    let mut filtered = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        filtered.push_str("sha256:[…]");
        filtered.push_str(part.trim_start_matches(|letter: char| letter.is_ascii_hexdigit()));
    }
    filtered
}

#[test]
fn a_truncated_artifact() {
    let artifact = artifact();
    assert_snapshot!(inspect(&artifact[..10]).transcript());
    for length in (0..artifact.len()).step_by(97) {
        inspect(&artifact[..length]).exits(3);
    }
}

#[test]
fn an_altered_artifact() {
    let mut artifact = artifact();
    let last = artifact.len() - 40;
    artifact[last] ^= 0x20;
    assert_snapshot!(without_digests(&inspect(&artifact)));
}

#[test]
fn a_random_artifact() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    let bytes: Vec<u8> = (0..4096).flat_map(|_| random()).collect();
    assert_snapshot!(inspect(&bytes).transcript());
}

#[test]
fn an_empty_artifact() {
    assert_snapshot!(inspect(b"").transcript());
}

#[test]
fn a_damaged_artifact_is_not_served() {
    let sandbox = Sandbox::new();
    let whole = artifact();
    sandbox.file("api.gwa", &whole[..100]);
    // How long it should be changes with every table.
    let length = format!("at least {}", whole.len());
    assert_snapshot!(sandbox.gw(&["serve", "api.gwa"]).transcript().replace(&length, "at least […]"));
}

#[test]
fn an_empty_document() {
    assert_snapshot!(compile("api.yaml", "").transcript());
}

#[test]
fn a_long_line_of_brackets() {
    let run = compile("api.yaml", "[".repeat(200_000));
    assert!(run.stderr.len() < 4_000, "{}", run.stderr.len());
    assert_snapshot!(run.transcript());
}

#[test]
fn a_long_line_of_brackets_in_json() {
    let run = compile("api.json", format!("{{\"openapi\": {}", "[".repeat(200_000)));
    assert!(run.stderr.len() < 4_000, "{}", run.stderr.len());
    assert_snapshot!(run.transcript());
}

#[test]
fn a_cycle_of_references_between_path_items() {
    let document = "\
openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a: {$ref: '#/components/pathItems/a'}
components:
  pathItems:
    a: {$ref: '#/components/pathItems/b'}
    b: {$ref: '#/components/pathItems/a'}
";
    assert_snapshot!(compile("api.yaml", document).transcript());
}

#[test]
fn a_dangling_reference() {
    let document = PETS.replace("  /pets:\n", "  /cats: {$ref: '#/components/pathItems/cats'}\n  /pets:\n");
    assert_snapshot!(compile("api.yaml", document).transcript());
}

#[test]
fn a_reference_to_a_file_that_is_not_there() {
    let document = PETS.replace("  /pets:\n", "  /cats: {$ref: 'cats.yaml'}\n  /pets:\n");
    assert_snapshot!(compile("api.yaml", document).transcript());
}

#[test]
fn a_reference_out_of_the_folder() {
    let document = PETS.replace("  /pets:\n", "  /cats: {$ref: '../../etc/passwd'}\n  /pets:\n");
    assert_snapshot!(compile("api.yaml", document).transcript());
}

#[test]
fn a_key_that_stands_twice() {
    let document = PETS.replace("      responses:\n", "      operationId: again\n      responses:\n");
    assert_snapshot!(compile("api.yaml", document).transcript());
}

#[test]
fn anchors_that_explode() {
    let mut document = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let below = format!("*a{}", level - 1);
        let items = [below.as_str(); 10].join(", ");
        writeln!(document, "a{level}: &a{level} [{items}]").expect("a String takes all");
    }
    assert_snapshot!(compile("api.yaml", document).transcript());
}

#[test]
fn a_document_that_is_20000_levels_deep() {
    let deep = format!("{}1{}", "{\"a\":".repeat(20_000), "}".repeat(20_000));
    let run = compile("api.json", format!("{{\"openapi\": \"3.1.0\", \"x-deep\": {deep}}}\n"));
    assert!(run.stderr.len() < 4_000, "{}", run.stderr.len());
    assert_snapshot!(run.transcript());
}

#[test]
fn bytes_that_are_not_utf_8() {
    assert_snapshot!(compile("api.yaml", b"openapi: 3.1.0\ninfo: {title: \"\xff\xfe\"}\n").transcript());
}

#[test]
fn a_document_without_operations() {
    let document = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\n";
    assert_snapshot!(compile("api.yaml", document).transcript());
}

#[test]
fn a_document_that_steers_the_terminal() {
    let run =
        compile("api.yaml", "openapi: 3.1.0\ninfo: {title: t, version: '1'}\n\"a\u{9b}31m\u{202e}\": [\n");
    assert!(!run.stderr.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{}", run.transcript());
}

#[test]
fn an_old_format_of_openapi() {
    assert_snapshot!(
        compile("api.yaml", "swagger: '2.0'\ninfo: {title: t, version: '1'}\npaths: {}\n").transcript()
    );
}

#[test]
fn a_file_that_is_not_there() {
    assert_snapshot!(Sandbox::new().gw(&["compile", "none.yaml", "-o", "out.gwa"]).transcript());
}

#[test]
fn a_folder_that_is_no_project() {
    assert_snapshot!(Sandbox::new().gw(&["validate"]).transcript());
}

#[test]
fn an_output_that_cannot_be_written() {
    let sandbox = Sandbox::new();
    sandbox.file("api.yaml", PETS);
    assert_snapshot!(sandbox.gw(&["compile", "api.yaml", "-o", "none/out.gwa"]).transcript());
    assert_eq!(sandbox.names(), ["api.yaml"]);
}

#[test]
fn a_full_disk() {
    let sandbox = Sandbox::new();
    sandbox.file("api.yaml", PETS);
    assert_snapshot!(sandbox.gw(&["compile", "api.yaml", "-o", "/dev/full"]).transcript());
}

#[test]
fn a_refused_project_leaves_the_old_artifact_as_it_is() {
    let sandbox = furnished();
    let before = sandbox.read("pets.gwa");
    sandbox.gw(&["compile", "unprotected.yaml", "-o", "pets.gwa"]).exits(1);
    assert_eq!(sandbox.read("pets.gwa"), before);
}

#[test]
fn bindings_that_lack_what_the_artifact_names() {
    let sandbox = Sandbox::new();
    sandbox.file("pets.yaml", PETS).file(
        "gw.yaml",
        "gw: 1\nname: shop\napis: [{name: pets, spec: pets.yaml}]\nupstreams: {pets: {}, spare: {}}\n\
         defaults: {upstream: pets}\n",
    );
    sandbox.gw(&["compile", "-o", "api.gwa"]).exits(0);
    assert_snapshot!(sandbox.gw(&["serve", "api.gwa"]).transcript());
}

#[test]
fn bindings_that_are_wrong_in_many_ways() {
    let sandbox = furnished();
    sandbox.file("odd.toml", "lisen = {}\nhealth = 1\n[upstreams]\npets = [\"ftp://a\"]\ncats = []\n");
    assert_snapshot!(sandbox.gw(&["serve", "pets.gwa", "--bindings", "odd.toml"]).transcript());
}

#[test]
fn a_suite_that_is_not_understood() {
    let sandbox = furnished();
    sandbox.file("project/odd.test.yaml", "tests:\n  - name: odd\n    requets: {get: /pets}\n");
    assert_snapshot!(sandbox.gw(&["test", "project"]).transcript());
}

/// The project of [`furnished`] with an overlay.
fn overlaid(overlay: &str) -> Sandbox {
    let sandbox = furnished();
    let project = String::from_utf8_lossy(&sandbox.read("project/gw.yaml")).into_owned();
    let project = project.replace("spec: pets.yaml", "spec: pets.yaml, overlays: [edge.overlay.yaml]");
    sandbox.file("project/gw.yaml", project).file("project/edge.overlay.yaml", overlay);
    sandbox
}

#[test]
fn an_overlay_whose_target_selects_nothing() {
    let sandbox = overlaid(OVERLAY);
    sandbox.gw(&["validate", "project"]).exits(0);
    sandbox.gw(&["compile", "project", "-o", "overlaid.gwa", "--strict"]).exits(1);
    assert_snapshot!(sandbox.gw(&["validate", "project", "--strict"]).transcript());
}

#[test]
fn an_overlay_whose_jsonpath_explodes() {
    let nested = (0..7).fold("$..*".to_owned(), |inner, _| format!("$..[?count({inner}) > 0]"));
    let sandbox = overlaid(&OVERLAY.replace("$.paths['/pet'].get", &nested));
    let from = Instant::now();
    assert_snapshot!(sandbox.gw(&["validate", "project"]).transcript());
    assert!(from.elapsed() < PATIENCE, "it took {:?}", from.elapsed());
}

const OVERLAY: &str = "\
overlay: 1.1.0
info: {title: for the edge, version: 1.0.0}
actions:
  - target: \"$.paths['/pet'].get\"
    update: {x-gw-timeout: 2s}
";

/// A document in which every operation has a reference to nothing, a policy key that is none, and a key that is none.
fn with_many_findings(operations: usize) -> String {
    let mut document = PETS.to_owned();
    for at in 0..operations {
        writeln!(
            document,
            "  /p{at}: {{get: {{x-gw-timeuot: 2s, colour: red, responses: {{'200': {{$ref: '#/nowhere/{at}'}}}}}}}}"
        )
        .expect("a String takes all");
    }
    document
}

#[test]
fn ten_thousand_findings_are_capped_for_each_code_and_counted() {
    const OPERATIONS: usize = 4_000;
    let sandbox = Sandbox::new();
    sandbox.file("many.yaml", with_many_findings(OPERATIONS));
    let from = Instant::now();
    let human = sandbox.gw(&["validate", "many.yaml"]).exits(3);
    let json = sandbox.gw(&["validate", "many.yaml", "--format", "json"]).exits(3).json();
    let sarif = sandbox.gw(&["validate", "many.yaml", "--format", "sarif"]).exits(3);
    let github = sandbox.gw(&["validate", "many.yaml", "--format", "github"]).exits(3);
    assert!(from.elapsed() < PATIENCE, "it took {:?}", from.elapsed());

    let tail: Vec<&str> = human.stderr.lines().rev().take(9).collect();
    assert_snapshot!(tail.into_iter().rev().collect::<Vec<_>>().join("\n"));
    assert_snapshot!(format!("{:#}\n", json["summary"]));
    assert_snapshot!(github.stdout.lines().last().unwrap_or_default());
    let found = json["summary"]["errors"].as_u64().unwrap() + json["summary"]["warnings"].as_u64().unwrap();
    assert!(found > 10_000, "{found}");
    assert!(json["findings"].as_array().unwrap().len() <= 4 * 100, "each code is capped");
    for text in [&human.stderr, &sarif.stdout, &github.stdout] {
        assert!(text.len() < 1 << 20, "{}", text.len());
    }
}

#[test]
fn a_policy_of_an_overlay_is_told_with_the_overlays_line() {
    let sandbox = overlaid(&OVERLAY.replace("'/pet'", "'/pets'"));
    assert_snapshot!(sandbox.gw(&["dry-run", "project", "GET", "/pets"]).transcript());
}
