//! The control thread: signals, and the two doors through which the gateway is asked about itself.

use std::convert::Infallible;
use std::io;
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use gw_artifact::bounds::ceilings::{DOOR, DOOR_BUFFER};
use http::header::{ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::{Builder, LocalOptions};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Semaphore;
use tokio::task::spawn_local;

mod answer;
mod health;
mod metrics;
mod status;

use answer::Text;

use crate::bindings::AdminAddress;
use crate::gateway::Gateway;
use crate::listener::SocketFile;
use crate::serve::Signals;
use crate::shutdown::{Stop, Stopping};
use crate::telemetry::{LogReopener, Metrics};
use crate::tls;
use crate::vital::{self, Vital};

/// How often the files of API keys are looked at: how long a key can be good that was revoked.
const LOOK_AT_KEYS: Duration = Duration::from_secs(1);
/// How often the files of certificates are looked at.
const LOOK_AT_CERTIFICATES: Duration = Duration::from_secs(1);
/// How often it is told who was turned away.
const TELL_OF_STRANGERS: Duration = Duration::from_secs(1);
/// How long one connection to them may last.
const LONGEST: Duration = Duration::from_mins(1);

/// Where admin listens.
#[derive(Debug)]
pub(crate) enum Socket {
    Tcp(TcpListener),
    Unix(UnixListener, SocketFile),
}

impl Socket {
    pub(crate) fn address(&self) -> io::Result<AdminAddress> {
        match self {
            Self::Tcp(socket) => socket.local_addr().map(AdminAddress::Tcp),
            Self::Unix(_, file) => Ok(AdminAddress::Unix(file.path().to_owned())),
        }
    }
}

/// What the control thread is given.
#[derive(Clone, Debug)]
pub(crate) struct Control {
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) metrics: Arc<Metrics>,
    /// Room for the texts of scrapes.
    pub(crate) scrapes: Arc<Semaphore>,
    pub(crate) stop: Stop,
    /// The gateway stops.
    pub(crate) stopping: Stopping,
    /// All traffic has ended.
    pub(crate) ended: Stopping,
    pub(crate) reopen: Option<LogReopener>,
    pub(crate) signals: Signals,
}

/// Which door was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    Admin,
    Health,
}

impl Control {
    /// Answers until all traffic has ended.
    ///
    /// # Errors
    /// When the system refuses the thread its event queue or a signal handler, or a task of it fails.
    pub(crate) fn run(self, admin: Socket, health: Option<TcpListener>) -> io::Result<()> {
        let runtime =
            Builder::new_current_thread().enable_io().enable_time().build_local(LocalOptions::default())?;
        runtime.block_on(async {
            let vital = Vital::default();
            if self.signals == Signals::Heard {
                spawn_local(vital.task(self.clone().hear()?));
            }
            if let Some(socket) = health {
                let socket = tokio::net::TcpListener::from_std(socket)?;
                spawn_local(vital.task(self.clone().accept_tcp(socket, Door::Health)));
            }
            // It goes when this ends.
            let _file = match admin {
                Socket::Tcp(socket) => {
                    let socket = tokio::net::TcpListener::from_std(socket)?;
                    spawn_local(vital.task(self.clone().accept_tcp(socket, Door::Admin)));
                    None
                }
                Socket::Unix(socket, file) => {
                    let socket = tokio::net::UnixListener::from_std(socket)?;
                    spawn_local(vital.task(self.clone().accept_unix(socket)));
                    Some(file)
                }
            };
            if !(self.gateway.doors.is_empty() && self.gateway.dialers.is_empty()) {
                spawn_local(vital.task(self.clone().watch_certificates()));
            }
            if !self.gateway.keys.is_empty() {
                spawn_local(vital.task(self.clone().watch_keys()));
            }
            if self.gateway.hears_proxies() {
                spawn_local(vital.task(self.clone().tell_of_strangers()));
            }
            tokio::select! {
                () = vital.failed() => Err(vital::ended()),
                () = self.until_ended() => Ok(()),
            }
        })
    }

    async fn until_ended(&self) {
        self.stopping.clone().wait().await;
        self.gateway.set_ready(false);
        self.ended.clone().wait().await;
    }

