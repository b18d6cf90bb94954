//! A small artifact and a world that stands still, for the tests of the steps.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context as Poller, Poll, Waker};

use gw_artifact::model::{
    Access, AccessId, Alternative, Api, ApiId, Balance, Bytes, CallerFact, Capacity, Forward, HostEdit,
    HostPattern, IdentityHeader, KeySetId, Listener, ListenerId, Method, Need, Operation, OperationId,
    PathEdit, PathItem, Scheme, SchemeId, Site, Tables, Timeouts, TrustedProxies, Upstream, UpstreamId,
    Verifier, VerifierId,
};
use gw_artifact::path_trie::{PathTrie, Template};
use gw_artifact::{Artifact, Digest};

use crate::answer::Answer;
use crate::context::{Context, HeadWriter, Start};
use crate::exchange::{Arrival, Exchange, Tls, UrlScheme};
use crate::fault::Fault;
use crate::head::{Framing, Head, Line, Version};
use crate::key_set::{KeyHolder, KeySet};
use crate::outbound::Outbound;
use crate::pipeline::{Verdict, decide_request};
use crate::trace::Event;
use crate::world::{Attempt, BodyPlan, EndpointId, Now, World};

/// Operations, in the order of their ids.
pub(crate) const GET_ORDER: OperationId = OperationId(0);
pub(crate) const POST_ORDER: OperationId = OperationId(1);
pub(crate) const GET_FILE: OperationId = OperationId(3);

/// An artifact that publishes five operations under these hosts; under any host when there are none.
pub(crate) fn artifact(hosts: &[HostPattern]) -> Artifact {
    Artifact::new(tables(hosts)).unwrap()
}

/// Its tables.
pub(crate) fn tables(hosts: &[HostPattern]) -> Tables {
    let templates = ["/orders/{id}", "/orders", "/secret", "/v1/files/{name}.json", "/v1", "/keyed"];
    let items: Vec<_> = (0..).zip(templates).map(|(at, text)| (Template::parse(text).unwrap(), at)).collect();
    let item = |methods: &[(Method, u32)], allow: &str| PathItem {
        methods: methods.iter().map(|(method, operation)| (*method, OperationId(*operation))).collect(),
        allow: allow.to_owned(),
    };
    let replace_base = PathEdit::ReplaceBase { base: 3, prefix: "/store".into() };
    Tables {
        project: "edge".into(),
        apis: vec![Api { name: "orders".into(), version: "1".into(), owner: String::new() }],
        listeners: vec![Listener::plain("public")],
        sites: vec![Site { hosts: hosts.to_vec(), paths: PathTrie::build(&items).unwrap() }],
        path_items: vec![
            item(&[(Method::Get, 0)], "GET, HEAD, OPTIONS"),
            item(&[(Method::Post, 1)], "POST, OPTIONS"),
            item(&[(Method::Get, 2)], "GET, HEAD, OPTIONS"),
            item(&[(Method::Get, 3)], "GET, HEAD, OPTIONS"),
            item(&[(Method::Get, 4)], "GET, HEAD, OPTIONS"),
            item(&[(Method::Get, 5)], "GET, HEAD, OPTIONS"),
        ],
        operations: vec![
            operation("getOrder", Method::Get, templates[0], 0, PathEdit::Unchanged, HostEdit::Endpoint),
            operation("postOrder", Method::Post, templates[1], 1, PathEdit::Unchanged, HostEdit::Endpoint),
            operation("getSecret", Method::Get, templates[2], 2, PathEdit::Unchanged, HostEdit::Endpoint),
            operation(
                "getFile",
                Method::Get,
                templates[3],
                0,
                replace_base,
                HostEdit::Fixed("files:1".into()),
            ),
            operation(
                "getRoot",
                Method::Get,
                templates[4],
                0,
                PathEdit::ReplaceBase { base: 3, prefix: String::new() },
                HostEdit::Endpoint,
            ),
            operation("getKeyed", Method::Get, templates[5], 3, PathEdit::Unchanged, HostEdit::Endpoint),
        ],
        access_lists: vec![],
        trusted_proxies: TrustedProxies::none(),
        access: vec![
            Access::Public,
            Access::Delegated {
                alternatives: vec![alternative(&[0]), alternative(&[1, 2])],
                challenges: vec!["Bearer realm=\"edge\"".into(), "ApiKey".into()],
            },
            Access::Verified {
                alternatives: vec![alternative(&[0])],
                challenges: vec!["Bearer".into()],
                claims: None,
                forward: vec![],
                keeps_credential: false,
            },
            keyed(),
        ],
        schemes: vec![
            Scheme::Authorization("bearer".into()),
            Scheme::Header("x-api-key".into()),
            Scheme::Query("key".into()),
            Scheme::ClientCertificate,
        ],
        verifiers: vec![
            Verifier::Keys(KeySetId(0)),
            Verifier::ClientCertificate { names: vec!["a.example".into(), "b.example".into()] },
        ],
        conditions: vec![],
        key_sets: vec!["partners".into()],
        capacity: Capacity::DEFAULT,
        upstreams: vec![Upstream {
            name: "orders".into(),
            endpoints: Vec::new(),
            balance: Balance::RoundRobin,
            max_requests: 1,
            tls: None,
        }],
    }
}

