//! The request's body on its way upstream: counted, never longer than the operation allows, never buffered.

use std::fmt;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use gw_decision::Fault;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

use crate::conversation::{Conversation, UploadFault};

/// The body that is sent upstream.
#[derive(Debug)]
pub(crate) enum RequestBody {
    /// None.
    Empty,
    /// As it comes.
    Stream(Stream),
}

/// A body that is forwarded as it comes.
#[derive(Debug)]
pub(crate) struct Stream {
    incoming: Incoming,
    max: u64,
    conversation: Rc<Conversation>,
}

/// The request's body will not come whole; the conversation knows why.
#[derive(Debug)]
pub(crate) struct UploadBroken;

impl RequestBody {
    /// A body of at most `max` bytes. Nothing is read from the caller (and no `100 Continue` is sent) before the
    /// upstream connection asks for it.
    pub(crate) fn stream(incoming: Incoming, max: u64, conversation: &Rc<Conversation>) -> Self {
        Self::Stream(Stream { incoming, max, conversation: Rc::clone(conversation) })
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = UploadBroken;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, UploadBroken>>> {
        match self.get_mut() {
            Self::Empty => Poll::Ready(None),
            Self::Stream(stream) => {
                stream.poll_data(context).map(|data| data.map(|data| data.map(Frame::data)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Stream(stream) => stream.incoming.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Stream(stream) => stream.incoming.size_hint(),
        }
    }
}

impl Stream {
    fn poll_data(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, UploadBroken>>> {
        loop {
            let Some(frame) = ready!(Pin::new(&mut self.incoming).poll_frame(context)) else {
                self.conversation.upload.end();
                return Poll::Ready(None);
            };
            match frame.map(Frame::into_data) {
                Ok(Ok(data)) => return Poll::Ready(Some(self.count(data))),
                // Trailers are not forwarded: a recipient may drop them (RFC 9110 §6.5.1), and no policy saw them.
                Ok(Err(_trailers)) => {}
                Err(fault) => return Poll::Ready(Some(Err(self.broken(explain(&fault))))),
            }
        }
    }

    fn count(&self, data: Bytes) -> Result<Bytes, UploadBroken> {
        let upload = &self.conversation.upload;
        if upload.add(data.len()) > self.max {
            return Err(self.broken(UploadFault::Fault(Fault::BodyTooLarge)));
        }
        if self.incoming.is_end_stream() {
            upload.end();
        }
        Ok(data)
    }

    fn broken(&self, fault: UploadFault) -> UploadBroken {
        self.conversation.upload.fail(fault);
        UploadBroken
    }
}

/// A body that breaks its own framing is the caller's fault; everything else means that the caller is gone.
fn explain(fault: &hyper::Error) -> UploadFault {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(fault);
    while let Some(found) = cause {
        if let Some(io) = found.downcast_ref::<std::io::Error>()
            && matches!(io.kind(), std::io::ErrorKind::InvalidData | std::io::ErrorKind::InvalidInput)
        {
            return UploadFault::Fault(Fault::BodyMalformed);
        }
        cause = found.source();
    }
    UploadFault::ClientGone
}

impl fmt::Display for UploadBroken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request's body did not come whole")
    }
}

impl std::error::Error for UploadBroken {}
