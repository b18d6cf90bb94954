//! What the allocation test and the bench share: a counting allocator, a world with a real engine room, and an
//! artifact of 1,200 operations.
#![expect(unsafe_code, reason = "a global allocator cannot be written without")]
#![expect(clippy::unwrap_used, reason = "only tests and benches come here")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use gw_artifact::Artifact;
use gw_artifact::model::{
    Access, AccessId, Alternative, Api, ApiId, Balance, Bytes, Capacity, Forward, HostEdit, HostPattern,
    Listener, ListenerId, Method, Need, Operation, OperationId, PathEdit, PathItem, Scheme, SchemeId, Site,
    Tables, Timeouts, TrustedProxies, Upstream, UpstreamId,
};
use gw_artifact::path_trie::{PathTrie, Template};
use gw_decision::{
    Arrival, Attempt, BodyPlan, EndpointId, Exchange, Fault, Framing, Head, HeadWriter, Line, Now, Start,
    UrlScheme, Verdict, Version, World, decide_request,
};
use gw_engines::{EngineRoom, Permit};

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

/// The system's allocator, counting per thread.
#[derive(Debug)]
pub(crate) struct Counting;

// SAFETY: every call is handed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller keeps the contract of `realloc`.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// How many allocations `act` makes on this thread.
pub(crate) fn allocations<T>(act: impl FnOnce() -> T) -> (u64, T) {
    let before = ALLOCATIONS.with(Cell::get);
    let value = act();
    (ALLOCATIONS.with(Cell::get) - before, value)
}

/// A world with a real engine room, a clock that ticks and a small generator (xorshift).
#[derive(Debug)]
pub(crate) struct RoomWorld {
    room: Arc<EngineRoom>,
    clock: Cell<u64>,
    random: Cell<u64>,
}

impl RoomWorld {
    /// Two endpoints for each upstream.
    pub(crate) fn new(artifact: &Artifact) -> Self {
        let endpoints = ["http://127.0.0.1:9001", "http://127.0.0.1:9002"].map(|url| url.parse().unwrap());
        let lists = artifact.upstreams().iter().map(|_| endpoints.to_vec()).collect();
        let room = EngineRoom::new(artifact, lists, EngineRoom::DEFAULT_MAX_EXCHANGES).unwrap();
        Self { room, clock: Cell::new(1), random: Cell::new(0x9e37_79b9_7f4a_7c15) }
    }
}

impl World for RoomWorld {
    type Permit = Permit;

    fn now(&self) -> Now {
        self.clock.set(self.clock.get() + 1);
        Now { monotonic: self.clock.get(), unix: self.clock.get() }
    }

    fn random(&self) -> u64 {
        let mut bits = self.random.get();
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        self.random.set(bits);
        bits
    }

    fn has_room(&self) -> bool {
        self.room.enter().is_some()
    }

    async fn body(&self, _: BodyPlan) -> Result<(), Fault> {
        Ok(())
    }

    fn permit(&self, upstream: UpstreamId) -> Option<Permit> {
        self.room.permit(upstream)
    }

    fn place(&self, permit: &mut Permit) -> Option<EndpointId> {
        permit.place(self.now().monotonic, self.random()).map(EndpointId)
    }

    fn attempted(&self, _: &Permit, _: Attempt) {}
}

/// Counts what is written, and keeps nothing.
#[derive(Debug, Default)]
pub(crate) struct Weighed(pub(crate) usize);

impl HeadWriter for Weighed {
    fn start(&mut self, start: Start<'_>) {
        if let Start::Request { method, target } = start {
            self.0 += method.len() + target.len();
        }
    }

    fn line(&mut self, name: &str, value: &[u8]) {
        self.0 += name.len() + value.len();
    }
}

