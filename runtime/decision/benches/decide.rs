//! What one decision costs: `cargo bench -p gw-decision`, bar 1 µs and 0 allocations.
//!
//! With engine room, least-request, request id and forwarded edits; trace off. On an artifact of 1,200 operations
//! that it makes itself, or on the file that `GW_BENCH_ARTIFACT` names, asked for one path of each of its templates.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::disallowed_methods, reason = "a bench reads a clock, a file and its environment")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot run says where")]

use std::time::Instant;

use gw_artifact::Artifact;
use gw_artifact::model::{Access, Method, Need, Scheme};
use gw_decision::{
    Context, Ending, Head, How, LogLine, Now, Relay, ResponseHead, UpstreamAnswer, Verdict, Version,
    decide_response,
};

#[path = "../tests/support/mod.rs"]
mod support;

use support::{Counting, RoomWorld, Weighed, allocations, decide, exchange, with_head};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Short rounds, so that some of them run undisturbed on a busy machine.
const ROUNDS: usize = 300;
const DECISIONS: usize = 4_000;

fn main() {
    let artifact = match std::env::var_os("GW_BENCH_ARTIFACT") {
        Some(path) => gw_artifact::decode(&std::fs::read(path).unwrap()).unwrap().artifact,
        None => support::artifact(),
    };
    let world = RoomWorld::new(&artifact);
    let targets = targets(&artifact);
    println!("{} operations, {} of them asked for", artifact.operations().len(), targets.len());
    report("decide", &mut || decide_all(&artifact, &world, &targets, false));
    report("decide and write the edited head", &mut || decide_all(&artifact, &world, &targets, true));
    report("log line", &mut || log_lines(&artifact, &world, &targets[0]));
}

/// The best of [`ROUNDS`], because what disturbs only adds.
fn report(what: &str, run: &mut dyn FnMut()) {
    let mut best = f64::INFINITY;
    let mut allocated = 0;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        allocated = allocations(&mut *run).0;
        best = best.min(start.elapsed().as_nanos() as f64 / DECISIONS as f64);
    }
    println!("{what}: {best:.0} ns, {:.3} allocations", allocated as f64 / DECISIONS as f64);
}

/// One path per `GET` operation, variables filled with `v7`.
fn targets(artifact: &Artifact) -> Vec<String> {
    let is_get = |operation: &&gw_artifact::model::Operation| operation.method == Method::Get;
    let mut targets: Vec<_> =
        artifact.operations().iter().filter(is_get).map(|op| fill(&op.template)).collect();
    // An order that no cache foresees.
    targets
        .sort_by_key(|target| target.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31) ^ u32::from(byte)));
    targets
}

fn fill(template: &str) -> String {
    let mut target = String::new();
    for piece in template.split('{') {
        match piece.split_once('}') {
            Some((_, rest)) => target.extend(["v7", rest]),
            None => target.push_str(piece),
        }
    }
    target
}

fn with_host<T>(artifact: &Artifact, target: &str, act: impl FnOnce(&Head<'_>) -> T) -> T {
    let host = artifact.tables().sites.iter().flat_map(|site| &site.hosts).find_map(|host| match host {
        gw_artifact::model::HostPattern::Exact(name) => Some(name.as_str()),
        gw_artifact::model::HostPattern::Suffix(_) => None,
    });
    with_head(host.unwrap_or("localhost"), target, act)
}

fn decide_all(artifact: &Artifact, world: &RoomWorld, targets: &[String], write: bool) {
    let mut scratch = Vec::with_capacity(1024);
    let mut written = Weighed::default();
    let (mut forwarded, mut denied) = (0_usize, 0_usize);
    with_host(artifact, "/", |head| {
        for at in 0..DECISIONS {
            let head = Head { target: &targets[at % targets.len()], ..*head };
            let mut exchange = exchange();
            match decide(artifact, &head, &mut exchange, world) {
                Verdict::Forward(outbound) => {
                    forwarded += 1;
                    if write {
                        let context = Context { artifact, head: &head, exchange: &exchange };
                        outbound.head(context, outbound.permit().authority(), &mut scratch, &mut written);
                    }
                }
                Verdict::Answer(_) => denied += 1,
            }
        }
    });
    assert!(
        denied == 0 || credential_of_another_kind(artifact),
        "{denied} of {} were denied",
        forwarded + denied
    );
}

/// Whether some operation takes no bearer token, so that a denial is right.
fn credential_of_another_kind(artifact: &Artifact) -> bool {
    let takes_bearer = |access: &Access| match access {
        Access::Public => true,
        Access::Delegated { alternatives, .. } => alternatives.iter().any(|alternative| {
            let is_bearer =
                |need: &Need| *artifact.scheme(need.scheme) == Scheme::Authorization("bearer".into());
            alternative.needs.iter().all(is_bearer)
        }),
        Access::Verified { .. } => false,
    };
    !artifact.tables().access.iter().all(takes_bearer)
}

fn log_lines(artifact: &Artifact, world: &RoomWorld, target: &str) {
    let digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let mut out = Vec::with_capacity(8 * 1024);
    with_host(artifact, target, |head| {
        let mut exchange = exchange();
        let verdict = decide(artifact, head, &mut exchange, world);
        let response =
            UpstreamAnswer::Head(ResponseHead { status: 200, version: Version::Http11, lines: &[] });
        let relay = match verdict {
            Verdict::Forward(outbound) => decide_response(&mut exchange, outbound, response, world),
            Verdict::Answer(answer) => Relay::answered(answer),
        };
        let at = Now { monotonic: 9, unix: 1_795_417_690_123_456_789 };
        let finished = relay.finish(Ending { how: How::Complete, at, request_bytes: 0, response_bytes: 0 });
        let line = LogLine {
            context: Context { artifact, head, exchange: &exchange },
            finished: &finished,
            artifact_digest: digest,
            policy_digest: digest,
            endpoint: "127.0.0.1:9001",
        };
        for _ in 0..DECISIONS {
            out.clear();
            line.write(&mut out);
        }
    });
    assert!(out.len() > 1_000);
}
