//! Claims about which operation is meant, and how its body travels.

use gw_artifact::Artifact;
use gw_artifact::model::{Bytes, HostPattern, Method, Site};
use gw_artifact::path_trie::{PathTrie, Template};

use crate::fault::Fault;
use crate::fixture::{Ask, GET_FILE, GET_ORDER, POST_ORDER, StillWorld, artifact};
use crate::head::{Framing, Version};
use crate::world::BodyPlan;

fn decided(method: &str, target: &str) -> crate::fixture::Decided {
    Ask::new(method, target).line("authorization", "Bearer t").decide(&StillWorld::default())
}

#[test]
fn path_and_method_name_the_operation() {
    for (method, target, operation) in [
        ("GET", "/orders/7", GET_ORDER),
        ("POST", "/orders", POST_ORDER),
        ("GET", "/v1/files/a.json", GET_FILE),
    ] {
        assert_eq!(decided(method, target).outbound().operation(), operation);
    }
}

#[test]
fn head_is_get_unless_declared() {
    let decided = decided("HEAD", "/orders/7");
    assert_eq!(decided.outbound().operation(), GET_ORDER);
    assert_eq!(decided.sent()[0], "HEAD /orders/7");
}

#[test]
fn another_method_is_told_which_there_are() {
    for method in ["POST", "get", "BREW", "TRACE"] {
        let decided = decided(method, "/orders/7");
        assert_eq!(decided.reason(), Some("method-unknown"), "{method}");
        assert!(decided.answered().contains(&"allow: GET, HEAD, OPTIONS".to_owned()));
    }
    assert_eq!(decided("HEAD", "/orders").reason(), Some("method-unknown"));
}

#[test]
fn options_is_answered_without_a_credential() {
    let decided = Ask::new("OPTIONS", "/secret").decide(&StillWorld::default());
    assert_eq!(decided.answered()[..2], ["204", "allow: GET, HEAD, OPTIONS"]);
}

/// The fixture with a declared `OPTIONS` beside the `GET` of `/orders/{id}`.
fn with_options() -> Artifact {
    let mut tables = artifact(&[]).tables().clone();
    tables.path_items[0].methods.push((Method::Options, GET_ORDER));
    Artifact::new(tables).unwrap()
}

#[test]
fn a_declared_options_goes_on_until_no_gateway_is_left() {
    let decided = |left: &str| {
        let ask = Ask::new("OPTIONS", "/orders/7").line("max-forwards", left);
        ask.decide_with(with_options(), &StillWorld::default())
    };
    assert_eq!(decided("0").answered()[..2], ["204", "allow: GET, HEAD, OPTIONS"]);
    let sent = decided("5").sent();
    let left: Vec<_> = sent.iter().filter(|line| line.starts_with("max-forwards")).collect();
    assert_eq!(left, ["max-forwards: 4"]);
    let get = Ask::new("GET", "/orders/7").line("max-forwards", "0").decide(&StillWorld::default());
    assert!(get.sent().contains(&"max-forwards: 0".to_owned()), "a GET counts nothing");
}

#[test]
fn what_is_not_published_is_unknown() {
    for target in ["/", "/orders/", "/orders/7/8", "/Orders/7", "/v1/files/.json"] {
        assert_eq!(decided("GET", target).reason(), Some("operation-unknown"), "{target}");
    }
}

/// The fixture with these templates; item 0 is public, item 2 wants a credential.
fn published(templates: &[(&str, u32)]) -> Artifact {
    let parsed: Vec<_> =
        templates.iter().map(|(text, item)| (Template::parse(text).unwrap(), *item)).collect();
    let mut tables = artifact(&[]).tables().clone();
    tables.sites[0].paths = PathTrie::build(&parsed).unwrap();
    Artifact::new(tables).unwrap()
}

