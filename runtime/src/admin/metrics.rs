//! `/metrics`: the counters, in the OpenMetrics text format.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{HeaderValue, RETRY_AFTER};
use http::{Response, StatusCode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::answer::{self, Text};
use crate::gateway::Gateway;
use crate::telemetry::{Metrics, expose};

/// The text of one scrape, and its room until the last byte of it has left.
struct Scrape {
    text: String,
    _room: OwnedSemaphorePermit,
}

impl AsRef<[u8]> for Scrape {
    fn as_ref(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

/// All counters; 503 where as many texts are on their way as there may be: of a large artifact they are long.
pub(super) fn metrics(
    gateway: &Arc<Gateway>,
    metrics: &Arc<Metrics>,
    room: &Arc<Semaphore>,
) -> Response<Text> {
    let Ok(room) = Arc::clone(room).try_acquire_owned() else {
        let mut busy = answer::plain(StatusCode::SERVICE_UNAVAILABLE, "other scrapes are still being read\n");
        busy.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        return busy;
    };
    let media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let scrape = Scrape { text: expose(gateway, metrics), _room: room };
    super::typed(StatusCode::OK, media_type, Bytes::from_owner(scrape))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_text_gives_its_room_back_when_it_has_left() {
        let room = Arc::new(Semaphore::new(1));
        let scrape =
            Scrape { text: "counted".to_owned(), _room: Arc::clone(&room).try_acquire_owned().unwrap() };
        let bytes = Bytes::from_owner(scrape);
        let rest = bytes.slice(3..);
        drop(bytes);
        assert_eq!((room.available_permits(), &rest[..]), (0, &b"nted"[..]));
        drop(rest);
        assert_eq!(room.available_permits(), 1);
    }
}
