//! Ceilings on connections: who waits, who is refused, and that every place comes back.

use gw_artifact::address_set::AddressSet;
use gw_artifact::model::{Listener, ListenerCeilings, ProxyProtocol};
use gw_runtime::bindings::Bindings;

use crate::harness::{Gateway, Peer, Setup, get, ok, tables};

const NOTHING: &str = "/nothing";

fn ceilings(connections: Option<u32>, per_address: Option<u32>) -> ListenerCeilings {
    ListenerCeilings { connections, per_address }
}

/// Whether the gateway answers on this connection.
fn is_served(caller: &mut Peer) -> bool {
    caller.send(get(NOTHING));
    caller.answer().status() == 404
}

/// The value of a line of the metrics.
fn metric(gateway: &Gateway, line: &str) -> u64 {
    let metrics = gateway.asked("/metrics");
    let value = metrics.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' '));
    value.unwrap_or_else(|| panic!("{line} is not in\n{metrics}")).parse().unwrap()
}

#[test]
fn a_client_has_no_more_connections_than_its_ceiling_and_others_are_served() {
    let setup = Setup { threads: 2, ceilings: ceilings(None, Some(2)), ..Setup::default() };
    let gateway = Gateway::with(setup);
    let mut ours = [gateway.caller(), gateway.caller()];
    assert!(ours.iter_mut().all(is_served));
    for _ in 0..3 {
        assert!(gateway.caller().is_closed(), "nothing is said");
    }
    assert!(is_served(&mut gateway.caller_from([127, 0, 0, 2])));
    assert_eq!(
        metric(&gateway, "gw_connections_refused_total{listener=\"public\",reason=\"address-full\"}"),
        3
    );
    let [first, mut second] = ours;
    drop(first);
    while metric(&gateway, "gw_listener_connections{listener=\"public\"}") > 1 {
        std::thread::yield_now();
    }
    assert!(is_served(&mut gateway.caller()) && is_served(&mut second));
}

#[test]
fn a_refused_connection_takes_no_place_of_others() {
    let setup = Setup { connections: 2, ceilings: ceilings(None, Some(1)), ..Setup::default() };
    let gateway = Gateway::with(setup);
    let mut first = gateway.caller();
    assert!(is_served(&mut first));
    for _ in 0..20 {
        assert!(gateway.caller().is_closed());
    }
    assert!(is_served(&mut gateway.caller_from([127, 0, 0, 2])));
}

#[test]
fn a_trusted_proxy_stands_for_many_clients_and_is_not_counted() {
    let setup = Setup { ceilings: ceilings(None, Some(1)), ..Setup::default() };
    let mut tables = tables(setup);
    tables.trusted_proxies.addresses = AddressSet::of([([127, 0, 0, 3].into(), 32)]).unwrap();
    let gateway = Gateway::of(setup, tables, Bindings::default());
    let mut proxies: Vec<Peer> = (0..5).map(|_| gateway.caller_from([127, 0, 0, 3])).collect();
    assert!(proxies.iter_mut().all(is_served));
    assert!(is_served(&mut gateway.caller()));
}

/// A caller of whom a proxy says this line first.
fn introduced(gateway: &Gateway, header: &str) -> Peer {
    let mut caller = gateway.caller();
    caller.send(header);
    caller
}

#[test]
fn the_ceiling_per_address_counts_the_client_that_the_proxy_names() {
    let setup = Setup::default();
    let mut tables = tables(setup);
    let from = AddressSet::of([([127, 0, 0, 0].into(), 8)]).unwrap();
    tables.listeners = vec![Listener {
        ceilings: ceilings(None, Some(1)),
        proxy_protocol: Some(ProxyProtocol { from, unix: false }),
        ..Listener::plain("public")
    }];
    let gateway = Gateway::of(setup, tables, Bindings::default());
    let [one, other] = [9, 10].map(|host| format!("PROXY TCP4 203.0.113.{host} 192.0.2.250 1 443\r\n"));
    let mut first = introduced(&gateway, &one);
    assert!(is_served(&mut first));
    assert!(introduced(&gateway, &one).is_closed(), "nothing is said");
    assert!(is_served(&mut introduced(&gateway, &other)), "the proxy is not counted for its clients");
    // A header that names nobody leaves the balancer, which stands for many.
    let mut unnamed = [(); 3].map(|()| introduced(&gateway, "PROXY UNKNOWN\r\n"));
    assert!(unnamed.iter_mut().all(is_served));
    let refused = "gw_connections_refused_total{listener=\"public\",reason=\"address-full\"}";
    assert_eq!(metric(&gateway, refused), 1);
}

#[test]
fn a_full_listener_waits_and_the_other_one_does_not() {
    let setup = Setup::default();
    let mut tables = tables(setup);
    tables.listeners = vec![
        Listener { ceilings: ceilings(Some(1), None), ..Listener::plain("narrow") },
        Listener::plain("wide"),
    ];
    let listen = ["narrow", "wide"].map(|name| (name.to_owned(), "127.0.0.1:0".parse().unwrap()));
    let gateway = Gateway::of(setup, tables, Bindings { listen: listen.into(), ..Bindings::default() });
    let mut first = gateway.caller_at("narrow");
    assert!(is_served(&mut first));
    let mut waiting = gateway.caller_at("narrow");
    waiting.send(get("/things/1"));
    while metric(&gateway, "gw_connections_waited_total{listener=\"narrow\",reason=\"listener-full\"}") == 0 {
        std::thread::yield_now();
    }
    assert!(is_served(&mut gateway.caller_at("wide")));
    assert!(gateway.endpoint_is_untouched());
    assert_eq!(metric(&gateway, "gw_listener_connections{listener=\"narrow\"}"), 1);
    drop(first);
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    endpoint.send(ok("late"));
    assert_eq!(waiting.answer().body_text(), "late");
}
