//! A small artifact for the tests: anyone may `GET /orders/{id}`, a credential is needed to `POST /orders`.

use gw_artifact::Artifact;
use gw_artifact::model::{
    Access, AccessId, Alternative, Api, ApiId, Balance, Bytes, Capacity, Forward, HostEdit, HostPattern,
    Listener, Method, Millis, Need, Operation, OperationId, PathEdit, PathItem, Scheme, SchemeId, Site,
    Tables, Timeouts, TrustedProxies, Upstream, UpstreamId,
};
use gw_artifact::path_trie::{PathTrie, Template};
use gw_syntax::{Diagnostic, Sink, SourceMap};

use crate::run::SuiteOutcome;
use crate::suite::Suite;

pub(crate) fn artifact() -> Artifact {
    let templates = ["/orders/{id}", "/orders"];
    let items: Vec<_> = (0..).zip(templates).map(|(at, text)| (Template::parse(text).unwrap(), at)).collect();
    let timeouts = Timeouts {
        connect: Millis(1_000),
        request_body: Millis(2_000),
        response_head: Millis(3_000),
        total: Millis(10_000),
        idle: Millis(4_000),
    };
    let operation = |at: u32, name: &str, method| Operation {
        api: ApiId(0),
        name: name.into(),
        method,
        template: templates[at as usize].into(),
        parameters: items[at as usize].0.names().to_vec(),
        access_list: None,
        access: AccessId(at),
        forward: Forward { upstream: UpstreamId(0), path: PathEdit::Unchanged, host: HostEdit::Endpoint },
        timeouts,
        body_max: Bytes(16),
    };
    let item =
        |method, at, allow: &str| PathItem { methods: vec![(method, OperationId(at))], allow: allow.into() };
    Artifact::new(Tables {
        project: "edge".into(),
        apis: vec![Api { name: "orders".into(), version: String::new(), owner: String::new() }],
        listeners: vec![Listener::plain("public")],
        sites: vec![Site {
            hosts: vec![HostPattern::Exact("api.example.com".into())],
            paths: PathTrie::build(&items).unwrap(),
        }],
        path_items: vec![item(Method::Get, 0, "GET, HEAD, OPTIONS"), item(Method::Post, 1, "POST, OPTIONS")],
        operations: vec![operation(0, "getOrder", Method::Get), operation(1, "postOrder", Method::Post)],
        access_lists: vec![],
        trusted_proxies: TrustedProxies::none(),
        access: vec![
            Access::Public,
            Access::Delegated {
                alternatives: vec![Alternative {
                    needs: vec![Need { scheme: SchemeId(0), verifier: None, scopes: vec![] }],
                }],
                challenges: vec!["Bearer".into()],
            },
        ],
        schemes: vec![Scheme::Authorization("bearer".into())],
        verifiers: vec![],
        conditions: vec![],
        key_sets: vec![],
        capacity: Capacity::DEFAULT,
        upstreams: vec![Upstream {
            name: "orders".into(),
            endpoints: vec!["http://10.0.0.1:80".parse().unwrap(), "http://10.0.0.2:80".parse().unwrap()],
            balance: Balance::RoundRobin,
            max_requests: 2,
            tls: None,
        }],
    })
    .unwrap()
}

/// Reads a suite; what is wrong with it comes as `line:column code message`.
pub(crate) fn read(text: &str) -> Result<Suite, Vec<String>> {
    let mut sources = SourceMap::new();
    let id = sources.add("orders.test.yaml", text);
    let mut sink = Sink::new();
    match crate::parse_suite(&sources, id, &mut sink) {
        Some(suite) => Ok(suite),
        None => {
            Err(sink.finish(&sources).diagnostics().iter().map(|finding| told(finding, &sources)).collect())
        }
    }
}

fn told(finding: &Diagnostic, sources: &SourceMap) -> String {
    let span = finding.span.unwrap();
    let at = sources.position(span.source, span.start);
    let help = finding.help.as_deref().unwrap_or("-");
    format!("{}:{} {} {} ({help})", at.line, at.column, finding.code, finding.message)
}

/// Runs a suite that reads well.
pub(crate) fn run(text: &str) -> SuiteOutcome {
    crate::run(&artifact(), &read(text).unwrap())
}

/// What does not hold, as text.
pub(crate) fn mismatches(text: &str) -> Vec<String> {
    let told = |mismatch: &crate::Mismatch| {
        format!("{} {} not {}", mismatch.subject, mismatch.expected, mismatch.got)
    };
    run(text).cases.iter().flat_map(|case| &case.mismatches).map(told).collect()
}

/// Every case of the suite passes.
pub(crate) fn passes(text: &str) {
    assert_eq!(mismatches(text), Vec::<String>::new());
}
