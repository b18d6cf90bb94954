//! A document at work: one request per operation over a socket, each confirmed by the upstream, which is told in
//! `Host` which operation the gateway took it for.

use std::{fmt::Write, io};

use gw_tests::{
    Gateway, Node,
    upstream::{Received, Upstream},
    wire::{Answer, Caller},
};

use crate::{marks, outcome::Outcome, requests::Planned};

/// Serves an artifact and sends every request; what came of them goes to `outcome`.
///
/// # Errors
/// When there is no gateway or no connection to it.
pub(crate) fn serve(artifact: &[u8], requests: &[Planned], outcome: &mut Outcome) -> io::Result<()> {
    let upstream = Upstream::start()?;
    let gateway =
        Gateway::start(artifact, Node { upstreams: &[("echo", upstream.address())], ..Node::default() })?;
    let mut caller = Caller::connect(gateway.address())?;
    for request in requests {
        caller.send(written(request).as_bytes());
        let Some(answer) = caller.answer(&request.method)? else {
            outcome.wrong.push(format!("{} {}: no answer", request.method, request.path));
            caller = Caller::connect(gateway.address())?;
            continue;
        };
        judge(request, &answer, &upstream.take_received(), outcome);
        if answer.head.line("connection") == Some("close") {
            caller = Caller::connect(gateway.address())?;
        }
    }
    drop(caller);
    gateway.stop();
    Ok(())
}

fn written(request: &Planned) -> String {
    let Planned { method, path, query, host, lines, .. } = request;
    let mut text = format!("{method} {path}{query} HTTP/1.1\r\nHost: {host}\r\n");
    for (name, value) in lines {
        write!(text, "{name}: {value}\r\n").unwrap_or(());
    }
    match method.as_str() {
        "POST" | "PUT" | "PATCH" => text + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
        _ => text + "\r\n",
    }
}

/// An operation that can be called reaches the upstream as itself, unchanged; any other is denied.
fn judge(request: &Planned, answer: &Answer, received: &[Received], outcome: &mut Outcome) {
    let Planned { method, path, query, .. } = request;
    if !request.can_be_called {
        match (answer.status, received) {
            (401 | 503, []) => outcome.denied += 1,
            (status, _) => outcome.wrong.push(format!("{method} {path}: {status} without any credential")),
        }
        return;
    }
    let expected = (format!("{method} {path}{query} HTTP/1.1"), marks::host(request.operation));
    let seen: Vec<_> = received
        .iter()
        .map(|received| {
            (received.head.first.clone(), received.head.line("host").unwrap_or_default().to_owned())
        })
        .collect();
    if answer.status == 200 && seen == [expected] {
        outcome.confirmed += 1;
    } else {
        outcome.wrong.push(format!("{method} {path}{query}: {}, the upstream saw {seen:?}", answer.status));
    }
}