/// The lines of an ordinary request, but for its host.
const LINES: [(&str, &str); 7] = [
    ("user-agent", "octokit/21.0 (linux; x64) node/22"),
    ("accept", "application/vnd.github+json"),
    ("authorization", "Bearer ghp_0123456789abcdef0123456789abcdef0123"),
    ("x-github-api-version", "2022-11-28"),
    ("accept-encoding", "gzip, deflate, br"),
    ("connection", "keep-alive"),
    ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
];

/// An ordinary request for one path.
pub(crate) fn with_head<T>(host: &str, target: &str, act: impl FnOnce(&Head<'_>) -> T) -> T {
    let mut lines = [Line { name: "host", value: host.as_bytes() }; LINES.len() + 1];
    for (line, (name, value)) in lines[1..].iter_mut().zip(LINES) {
        *line = Line { name, value: value.as_bytes() };
    }
    act(&Head { method: "GET", target, version: Version::Http11, lines: &lines, body: Framing::None })
}

/// An exchange that has just begun.
pub(crate) fn exchange() -> Exchange {
    let client = "192.0.2.1:40000".parse().ok();
    Exchange::new(Arrival { client, scheme: UrlScheme::Http, listener: ListenerId(0) })
}

/// Decides at once.
pub(crate) fn decide(
    artifact: &Artifact,
    head: &Head<'_>,
    exchange: &mut Exchange,
    world: &RoomWorld,
) -> Verdict<Permit> {
    match pin!(decide_request(artifact, head, exchange, world)).poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(verdict) => verdict,
        Poll::Pending => panic!("this world never waits"),
    }
}

/// 1,200 delegated operations of the shape of a large public API.
pub(crate) fn artifact() -> Artifact {
    let count = 1_200_u32;
    let template = |at: u32| match at % 3 {
        0 => format!("/repos/{{owner}}/{{repo}}/section{}/{{id}}/part{}", at % 40, at / 40),
        1 => format!("/orgs/{{org}}/topic{at}/{{name}}"),
        _ => format!("/user/topic{at}"),
    };
    let templates: Vec<_> = (0..count).map(|at| (Template::parse(&template(at)).unwrap(), at)).collect();
    let operation = |at: u32| Operation {
        api: ApiId(0),
        name: format!("operation{at}"),
        method: Method::Get,
        template: template(at),
        parameters: templates[at as usize].0.names().to_vec(),
        access_list: None,
        access: AccessId(0),
        forward: Forward { upstream: UpstreamId(0), path: PathEdit::Unchanged, host: HostEdit::Endpoint },
        timeouts: Timeouts::DEFAULT,
        body_max: Bytes(1 << 20),
    };
    let item = |at: u32| PathItem {
        methods: vec![(Method::Get, OperationId(at))],
        allow: "GET, HEAD, OPTIONS".into(),
    };
    Artifact::new(Tables {
        project: "edge".into(),
        apis: vec![Api { name: "github".into(), version: String::new(), owner: String::new() }],
        listeners: vec![Listener::plain("public")],
        sites: vec![Site {
            hosts: vec![HostPattern::Exact("api.github.com".into())],
            paths: PathTrie::build(&templates).unwrap(),
        }],
        path_items: (0..count).map(item).collect(),
        operations: (0..count).map(operation).collect(),
        access_lists: vec![],
        trusted_proxies: TrustedProxies::none(),
        access: vec![Access::Delegated {
            alternatives: vec![Alternative {
                needs: vec![Need { scheme: SchemeId(0), verifier: None, scopes: vec![] }],
            }],
            challenges: vec!["Bearer".into()],
        }],
        schemes: vec![Scheme::Authorization("bearer".into())],
        verifiers: vec![],
        conditions: vec![],
        key_sets: vec![],
        capacity: Capacity::DEFAULT,
        upstreams: vec![Upstream {
            name: "github".into(),
            endpoints: Vec::new(),
            balance: Balance::LeastRequest,
            max_requests: Upstream::DEFAULT_MAX_REQUESTS,
            tls: None,
        }],
    })
    .unwrap()
}
