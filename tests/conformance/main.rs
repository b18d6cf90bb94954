//! Conformance: every case is a suite, and runs in the simulated world and over sockets. Both must agree, byte for
//! byte, and hold what the case expects.
#![forbid(unsafe_code)]

mod agreement;
mod coverage;
mod keys;
mod sockets;

use gw_replay::{SimOptions, run_case};
use gw_tests::Project;

fn open(project: &str) -> Project {
    Project::open(format!("tests/conformance/{project}"))
}

/// Runs every case of a suite in both worlds; what does not hold is told in words.
fn disagreements(project: &Project, suite: &str) -> Vec<String> {
    let mut told = Vec::new();
    for case in project.suite(suite).cases {
        let services = sockets::Services::start(&project.artifact, &case).expect("there are free ports");
        let options = SimOptions { endpoints: Some(services.endpoints()), ..SimOptions::default() };
        let simulated = run_case(&project.artifact, &case, &options);
        for mismatch in &simulated.mismatches {
            let gw_replay::Mismatch { subject, expected, got, .. } = mismatch;
            told.push(format!("{}: expected {subject} {expected}, got {got}", case.name));
        }
        let real =
            sockets::play_case(project, &case, &services, &simulated).expect("the gateway can be reached");
        let found = agreement::differences(&services.drawn(&project.artifact), &simulated, &real);
        told.extend(found.into_iter().map(|difference| format!("{}: {difference}", case.name)));
    }
    told
}

macro_rules! suites {
    ($($test:ident: $project:literal, $suite:literal;)*) => {
        $(
            #[test]
            fn $test() {
                let told = disagreements(&open($project), $suite);
                assert!(told.is_empty(), "{}", told.join("\n"));
            }
        )*

        /// Every suite that is run.
        const SUITES: &[(&str, &str)] = &[$(($project, $suite)),*];
    };
}

suites! {
    both_worlds_receive_alike: "edge", "receive";
    both_worlds_route_alike: "edge", "route";
    both_worlds_authorize_alike: "edge", "authorize";
    both_worlds_forward_alike: "edge", "forward";
    both_worlds_fail_alike: "edge", "faults";
    both_worlds_select_alike: "edge", "select";
    both_worlds_admit_alike: "gated", "access";
    both_worlds_believe_proxies_alike: "forwarded", "forwarded";
    both_worlds_keep_doors_alike: "secured", "doors";
    both_worlds_verify_keys_alike: "keyed", "keys";
    both_worlds_reach_services_over_tls_alike: "behind", "services";
    both_worlds_hear_proxies_alike: "proxied", "proxied";
    both_worlds_serve_a_bare_document_alike: "bare", "bare";
    both_worlds_serve_the_methods_of_3_2_alike: "young", "methods";
}

/// The suite of that name, whatever its project; names are unique.
fn suite(name: &str) -> gw_replay::Suite {
    let (project, suite) =
        SUITES.iter().find(|(_, suite)| *suite == name).expect("it is one of those that are run");
    open(project).suite(suite)
}

#[test]
fn every_suite_is_run() {
    let projects: std::collections::BTreeSet<&str> = SUITES.iter().map(|(project, _)| *project).collect();
    for project in projects {
        let listed = SUITES.iter().filter(|(its, _)| *its == project).map(|(_, suite)| (*suite).to_owned());
        let mut listed: Vec<_> = listed.collect();
        listed.sort();
        assert_eq!(open(project).suites(), listed);
    }
}
