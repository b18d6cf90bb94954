//! Witnesses over the small artifact: what holds is confirmed, what does not is refuted.

use gw_artifact::model::{AccessId, OperationId, OperationSources, Place, SourceMap as PolicySources};
use gw_artifact::{Candidate, Contested, Draft};
use gw_syntax::{Code, CodeEntry, Declaration, Severity, Shows, SourceId, Span};

use super::*;
use crate::fixture;

const ENTRY: CodeEntry = CodeEntry { code: Code(1), name: "x", severity: Severity::Warning, title: "x" };

/// A document in which the two operations of the fixture stand on lines of their own.
fn document() -> (SourceMap, SourceId) {
    let mut sources = SourceMap::new();
    let id = sources.add("orders.yaml", "get\npost\n");
    (sources, id)
}

fn policy_sources() -> PolicySources {
    let operation =
        |line| OperationSources { place: Place { file: 0, line, column: 1 }, policies: Vec::new() };
    PolicySources {
        files: vec!["orders.yaml".into()],
        operations: vec![operation(1), operation(2)],
        scheme_names: vec![Vec::new()],
        upstreams: vec![None],
    }
}

fn get_order() -> Declaration {
    Declaration { span: Span::new(document().1, 0, 3), route: "GET /orders/{id}".into() }
}

fn post_order() -> Declaration {
    Declaration { span: Span::new(document().1, 4, 8), route: "POST /orders".into() }
}

fn witness(method: &str, target: &str, shows: Shows) -> Witness {
    Witness::new(method, target, shows).to(Some("api.example.com"))
}

fn tried_on(ground: Ground<'_>, witness: Witness) -> Tried {
    let findings = [Diagnostic::new(&ENTRY, "x").with_witness(witness)];
    confirm(ground, &document().0, &findings).remove(0).unwrap()
}

fn tried(witness: Witness) -> Tried {
    tried_on(Ground::Artifact(&fixture::artifact(), &policy_sources()), witness)
}

fn holds(tried: &Tried) -> bool {
    matches!(tried, Tried::Confirmed(_))
}

fn reaches(operation: Declaration) -> Shows {
    Shows::Reaches { operation, rather_than: None }
}

#[test]
fn a_request_reaches_its_operation_and_no_other() {
    assert!(holds(&tried(witness("GET", "/orders/7", reaches(get_order())))));
    assert!(!holds(&tried(witness("GET", "/orders/7", reaches(post_order())))));
    assert!(!holds(&tried(witness("GET", "/order/7", reaches(get_order())))));
    // Reaching it is not being let in.
    assert!(holds(&tried(witness("POST", "/orders", reaches(post_order())))));
}

#[test]
fn an_operation_of_another_place_is_another_operation() {
    let elsewhere = Declaration { span: post_order().span, ..get_order() };
    assert!(!holds(&tried(witness("GET", "/orders/7", reaches(elsewhere)))));
}

#[test]
fn let_in_means_sent_without_credential() {
    let let_in = |operation| Shows::LetIn { operation };
    assert!(holds(&tried(witness("GET", "/orders/7", let_in(get_order())))));
    assert!(!holds(&tried(witness("POST", "/orders", let_in(post_order())))));
    let with_token = witness("POST", "/orders", let_in(post_order())).line("Authorization", "Bearer x");
    assert!(!holds(&tried(with_token)), "a credential let it in");
}

#[test]
fn an_answer_has_its_status_and_the_other_template_matches() {
    let answers = |status, rather_than| Shows::Answers { status, rather_than };
    assert!(holds(&tried(witness("PUT", "/orders", answers(405, Some(post_order()))))));
    assert!(!holds(&tried(witness("PUT", "/orders", answers(404, Some(post_order()))))));
    assert!(!holds(&tried(witness("PUT", "/orders", answers(405, Some(get_order()))))), "it matches nothing");
    assert!(holds(&tried(witness("GET", "/nothing", answers(404, None)))));
}

#[test]
fn nothing_is_undecided_in_an_artifact() {
    let undecided = Shows::Undecided { operation: get_order() };
    assert!(!holds(&tried(witness("GET", "/orders/7", undecided))));
}

fn draft(accesses: &[u32]) -> Draft {
    let candidate = |access: &u32| Candidate {
        operation: OperationId(0),
        access: AccessId(*access),
        because: format!("word {access}"),
    };
    let candidates = accesses.iter().map(candidate).collect();
    let contested = vec![Contested { operation: OperationId(0), candidates }];
    Draft::new(fixture::artifact().tables().clone(), policy_sources(), contested).unwrap()
}

#[test]
fn a_contested_operation_is_denied_and_each_word_is_tried() {
    let draft = draft(&[0, 1]);
    let undecided = witness("GET", "/orders/7", Shows::Undecided { operation: get_order() });
    let Tried::Confirmed(confirmed) = tried_on(Ground::Draft(&draft), undecided) else {
        panic!("it is refuted")
    };
    assert_eq!(confirmed.ended.status, Some(401));
    let ends: Vec<_> =
        confirmed.readings.iter().map(|reading| (reading.because.as_str(), reading.ended.status)).collect();
    assert_eq!(ends, [("word 0", None), ("word 1", Some(401))]);
}

#[test]
fn words_that_come_to_the_same_leave_nothing_undecided() {
    let undecided = || witness("GET", "/orders/7", Shows::Undecided { operation: get_order() });
    for accesses in [&[0][..], &[0, 0], &[1, 1], &[]] {
        assert!(!holds(&tried_on(Ground::Draft(&draft(accesses)), undecided())), "{accesses:?}");
    }
}

#[test]
fn let_in_by_one_word_is_let_in() {
    let let_in = || witness("GET", "/orders/7", Shows::LetIn { operation: get_order() });
    assert!(holds(&tried_on(Ground::Draft(&draft(&[0])), let_in())));
    assert!(!holds(&tried_on(Ground::Draft(&draft(&[1])), let_in())));
    assert!(!holds(&tried_on(Ground::Draft(&draft(&[])), let_in())));
}

#[test]
fn findings_beyond_the_bound_are_not_tried() {
    let finding =
        Diagnostic::new(&ENTRY, "x").with_witness(witness("GET", "/orders/7", reaches(get_order())));
    let findings = vec![finding; MAX_WITNESSES + 1];
    let (artifact, places) = (fixture::artifact(), policy_sources());
    let all = confirm(Ground::Artifact(&artifact, &places), &document().0, &findings);
    assert!(all[..MAX_WITNESSES].iter().all(Option::is_some) && all[MAX_WITNESSES].is_none());
    let long = witness("GET", &format!("/{}", "a".repeat(5000)), reaches(get_order()));
    let finding = [Diagnostic::new(&ENTRY, "x").with_witness(long)];
    assert_eq!(confirm(Ground::Artifact(&artifact, &places), &document().0, &finding), [None]);
}
