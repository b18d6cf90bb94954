//! What `gw init` writes validates, passes its own suite, and overwrites nothing.

use insta::assert_snapshot;

use crate::fixtures::{PETS, UNPROTECTED};
use crate::sandbox::Sandbox;

/// A text file of the sandbox.
fn text(sandbox: &Sandbox, name: &str) -> String {
    String::from_utf8(sandbox.read(name)).expect("what gw writes is UTF-8")
}

/// Runs what a person would run next.
fn holds(sandbox: &Sandbox, folder: &str) {
    sandbox.gw(&["validate", folder]).exits(0);
    sandbox.gw(&["validate", folder, "--bindings", &format!("{folder}/bindings/local.toml")]).exits(0);
    sandbox.gw(&["test", folder]).exits(0);
}

#[test]
fn an_example_is_written_where_there_is_no_document() {
    let sandbox = Sandbox::new();
    assert_snapshot!(sandbox.gw(&["init", "shop"]).transcript());
    holds(&sandbox, "shop");
    assert_snapshot!("example_project", text(&sandbox, "shop/gw.yaml"));
    assert_snapshot!("example_suite", text(&sandbox, "shop/shop.test.yaml"));
    assert_snapshot!("example_bindings", text(&sandbox, "shop/bindings/local.toml"));
    assert_snapshot!("example_recipe", text(&sandbox, "shop/ci/gw.sh"));
}

#[test]
fn a_document_in_the_folder_stays_where_it_is() {
    let sandbox = Sandbox::new();
    sandbox.file("shop/apis/pets.yaml", PETS);
    sandbox.gw(&["init", "--from", "shop/apis/pets.yaml", "shop"]).exits(0);
    holds(&sandbox, "shop");
    assert_eq!(text(&sandbox, "shop/apis/pets.yaml"), PETS);
    assert!(text(&sandbox, "shop/gw.yaml").contains("spec: \"apis/pets.yaml\""));
}

#[test]
fn a_document_from_elsewhere_is_copied() {
    let sandbox = Sandbox::new();
    sandbox.file("pets.yaml", PETS);
    sandbox.gw(&["init", "--from", "pets.yaml", "shop"]).exits(0);
    holds(&sandbox, "shop");
    assert_eq!(text(&sandbox, "shop/pets.yaml"), PETS);
}

#[test]
fn unprotected_operations_are_listed_and_nothing_is_written_without_a_reason() {
    let sandbox = Sandbox::new();
    sandbox.file("pets.yaml", UNPROTECTED);
    assert_snapshot!(sandbox.gw(&["init", "--from", "pets.yaml", "shop"]).transcript());
    assert_eq!(sandbox.names(), ["pets.yaml"]);
}

#[test]
fn each_unprotected_operation_gets_a_line_of_its_own_in_a_copy() {
    let sandbox = Sandbox::new();
    sandbox.file("shop/pets.yaml", UNPROTECTED);
    let run = sandbox.gw(&["init", "--from", "shop/pets.yaml", "--public", "a \"public\" list", "shop"]);
    assert_snapshot!(run.transcript());
    holds(&sandbox, "shop");
    assert_eq!(text(&sandbox, "shop/pets.yaml"), UNPROTECTED);
    assert_snapshot!("annotated_copy", text(&sandbox, "shop/pets.gw.yaml"));
}

#[test]
fn a_json_document_gets_its_lines_too() {
    let sandbox = Sandbox::new();
    let document = "{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"t\", \"version\": \"1\"},\n \
                    \"servers\": [{\"url\": \"https://api.example.com/v1\"}],\n \
                    \"paths\": {\"/a/{x}\": {\"get\": {\"responses\": {\"200\": {\"description\": \"x\"}}}}}}\n";
    sandbox.file("api.json", document);
    sandbox.gw(&["init", "--from", "api.json", "--public", "why not", "shop"]).exits(0);
    holds(&sandbox, "shop");
    assert!(
        text(&sandbox, "shop/api.json")
            .contains("{\"x-gw-auth\": {\"public\":true,\"reason\":\"why not\"}, \"responses\"")
    );
    assert!(
        text(&sandbox, "shop/gw.yaml").contains("hosts: [\"api.example.com\", \"localhost\", \"127.0.0.1\"]")
    );
}

#[test]
fn one_file_in_the_way_stops_all() {
    let sandbox = Sandbox::new();
    sandbox.file("shop/ci/gw.sh", "mine");
    assert_snapshot!(sandbox.gw(&["init", "shop"]).transcript());
    assert_eq!(sandbox.names(), ["shop/ci/gw.sh"]);
    assert_eq!(text(&sandbox, "shop/ci/gw.sh"), "mine");
}

#[test]
fn the_recipe_for_ci_runs() {
    let sandbox = Sandbox::new();
    sandbox.gw(&["init", "shop"]).exits(0);
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_gw"));
    let path = format!(
        "{}:{}",
        binary.parent().expect("the binary is in a folder").display(),
        std::env::var("PATH").expect("there is a PATH")
    );
    let output = std::process::Command::new("sh")
        .arg("shop/ci/gw.sh")
        .current_dir(sandbox.path())
        .env("PATH", path)
        .output()
        .expect("sh runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    sandbox.gw(&["inspect", "shop/shop.gwa"]).exits(0);
}
