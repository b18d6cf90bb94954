//! Claims about what connections are good for.

use gw_artifact::Artifact;
use gw_artifact::model::{ClientCertDemand, HostPattern, HttpsRedirect, Listener, ListenerTls, TlsVersion};

use crate::exchange::{ClientCertificate, Tls};
use crate::fixture::{Ask, StillWorld, tables};

fn artifact(listener: Listener) -> Artifact {
    let mut tables = tables(&[HostPattern::Exact("api.example.com".into())]);
    tables.listeners = vec![listener];
    Artifact::new(tables).unwrap()
}

fn redirecting(port: u16) -> Artifact {
    artifact(Listener { https_redirect: Some(HttpsRedirect { port }), ..Listener::plain("public") })
}

fn secured(client_cert: ClientCertDemand) -> Artifact {
    let tls = Some(ListenerTls { min: TlsVersion::V12, client_cert });
    artifact(Listener { tls, hsts: Some(60), ..Listener::plain("public") })
}

fn tls(server_name: Option<&str>) -> Tls {
    Tls { version: TlsVersion::V13, server_name: server_name.map(str::to_owned), client: None }
}

fn answered(ask: &Ask, artifact: Artifact) -> Vec<String> {
    ask.decide_with(artifact, &StillWorld::default()).answered()
}

fn get(target: &str) -> Ask {
    Ask::new("GET", target)
}

#[test]
fn plain_http_is_sent_on_to_the_same_place() {
    let head = answered(&get("/orders/%37?x=%2f&y"), redirecting(443));
    assert_eq!(head[..2], ["308", "location: https://api.example.com/orders/7?x=%2f&y"]);
    let port = Ask::bare("POST", "/nothing").line("host", "API.example.com:8080");
    assert_eq!(
        answered(&port, redirecting(8443))[..2],
        ["308", "location: https://API.example.com:8443/nothing"]
    );
}

#[test]
fn nobody_is_sent_on_to_a_host_that_is_not_served() {
    assert_eq!(
        answered(&Ask::bare("GET", "/orders/7").line("host", "evil.example"), redirecting(443))[0],
        "421"
    );
    assert_eq!(answered(&get("/a%2e/../b"), redirecting(443))[0], "400");
}

#[test]
fn https_is_not_sent_on() {
    let ask = get("/orders/7").over(tls(Some("api.example.com")));
    assert_eq!(ask.decide_with(redirecting(443), &StillWorld::default()).reason(), None);
}

#[test]
fn plain_http_at_a_listener_with_tls_is_refused_whatever_a_proxy_says() {
    let mut tables = secured(ClientCertDemand::Required).tables().clone();
    tables.trusted_proxies.addresses = gw_artifact::address_set::AddressSet::all();
    let ask = get("/orders/7").line("x-forwarded-proto", "https");
    let decided = ask.decide_with(Artifact::new(tables).unwrap(), &StillWorld::default());
    assert_eq!(decided.reason(), Some("malformed-request"));
}

#[test]
fn another_host_than_that_of_the_handshake_is_misdirected_where_certificates_are_asked_for() {
    let reason = |demand, name| {
        get("/orders/7").over(tls(name)).decide_with(secured(demand), &StillWorld::default()).reason()
    };
    for demand in [ClientCertDemand::Optional, ClientCertDemand::Required] {
        assert_eq!(reason(demand, Some("other.example")), Some("sni-mismatch"));
        assert_eq!(reason(demand, Some("api.example.com")), None);
        assert_eq!(reason(demand, None), None);
    }
    assert_eq!(reason(ClientCertDemand::None, Some("other.example")), None);
}

#[test]
fn browsers_are_told_to_insist_over_https_alone() {
    let told = |ask: &Ask| {
        let head = answered(ask, secured(ClientCertDemand::None));
        head.iter().any(|line| line == "strict-transport-security: max-age=60")
    };
    assert!(told(&get("/nothing").over(tls(None))));
    assert!(!told(&get("/orders/7")));
}

#[test]
fn a_verified_certificate_is_a_credential() {
    let with = |client| {
        let mut tables = secured(ClientCertDemand::Optional).tables().clone();
        tables.schemes[0] = gw_artifact::model::Scheme::ClientCertificate;
        let tls = Tls { client, ..tls(None) };
        let artifact = Artifact::new(tables).unwrap();
        Ask::new("POST", "/orders").over(tls).decide_with(artifact, &StillWorld::default()).reason()
    };
    let (subject, names, fingerprint) = ("CN=alice".into(), vec![], "0".repeat(64));
    assert_eq!(with(Some(ClientCertificate { subject, names, fingerprint })), None);
    assert_eq!(with(None), Some("credential-missing"));
}
