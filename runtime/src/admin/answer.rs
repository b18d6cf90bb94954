//! The answers of the admin and health doors: one text, known in full.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Response, StatusCode};
use http_body::{Body, Frame, SizeHint};

/// A body that is one text.
#[derive(Debug)]
pub(super) struct Text(Option<Bytes>);

impl Text {
    pub(super) fn new(text: Bytes) -> Self {
        Self(Some(text).filter(|text| !text.is_empty()))
    }
}

impl Body for Text {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.take().map(|text| Ok(Frame::data(text))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.as_ref().map_or(0, |text| text.len() as u64))
    }
}

/// A sentence.
pub(super) fn plain(status: StatusCode, text: &str) -> Response<Text> {
    super::typed(status, "text/plain; charset=utf-8", text.to_owned())
}
