//! Admin, health, addresses and bindings: what is asked of the gateway itself, and what keeps it from starting.

use std::io::{Read, Write};

use gw_artifact::model::{UpstreamTls, Verification};
use gw_runtime::bindings::{AdminAddress, Bindings};
use gw_runtime::options::{ArtifactSource, BindingsSource};
use gw_runtime::{ServeFault, ServeOptions, Signals, serve};
use serde_json::{Value, json};

use crate::harness::{Gateway, Setup, get, loaded, ok, options, tables};

#[test]
fn status_tells_what_is_loaded_and_how_the_upstreams_are() {
    let gateway = Gateway::start();
    let _caller = gateway.ask(&get("/things/1"));
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    let status: Value = serde_json::from_str(&gateway.asked("/status")).unwrap();
    assert_eq!(status["project"], json!("test"));
    assert_eq!(status["ready"], json!(true));
    assert_eq!(status["exchanges"], json!(1));
    assert_eq!(status["upstreams"][0]["in_flight"], json!(1));
    let address = format!("http://{}", gateway.endpoint_address());
    assert_eq!(status["upstreams"][0]["endpoints"][0]["address"], json!(address));
    let digests = ["artifact_digest", "policy_digest", "bindings_digest"];
    assert!(
        digests.iter().all(|digest| status[*digest].as_str().is_some_and(|text| text.contains(':'))),
        "{status}"
    );
}

#[test]
fn metrics_have_names_labels_and_counts() {
    let gateway = Gateway::start();
    let mut caller = gateway.ask(&get("/things/1"));
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    endpoint.send(ok("x"));
    caller.answer();
    caller.send(get("/nothing"));
    caller.answer();
    let metrics = gateway.asked("/metrics");
    for line in [
        "http_server_request_duration_seconds_count{http_request_method=\"GET\",http_route=\"/things/{id}\",\
         http_response_status_code=\"200\"} 1",
        "http_server_request_duration_seconds_count{http_request_method=\"_OTHER\",http_route=\"\",\
         http_response_status_code=\"404\"} 1",
        "http_client_request_duration_seconds_count{gw_upstream=\"things\"} 1",
        "gw_denials_total{step=\"route\",reason=\"operation-unknown\"} 1",
        "http_server_active_requests 0",
        "gw_log_dropped_total 0",
        "# EOF",
    ] {
        assert!(metrics.contains(&format!("{line}\n")), "{line} is not in\n{metrics}");
    }
}

