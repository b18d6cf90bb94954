//! Claims about the order of the steps, and about what becomes of an upstream's answer.

use gw_artifact::model::Step;

use super::{UpstreamAnswer, decide_response, refuse_unread};
use crate::exchange::Exchange;
use crate::fault::{Fault, Whose};
use crate::fixture::{Ask, Decided, StillWorld};
use crate::head::{ResponseHead, Version};
use crate::relay::Reply;
use crate::trace::{Event, StepVerdict};
use crate::world::Attempt;

fn get(world: &StillWorld) -> Decided {
    Ask::new("GET", "/orders/7").decide(world)
}

fn heard(answer: UpstreamAnswer<'_>) -> (Reply, Vec<Attempt>) {
    let world = StillWorld::default();
    let decided = get(&world);
    let mut exchange = decided.exchange.clone();
    let relay = decide_response(&mut exchange, decided.into_outbound(), answer, &world);
    (relay.reply(), world.attempts.take())
}

#[test]
fn the_steps_speak_in_call_order() {
    let world = StillWorld::default();
    get(&world).outbound();
    let mut spoken: Vec<Step> = world.events.borrow().iter().map(|event| event.step).collect();
    spoken.dedup();
    assert_eq!(
        spoken,
        [
            Step::Receive,
            Step::Validate,
            Step::Access,
            Step::Authorize,
            Step::RateLimit,
            Step::Validate,
            Step::Cache,
            Step::Route,
            Step::CircuitBreak,
            Step::Discover,
            Step::Transform,
        ]
    );
}

#[test]
fn a_denial_is_the_last_word() {
    for (ask, step) in [
        (Ask::bare("GET", "/orders/7"), Step::Receive),
        (Ask::new("GET", "/nothing"), Step::Route),
        (Ask::new("PUT", "/secret"), Step::Route),
        (Ask::new("GET", "/secret"), Step::Authorize),
    ] {
        let world = StillWorld::default();
        let reason = ask.decide(&world).answer().reason().unwrap();
        let events = world.events.take();
        assert_eq!(events.last(), Some(&Event { step, verdict: StepVerdict::Denied(reason) }), "{ask:?}");
        assert!(world.plans.borrow().is_empty(), "no body was asked for");
    }
}

#[test]
fn an_upstream_without_room_or_endpoint_is_a_503() {
    let full = StillWorld { has_permit: false, ..StillWorld::default() };
    assert_eq!((get(&full).answer().status(), get(&full).reason()), (503, Some("capacity")));
    let empty = StillWorld { has_endpoint: false, ..StillWorld::default() };
    assert_eq!((get(&empty).answer().status(), get(&empty).reason()), (503, Some("no-endpoint")));
}

#[test]
fn every_fault_is_answered_and_taught_to_the_engines() {
    let statuses = Fault::ALL.map(|fault| {
        let (reply, attempts) = heard(UpstreamAnswer::Fault(fault));
        assert_eq!(attempts, [Attempt::Failed(fault)]);
        let Reply::Answer(answer) = reply else { panic!("{fault:?} is answered") };
        assert_eq!(fault.whose() == Whose::Downstream, answer.status() < 500, "{fault:?}");
        answer.status()
    });
    assert_eq!(statuses[..10], [502; 10]);
    assert_eq!(statuses[10..], [504, 504, 504, 413, 408, 400, 503, 500]);
}

#[test]
fn a_final_answer_is_relayed_whatever_it_says() {
    for status in [200, 304, 404, 503, 599] {
        let head = ResponseHead { status, version: Version::Http11, lines: &[] };
        assert_eq!(heard(UpstreamAnswer::Head(head)), (Reply::Upstream { status }, vec![Attempt::Answered]));
    }
}

#[test]
fn an_answer_that_is_none_is_a_502() {
    for status in [0, 101, 199, 600, 999] {
        let (reply, attempts) =
            heard(UpstreamAnswer::Head(ResponseHead { status, version: Version::Http11, lines: &[] }));
        assert!(matches!(reply, Reply::Answer(answer) if answer.status() == 502), "{status}");
        assert_eq!(attempts, [Attempt::Failed(Fault::Protocol)]);
    }
}

#[test]
fn bytes_that_are_no_head_have_a_name_and_a_reason() {
    let world = StillWorld::default();
    let mut exchange = Exchange::new(get(&world).exchange.arrival());
    let answer = refuse_unread(&mut exchange, gw_artifact::model::Reason::MalformedRequest, &world);
    assert_eq!((answer.status(), answer.closes()), (400, true));
    assert_ne!(exchange.request_id().0, 0);
}
