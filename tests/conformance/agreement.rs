//! What both worlds must agree on: the answer, the log line, and the bytes that the upstream received.

use gw_replay::{CaseOutcome, Exchanged};
use gw_tests::wire::{Answer, End, Head};
use serde_json::Value;

use crate::sockets::Real;

/// Response lines that belong to the engine and not to the decision.
const OF_THE_ENGINE: [&str; 2] = ["date", "transfer-encoding"];

/// Fields of the log line that tell time, chance or the node, and are different each time.
const OF_THE_MOMENT: [&str; 10] = [
    "@timestamp",
    "event.duration",
    "source.port",
    "tls.client.hash.sha256",
    "gw.artifact.digest",
    "gw.policy.digest",
    "gw.phases.decide",
    "gw.phases.connect",
    "gw.phases.upstream",
    "gw.phases.relay",
];

/// In what the two worlds differ, in words; nothing is the good answer. `drawn` are endpoints that are chosen by
/// chance: any one stands for all.
pub(crate) fn differences(drawn: &[String], simulated: &CaseOutcome, real: &[Real]) -> Vec<String> {
    if simulated.exchanges.len() != real.len() {
        let (simulated, real) = (simulated.exchanges.len(), real.len());
        return vec![format!("{simulated} exchanges were simulated, {real} have a log line")];
    }
    let pairs = simulated.exchanges.iter().zip(real);
    pairs.flat_map(|(simulated, real)| exchange(drawn, simulated, real)).collect()
}

fn exchange(drawn: &[String], simulated: &Exchanged, real: &Real) -> Vec<String> {
    let log: Value = serde_json::from_str(&simulated.log_line).expect("a log line is JSON");
    let (simulated_id, real_id) = (id(&log), id(&real.log));
    let broke_off = broke_off(simulated);
    let views = [
        (
            "the answer",
            answer_simulated(simulated),
            real.answer.as_ref().map(|real| answer_real(real, simulated)),
        ),
        ("the log line", Some(log_line(&log, broke_off)), Some(log_line(&real.log, broke_off))),
        ("what the upstream received", sent_simulated(simulated), sent_real(real, simulated)),
    ];
    let mut differences = Vec::new();
    for (what, simulated, real) in views {
        let simulated = simulated.map(|text| without_chance(drawn, &text, &simulated_id));
        let real = real.map(|text| without_chance(drawn, &text, &real_id));
        if simulated != real {
            let show = |text: Option<String>| text.unwrap_or_else(|| "nothing".into());
            differences.push(format!("{what}\n--- simulated\n{}\n--- real\n{}", show(simulated), show(real)));
        }
    }
    differences
}

fn id(log: &Value) -> String {
    log["http.request.id"].as_str().expect("every exchange has a name").to_owned()
}

/// The exchange's own name is random, and so is the endpoint that is drawn.
fn without_chance(drawn: &[String], text: &str, id: &str) -> String {
    drawn.iter().fold(text.replace(id, "ID"), |text, endpoint| text.replace(endpoint, "DRAWN"))
}

fn answer_simulated(simulated: &Exchanged) -> Option<String> {
    let received = simulated.received.as_ref()?;
    Some(answer(received.status, &received.lines, &received.body, simulated.complete))
}

/// An engine may say that it closes where the decision leaves that to it; where the decision says so, it must.
fn answer_real(real: &Answer, simulated: &Exchanged) -> String {
    let closes = |lines: &[(String, String)]| lines.iter().any(|(name, _)| name == "connection");
    let mut lines = real.head.lines.clone();
    if !simulated.received.as_ref().is_some_and(|received| closes(&received.lines)) {
        lines.retain(|(name, _)| name != "connection");
    }
    answer(real.status, &lines, &real.body, real.end != End::Cut)
}

fn answer(status: u16, lines: &[(String, String)], body: &[u8], complete: bool) -> String {
    let mut lines: Vec<_> =
        lines.iter().filter(|(name, _)| !OF_THE_ENGINE.contains(&name.as_str())).collect();
    lines.sort();
    let body = String::from_utf8_lossy(body);
    format!("{status}\n{}\n{body}\ncomplete: {complete}", in_lines(lines))
}

/// The fields of a line that both worlds can know. How much was read of a body that broke off is up to the moment.
fn log_line(log: &Value, broke_off: bool) -> String {
    let fields = log.as_object().into_iter().flatten().filter(|(name, _)| {
        let of_the_moment = OF_THE_MOMENT.contains(&name.as_str());
        let of_the_break = broke_off && *name == "http.request.body.bytes";
        !(of_the_moment || of_the_break)
    });
    fields.map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("\n")
}

/// Whether the request's body did not reach its end.
fn broke_off(simulated: &Exchanged) -> bool {
    simulated.sent.as_ref().is_some_and(|sent| !sent.complete)
}

fn sent_simulated(simulated: &Exchanged) -> Option<String> {
    let sent = simulated.sent.as_ref().filter(|sent| sent.complete)?;
    let head = Head { first: format!("{} {} HTTP/1.1", sent.method, sent.target), lines: sent.lines.clone() };
    Some(request(&sent.upstream, &sent.endpoint, &head, &sent.body))
}

/// How much of a request that broke off reaches a service is up to the moment; only whole it must never look.
fn sent_real(real: &Real, simulated: &Exchanged) -> Option<String> {
    let broke_off = broke_off(simulated);
    let told = real.sent.iter().filter(|(_, received)| !(broke_off && received.end == End::Cut));
    let told = told.map(|(upstream, received)| {
        request(upstream, &received.door.to_string(), &received.head, &received.body)
    });
    let told: Vec<_> = told.collect();
    (!told.is_empty()).then(|| told.join("\n"))
}

/// A request in its own bytes. Between header lines of different names order means nothing (RFC 9110 §5.3) and the
/// engine has its own, so they stand here by name; lines of one name keep their order.
fn request(upstream: &str, endpoint: &str, head: &Head, body: &[u8]) -> String {
    let mut lines: Vec<_> = head.lines.iter().collect();
    lines.sort_by_key(|(name, _)| name);
    let (lines, body) = (in_lines(lines), String::from_utf8_lossy(body));
    format!("{upstream} at {endpoint}\n{}\n{lines}\n{body}", head.first)
}

fn in_lines(lines: Vec<&(String, String)>) -> String {
    lines.into_iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("\n")
}
