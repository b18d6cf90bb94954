//! Claims about dry runs.

use gw_artifact::model::{
    Layer, LayerKind, OperationSources, Place, PolicySource, SourceMap as PolicyPlaces, Step,
};

use super::{DryVerdict, dry_run};
use crate::fixture::artifact;
use crate::request::Request;

fn sources() -> PolicyPlaces {
    let place = |line| Place { file: 0, line, column: 3 };
    let layer =
        |kind, line: Option<u32>, value: &str| Layer { kind, place: line.map(place), value: value.into() };
    let policies = vec![
        PolicySource { key: "auth".into(), layers: vec![layer(LayerKind::Operation, Some(9), "public")] },
        PolicySource {
            key: "timeout.total".into(),
            layers: vec![
                layer(LayerKind::Root, Some(4), "10s"),
                layer(LayerKind::Defaults, Some(2), "2s"),
                layer(LayerKind::BuiltIn, None, "60s"),
            ],
        },
    ];
    PolicyPlaces {
        files: vec!["orders.yaml".into()],
        operations: vec![OperationSources { place: place(7), policies }],
        scheme_names: Vec::new(),
        upstreams: Vec::new(),
    }
}

#[test]
fn a_request_is_told_step_by_step_and_not_relayed() {
    let run = dry_run(&artifact(), &sources(), &Request::new("GET", "http://api.example.com/orders/7?x"));
    let steps: Vec<_> = run.steps.iter().map(|step| (step.step, step.text.as_str())).collect();
    assert_eq!(
        steps,
        [
            (Step::Receive, "the message is well-formed and its path canonical"),
            (Step::Validate, "the path allows GET, HEAD, OPTIONS"),
            (Step::Validate, "GET /orders/{id} is `getOrder`"),
            (Step::Access, "nothing is declared"),
            (Step::Authorize, "anyone may call"),
            (Step::RateLimit, "nothing is declared"),
            (Step::Validate, "the body keeps its limit"),
            (Step::Cache, "nothing is declared"),
            (Step::Route, "upstream `orders`"),
            (Step::CircuitBreak, "the upstream has room"),
            (Step::Discover, "endpoint `10.0.0.1:80`"),
            (Step::Transform, "the head is edited"),
        ]
    );
    assert!(run.steps.iter().all(|step| step.passed && step.reason.is_none()));
    let DryVerdict::Forward(sent) = run.verdict else { panic!("{run:?}") };
    assert!(sent.head_bytes().starts_with(b"GET /orders/7?x HTTP/1.1\r\nhost: 10.0.0.1:80\r\n"));
}

#[test]
fn a_policy_has_a_winner_with_its_line_and_losers() {
    let run = dry_run(&artifact(), &sources(), &Request::new("GET", "/orders/7"));
    let operation = run.operation.unwrap();
    assert_eq!((operation.route.as_str(), operation.place.unwrap().line), ("GET /orders/{id}", 7));
    let timeout = &run.policies[1];
    assert_eq!((timeout.step, timeout.winner.value.as_str()), (Step::Error, "10s"));
    assert_eq!(timeout.winner.place.as_ref().unwrap().file, "orders.yaml");
    let losers: Vec<_> = timeout.losers.iter().map(|layer| (layer.kind, layer.place.is_some())).collect();
    assert_eq!(losers, [(LayerKind::Defaults, true), (LayerKind::BuiltIn, false)]);
}

#[test]
fn a_denial_ends_the_way() {
    let run = dry_run(&artifact(), &sources(), &Request::new("POST", "/orders"));
    let last = run.steps.last().unwrap();
    assert_eq!(
        (last.step, last.passed, last.text.as_str()),
        (Step::Authorize, false, "A credential is required")
    );
    let DryVerdict::Answer(answer) = run.verdict else { panic!("it is denied") };
    assert_eq!(answer.status, 401);
    assert!(run.policies.is_empty(), "this operation has no sources");
}

#[test]
fn a_request_that_names_nothing_has_no_operation() {
    let run = dry_run(&artifact(), &PolicyPlaces::default(), &Request::new("GET", "/nothing"));
    assert!(run.operation.is_none() && run.policies.is_empty());
    let run = dry_run(&artifact(), &PolicyPlaces::default(), &Request::new("OPTIONS", "/orders"));
    assert_eq!(run.steps.last().unwrap().text, "answered by the gateway");
}
