//! Claims about who may ask at all.

use gw_artifact::Artifact;
use gw_artifact::address_set::AddressSet;
use gw_artifact::model::{
    AccessList, AccessListId, ForwardedHeader, HeaderRule, HostPattern, Method, MethodRule, TrustedProxies,
};
use gw_artifact::pattern_set::PatternSet;

use crate::fixture::{Ask, StillWorld, tables};

/// Asks come from 192.0.2.1.
const HOME: (&str, u8) = ("192.0.2.0", 24);
const ELSEWHERE: (&str, u8) = ("203.0.113.0", 24);
const DENIED: Option<&str> = Some("access-denied");

fn networks(networks: &[(&str, u8)]) -> AddressSet {
    AddressSet::of(networks.iter().map(|(address, bits)| (address.parse().unwrap(), *bits))).unwrap()
}

fn from(addresses: AddressSet) -> AccessList {
    AccessList { addresses, methods: MethodRule::Any, headers: vec![] }
}

/// An artifact whose operations have these lists, one for each or for all the last.
fn artifact(lists: Vec<AccessList>, of: &[Option<u32>], hosts: &[HostPattern]) -> Artifact {
    let mut tables = tables(hosts);
    tables.access_lists = lists;
    for (at, operation) in tables.operations.iter_mut().enumerate() {
        operation.access_list = of[at.min(of.len() - 1)].map(AccessListId);
    }
    Artifact::new(tables).unwrap()
}

fn reason(ask: &Ask, artifact: Artifact) -> Option<&'static str> {
    ask.decide_with(artifact, &StillWorld::default()).reason()
}

fn get(target: &str) -> Ask {
    Ask::new("GET", target)
}

#[test]
fn an_address_is_let_in_by_its_list() {
    assert_eq!(reason(&get("/orders/7"), artifact(vec![from(networks(&[HOME]))], &[Some(0)], &[])), None);
    assert_eq!(
        reason(&get("/orders/7"), artifact(vec![from(networks(&[ELSEWHERE]))], &[Some(0)], &[])),
        DENIED
    );
}

#[test]
fn a_client_without_an_address_is_let_in_only_where_no_address_is_judged() {
    let from_nowhere = |addresses| {
        let list = AccessList { methods: MethodRule::Only(vec![Method::Get]), ..from(addresses) };
        reason(&get("/orders/7").unaddressed(), artifact(vec![list], &[Some(0)], &[]))
    };
    assert_eq!(from_nowhere(AddressSet::all()), None);
    assert_eq!(from_nowhere(networks(&[HOME])), DENIED);
    assert_eq!(from_nowhere(AddressSet::all().without(&networks(&[ELSEWHERE]))), DENIED);
    assert_eq!(from_nowhere(networks(&[("0.0.0.0", 0)])), DENIED);
}

#[test]
fn who_is_kept_out_of_everything_learns_nothing() {
    let hosts = [HostPattern::Exact("api.example.com".into())];
    let closed = || artifact(vec![from(networks(&[ELSEWHERE]))], &[Some(0)], &hosts);
    for ask in [
        get("/nothing"),
        Ask::new("PUT", "/orders/7"),
        Ask::new("OPTIONS", "/orders/7"),
        get("/orders/%37%40"),
    ] {
        assert_eq!(reason(&ask, closed()), DENIED, "{ask:?}");
    }
    assert_eq!(reason(&Ask::bare("GET", "/orders/7").line("host", "other"), closed()), DENIED);
    assert_eq!(reason(&Ask::new("OPTIONS", "*"), closed()), DENIED);
}

#[test]
fn who_may_call_one_operation_is_told_what_is_not_there() {
    let lists = || vec![from(networks(&[ELSEWHERE])), from(networks(&[HOME]))];
    let open = |of: &[Option<u32>]| artifact(lists(), of, &[]);
    assert_eq!(reason(&get("/nothing"), open(&[Some(0), Some(1), Some(0)])), Some("operation-unknown"));
    assert_eq!(reason(&get("/nothing"), open(&[Some(0), None, Some(0)])), Some("operation-unknown"));
    // The method is missing on a path of which it may call nothing.
    assert_eq!(reason(&Ask::new("PUT", "/orders/7"), open(&[Some(0), Some(1)])), DENIED);
    assert_eq!(reason(&Ask::new("PUT", "/orders"), open(&[Some(0), Some(1)])), Some("method-unknown"));
}

#[test]
fn methods_and_header_lines_are_judged() {
    let patterns = |text: &str| Some(PatternSet::new(vec![text.to_owned()]).unwrap());
    let agents = HeaderRule { name: "user-agent".into(), allow: None, deny: patterns("*sqlmap*") };
    let list = || AccessList {
        addresses: AddressSet::all(),
        methods: MethodRule::Not(vec![Method::Head]),
        headers: vec![agents.clone()],
    };
    let artifact = || artifact(vec![list()], &[Some(0)], &[]);
    assert_eq!(reason(&get("/orders/7").line("user-agent", "curl/8"), artifact()), None);
    assert_eq!(reason(&get("/orders/7").line("user-agent", "SQLMap/1.7"), artifact()), DENIED);
    assert_eq!(
        reason(&get("/orders/7").line("user-agent", "a").line("user-agent", "sqlmap"), artifact()),
        DENIED
    );
    assert_eq!(reason(&Ask::new("HEAD", "/orders/7"), artifact()), DENIED);
}

#[test]
fn the_address_is_the_clients_behind_trusted_proxies() {
    let behind = |trusted: &[(&str, u8)]| {
        let mut tables = artifact(vec![from(networks(&[ELSEWHERE]))], &[Some(0)], &[]).tables().clone();
        let header = ForwardedHeader::XForwardedFor;
        tables.trusted_proxies = TrustedProxies { addresses: networks(trusted), header };
        Artifact::new(tables).unwrap()
    };
    let ask = get("/orders/7").line("x-forwarded-for", "203.0.113.9").line("x-forwarded-proto", "https");
    assert_eq!(reason(&ask, behind(&[])), DENIED);
    assert_eq!(reason(&ask, behind(&[HOME])), None);
    assert_eq!(reason(&get("/orders/7"), behind(&[HOME])), DENIED);
    assert_eq!(
        reason(&get("/orders/7").line("x-forwarded-for", "me"), behind(&[HOME])),
        Some("malformed-request")
    );
    let sent = ask.decide_with(behind(&[HOME]), &StillWorld::default()).sent();
    assert!(sent.contains(&"x-forwarded-for: 203.0.113.9".to_owned()), "{sent:?}");
    assert!(sent.contains(&"x-forwarded-proto: https".to_owned()), "{sent:?}");
}

#[test]
fn access_is_judged_before_credentials_are_asked_for() {
    let closed = artifact(vec![from(networks(&[ELSEWHERE]))], &[Some(0)], &[]);
    assert_eq!(reason(&Ask::new("POST", "/orders"), closed), DENIED);
}
