//! The twelve steps of a request, pure: same artifact, same request, same answers of the [`World`], same decision.
//!
//! | | Step | Decides | Takes → gives |
//! |---|---|---|---|
//! | 1 | receive | the message keeps HTTP's rules; host and path have one meaning | head → `Received` |
//! | 2 | validate | which operation; how the body travels | `Received` → `Matched`, `Metered` → `Checked` |
//! | 3 | access | may this caller ask at all | `Matched` → `Admitted` |
//! | 4 | authorize | is the credential there | `Published` → `Authorized` |
//! | 5 | rate_limit | how often | `Authorized` → `Metered` |
//! | 6 | route | 404, 405, 421; which upstream | `Admitted` → `Published`, `Checked` → `Routed` |
//! | 7 | discover | which endpoint | `Permitted` → `Placed` |
//! | 8 | transform | what changes on the way | `Placed` → [`Outbound`]; the response → [`Relay`] |
//! | 9 | error | what the caller hears of a [`Fault`] | [`Fault`] → [`Relay`] |
//! | 10 | circuit_break | may the upstream have one more | `Routed` → `Permitted` |
//! | 11 | log | the line ([`LogLine`], [`FIELDS`]) | [`Finished`] → JSON |
//! | 12 | cache | has somebody just asked the same | `Checked` → `Checked` |
//!
//! The numbers are the textbook's; the order of the calls is that of `pipeline.rs`. A driver enters twice:
//! [`decide_request`] gives an [`Outbound`], the proof that a request may be sent, or an [`Answer`];
//! [`decide_response`] gives a [`Relay`], which is finished once, in every ending.
//!
//! ```
//! use gw_artifact::{Artifact, model::*, path_trie::{PathTrie, Template}};
//! use gw_decision::*;
//! # use std::task::{Context as Poller, Poll, Waker};
//! # let tables = Tables {
//! #     project: "edge".into(),
//! #     apis: vec![Api { name: "orders".into(), version: String::new(), owner: String::new() }],
//! #     listeners: vec![Listener::plain("public")],
//! #     sites: vec![Site { hosts: vec![], paths: PathTrie::build(&[(Template::parse("/orders/{id}")?, 0)])? }],
//! #     path_items: vec![PathItem { methods: vec![(Method::Get, OperationId(0))], allow: "GET".into() }],
//! #     operations: vec![Operation {
//! #         api: ApiId(0), name: "getOrder".into(), method: Method::Get, template: "/orders/{id}".into(),
//! #         parameters: vec!["id".into()], access_list: None, access: AccessId(0), timeouts: Timeouts::DEFAULT, body_max: Bytes(0),
//! #         forward: Forward { upstream: UpstreamId(0), path: PathEdit::Unchanged, host: HostEdit::Endpoint },
//! #     }],
//! #     access_lists: vec![], trusted_proxies: TrustedProxies::none(),
//! #     access: vec![Access::Public], schemes: vec![], verifiers: vec![], conditions: vec![], key_sets: vec![],
//! #     capacity: Capacity::DEFAULT,
//! #     upstreams: vec![Upstream {
//! #         name: "orders".into(), endpoints: vec![], balance: Balance::RoundRobin, max_requests: 1, tls: None,
//! #     }],
//! # };
//!
//! /// A world in which everything goes well.
//! struct Sunny;
//!
//! impl World for Sunny {
//!     type Permit = ();
//!     fn now(&self) -> Now { Now::default() }
//!     fn random(&self) -> u64 { 4 }
//!     fn has_room(&self) -> bool { true }
//!     async fn body(&self, _: BodyPlan) -> Result<(), Fault> { Ok(()) }
//!     fn permit(&self, _: UpstreamId) -> Option<()> { Some(()) }
//!     fn place(&self, _: &mut ()) -> Option<EndpointId> { Some(EndpointId(0)) }
//!     fn attempted(&self, _: &(), _: Attempt) {}
//! }
//!
//! let artifact = Artifact::new(tables)?; // `GET /orders/{id}`, public
//! let lines = [Line { name: "host", value: b"api.example.com" }];
//! let version = Version::Http11;
//! let head = Head { method: "GET", target: "/orders/7", version, lines: &lines, body: Framing::None };
//! let client = Some("192.0.2.1:40000".parse()?);
//! let mut exchange = Exchange::new(Arrival { client, scheme: UrlScheme::Http, listener: ListenerId(0) });
//!
//! let mut decision = std::pin::pin!(decide_request(&artifact, &head, &mut exchange, &Sunny));
//! let Poll::Ready(verdict) = decision.as_mut().poll(&mut Poller::from_waker(Waker::noop())) else {
//!     unreachable!("this world never waits");
//! };
//! let Verdict::Forward(outbound) = verdict else { unreachable!("anyone may read orders") };
//! assert_eq!(artifact.operation(outbound.operation()).name, "getOrder");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Invariants
//!
//! - No I/O, no clock, no random bits, no state, no thread: all of that is behind [`World`].
//! - Step *n* takes the type of the step before by value and is the only place that makes its own. What was not
//!   received, matched, admitted, authorized, metered, checked, permitted and placed cannot become an [`Outbound`].
//! - The path that was matched and authorized is the path that is forwarded, and credentials that were looked at
//!   reach the upstream untouched.
//! - [`decide_request`] allocates nothing when the path came in canonical form; nor do the edits and the log line
//!   once the driver's buffers have grown.
//! - Every denial has one [`Reason`](gw_artifact::model::Reason), and with it one status and one step.
#![forbid(unsafe_code)]

mod answer;
mod context;
mod credential;
mod exchange;
mod fault;
#[cfg(test)]
mod fixture;
mod head;
mod key_set;
mod outbound;
mod pipeline;
mod relay;
mod steps;
mod text;
mod trace;
mod world;

pub use answer::Answer;
pub use context::{Context, HeadWriter, Start};
pub use exchange::{Arrival, Caller, ClientCertificate, Exchange, RequestId, Tls, UrlScheme};
pub use fault::{Fault, Whose};
pub use head::{Framing, Head, Line, ResponseHead, Version};
pub use key_set::{KeyHolder, KeySet, MAX_KEY_BYTES, MAX_KEYS};
pub use outbound::Outbound;
pub use pipeline::{UpstreamAnswer, Verdict, decide_request, decide_response, refuse_unread};
pub use relay::{Ending, Finished, How, Relay, Reply};
pub use steps::log::{FIELDS, FieldKind, LogField, LogLine, VERSION};
pub use steps::receive::{MAX_CONNECTION_NAMES, MAX_HEAD_BYTES, MAX_LINES, MAX_TARGET_BYTES};
pub use trace::{Event, Finding, StepVerdict};
pub use world::{Attempt, BodyPlan, EndpointId, Now, World};
