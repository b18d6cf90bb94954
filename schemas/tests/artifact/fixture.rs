//! One artifact in which every table has rows, every variant occurs and every list has elements.

use gw_artifact::address_set::AddressSet;
use gw_artifact::expression::{self, Comparison, Expression, Node, NodeId, Scalar, Type};
use gw_artifact::model::{
    Access, AccessId, AccessList, AccessListId, Alternative, Api, ApiId, Balance, Bytes, CallerFact,
    Capacity, ClientCertDemand, ConditionId, EndpointAddress, Forward, ForwardedHeader, HeaderRule, HostEdit,
    HostPattern, HttpsRedirect, IdentityHeader, KeySetId, Layer, LayerKind, Listener, ListenerCeilings,
    ListenerTls, Method, MethodRule, Millis, Need, Operation, OperationId, OperationSources, PathEdit,
    PathItem, PathItemId, Place, PolicySource, ProxyProtocol, Scheme, SchemeId, Site, SourceMap, Tables,
    Timeouts, TlsVersion, TrustedProxies, Upstream, UpstreamId, UpstreamTls, Verification, Verifier,
    VerifierId,
};
use gw_artifact::path_trie::{PathTrie, Precedence, Template};
use gw_artifact::pattern_set::PatternSet;
use gw_artifact::provenance::Input;
use gw_artifact::{Artifact, Digest, Encoded, Provenance, encode};

pub(crate) fn artifact() -> Artifact {
    Artifact::new(tables()).expect("the fixture keeps every promise")
}

pub(crate) fn encoded() -> Encoded {
    encode(&artifact(), &sources(), &provenance()).expect("the fixture is small and its map belongs to it")
}

pub(crate) fn provenance() -> Provenance {
    let inputs = ["gw.yaml", "orders.yaml", "../org/shared.yaml"];
    let input = |path: &str| Input { path: path.to_owned(), digest: Digest::of(path.as_bytes()) };
    Provenance::new("0.1.0", inputs.map(input)).expect("the paths are relative")
}

pub(crate) fn tables() -> Tables {
    Tables {
        project: "public-edge".to_owned(),
        apis: vec![
            Api { name: "health".to_owned(), version: String::new(), owner: String::new() },
            Api { name: "orders".to_owned(), version: "1".to_owned(), owner: "team-orders".to_owned() },
        ],
        listeners: listeners(),
        sites: sites(),
        path_items: methods().iter().zip(0..).map(path_item).collect(),
        operations: methods().iter().zip(0..).map(operation).collect(),
        access_lists: access_lists(),
        trusted_proxies: TrustedProxies {
            addresses: networks(&[("10.0.0.0", 8), ("2001:db8::", 32)]),
            header: ForwardedHeader::Forwarded,
        },
        access: access(),
        schemes: vec![
            Scheme::Authorization("bearer".to_owned()),
            Scheme::Header("x-key".to_owned()),
            Scheme::Query("key".to_owned()),
            Scheme::Cookie("session".to_owned()),
            Scheme::ClientCertificate,
        ],
        verifiers: vec![
            Verifier::Keys(KeySetId(0)),
            Verifier::ClientCertificate { names: vec!["a.example".to_owned(), "b.example".to_owned()] },
        ],
        conditions: vec![condition()],
        key_sets: vec!["partners".to_owned()],
        upstreams: upstreams(),
        capacity: Capacity { connections: 2_000, memory: Some(Bytes(4 << 30)) },
    }
}

fn listeners() -> Vec<Listener> {
    let demands = [ClientCertDemand::None, ClientCertDemand::Optional, ClientCertDemand::Required];
    let secured = |(at, client_cert)| Listener {
        name: format!("secured-{at}"),
        tls: Some(ListenerTls { min: if at == 1 { TlsVersion::V13 } else { TlsVersion::V12 }, client_cert }),
        https_redirect: (at == 1).then_some(HttpsRedirect { port: 8443 }),
        hsts: (at == 2).then_some(31_536_000),
        ceilings: ListenerCeilings {
            connections: (at == 0).then_some(1_500),
            per_address: (at < 2).then_some(64),
        },
        proxy_protocol: (at == 0).then(|| ProxyProtocol { from: networks(&[("10.0.0.0", 8)]), unix: true }),
    };
    std::iter::once(Listener::plain("public")).chain((0..).zip(demands).map(secured)).collect()
}

