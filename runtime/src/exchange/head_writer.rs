//! From the decision core's finished head to hyper's, without copying what is kept.

use bytes::{Bytes, BytesMut};
use gw_decision::{HeadWriter, Start};
use http::header::{FORWARDED, HOST, HeaderMap, HeaderName, HeaderValue, Iter, VIA};
use http::{Method, StatusCode, Uri};

/// Where new values are written: each is a slice of one buffer, so that a value costs no allocation. The last value
/// of each name that gw writes often is kept: most are what they were in the request before.
#[derive(Debug, Default)]
pub(crate) struct Ink {
    buffer: BytesMut,
    last: [Option<HeaderValue>; OFTEN.len()],
}

/// The names that gw writes often.
static OFTEN: [HeaderName; 7] = [
    HOST,
    VIA,
    FORWARDED,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-request-id"),
];

/// How much is allocated when the buffer is used up.
const INK_BYTES: usize = 16 * 1024;

impl Ink {
    fn write(&mut self, text: &[u8]) -> Bytes {
        if self.buffer.capacity() < text.len() {
            self.buffer = BytesMut::with_capacity(INK_BYTES.max(text.len()));
        }
        self.buffer.extend_from_slice(text);
        self.buffer.split().freeze()
    }

    /// A line in hyper's types, if they take it.
    fn line(&mut self, name: &str, value: &[u8]) -> Option<(HeaderName, HeaderValue)> {
        let Some(often) = OFTEN.iter().position(|often| often.as_str() == name) else {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            return Some((name, HeaderValue::from_maybe_shared(self.write(value)).ok()?));
        };
        let last = self.last[often].take().filter(|last| last.as_bytes() == value);
        let value = match last {
            Some(last) => last,
            None => HeaderValue::from_maybe_shared(self.write(value)).ok()?,
        };
        self.last[often] = Some(value.clone());
        Some((OFTEN[often].clone(), value))
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
        match self.ink.line(name, value) {
            Some((name, value)) => self.append(name, value),
            None => self.refused = true,
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
        self.added.extend(self.ink.line(name, value));
    }

    fn kept(&mut self, index: usize, _: &str, _: &[u8]) {
        self.kept |= 1 << index;
    }
}

fn is_same_target(uri: &Uri, target: &str) -> bool {
    uri.authority().is_none() && uri.path_and_query().is_some_and(|path| path.as_str() == target)
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
    fn a_value_that_was_written_before_is_used_again_and_another_is_not() {
        let mut ink = Ink::default();
        let lines = ["a", "a", "b", "b"].map(|host| ink.line("host", host.as_bytes()).unwrap());
        let values = lines.each_ref().map(|(_, value)| value.to_str().unwrap());
        assert_eq!(values, ["a", "a", "b", "b"]);
        let at = lines.each_ref().map(|(_, value)| value.as_bytes().as_ptr());
        assert!(at[0] == at[1] && at[2] == at[3] && at[1] != at[2]);
        assert_eq!(ink.line("x-own", b"1").unwrap().0.as_str(), "x-own");
        assert!(ink.line("host", b"\n").is_none());
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
