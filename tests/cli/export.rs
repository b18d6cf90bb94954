//! `gw export openapi`: the public document, and why there is none.

use insta::assert_snapshot;

use crate::fixtures::furnished;

#[test]
fn export_writes_the_document_without_policy() {
    let sandbox = furnished();
    assert_snapshot!(sandbox.gw(&["export", "openapi", "project"]).exits(0).transcript());
    sandbox.gw(&["export", "openapi", "project", "-o", "public.json"]).exits(0);
    let printed = sandbox.gw(&["export", "openapi", "project"]).stdout;
    assert_eq!(String::from_utf8_lossy(&sandbox.read("public.json")), printed);
}

#[test]
fn export_with_the_gateway_says_what_it_answers() {
    let sandbox = furnished();
    let run = sandbox.gw(&["export", "openapi", "pets.yaml", "--with-gateway"]).exits(0);
    let responses = &run.json()["paths"]["/pets"]["get"]["responses"];
    let statuses: Vec<&str> = responses.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(statuses, ["200", "400", "414", "431", "502", "503", "504"]);
}

#[test]
fn export_of_a_project_with_several_apis_asks_which() {
    let sandbox = furnished();
    let project = String::from_utf8_lossy(&sandbox.read("project/gw.yaml")).into_owned();
    let apis = "apis: [{name: pets, spec: pets.yaml}, {name: cats, spec: pets.yaml, base: /cats}]";
    sandbox.file("project/gw.yaml", project.replace("apis: [{name: pets, spec: pets.yaml}]", apis));
    assert_snapshot!(sandbox.gw(&["export", "openapi", "project"]).exits(64).transcript());
    assert_snapshot!(sandbox.gw(&["export", "openapi", "project", "--api", "dogs"]).exits(64).transcript());
    let told = sandbox.gw(&["export", "openapi", "project", "--api", "cats", "--with-gateway"]).exits(0);
    assert_eq!(told.json()["servers"][0]["url"], "/cats");
}

#[test]
fn export_of_what_does_not_compile_says_why() {
    let sandbox = furnished();
    assert_snapshot!(
        sandbox.gw(&["export", "openapi", "unprotected.yaml", "-o", "out.json"]).exits(1).transcript()
    );
    assert!(!sandbox.names().contains(&"out.json".to_owned()));
}
