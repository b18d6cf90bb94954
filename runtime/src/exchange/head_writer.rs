//! From the decision core's finished head to hyper's, without copying what is kept.

use bytes::{Bytes, BytesMut};
use gw_decision::{HeadWriter, Start};
use http::header::{HeaderMap, HeaderName, HeaderValue, Iter};
use http::{Method, StatusCode, Uri};

/// The buffer that new values are written into: each is a slice of it, so that a value costs no allocation.
#[derive(Debug, Default)]
pub(crate) struct Ink(BytesMut);

/// How much is allocated when the buffer is used up.
const INK_BYTES: usize = 16 * 1024;

impl Ink {
    fn write(&mut self, text: &[u8]) -> Bytes {
        if self.0.capacity() < text.len() {
            self.0 = BytesMut::with_capacity(INK_BYTES.max(text.len()));
        }
        self.0.extend_from_slice(text);
        self.0.split().freeze()
    }
}

/// Writes a head into hyper's types. What the core writes is valid; what hyper's types refuse all the same is left
/// out and remembered.
pub(crate) struct Writing<'w> {
    ink: &'w mut Ink,
    received: &'w HeaderMap,
    walk: Iter<'w, HeaderValue>,
    walked: usize,
    received_uri: Option<&'w Uri>,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) refused: bool,
}

impl<'w> Writing<'w> {
    /// Writes into `headers`, which is empty; `received` are the headers that lines are kept of.
    pub(crate) fn new(
        ink: &'w mut Ink,
        headers: HeaderMap,
        received: &'w HeaderMap,
        received_uri: Option<&'w Uri>,
    ) -> Self {
        let walk = received.iter();
        let (method, uri, status) = (Method::default(), Uri::default(), StatusCode::default());
        Self { ink, received, walk, walked: 0, received_uri, method, uri, status, headers, refused: false }
    }

    fn request(&mut self, method: &str, target: &str) {
        let uri = match self.received_uri {
            Some(uri) if is_same_target(uri, target) => Ok(uri.clone()),
            _ => Uri::from_maybe_shared(self.ink.write(target.as_bytes())),
        };
        match (uri, Method::from_bytes(method.as_bytes())) {
            (Ok(uri), Ok(method)) => (self.uri, self.method) = (uri, method),
            _ => self.refused = true,
        }
    }

    fn append(&mut self, name: HeaderName, value: HeaderValue) {
        if self.headers.try_append(name, value).is_err() {
            self.refused = true;
        }
    }
}

impl HeadWriter for Writing<'_> {
    fn start(&mut self, start: Start<'_>) {
        match start {
            Start::Request { method, target } => self.request(method, target),
            Start::Response { status } => match StatusCode::from_u16(status) {
                Ok(status) => self.status = status,
                Err(_) => self.refused = true,
            },
        }
    }

    fn line(&mut self, name: &str, value: &[u8]) {
        match (header_name(name), HeaderValue::from_maybe_shared(self.ink.write(value))) {
            (Some(name), Ok(value)) => self.append(name, value),
            _ => self.refused = true,
        }
    }

    fn kept(&mut self, index: usize, name: &str, value: &[u8]) {
        if index < self.walked {
            (self.walk, self.walked) = (self.received.iter(), 0);
        }
        let found = self.walk.nth(index - self.walked);
        self.walked = index + 1;
        match found {
            Some((name, value)) => self.append(name.clone(), value.clone()),
            None => self.line(name, value),
        }
    }
}

/// Edits a head in place: notes which received lines stay and what is added.
pub(crate) struct Editing<'w> {
    ink: &'w mut Ink,
    added: &'w mut Vec<(HeaderName, HeaderValue)>,
    kept: u128,
    pub(crate) status: StatusCode,
}

impl<'w> Editing<'w> {
    /// `added` is empty; it is what new lines are put into.
    pub(crate) fn new(ink: &'w mut Ink, added: &'w mut Vec<(HeaderName, HeaderValue)>) -> Self {
        Self { ink, added, kept: 0, status: StatusCode::default() }
    }

    /// Applies the edits to the headers that they are about. `spare` is an empty map; what is returned is another
    /// one. Lines that stay are moved at most, and only when one of them goes.
    pub(crate) fn apply(self, headers: &mut HeaderMap, spare: HeaderMap) -> HeaderMap {
        let all = u128::MAX.checked_shr(u128::BITS - headers.len() as u32).unwrap_or(0);
        let spare = if self.kept == all { spare } else { retain(headers, self.kept, spare) };
        for (name, value) in self.added.drain(..) {
            // A map that is full has no room for what gw says; it has 32,768 lines then, and hyper reads a hundred.
            drop(headers.try_append(name, value));
        }
        spare
    }
}

