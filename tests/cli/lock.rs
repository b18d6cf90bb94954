//! `gw lock`: with a real repository and a real server, fetched, pinned, changed and forgotten.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use crate::sandbox::Sandbox;

const PETS: &str = "get:
  parameters: [{$ref: 'shared/limit.yaml'}]
  responses: {'200': {description: the pets}}
";
const LIMIT: &str = "{name: limit, in: query, schema: {type: integer}}\n";

fn project(remote: &str, reference: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file(
        "gw.yaml",
        format!(
            "gw: 1\nname: edge\nremote: ['{remote}']\napis: [{{name: pets, spec: openapi.yaml}}]\n\
             upstreams: {{pets: {{}}}}\ndefaults: {{upstream: pets, validate: none}}\n"
        ),
    );
    sandbox.file("openapi.yaml", document(reference));
    sandbox
}

fn document(reference: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: pets, version: '1'}}\n\
         x-gw-auth: {{public: true, reason: a public catalogue}}\npaths: {{/pets: {{$ref: '{reference}'}}}}\n"
    )
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let settings =
        ["user.name=t", "user.email=t@example.com", "init.defaultBranch=main", "commit.gpgsign=false"];
    let output = Command::new("git")
        .args(settings.iter().flat_map(|setting| ["-c", setting]))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("git runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

/// A repository with two documents that name each other.
fn repository() -> Sandbox {
    let specs = Sandbox::new();
    specs.file("pets/item.yaml", PETS).file("pets/shared/limit.yaml", LIMIT);
    git(specs.path(), &["init", "--quiet"]);
    commit(&specs);
    specs
}

fn commit(specs: &Sandbox) -> String {
    git(specs.path(), &["add", "."]);
    git(specs.path(), &["commit", "--quiet", "-m", "change"]);
    git(specs.path(), &["rev-parse", "HEAD"])
}

fn states(sandbox: &Sandbox, arguments: &[&str]) -> Vec<String> {
    let told = sandbox.gw(&[&["lock", "--format", "json"], arguments].concat()).exits(0).json();
    let pins = told["pins"].as_array().expect("pins");
    pins.iter().map(|pin| pin["state"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn another_teams_head_arrives_only_when_it_is_asked_for() {
    let specs = repository();
    let first = git(specs.path(), &["rev-parse", "HEAD"]);
    let repository = format!("git+file://{}/.git", specs.path().display());
    let project = project(&repository, &format!("{repository}//pets/item.yaml?ref=main"));

    project.gw(&["validate"]).exits(3);
    assert_eq!(states(&project, &[]), ["pinned", "pinned"]);
    let lock = String::from_utf8(project.read("gw.lock")).expect("text");
    assert!(lock.contains(&first), "{lock}");
    project.gw(&["validate"]).exits(0);

    // The other team breaks its document: this project neither sees it nor stops for it.
    specs.file("pets/item.yaml", "get: [");
    commit(&specs);
    assert_eq!(states(&project, &[]), ["kept", "kept"]);
    project.gw(&["validate"]).exits(0);

    assert_eq!(
        states(&project, &["--update", "--only", &repository]),
        ["updated", "dropped"],
        "the other is named no more"
    );
    project.gw(&["validate"]).exits(3);
    specs.file("pets/item.yaml", PETS);
    commit(&specs);
    assert_eq!(states(&project, &["--update"]), ["updated", "pinned"]);
    project.gw(&["validate"]).exits(0);
}

#[test]
fn what_nothing_names_any_more_is_taken_out() {
    let specs = repository();
    let repository = format!("git+file://{}/.git", specs.path().display());
    let project = project(&repository, &format!("{repository}//pets/item.yaml"));
    states(&project, &[]);
    project.file("item.yaml", PETS.replace("shared/", "")).file("limit.yaml", LIMIT);
    project.file("openapi.yaml", document("item.yaml"));
    let warned = project.gw(&["compile", "-o", "a.gwa"]).exits(0);
    assert!(warned.stderr.contains("GW0010"), "{}", warned.stderr);
    project.gw(&["compile", "-o", "b.gwa", "--locked"]).exits(1);
    assert_eq!(states(&project, &[]), ["dropped", "dropped"]);
    assert!(!project.names().iter().any(|name| name.starts_with("gw.vendor")), "{:?}", project.names());
    project.gw(&["compile", "-o", "b.gwa", "--locked"]).exits(0);
}

#[test]
fn a_file_that_was_lost_or_changed_is_fetched_again_if_it_is_still_the_same() {
    let specs = repository();
    let repository = format!("git+file://{}/.git", specs.path().display());
    let project = project(&repository, &format!("{repository}//pets/item.yaml"));
    states(&project, &[]);
    let kept = project.names().into_iter().find(|name| name.ends_with("limit.yaml")).expect("it is kept");
    project.file(&kept, "changed");
    let refused = project.gw(&["validate"]).exits(3);
    assert!(refused.stderr.contains("GW0008"), "{}", refused.stderr);
    assert_eq!(states(&project, &[]), ["kept", "kept"]);
    assert_eq!(project.read(&kept), LIMIT.as_bytes());

    project.file(&kept, "changed");
    specs.file("pets/shared/limit.yaml", LIMIT.replace("limit", "page"));
    commit(&specs);
    let refused = project.gw(&["lock"]).exits(1);
    assert!(refused.stderr.contains("gw lock --update"), "{}", refused.stderr);
}

#[test]
fn a_document_comes_over_http_from_this_machine() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let place = format!("http://{}/", listener.local_addr().expect("an address"));
    let server = std::thread::spawn(move || {
        for body in [PETS.replace("shared/", ""), LIMIT.to_owned()] {
            let (mut stream, _) = listener.accept().expect("a caller");
            let mut request = [0; 4096];
            let read = stream.read(&mut request).expect("a request");
            assert!(request[..read].starts_with(b"GET /"));
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            stream.write_all((head + &body).as_bytes()).expect("an answer");
        }
    });
    let project = project(&place, &format!("{place}item.yaml"));
    assert_eq!(states(&project, &[]), ["pinned", "pinned"]);
    server.join().expect("both were asked for");
    project.gw(&["validate"]).exits(0);
}

#[test]
fn nobody_there_writes_nothing() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let project = project(&format!("http://{free}/"), &format!("http://{free}/item.yaml"));
    project.gw(&["lock"]).exits(69);
    let names = project.names();
    assert!(!names.iter().any(|name| name.starts_with("gw.vendor") || name == "gw.lock"), "{names:?}");
    project.gw(&["lock", "openapi.yaml"]).exits(64);
}