/// A key with a scope, or a certificate; who calls is told to the upstream, and the key is not.
fn keyed() -> Access {
    let need = |scheme, verifier, scopes: &[&str]| Need {
        scheme: SchemeId(scheme),
        verifier: Some(VerifierId(verifier)),
        scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
    };
    let header = |name: &str, fact| IdentityHeader { name: name.to_owned(), fact };
    Access::Verified {
        alternatives: vec![
            Alternative { needs: vec![need(1, 0, &["orders:read"])] },
            Alternative { needs: vec![need(3, 1, &[])] },
        ],
        challenges: vec!["Bearer realm=\"edge\"".into(), "ApiKey".into()],
        claims: None,
        forward: vec![header("x-consumer", CallerFact::Consumer), header("x-scopes", CallerFact::Scopes)],
        keeps_credential: true,
    }
}

fn alternative(schemes: &[u32]) -> Alternative {
    let need = |scheme: &u32| Need { scheme: SchemeId(*scheme), verifier: None, scopes: Vec::new() };
    Alternative { needs: schemes.iter().map(need).collect() }
}

fn operation(
    name: &str,
    method: Method,
    template: &str,
    access: u32,
    path: PathEdit,
    host: HostEdit,
) -> Operation {
    Operation {
        api: ApiId(0),
        name: name.into(),
        method,
        template: template.into(),
        parameters: Template::parse(template).unwrap().names().to_vec(),
        access_list: None,
        access: AccessId(access),
        forward: Forward { upstream: UpstreamId(0), path, host },
        timeouts: Timeouts::DEFAULT,
        body_max: Bytes(16),
    }
}

/// Says yes unless told otherwise, and remembers what was said.
#[derive(Debug)]
pub(crate) struct StillWorld {
    pub(crate) has_room: bool,
    pub(crate) has_permit: bool,
    pub(crate) has_endpoint: bool,
    pub(crate) body: Result<(), Fault>,
    pub(crate) plans: RefCell<Vec<BodyPlan>>,
    pub(crate) attempts: RefCell<Vec<Attempt>>,
    pub(crate) events: RefCell<Vec<Event>>,
    pub(crate) clock: Cell<u64>,
    pub(crate) keys: KeySet,
}

impl Default for StillWorld {
    fn default() -> Self {
        Self {
            has_room: true,
            has_permit: true,
            has_endpoint: true,
            body: Ok(()),
            plans: RefCell::default(),
            attempts: RefCell::default(),
            events: RefCell::default(),
            clock: Cell::new(0),
            keys: KeySet::default(),
        }
    }
}

impl World for StillWorld {
    type Permit = ();

    fn now(&self) -> Now {
        self.clock.set(self.clock.get() + 1_000);
        Now { monotonic: self.clock.get(), unix: 1_795_417_690_000_000_000 + self.clock.get() }
    }

    fn random(&self) -> u64 {
        0x0123_4567_89ab_cdef
    }

    fn has_room(&self) -> bool {
        self.has_room
    }

    fn key(&self, set: KeySetId, digest: &Digest) -> Option<Arc<KeyHolder>> {
        assert_eq!(set, KeySetId(0));
        self.keys.find(digest)
    }

    async fn body(&self, plan: BodyPlan) -> Result<(), Fault> {
        self.plans.borrow_mut().push(plan);
        self.body
    }

    fn permit(&self, _: UpstreamId) -> Option<()> {
        self.has_permit.then_some(())
    }

    fn place(&self, (): &mut ()) -> Option<EndpointId> {
        self.has_endpoint.then_some(EndpointId(0))
    }

    fn attempted(&self, (): &(), attempt: Attempt) {
        self.attempts.borrow_mut().push(attempt);
    }

    fn record(&self, event: Event) {
        self.events.borrow_mut().push(event);
    }
}

/// A request as a test writes it.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) version: Version,
    pub(crate) lines: Vec<(String, Vec<u8>)>,
    pub(crate) body: Framing,
    pub(crate) tls: Option<Tls>,
    pub(crate) client: Option<SocketAddr>,
}

impl Ask {
    /// HTTP/1.1, with `Host: api.example.com`.
    pub(crate) fn new(method: &str, target: &str) -> Self {
        let mut ask = Self::bare(method, target);
        ask.lines.push(("host".into(), b"api.example.com".to_vec()));
        ask
    }

