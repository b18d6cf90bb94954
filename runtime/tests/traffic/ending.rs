//! The end of a gateway: nobody who was let in is turned away, and nothing is cut.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::harness::{Gateway, Setup, get, ok};

#[test]
fn a_request_that_runs_is_finished_and_its_connection_closed() {
    let mut gateway = Gateway::start();
    let mut caller = gateway.ask(&get("/things/1"));
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    gateway.stop();
    endpoint.send(ok("finished"));
    let answer = caller.answer();
    assert_eq!(answer.body_text(), "finished");
    assert!(caller.is_closed());
    gateway.wait();
}

#[test]
fn an_idle_connection_ends_with_its_next_response() {
    let mut gateway = Gateway::start();
    let mut caller = gateway.ask(&get("/things/1"));
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    endpoint.send(ok("one"));
    caller.answer();
    let mut other = gateway.ask(&get("/things/2"));
    let mut busy = {
        endpoint.message();
        endpoint
    };
    gateway.stop();
    busy.send(ok("two"));
    // This answer says that the thread knows.
    assert_eq!(other.answer().line("connection"), Some("close"));
    caller.send(get("/things/3"));
    busy.message();
    busy.send(ok("three"));
    let last = caller.answer();
    assert_eq!((last.body_text().as_str(), last.line("connection")), ("three", Some("close")));
    assert!(caller.is_closed());
    gateway.wait();
}

#[test]
fn a_second_word_ends_what_still_runs() {
    let mut gateway = Gateway::start();
    let mut caller = gateway.ask(&get("/things/1"));
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    gateway.stop();
    gateway.stop();
    gateway.wait();
    assert!(caller.is_closed() && endpoint.is_closed());
}

#[test]
fn under_load_no_answer_is_missing_when_the_gateway_stops() {
    let mut gateway = Gateway::with(Setup { threads: 2, ..Setup::default() });
    let done = AtomicBool::new(false);
    let answered = AtomicUsize::new(0);
    let address = gateway.endpoint_address();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::scope(|connections| {
                loop {
                    let mut endpoint = gateway.endpoint();
                    if done.load(Ordering::SeqCst) {
                        break;
                    }
                    connections.spawn(move || {
                        while endpoint.try_head().is_some() {
                            endpoint.send(ok("x"));
                        }
                    });
                }
            });
        });
        let callers: Vec<_> = (0..8)
            .map(|_| {
                let mut caller = gateway.caller();
                let answered = &answered;
                scope.spawn(move || {
                    loop {
                        caller.send(get("/things/1"));
                        let answer = caller.answer();
                        assert_eq!(answer.body_text(), "x");
                        answered.fetch_add(1, Ordering::SeqCst);
                        if answer.line("connection") == Some("close") {
                            break assert!(caller.is_closed());
                        }
                    }
                })
            })
            .collect();
        while answered.load(Ordering::SeqCst) < 500 {
            std::thread::yield_now();
        }
        gateway.stop();
        for caller in callers {
            caller.join().unwrap();
        }
        done.store(true, Ordering::SeqCst);
        drop(std::net::TcpStream::connect(address).unwrap());
    });
    gateway.wait();
}

#[test]
fn nobody_is_served_beyond_the_ceiling_and_nobody_let_in_is_turned_away() {
    let mut gateway = Gateway::with(Setup { connections: 1, threads: 2, ..Setup::default() });
    let mut first = gateway.ask(&get("/things/1"));
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    // These two wait for the place of the first; one of them may wait in the kernel.
    let mut waiting = [gateway.ask(&get("/things/2")), gateway.ask(&get("/things/3"))];
    let status = gateway.asked("/status");
    assert!(status.contains("\"connections\": 1,") && status.contains("\"max_connections\": 1,"), "{status}");
    assert!(gateway.endpoint_is_untouched());
    gateway.stop();
    // Nothing is kept, so that every request is a connection of its own.
    let last = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
    endpoint.send(last);
    assert_eq!(first.answer().body_text(), "ok");
    assert!(first.is_closed());
    for _ in 0..2 {
        let mut endpoint = gateway.endpoint();
        endpoint.message();
        endpoint.send(last);
    }
    for waiting in &mut waiting {
        assert_eq!(waiting.answer().body_text(), "ok");
    }
    gateway.wait();
}