fn methods() -> Vec<Method> {
    let other = Method::from_wire("PURGE").expect("a token");
    Method::NAMED.into_iter().chain([other]).collect()
}

fn sites() -> Vec<Site> {
    let build = |templates: &[(&str, u32)], rules: &[Precedence]| {
        let parse = |&(text, value): &(&str, u32)| (Template::parse(text).expect("a template"), value);
        let templates: Vec<_> = templates.iter().map(parse).collect();
        PathTrie::build_with(&templates, rules).expect("no two are alike")
    };
    let rule = Precedence { gives_way: 2, before: vec![3] };
    let shop = [("/orders", 0), ("/orders/{id}", 1), ("/orders/{id}.json", 2), ("/orders/{a}-{b}:{c}", 3)];
    let exact = HostPattern::Exact("api.example.com".to_owned());
    let suffix = HostPattern::Suffix(".example.org".to_owned());
    vec![
        Site { hosts: vec![], paths: build(&[("/", 4), ("/a b/", 5), ("/v{x}", 6)], &[]) },
        Site { hosts: vec![exact, suffix], paths: build(&shop, &[rule]) },
    ]
}

fn path_item((method, number): (&Method, u32)) -> PathItem {
    PathItem { methods: vec![(*method, OperationId(number))], allow: format!("{method}, OPTIONS") }
}

fn operation((method, number): (&Method, u32)) -> Operation {
    let paths = [
        PathEdit::Unchanged,
        PathEdit::ReplaceBase { base: 7, prefix: "/internal".to_owned() },
        PathEdit::ReplaceBase { base: 0, prefix: String::new() },
    ];
    let hosts = [HostEdit::Endpoint, HostEdit::Fixed("orders.internal".to_owned())];
    Operation {
        api: ApiId(number % 2),
        name: format!("operation-{number}"),
        method: *method,
        template: "/orders/{id}".to_owned(),
        parameters: vec!["id".to_owned()],
        access_list: number.checked_rem(4).filter(|list| *list < 3).map(AccessListId),
        access: AccessId(number % 3),
        forward: Forward {
            upstream: UpstreamId(number % 2),
            path: paths[number as usize % paths.len()].clone(),
            host: hosts[number as usize % hosts.len()].clone(),
        },
        timeouts: Timeouts { connect: Millis(number), total: Millis(u32::MAX), ..Timeouts::DEFAULT },
        body_max: Bytes(1 << (4 * number)),
    }
}

fn networks(networks: &[(&str, u8)]) -> AddressSet {
    let read = |&(address, bits): &(&str, u8)| (address.parse().expect("an address"), bits);
    AddressSet::of(networks.iter().map(read)).expect("a few")
}

fn access_lists() -> Vec<AccessList> {
    let patterns = |patterns: &[&str]| {
        Some(PatternSet::new(patterns.iter().map(|&pattern| pattern.to_owned()).collect()).expect("a few"))
    };
    let user_agent = HeaderRule {
        name: "user-agent".to_owned(),
        allow: patterns(&["Mozilla/*"]),
        deny: patterns(&["*sqlmap*", "curl/*"]),
    };
    vec![
        AccessList {
            addresses: networks(&[("192.0.2.0", 24), ("198.51.100.7", 32), ("2001:db8::", 32)]),
            methods: MethodRule::Any,
            headers: vec![],
        },
        AccessList {
            addresses: AddressSet::all(),
            methods: MethodRule::Only(vec![Method::Get, Method::Head]),
            headers: vec![],
        },
        AccessList {
            addresses: AddressSet::all().without(&networks(&[("203.0.113.0", 24)])),
            methods: MethodRule::Not(vec![Method::Delete]),
            headers: vec![user_agent],
        },
    ]
}