    /// Hears signals. A second one to stop cuts what still runs: whoever sends it does not want to wait.
    fn hear(self) -> io::Result<impl Future<Output = ()>> {
        let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let mut hup = signal(SignalKind::hangup())?;
        Ok(async move {
            loop {
                tokio::select! {
                    _ = term.recv() => self.told_to_stop(),
                    _ = int.recv() => self.told_to_stop(),
                    _ = hup.recv() => self.reopen.iter().for_each(LogReopener::reopen),
                }
            }
        })
    }

    /// Reads certificates again when their files change, and says in time that one runs out.
    async fn watch_certificates(self) {
        let mut warned = String::new();
        loop {
            self.gateway.doors.refresh(|said| crate::complain(&said));
            self.gateway.dialers.refresh(|said| crate::complain(&said));
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
            let warnings = tls::warnings(&self.gateway.doors, &self.gateway.dialers, now).join("\n");
            if warnings != warned {
                warnings.lines().for_each(crate::complain);
                warned = warnings;
            }
            tokio::time::sleep(LOOK_AT_CERTIFICATES).await;
        }
    }

    /// Reads sets of API keys again when their files change: a key that was taken away is refused from then on.
    async fn watch_keys(self) {
        loop {
            tokio::time::sleep(LOOK_AT_KEYS).await;
            self.gateway.keys.refresh(|said| crate::complain(&said));
        }
    }

    /// Says who connects without being a trusted proxy where only these may: a line a second at most, however many come.
    async fn tell_of_strangers(self) {
        loop {
            if let Some(news) = self.gateway.turned_away.news() {
                let listener = &self.gateway.artifact.listeners()[news.listener.index()].name;
                crate::complain(&format!("listener {listener}: {news}"));
            }
            tokio::time::sleep(TELL_OF_STRANGERS).await;
        }
    }

    fn told_to_stop(&self) {
        self.gateway.set_ready(false);
        self.stop.tell();
    }

    async fn accept_tcp(self, socket: tokio::net::TcpListener, door: Door) {
        let room = Arc::new(Semaphore::new(DOOR));
        loop {
            let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
            if let Ok((stream, _)) = socket.accept().await {
                let control = self.clone();
                spawn_local(async move {
                    control.serve(stream, door).await;
                    drop(permit);
                });
            } else {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }

    async fn accept_unix(self, socket: tokio::net::UnixListener) {
        let room = Arc::new(Semaphore::new(DOOR));
        loop {
            let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
            if let Ok((stream, _)) = socket.accept().await {
                let control = self.clone();
                spawn_local(async move {
                    control.serve(stream, Door::Admin).await;
                    drop(permit);
                });
            } else {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }

    async fn serve(&self, stream: impl AsyncRead + AsyncWrite + Unpin, door: Door) {
        let answer = service_fn(|request| async move { Ok::<_, Infallible>(self.answer(&request, door)) });
        let mut http = hyper::server::conn::http1::Builder::new();
        let connection = http.max_buf_size(DOOR_BUFFER).serve_connection(TokioIo::new(stream), answer);
        // Whoever asks and leaves, or asks in no HTTP, gets nothing.
        drop(tokio::time::timeout(LONGEST, connection).await);
    }

    fn answer(&self, request: &Request<Incoming>, door: Door) -> Response<Text> {
        let found = match (request.uri().path(), door) {
            ("/livez", _) => health::live(),
            ("/readyz", _) => health::ready(&self.gateway),
            ("/metrics", _) => metrics::metrics(&self.gateway, &self.metrics, &self.scrapes),
            ("/status", Door::Admin) => status::status(&self.gateway, &self.metrics),
            _ => answer::plain(StatusCode::NOT_FOUND, "there is nothing here\n"),
        };
        let mut response = match *request.method() {
            Method::GET | Method::HEAD => found,
            _ if found.status() == StatusCode::NOT_FOUND => found,
            _ => {
                let mut refused = answer::plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n");
                refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
                refused.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                refused
            }
        };
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// A text of a type, as an answer.
fn typed(status: StatusCode, media_type: &'static str, text: impl Into<Bytes>) -> Response<Text> {
    let mut response = Response::new(Text::new(text.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}