    /// HTTP/1.1, without any line.
    pub(crate) fn bare(method: &str, target: &str) -> Self {
        Self {
            method: method.into(),
            target: target.into(),
            version: Version::Http11,
            lines: Vec::new(),
            body: Framing::None,
            tls: None,
            client: Some(SocketAddr::from(([192, 0, 2, 1], 40_000))),
        }
    }

    /// From nobody knows where.
    pub(crate) fn unaddressed(mut self) -> Self {
        self.client = None;
        self
    }

    /// On a connection with TLS.
    pub(crate) fn over(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    pub(crate) fn line(mut self, name: &str, value: &str) -> Self {
        self.lines.push((name.into(), value.into()));
        self
    }

    pub(crate) fn body(mut self, body: Framing) -> Self {
        self.body = body;
        self
    }

    pub(crate) fn version(mut self, version: Version) -> Self {
        self.version = version;
        self
    }

    /// Decides it under any host.
    pub(crate) fn decide(&self, world: &StillWorld) -> Decided {
        self.decide_with(artifact(&[]), world)
    }

    pub(crate) fn decide_with(&self, artifact: Artifact, world: &StillWorld) -> Decided {
        let mut exchange = Exchange::new(Arrival {
            client: self.client,
            scheme: if self.tls.is_some() { UrlScheme::Https } else { UrlScheme::Http },
            listener: ListenerId(0),
        })
        .over(self.tls.clone().map(Arc::new));
        let verdict = self.with_head(|head| ready(decide_request(&artifact, head, &mut exchange, world)));
        Decided { ask: self.clone(), artifact, exchange, verdict }
    }

    pub(crate) fn with_head<T>(&self, act: impl FnOnce(&Head<'_>) -> T) -> T {
        let lines: Vec<_> = self.lines.iter().map(|(name, value)| Line { name, value }).collect();
        act(&Head {
            method: &self.method,
            target: &self.target,
            version: self.version,
            lines: &lines,
            body: self.body,
        })
    }
}

/// A request and what became of it.
#[derive(Debug)]
pub(crate) struct Decided {
    ask: Ask,
    pub(crate) artifact: Artifact,
    pub(crate) exchange: Exchange,
    pub(crate) verdict: Verdict<()>,
}

impl Decided {
    pub(crate) fn answer(&self) -> Answer {
        match &self.verdict {
            Verdict::Answer(answer) => *answer,
            Verdict::Forward(_) => panic!("{} {} is forwarded", self.ask.method, self.ask.target),
        }
    }

    pub(crate) fn reason(&self) -> Option<&'static str> {
        match &self.verdict {
            Verdict::Answer(answer) => answer.reason().map(gw_artifact::model::Reason::as_str),
            Verdict::Forward(_) => None,
        }
    }

    pub(crate) fn outbound(&self) -> &Outbound<()> {
        match &self.verdict {
            Verdict::Forward(outbound) => outbound,
            Verdict::Answer(answer) => panic!("{} {}: {answer:?}", self.ask.method, self.ask.target),
        }
    }

    pub(crate) fn into_outbound(self) -> Outbound<()> {
        match self.verdict {
            Verdict::Forward(outbound) => outbound,
            Verdict::Answer(answer) => panic!("{answer:?}"),
        }
    }

    pub(crate) fn with_context<T>(&self, act: impl FnOnce(Context<'_>) -> T) -> T {
        let Self { ask, artifact, exchange, .. } = self;
        ask.with_head(|head| act(Context { artifact, head, exchange }))
    }

    /// The head that the upstream receives, one line of text per line.
    pub(crate) fn sent(&self) -> Vec<String> {
        let mut written = Written::default();
        let outbound = self.outbound();
        self.with_context(|context| outbound.head(context, "e:1", &mut Vec::new(), &mut written));
        written.0
    }

    /// gw's own answer, one line of text per line.
    pub(crate) fn answered(&self) -> Vec<String> {
        let mut written = Written::default();
        self.with_context(|context| self.answer().head(context, &mut written));
        written.0
    }
}

/// A head as text.
#[derive(Debug, Default)]
pub(crate) struct Written(pub(crate) Vec<String>);

impl HeadWriter for Written {
    fn start(&mut self, start: Start<'_>) {
        self.0.push(match start {
            Start::Request { method, target } => format!("{method} {target}"),
            Start::Response { status } => status.to_string(),
        });
    }

    fn line(&mut self, name: &str, value: &[u8]) {
        self.0.push(format!("{name}: {}", String::from_utf8_lossy(value)));
    }
}

/// The value of a future that never waits.
pub(crate) fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Poller::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a still world answers at once"),
    }
}
