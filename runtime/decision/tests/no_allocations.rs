//! The law of the usual path: a decision, its edits and its log line allocate nothing.

use gw_decision::{
    Context, Ending, How, LogLine, Now, Relay, ResponseHead, UpstreamAnswer, Verdict, Version,
    decide_response,
};

mod support;

use support::{Counting, RoomWorld, Weighed, allocations, artifact, decide, exchange, with_head};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| Box::new(7)).0, 1);
}

#[test]
fn a_usual_request_allocates_nothing_from_head_to_log_line() {
    let artifact = artifact();
    let world = RoomWorld::new(&artifact);
    let (mut scratch, mut line) = (Vec::with_capacity(1024), Vec::with_capacity(4096));
    for target in
        ["/repos/octocat/hello-world/section3/7/part0?page=2", "/orgs/acme/topic4/x", "/user/topic5"]
    {
        let mut written = Weighed::default();
        let (count, ()) = with_head("api.github.com", target, |head| {
            allocations(|| {
                let mut exchange = exchange();
                let Verdict::Forward(outbound) = decide(&artifact, head, &mut exchange, &world) else {
                    panic!("{target} is forwarded");
                };
                let context = Context { artifact: &artifact, head, exchange: &exchange };
                outbound.head(context, outbound.permit().authority(), &mut scratch, &mut written);
                let response = ResponseHead { status: 200, version: Version::Http11, lines: &[] };
                let relay = decide_response(&mut exchange, outbound, UpstreamAnswer::Head(response), &world);
                let context = Context { artifact: &artifact, head, exchange: &exchange };
                relay.head(context, &response, &mut scratch, &mut written);
                let at = Now { monotonic: 9, unix: 9 };
                let finished =
                    relay.finish(Ending { how: How::Complete, at, request_bytes: 0, response_bytes: 0 });
                line.clear();
                let digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
                LogLine {
                    context,
                    finished: &finished,
                    artifact_digest: digest,
                    policy_digest: digest,
                    endpoint: "127.0.0.1:9001",
                }
                .write(&mut line);
            })
        });
        assert_eq!(count, 0, "{target}");
        assert!(written.0 > 0 && line.ends_with(b"}\n"));
    }
}

#[test]
fn a_denial_allocates_nothing() {
    let artifact = artifact();
    let world = RoomWorld::new(&artifact);
    for target in ["/nothing", "/user//topic5"] {
        let (count, ()) = with_head("api.github.com", target, |head| {
            allocations(|| {
                let mut exchange = exchange();
                let Verdict::Answer(answer) = decide(&artifact, head, &mut exchange, &world) else {
                    panic!("{target} is denied");
                };
                drop(Relay::<()>::answered(answer));
            })
        });
        assert_eq!(count, 0, "{target}");
    }
}
