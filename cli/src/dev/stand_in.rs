//! A small service on a loopback port that stands in for one upstream.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};

use super::answers::{Answer, Answers};
use super::hyper_io::Stream;
use super::relay::{Endpoints, NothingCame};

/// What stands behind the gateway in place of an upstream.
#[derive(Debug)]
pub(crate) struct Behind {
    /// What each operation is answered, and which of them are marked.
    pub(crate) answers: Answers,
    /// The real service, if there is one; else the answers are given.
    pub(crate) endpoints: Option<Endpoints>,
}

/// A running stand-in. It ends when it is dropped.
#[derive(Debug)]
pub(crate) struct StandIn {
    address: SocketAddr,
    behind: Shared,
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

type Shared = Arc<RwLock<Arc<Behind>>>;
type Body = BoxBody<Bytes, hyper::Error>;

/// Connections at once; more wait in the accept queue.
const MAX_CONNECTIONS: usize = 512;

/// After how long a refused accept is tried again.
const AGAIN: Duration = Duration::from_millis(50);

/// Says that an operation is served only because this is `--dev`.
const MARK: HeaderName = HeaderName::from_static("gw-dev");
const MARKED: HeaderValue = HeaderValue::from_static("no declared security, loopback only");

impl StandIn {
    /// Starts to answer on a free loopback port, on a thread of its own.
    ///
    /// # Errors
    /// When the system gives no port or no thread.
    pub(crate) fn start(behind: Behind) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let behind: Shared = Arc::new(RwLock::new(Arc::new(behind)));
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let shared = Arc::clone(&behind);
        let thread = std::thread::Builder::new().name("gw-stand-in".into()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    _ = stopped => {}
                    () = accept(listener, address, shared) => {}
                }
            });
        })?;
        Ok(Self { address, behind, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers differently from the next request on.
    pub(crate) fn replace(&self, behind: Behind) {
        *self.behind.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(behind);
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has ended the process already.
            let _ = thread.join();
        }
    }
}

async fn accept(listener: std::net::TcpListener, address: SocketAddr, behind: Shared) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            // Out of descriptors: some connection has to end first.
            tokio::time::sleep(AGAIN).await;
            continue;
        };
        let behind = Arc::clone(&behind);
        tokio::spawn(async move {
            let service = service_fn(|request| {
                let now = Arc::clone(&behind.read().unwrap_or_else(PoisonError::into_inner));
                async move { answer(request, address, &now).await }
            });
            // How a connection ends is told by the gateway, which is at its other end.
            let _ =
                hyper::server::conn::http1::Builder::new().serve_connection(Stream(stream), service).await;
            drop(permit);
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    own: SocketAddr,
    behind: &Behind,
) -> Result<Response<Body>, NothingCame> {
    let answer = behind.answers.find(request.method().as_str(), request.uri().path()).cloned();
    let marked = answer.as_ref().is_some_and(|answer| answer.unprotected);
    let mut response = if let Some(endpoints) = &behind.endpoints {
        endpoints.pass_on(request, own).await?.map(BodyExt::boxed)
    } else {
        read_to_end(request.into_body()).await;
        from_example(answer)
    };
    if marked {
        response.headers_mut().insert(MARK, MARKED);
    }
    Ok(response)
}

/// Takes the request's body and forgets it, piece by piece.
async fn read_to_end(mut body: Incoming) {
    while let Some(Ok(_)) = body.frame().await {}
}

fn from_example(answer: Option<Answer>) -> Response<Body> {
    let Some(answer) = answer else {
        return response(
            StatusCode::NOT_FOUND,
            Bytes::from_static(b"no operation of the document comes here\n"),
        );
    };
    let Some(example) = answer.example else { return response(StatusCode::NO_CONTENT, Bytes::new()) };
    let status = StatusCode::from_u16(example.status).unwrap_or(StatusCode::OK);
    let mut response = response(status, Bytes::from(example.body));
    if let Some(media_type) = example.content_type.and_then(|name| HeaderValue::try_from(name).ok()) {
        response.headers_mut().insert(CONTENT_TYPE, media_type);
    }
    response
}

fn response(status: StatusCode, body: Bytes) -> Response<Body> {
    let mut response = Response::new(Full::new(body).map_err(|never| match never {}).boxed());
    *response.status_mut() = status;
    response
}
