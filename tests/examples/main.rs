//! The examples hold what they say: they compile, their suites pass, their bindings fit.
#![forbid(unsafe_code)]

mod vocabulary;

use std::fs;

use gw_replay::run;
use gw_runtime::bindings;
use gw_tests::{Project, repository};

/// What does not hold in the suites of a project.
fn failures(project: &Project) -> Vec<String> {
    let mut failures = Vec::new();
    for suite in project.suites() {
        for case in run(&project.artifact, &project.suite(&suite)).cases {
            let told = |mismatch: &gw_replay::Mismatch| {
                let gw_replay::Mismatch { subject, expected, got, .. } = mismatch;
                format!("{suite}: {}: expected {subject} {expected}, got {got}", case.name)
            };
            failures.extend(case.mismatches.iter().map(told));
        }
    }
    failures
}

/// What is wrong with the bindings in the folder of a project.
fn misfits(project: &Project, folder: &str) -> Vec<String> {
    let mut misfits = Vec::new();
    let folder = repository().join(folder).join("bindings");
    for entry in folder.read_dir().expect("the folder is there").flatten() {
        let text = fs::read_to_string(entry.path()).expect("it can be read");
        let checked = bindings::read(&text).and_then(|bindings| bindings::check(&project.artifact, bindings));
        misfits.extend(checked.err().into_iter().flatten().map(|defect| defect.to_string()));
    }
    misfits
}

#[test]
fn the_shop_holds_what_it_says() {
    let project = Project::open("examples/shop");
    assert_eq!(project.suites(), ["catalog", "orders", "users"]);
    assert_eq!(failures(&project), Vec::<String>::new());
    assert_eq!(misfits(&project, "examples/shop"), Vec::<String>::new());
    let owners: Vec<_> = project.artifact.tables().apis.iter().map(|api| api.owner.as_str()).collect();
    assert_eq!(owners, ["team-catalog", "team-orders", "team-users"]);
}

#[test]
fn the_petstore_holds_what_it_says() {
    let project = Project::open("examples/petstore");
    assert_eq!(project.suites(), ["petstore"]);
    assert_eq!(failures(&project), Vec::<String>::new());
}
