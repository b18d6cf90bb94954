//! Listeners at Unix sockets.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread;

use gw_artifact::address_set::AddressSet;
use gw_artifact::model::{Listener, ListenerCeilings, ProxyProtocol};
use gw_runtime::bindings::ListenAddress;
use gw_runtime::options::ArtifactSource;
use gw_runtime::{Running, ServeFault, ServeOptions, Signals, serve};

use crate::harness::{Setup, loaded, options, tables};

/// Where nobody is: what is asked here is answered by the gateway itself.
const NOBODY: ([u8; 4], u16) = ([127, 0, 0, 1], 9);

fn asked(path: &Path, mode: Option<u32>) -> ServeOptions {
    let mut asked = options(Setup::default(), SocketAddr::from(NOBODY));
    asked.listen = Some(ListenAddress::Unix { path: path.to_owned(), mode });
    asked.threads = NonZeroUsize::new(2);
    asked
}

fn start(path: &Path) -> Running {
    serve(asked(path, None), Signals::Ignored).unwrap()
}

/// The status line of one answer.
fn ask(path: &Path) -> String {
    let mut caller = UnixStream::connect(path).unwrap();
    caller.write_all(b"GET /nothing HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    caller.read_to_string(&mut text).unwrap();
    text.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn a_unix_socket_is_a_listener_of_all_threads_and_goes_with_the_gateway() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("public.sock");
    let running = start(&path);
    assert_eq!(running.listeners()[0].to_string(), format!("unix:{} (public, http)", path.display()));
    assert_eq!(running.address(), None);
    let callers = (0..8).map(|_| {
        thread::spawn({
            let path = path.clone();
            move || ask(&path)
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        assert_eq!(caller.join().unwrap(), "HTTP/1.1 404 Not Found");
    }
    running.stop();
    running.wait().unwrap();
    assert!(!path.exists());
}

#[test]
fn a_caller_without_an_address_is_not_counted_per_address() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("public.sock");
    let ceilings = ListenerCeilings { connections: None, per_address: Some(1) };
    let mut asked = asked(&path, None);
    asked.artifact = ArtifactSource::Loaded(Box::new(loaded(tables(Setup { ceilings, ..Setup::default() }))));
    let running = serve(asked, Signals::Ignored).unwrap();
    let _idle: Vec<_> = (0..4).map(|_| UnixStream::connect(&path).unwrap()).collect();
    assert_eq!(ask(&path), "HTTP/1.1 404 Not Found");
    running.stop();
    running.stop();
    running.wait().unwrap();
}

#[test]
fn a_second_gateway_never_takes_the_socket_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("public.sock");
    let first = start(&path);
    let fault = serve(asked(&path, None), Signals::Ignored).unwrap_err();
    assert_eq!((fault.exit_code(), ask(&path).as_str()), (74, "HTTP/1.1 404 Not Found"));
    first.stop();
    // The name is free as soon as nobody new is let in.
    let second = loop {
        match serve(asked(&path, None), Signals::Ignored) {
            Ok(second) => break second,
            Err(ServeFault::Listen { .. }) => thread::yield_now(),
            Err(fault) => panic!("{fault}"),
        }
    };
    first.wait().unwrap();
    assert_eq!(ask(&path), "HTTP/1.1 404 Not Found", "the first has not removed the second's");
    second.stop();
    second.wait().unwrap();
}

#[test]
fn whoever_was_let_in_is_served_while_the_gateway_stops() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("public.sock");
    let running = start(&path);
    let mut waiting: Vec<_> = (0..32).map(|_| UnixStream::connect(&path).unwrap()).collect();
    running.stop();
    for caller in &mut waiting {
        caller.write_all(b"GET /nothing HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").unwrap();
    }
    for caller in &mut waiting {
        let mut text = String::new();
        caller.read_to_string(&mut text).unwrap();
        assert!(text.starts_with("HTTP/1.1 404 "), "{text}");
    }
    running.wait().unwrap();
}

#[test]
fn the_mode_of_its_file_is_the_bindings_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("public.sock");
    let running = serve(asked(&path, Some(0o660)), Signals::Ignored).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o660);
    running.stop();
    running.wait().unwrap();
}

#[test]
fn a_listener_for_proxies_is_bound_where_they_come() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("public.sock");
    let fault = |from: AddressSet, unix, address: &ListenAddress| {
        let mut tables = tables(Setup::default());
        let proxies = Some(ProxyProtocol { from, unix });
        tables.listeners = vec![Listener { proxy_protocol: proxies, ..Listener::plain("public") }];
        let mut asked = asked(&path, None);
        asked.artifact = ArtifactSource::Loaded(Box::new(loaded(tables)));
        asked.listen = Some(address.clone());
        serve(asked, Signals::Ignored).unwrap_err()
    };
    let network = AddressSet::of([([10, 0, 0, 0].into(), 8)]).unwrap();
    let (file, port) = (asked(&path, None).listen.unwrap(), "127.0.0.1:0".parse().unwrap());
    for (fault, word) in [
        (fault(network, false, &file), "add `unix` to `proxy-protocol.from`"),
        (fault(AddressSet::empty(), true, &port), "name the networks in `proxy-protocol.from`"),
    ] {
        assert_eq!(fault.exit_code(), 78);
        assert!(fault.to_string().contains(word), "{fault}");
    }
}
