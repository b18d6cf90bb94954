//! The vocabulary's own project, bindings and suite: what is enforced runs, the rest is known and refused by name.

use gw_tests::{Project, compiled, complaints};

use crate::{failures, misfits};

#[test]
fn the_vocabulary_runs_as_far_as_it_is_enforced() {
    let folder = "tests/examples/enforced";
    let project = Project::open(folder);
    assert_eq!(project.suites(), ["orders"]);
    assert_eq!(failures(&project), Vec::<String>::new());
    assert_eq!(misfits(&project, folder), Vec::<String>::new());
}

#[test]
fn every_key_of_the_vocabulary_is_known_and_none_is_silently_inert() {
    let mut complaints = complaints(&compiled("tests/examples/vocabulary"));
    complaints.sort();
    insta::assert_snapshot!(complaints.join("\n"));
}