#[test]
fn admin_answers_what_it_knows_and_only_reading() {
    let gateway = Gateway::start();
    assert_eq!(gateway.asked("/livez"), "live\n");
    assert_eq!(gateway.asked("/readyz"), "ready\n");
    let mut admin = gateway.admin();
    admin.send("GET /nothing HTTP/1.1\r\nhost: a\r\n\r\n");
    assert_eq!(admin.answer().status(), 404);
    admin.send("POST /status HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(admin.answer().status(), 405);
}

#[test]
fn the_health_door_knows_health_and_metrics_only() {
    let mut asked = options(Setup::default(), "127.0.0.1:9".parse().unwrap());
    asked.health = Some("127.0.0.1:0".parse().unwrap());
    let running = serve(asked, Signals::Ignored).unwrap();
    let ask = |path: &str| {
        let mut health = std::net::TcpStream::connect(running.health().unwrap()).unwrap();
        write!(health, "GET {path} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n").unwrap();
        let mut text = String::new();
        health.read_to_string(&mut text).unwrap();
        text[9..12].to_owned()
    };
    assert_eq!(["/livez", "/readyz", "/metrics", "/status"].map(ask), ["200", "200", "200", "404"]);
    running.stop();
    running.wait().unwrap();
}

#[test]
fn admin_on_a_unix_socket_leaves_no_file_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gw.sock");
    let mut asked = options(Setup::default(), "127.0.0.1:9".parse().unwrap());
    asked.admin = Some(AdminAddress::Unix(path.clone()));
    let running = serve(asked, Signals::Ignored).unwrap();
    let mut admin = std::os::unix::net::UnixStream::connect(&path).unwrap();
    admin.write_all(b"GET /livez HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    admin.read_to_string(&mut text).unwrap();
    assert!(text.starts_with("HTTP/1.1 200 "), "{text}");
    running.stop();
    running.wait().unwrap();
    assert!(!path.exists());
}

#[test]
fn an_address_in_use_is_said_with_exit_code_74() {
    let gateway = Gateway::start();
    let mut taken = options(Setup::default(), "127.0.0.1:9".parse().unwrap());
    taken.listen = Some(gateway.endpoint_address().into());
    let fault = serve(taken, Signals::Ignored).unwrap_err();
    assert_eq!(fault.exit_code(), 74);
    assert!(fault.to_string().contains("(listener public)"), "{fault}");
}

#[test]
fn a_second_gateway_never_shares_the_port_of_the_first() {
    let first = serve(options(Setup::default(), "127.0.0.1:9".parse().unwrap()), Signals::Ignored).unwrap();
    let mut second = options(Setup::default(), "127.0.0.1:9".parse().unwrap());
    second.listen = first.address().map(Into::into);
    assert_eq!(serve(second, Signals::Ignored).unwrap_err().exit_code(), 74);
    first.stop();
    first.wait().unwrap();
}

#[test]
fn everything_that_bindings_lack_is_listed_at_once_with_exit_code_78() {
    let mut lacking = tables(Setup::default());
    lacking.listeners.push(gw_artifact::model::Listener::plain("partners"));
    let mut asked = ServeOptions::new(ArtifactSource::Loaded(Box::new(loaded(lacking))));
    let endpoints = [("thigns".to_owned(), vec!["http://127.0.0.1:9".parse().unwrap()])].into();
    asked.bindings = BindingsSource::Read(Bindings { upstreams: endpoints, ..Bindings::default() });
    let fault = serve(asked, Signals::Ignored).unwrap_err();
    assert_eq!(fault.exit_code(), 78);
    let ServeFault::Bindings(defects) = &fault else { panic!("{fault}") };
    let keys: Vec<&str> = defects.iter().map(|defect| defect.key.as_str()).collect();
    assert_eq!(keys, ["listen.partners", "upstreams.thigns", "upstreams.things"]);
    assert!(fault.to_string().contains("did you mean `things`?"), "{fault}");
}

/// What is wrong with the bindings of an artifact whose one upstream is this, as `key: message`.
fn told(tls: Option<UpstreamTls>, endpoint: &str, files: &str) -> Vec<String> {
    let mut tables = tables(Setup::default());
    tables.upstreams[0].tls = tls;
    let mut asked = ServeOptions::new(ArtifactSource::Loaded(Box::new(loaded(tables))));
    let any = "listen = { public = \"127.0.0.1:0\" }\nadmin = \"127.0.0.1:0\"\nlogs = []\n";
    let text = format!("{any}[upstreams]\nthings = [{endpoint:?}]\n[upstream-tls]\n{files}");
    asked.bindings = BindingsSource::Read(gw_runtime::bindings::read(&text).unwrap());
    let Err(fault) = serve(asked, Signals::Ignored) else { panic!("it serves with {text}") };
    assert_eq!(fault.exit_code(), 78);
    let ServeFault::Bindings(defects) = fault else { panic!("{fault}") };
    defects.iter().map(|defect| format!("{}: {}", defect.key, defect.message)).collect()
}

#[test]
fn what_the_artifact_demands_of_tls_to_upstreams_is_given_or_listed() {
    let full = Some(UpstreamTls { client_cert: true, ..UpstreamTls::DEFAULT });
    let unverified = Some(UpstreamTls { verification: Verification::None, ..UpstreamTls::DEFAULT });
    let (http, https) = ("http://127.0.0.1:9", "https://127.0.0.1:9");
    let ca = "things = { ca = \"nowhere.pem\" }\n";
    let own = "things = { cert = \"a.crt\", key = \"a.key\" }\n";
    assert_eq!(
        told(full.clone(), http, "thigns = {}\n"),
        [
            "upstream-tls.thigns: the artifact has no such upstream",
            "upstreams.things: `http://127.0.0.1:9` is plain HTTP, and the artifact has the upstream speak TLS",
            "upstream-tls.things.ca: is missing: the artifact has the upstream's certificates verified",
            "upstream-tls.things.cert: is missing: the artifact has the gateway show a certificate to the upstream",
        ]
    );
    assert_eq!(
        told(unverified, https, ca),
        [
            "upstream-tls.things.ca: is given, and the artifact does not have the upstream's certificates verified"
        ]
    );
    assert_eq!(
        told(Some(UpstreamTls::DEFAULT), https, own),
        [
            "upstream-tls.things.ca: is missing: the artifact has the upstream's certificates verified",
            "upstream-tls.things.cert: is given, and the artifact does not have the gateway show a certificate to the \
             upstream",
        ]
    );
    assert_eq!(
        told(None, https, ca),
        [
            "upstreams.things: `https://127.0.0.1:9` speaks TLS, and the artifact has the upstream speak plain HTTP",
            "upstream-tls.things: is given, and the artifact has the upstream speak plain HTTP",
        ]
    );
    let unread = told(Some(UpstreamTls::DEFAULT), https, ca);
    assert!(unread[0].starts_with("upstream-tls.things: `nowhere.pem` cannot be read"), "{unread:?}");
}

#[test]
fn files_that_are_missing_or_wrong_have_their_exit_codes() {
    let folder = tempfile::tempdir().unwrap();
    let missing = ServeOptions::new(ArtifactSource::File(folder.path().join("none.gwa")));
    assert_eq!(serve(missing, Signals::Ignored).unwrap_err().exit_code(), 74);
    for bytes in [&b""[..], b"GWA", &[0; 4096]] {
        let path = folder.path().join("bad.gwa");
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(
            serve(ServeOptions::new(ArtifactSource::File(path)), Signals::Ignored).unwrap_err().exit_code(),
            3
        );
    }
    let path = folder.path().join("bindings.toml");
    for (text, code) in
        [("listen = {", 78), ("lisen = {}", 78), ("[secrets]", 78), ("[tls]\npublic = []", 78)]
    {
        std::fs::write(&path, text).unwrap();
        let mut asked = options(Setup::default(), "127.0.0.1:9".parse().unwrap());
        asked.bindings = BindingsSource::File(path.clone());
        assert_eq!(serve(asked, Signals::Ignored).unwrap_err().exit_code(), code, "{text}");
    }
}