/// Moves the lines that stay into `spare`, which takes the place of `headers`.
fn retain(headers: &mut HeaderMap, kept: u128, spare: HeaderMap) -> HeaderMap {
    let mut old = std::mem::replace(headers, spare);
    let mut name = None;
    for (index, (next, value)) in old.drain().enumerate() {
        name = next.or(name);
        if let Some(name) = name.as_ref().filter(|_| kept >> index & 1 == 1) {
            drop(headers.try_append(name.clone(), value));
        }
    }
    old
}

impl HeadWriter for Editing<'_> {
    fn start(&mut self, start: Start<'_>) {
        if let Start::Response { status } = start {
            self.status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
        }
    }

    fn line(&mut self, name: &str, value: &[u8]) {
        let value = HeaderValue::from_maybe_shared(self.ink.write(value));
        if let (Some(name), Ok(value)) = (header_name(name), value) {
            self.added.push((name, value));
        }
    }

    fn kept(&mut self, index: usize, _: &str, _: &[u8]) {
        self.kept |= 1 << index;
    }
}

fn is_same_target(uri: &Uri, target: &str) -> bool {
    uri.authority().is_none() && uri.path_and_query().is_some_and(|path| path.as_str() == target)
}

/// The name as hyper's type; those that the core writes often are ready-made.
fn header_name(name: &str) -> Option<HeaderName> {
    static READY: [HeaderName; 5] = [
        HeaderName::from_static("x-request-id"),
        HeaderName::from_static("x-forwarded-for"),
        HeaderName::from_static("x-forwarded-proto"),
        HeaderName::from_static("x-forwarded-host"),
        HeaderName::from_static("x-forwarded-port"),
    ];
    if name.starts_with("x-")
        && let Some(ready) = READY.iter().find(|ready| ready.as_str() == name)
    {
        return Some(ready.clone());
    }
    HeaderName::from_bytes(name.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_moved_and_what_is_new_is_written() {
        let mut received = HeaderMap::new();
        for (name, value) in [("a", "1"), ("b", "2"), ("a", "3")] {
            received.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let mut ink = Ink::default();
        let uri = Uri::from_static("/p?q");
        let mut writing = Writing::new(&mut ink, HeaderMap::new(), &received, Some(&uri));
        writing.start(Start::Request { method: "GET", target: "/p?q" });
        writing.kept(1, "a", b"3");
        writing.kept(0, "a", b"1");
        writing.line("x-request-id", b"7");
        assert!(!writing.refused);
        let lines: Vec<_> =
            writing.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        assert_eq!(lines, [("a", "3"), ("a", "1"), ("x-request-id", "7")]);
        assert_eq!(writing.uri, uri);
    }

    #[test]
    fn a_head_is_edited_in_place_and_its_order_stays() {
        for (kept, expected) in [
            (&[0, 1, 2][..], &[("a", "1"), ("a", "3"), ("b", "2"), ("via", "gw")][..]),
            (&[0, 2], &[("a", "1"), ("b", "2"), ("via", "gw")]),
            (&[1], &[("a", "3"), ("via", "gw")]),
            (&[], &[("via", "gw")]),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in [("a", "1"), ("b", "2"), ("a", "3")] {
                headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            let (mut ink, mut added) = (Ink::default(), Vec::new());
            let mut editing = Editing::new(&mut ink, &mut added);
            for index in kept {
                editing.kept(*index, "", b"");
            }
            editing.line("via", b"gw");
            assert!(editing.apply(&mut headers, HeaderMap::new()).is_empty());
            let lines: Vec<_> =
                headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
            assert_eq!(lines, expected);
        }
    }

    #[test]
    fn what_hyper_refuses_is_remembered() {
        let mut ink = Ink::default();
        let received = HeaderMap::new();
        let mut writing = Writing::new(&mut ink, HeaderMap::new(), &received, None);
        writing.line("a", b"x\r\ny");
        assert!(writing.refused);
    }

    #[test]
    fn ink_lasts_longer_than_one_buffer() {
        let mut ink = Ink::default();
        let long = vec![b'x'; INK_BYTES + 1];
        let written = [ink.write(b"a"), ink.write(&long), ink.write(b"b"), ink.write(&long)];
        assert_eq!(written.each_ref().map(Bytes::len), [1, INK_BYTES + 1, 1, INK_BYTES + 1]);
        assert_eq!(&written[2][..], b"b");
    }
}
