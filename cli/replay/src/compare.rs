//! Holds what came against what was expected.

use std::fmt::Display;

use gw_decision::Fault;
use serde_json::Value;

use crate::exchanged::{Exchanged, Received, Sent};
use crate::run::Mismatch;
use crate::suite::{Expectation, Expected, ExpectedHeader, ExpectedLines};

/// What does not hold, if anything.
pub(crate) fn compare(expectation: &Expectation, got: &Exchanged, exchange: usize) -> Option<Mismatch> {
    let Difference { subject, expected, got } = difference(&expectation.what, got)?;
    Some(Mismatch { span: expectation.span, subject, expected, got, exchange })
}

struct Difference {
    subject: String,
    expected: String,
    got: String,
}

fn difference(expected: &Expected, got: &Exchanged) -> Option<Difference> {
    let received = got.received.as_ref();
    let sent = got.sent.as_ref();
    match expected {
        Expected::Status(status) => equal("status", Some(status), received.map(|received| &received.status)),
        Expected::Step(step) => equal("step", Some(step), got.step.as_ref()),
        Expected::Reason(reason) => equal("reason", reason.as_ref(), got.reason.as_ref()),
        Expected::Fault(fault) => equal("fault", fault.map(Fault::as_str), got.fault.map(Fault::as_str)),
        Expected::Complete(complete) => {
            let word = |complete: bool| if complete { "complete" } else { "cut" };
            equal("ending", Some(word(*complete)), Some(word(got.complete)))
        }
        Expected::Header(header) => headers("header", header, received.map(|received| &received.lines)),
        Expected::Body(body) => equal("body", Some(body.as_str()), received.map(text_of).as_deref()),
        Expected::Json(json) => same_json("body", json, received.map(|received| received.body.as_slice())),
        Expected::NothingSent => equal("upstream", None, sent.map(|sent| &sent.upstream)),
        Expected::SentTo(name) => equal("upstream", Some(name), sent.map(|sent| &sent.upstream)),
        Expected::SentToEndpoint(name) => equal("endpoint", Some(name), sent.map(|sent| &sent.endpoint)),
        Expected::SentMethod(method) => equal("upstream method", Some(method), sent.map(|sent| &sent.method)),
        Expected::SentTarget(target) => equal("upstream path", Some(target), sent.map(|sent| &sent.target)),
        Expected::SentHeader(header) => headers("upstream header", header, sent.map(|sent| &sent.lines)),
        Expected::SentBody(body) => {
            equal("upstream body", Some(body.as_str()), sent.map(sent_text).as_deref())
        }
        Expected::SentJson(json) => same_json("upstream body", json, sent.map(|sent| sent.body.as_slice())),
    }
}

fn equal<T: PartialEq + Display + ?Sized>(
    subject: &str,
    expected: Option<&T>,
    got: Option<&T>,
) -> Option<Difference> {
    let word = |value: Option<&T>| value.map_or("none".to_owned(), |value| format!("`{value}`"));
    (expected != got).then(|| Difference {
        subject: subject.to_owned(),
        expected: word(expected),
        got: word(got),
    })
}

fn headers(
    subject: &str,
    header: &ExpectedHeader,
    lines: Option<&Vec<(String, String)>>,
) -> Option<Difference> {
    let got: Vec<&str> = lines
        .into_iter()
        .flatten()
        .filter(|(name, _)| *name == header.name)
        .map(|(_, value)| value.as_str())
        .collect();
    let (holds, expected) = match &header.lines {
        ExpectedLines::Present => (!got.is_empty(), "present".to_owned()),
        ExpectedLines::Absent => (got.is_empty(), "absent".to_owned()),
        ExpectedLines::Values(values) => (got == *values, listed(values)),
    };
    (!holds).then(|| Difference {
        subject: format!("{subject} `{}`", header.name),
        expected,
        got: listed(&got),
    })
}

fn listed<T: Display>(values: &[T]) -> String {
    if values.is_empty() {
        return "none".to_owned();
    }
    values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
}

/// Equal as JSON; numbers compare by value, keys without order.
fn same_json(subject: &str, expected: &Value, got: Option<&[u8]>) -> Option<Difference> {
    let read = got.and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok());
    if read.as_ref() == Some(expected) {
        return None;
    }
    let got = got.map_or("none".to_owned(), |bytes| format!("`{}`", String::from_utf8_lossy(bytes)));
    Some(Difference { subject: subject.to_owned(), expected: format!("`{expected}`"), got })
}

fn text_of(received: &Received) -> String {
    String::from_utf8_lossy(&received.body).into_owned()
}

fn sent_text(sent: &Sent) -> String {
    String::from_utf8_lossy(&sent.body).into_owned()
}