#[test]
fn an_escaped_delimiter_cannot_choose_another_operation() {
    let templates = [
        ("/users/@me", 2),
        ("/users/{id}", 0),
        ("/j/{id}:cancel", 2),
        ("/j/{id}", 0),
        ("/p({id})", 2),
        ("/{p}", 0),
    ];
    let reason = |target: &str| {
        Ask::new("GET", target).decide_with(published(&templates), &StillWorld::default()).reason()
    };
    for target in ["/users/%40me", "/users/%40m%65", "/j/7%3Acancel", "/j/7%3acancel", "/p%287)", "/p(7%29"] {
        assert_eq!(reason(target), Some("path-not-canonical"), "{target}");
    }
    for target in ["/users/a%40b.example", "/users/%40me%20", "/j/urn%3Ax", "/users/7", "/q%287)"] {
        assert_eq!(reason(target), None, "{target}");
    }
    for target in ["/users/@me", "/j/7:cancel", "/j/urn%3Ax:cancel", "/p(7)", "/p(7%2C8)"] {
        assert_eq!(reason(target), Some("credential-missing"), "{target}");
    }
}

#[test]
fn path_parameters_are_strings() {
    let decided = decided("GET", "/v1/files/a%20b.json");
    decided.with_context(|context| {
        assert_eq!(context.exchange.path_parameters(context.head).collect::<Vec<_>>(), ["a%20b"]);
    });
}

#[test]
fn a_host_is_compared_without_case_and_port() {
    let hosts = [
        HostPattern::Exact("api.example.com".into()),
        HostPattern::Exact("[::1]".into()),
        HostPattern::Suffix(".example.org".into()),
    ];
    let reason = |host: &str| {
        let ask = Ask::bare("GET", "/orders/7").line("host", host);
        ask.decide_with(artifact(&hosts), &StillWorld::default()).reason()
    };
    for host in [
        "api.example.com",
        "API.Example.COM:8080",
        "a.example.org",
        "a.b.EXAMPLE.org:1",
        "[::1]:80",
        "[0:0:0:0:0:0:0:1]",
        "api.example.com.",
        "API.example.com.:80",
        "a.example.org.",
    ] {
        assert_eq!(reason(host), None, "{host}");
    }
    for host in ["example.com", "example.org", "api.example.com.evil.example", "xapi.example.com", "[::2]"] {
        assert_eq!(reason(host), Some("authority-unknown"), "{host}");
    }
    let any = |host: &str| {
        let mut tables = artifact(&hosts).tables().clone();
        let nothing = PathTrie::build(&[]).unwrap();
        tables.sites.push(Site { hosts: vec![], paths: nothing });
        let ask = Ask::bare("GET", "/orders/7").line("host", host);
        ask.decide_with(Artifact::new(tables).unwrap(), &StillWorld::default()).reason()
    };
    for host in ["api.example.com.", "[0:0:0:0:0:0:0:1]", "a.example.org."] {
        assert_eq!(any(host), None, "{host} is no stranger that only an API under any host can be meant by");
    }
    assert_eq!(any("other.example"), Some("operation-unknown"));
    let old = Ask::bare("GET", "/orders/7").version(Version::Http10);
    assert_eq!(
        old.decide_with(artifact(&hosts), &StillWorld::default()).reason(),
        Some("authority-unknown"),
        "without a host only an API under any host can be meant"
    );
}

#[test]
fn a_length_above_the_limit_is_refused_at_once() {
    let ask = |length: u64| {
        Ask::new("GET", "/orders/7").line("content-length", &length.to_string()).body(Framing::Length(length))
    };
    let world = StillWorld::default();
    assert_eq!(ask(16).decide(&world).reason(), None);
    assert_eq!(ask(0).decide(&world).reason(), None);
    assert_eq!(*world.plans.borrow(), [BodyPlan::Stream { max: Bytes(16) }, BodyPlan::None]);
    assert_eq!(ask(17).decide(&world).reason(), Some("body-too-large"));
    assert_eq!(world.plans.borrow().len(), 2, "nobody asked for a body that is refused");
}

#[test]
fn a_body_that_fails_is_answered() {
    let world = StillWorld { body: Err(Fault::BodyTimeout), ..StillWorld::default() };
    let ask = Ask::new("GET", "/orders/7").line("transfer-encoding", "chunked").body(Framing::Chunked);
    assert_eq!(ask.decide(&world).reason(), Some("request-timeout"));
}