fn access() -> Vec<Access> {
    let alternatives = vec![
        Alternative { needs: vec![need(0), need(1)] },
        Alternative { needs: vec![need(2), need(3), need(4)] },
    ];
    let verified = |scheme, verifier, scopes: &[&str]| Need {
        verifier: Some(VerifierId(verifier)),
        scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        ..need(scheme)
    };
    let of_verified = vec![
        Alternative { needs: vec![need(0)] },
        Alternative { needs: vec![verified(1, 0, &["orders:read", "orders:write"]), verified(4, 1, &[])] },
    ];
    let forward = vec![
        IdentityHeader { name: "x-consumer".to_owned(), fact: CallerFact::Consumer },
        IdentityHeader { name: "x-scopes".to_owned(), fact: CallerFact::Scopes },
    ];
    let challenges = vec!["Bearer".to_owned(), "Basic realm=\"orders\"".to_owned()];
    vec![
        Access::Public,
        Access::Delegated { alternatives: alternatives.clone(), challenges: challenges.clone() },
        Access::Verified {
            alternatives: of_verified,
            challenges,
            claims: Some(ConditionId(0)),
            forward,
            keeps_credential: true,
        },
    ]
}

/// `consumer == "acme"`.
fn condition() -> Expression {
    let inputs = vec![expression::Input { name: "consumer".to_owned(), kind: Type::One(Scalar::Text) }];
    let nodes = vec![
        Node::Input(0),
        Node::Text("acme".to_owned()),
        Node::Compare { how: Comparison::Equal, left: NodeId(0), right: NodeId(1) },
    ];
    Expression::new(inputs, nodes).expect("it is well typed")
}

fn need(scheme: u32) -> Need {
    Need { scheme: SchemeId(scheme), verifier: None, scopes: Vec::new() }
}

fn upstreams() -> Vec<Upstream> {
    let endpoint = |host: &str, port| EndpointAddress::plain(host, port);
    vec![
        Upstream {
            name: "health".to_owned(),
            endpoints: vec![],
            balance: Balance::RoundRobin,
            max_requests: Upstream::DEFAULT_MAX_REQUESTS,
            tls: None,
        },
        Upstream {
            name: "orders".to_owned(),
            endpoints: vec![
                endpoint("127.0.0.1", 9001),
                endpoint("::1", 9002),
                endpoint("orders.internal", 80),
            ],
            balance: Balance::LeastRequest,
            max_requests: 1,
            tls: None,
        },
        Upstream {
            name: "legacy".to_owned(),
            endpoints: vec![],
            balance: Balance::RoundRobin,
            max_requests: 7,
            tls: Some(UpstreamTls { verification: Verification::None, ..UpstreamTls::DEFAULT }),
        },
        Upstream {
            name: "vault".to_owned(),
            endpoints: vec!["https://vault.internal".parse().expect("it is an endpoint")],
            balance: Balance::RoundRobin,
            max_requests: 7,
            tls: Some(UpstreamTls {
                min: TlsVersion::V13,
                server_name: Some("vault.example".to_owned()),
                verification: Verification::Full,
                client_cert: true,
            }),
        },
    ]
}

pub(crate) fn sources() -> SourceMap {
    let place = |line| Place { file: 1, line, column: 5 };
    let kinds = [
        LayerKind::Operation,
        LayerKind::Path,
        LayerKind::Root,
        LayerKind::Apply,
        LayerKind::Defaults,
        LayerKind::BuiltIn,
    ];
    let layer = |kind: LayerKind| Layer {
        kind,
        place: (kind != LayerKind::BuiltIn).then(|| place(9)),
        value: "2s".to_owned(),
    };
    let policies = vec![PolicySource { key: "timeout".to_owned(), layers: kinds.map(layer).to_vec() }];
    let operation = |number| OperationSources { place: place(number), policies: policies.clone() };
    SourceMap {
        files: vec!["gw.yaml".to_owned(), "orders.yaml".to_owned()],
        operations: (1..=methods().len() as u32).map(operation).collect(),
        scheme_names: vec![vec!["main".to_owned(), "token".to_owned()]; 5],
        upstreams: vec![None, Some(Place { file: 0, line: 3, column: 1 }), None, None],
    }
}

/// The path item that a request meets, to show that a decoded artifact works.
pub(crate) fn path_item_of(artifact: &Artifact, host: &str, path: &str) -> Option<PathItemId> {
    let captures = &mut gw_artifact::path_trie::Captures::new();
    artifact.site(artifact.site_of(host)?).paths.find(path, captures).map(PathItemId)
}
