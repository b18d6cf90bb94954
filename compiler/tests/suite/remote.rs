//! Documents on other machines: pinned, or refused.

use std::fmt::Write as _;

use gw_artifact::Digest;
use gw_compiler::load::{RemoteUrl, remotes};
use gw_compiler::{Outcome, Sealed};

use crate::support::{Folder, errors};

const PATHS: &str = "
openapi: 3.1.0
info: {title: pets, version: '1'}
x-gw-auth: {public: true, reason: a public catalogue}
paths: {/pets: {$ref: 'PLACE/pets.yaml'}}
";
const ITEM: &str = "
get:
  parameters: [{$ref: 'shared/limit.yaml'}]
  responses: {'200': {description: the pets}}
";
const LIMIT: &str = "{name: limit, in: query, schema: {type: integer}}\n";
const PLACE: &str = "git+https://git.example.com/acme/specs.git//pets";

fn project(remote: &str, place: &str) -> Folder {
    let gw_yaml = format!(
        "# file: gw.yaml\ngw: 1\nname: edge\nremote: [{remote}]\napis: [{{name: pets, spec: openapi.yaml}}]\n\
         upstreams: {{pets: {{}}}}\ndefaults: {{upstream: pets}}\n# file: openapi.yaml\n"
    );
    Folder::read(&(gw_yaml + &PATHS.replace("PLACE", place)), "gw.yaml")
}

fn pin(folder: &mut Folder, lock: &mut String, url: &str, text: &str) {
    let file = RemoteUrl::parse(url).expect("a URL").vendored();
    let digest = Digest::of(text.as_bytes());
    writeln!(lock, "  - {{url: '{url}', file: '{file}', digest: '{digest}'}}")
        .expect("a string takes everything");
    folder.0.insert(file, text.into());
    folder.0.insert("gw.lock".into(), lock.clone().into());
}

fn sealed(folder: &Folder) -> Box<Sealed> {
    let compilation = folder.compile();
    match compilation.outcome {
        Outcome::Sealed(sealed) => sealed,
        Outcome::Refused { .. } => panic!("{:?}", compilation.findings),
    }
}

#[test]
fn what_a_pinned_document_names_is_asked_for_step_by_step() {
    let mut folder = project("git+https://git.example.com/acme/specs.git", PLACE);
    let (first, second) = (format!("{PLACE}/pets.yaml"), format!("{PLACE}/shared/limit.yaml"));
    assert_eq!(remotes(&folder.entry(), &folder).unpinned, std::slice::from_ref(&first));
    assert!(errors(&folder.compile()).contains(&"GW0007".to_owned()));

    let mut lock = String::from("lock: 1\npins:\n");
    pin(&mut folder, &mut lock, &first, ITEM);
    assert_eq!(remotes(&folder.entry(), &folder).unpinned, std::slice::from_ref(&second));
    pin(&mut folder, &mut lock, &second, LIMIT);
    let needed = remotes(&folder.entry(), &folder);
    assert_eq!((needed.unpinned.len(), needed.used.len(), needed.unused.len()), (0, 2, 0));
    let pinned = sealed(&folder);

    let mut local = project("", "copies");
    local.0.insert("copies/pets.yaml".into(), ITEM.into());
    local.0.insert("copies/shared/limit.yaml".into(), LIMIT.into());
    assert_eq!(pinned.policy_digest, sealed(&local).policy_digest, "where bytes came from is no policy");
}

#[test]
fn a_document_leads_only_where_the_project_allows() {
    let mut folder = project("'https://specs.example.com/pets/'", "https://specs.example.com/pets");
    let mut lock = String::from("lock: 1\npins:\n");
    pin(
        &mut folder,
        &mut lock,
        "https://specs.example.com/pets/pets.yaml",
        &ITEM.replace("shared", "../secret"),
    );
    assert_eq!(errors(&folder.compile()), ["GW0005"]);
}

#[test]
fn a_pin_keeps_its_file_below_its_folder_and_nowhere_beside_it() {
    let url = "https://specs.example.com/pets/pets.yaml";
    for file in ["gw.vendored/pets.yaml", "gw.vendor", "gw.vendor/../openapi.yaml", "openapi.yaml"] {
        let mut folder = project("'https://specs.example.com/'", "https://specs.example.com/pets");
        let digest = Digest::of(b"");
        let lock = format!("lock: 1\npins: [{{url: '{url}', file: '{file}', digest: '{digest}'}}]\n");
        folder.0.insert("gw.lock".into(), lock.into());
        assert!(errors(&folder.compile()).contains(&"GW0009".to_owned()), "{file}");
        assert_eq!(remotes(&folder.entry(), &folder).used, [], "{file}");
    }
}
