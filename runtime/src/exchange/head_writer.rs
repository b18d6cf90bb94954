//! From the decision core's finished head to hyper's, without copying what is kept.

use bytes::{Bytes, BytesMut};
use gw_decision::{HeadWriter, Start};
use http::header::{FORWARDED, HOST, HeaderMap, HeaderName, HeaderValue, VIA};
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

/// Where a name stands in [`OFTEN`]; written out, because a `match` looks at the length first.
fn often(name: &str) -> Option<usize> {
    Some(match name {
        "host" => 0,
        "via" => 1,
        "forwarded" => 2,
        "x-forwarded-for" => 3,
        "x-forwarded-proto" => 4,
        "x-forwarded-host" => 5,
        "x-request-id" => 6,
        _ => return None,
    })
}

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
        let Some(often) = often(name) else {
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

/// Edits a head in place: notes which received lines stay and what is added, then does it. Lines that stay are not
/// touched, and a line that gw replaces takes the place of the old one.
pub(crate) struct Editing<'w> {
    ink: &'w mut Ink,
    room: &'w mut Room,
    received_uri: Option<&'w Uri>,
    kept: u128,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) status: StatusCode,
    refused: bool,
}

/// Room for what an edit adds and takes away, used again and again.
#[derive(Debug, Default)]
pub(crate) struct Room {
    added: Vec<(HeaderName, HeaderValue)>,
    gone: Vec<HeaderName>,
}

/// hyper's types cannot hold what was decided. The core writes what is valid, so nothing else may go in its place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused;

impl<'w> Editing<'w> {
    /// An edit of a request with this URI, or of a response.
    pub(crate) fn new(ink: &'w mut Ink, room: &'w mut Room, received_uri: Option<&'w Uri>) -> Self {
        room.added.clear();
        let (method, uri, status) = (Method::default(), Uri::default(), StatusCode::default());
        Self { ink, room, received_uri, kept: 0, method, uri, status, refused: false }
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

    /// Does it to the headers that it is about.
    pub(crate) fn apply(self, headers: &mut HeaderMap) -> Result<(), Refused> {
        let all = u128::MAX.checked_shr(u128::BITS.saturating_sub(headers.len() as u32)).unwrap_or(0);
        let Room { added, gone } = self.room;
        gone.clear();
        if self.kept != all && !gather_gone(headers, self.kept, gone) {
            retain(headers, self.kept);
        }
        let mut refused = self.refused;
        for (name, value) in added.drain(..) {
            if let Some(at) = gone.iter().position(|gone| *gone == name) {
                gone.swap_remove(at);
                refused |= headers.try_insert(name, value).is_err();
            } else {
                refused |= headers.try_append(name, value).is_err();
            }
        }
        for name in gone.drain(..) {
            headers.remove(name);
        }
        if refused { Err(Refused) } else { Ok(()) }
    }
}

/// Gathers the names of the lines that go. False when of one name some lines go and some stay: then only a new map
/// can tell them apart. A map walks the lines of one name together, and shows the one name that it holds for them.
fn gather_gone(headers: &HeaderMap, kept: u128, gone: &mut Vec<HeaderName>) -> bool {
    let mut last = None;
    for (index, (name, _)) in headers.iter().enumerate() {
        let stays = kept >> index & 1 == 1;
        match last {
            Some((known, stayed)) if std::ptr::eq(known, name) && stayed != stays => {
                gone.clear();
                return false;
            }
            Some((known, _)) if std::ptr::eq(known, name) => {}
            _ if stays => {}
            _ => gone.push(name.clone()),
        }
        last = Some((name, stays));
    }
    true
}

/// Keeps the lines that stay, in a new map.
fn retain(headers: &mut HeaderMap, kept: u128) {
    let mut name = None;
    let old = std::mem::take(headers);
    for (index, (next, value)) in old.into_iter().enumerate() {
        name = next.or(name);
        if let Some(name) = name.as_ref().filter(|_| kept >> index & 1 == 1) {
            // They had room in the old map.
            drop(headers.try_append(name.clone(), value));
        }
    }
}

impl HeadWriter for Editing<'_> {
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
            Some(line) => self.room.added.push(line),
            None => self.refused = true,
        }
    }

    fn kept(&mut self, index: usize, _: &str, _: &[u8]) {
        // hyper reads a hundred lines at most.
        self.kept |= 1_u128.checked_shl(index as u32).unwrap_or(0);
    }
}

fn is_same_target(uri: &Uri, target: &str) -> bool {
    uri.authority().is_none() && uri.path_and_query().is_some_and(|path| path.as_str() == target)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(kept: &[usize], added: &[(&str, &str)]) -> Result<Vec<(String, String)>, Refused> {
        let mut headers = HeaderMap::new();
        for (name, value) in [("a", "1"), ("b", "2"), ("a", "3"), ("host", "x")] {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let (mut ink, mut room) = (Ink::default(), Room::default());
        let mut editing = Editing::new(&mut ink, &mut room, None);
        for index in kept {
            editing.kept(*index, "", b"");
        }
        for (name, value) in added {
            editing.line(name, value.as_bytes());
        }
        editing.apply(&mut headers)?;
        let text = |(name, value): (&HeaderName, &HeaderValue)| {
            (name.to_string(), value.to_str().unwrap().to_owned())
        };
        let mut lines: Vec<_> = headers.iter().map(text).collect();
        lines.sort();
        Ok(lines)
    }

    #[test]
    fn exactly_what_is_kept_and_what_is_added_is_there_afterwards() {
        let lines = [("a", "1"), ("a", "3"), ("b", "2"), ("host", "x")];
        for kept in 0..16_usize {
            for added in [&[][..], &[("via", "gw")], &[("host", "y"), ("a", "4"), ("a", "5"), ("via", "gw")]]
            {
                let kept: Vec<usize> = (0..4).filter(|index| kept >> index & 1 == 1).collect();
                let mut expected: Vec<_> =
                    kept.iter().map(|index| lines[*index]).chain(added.iter().copied()).collect();
                expected.sort_unstable();
                let expected: Vec<_> =
                    expected.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
                assert_eq!(edited(&kept, added), Ok(expected), "{kept:?} {added:?}");
            }
        }
    }

    #[test]
    fn a_request_keeps_its_target_or_gets_another() {
        let (mut ink, mut room) = (Ink::default(), Room::default());
        let uri = Uri::from_static("/p?q");
        for target in ["/p?q", "/other"] {
            let mut editing = Editing::new(&mut ink, &mut room, Some(&uri));
            editing.start(Start::Request { method: "PUT", target });
            assert_eq!((editing.uri.to_string().as_str(), &editing.method), (target, &Method::PUT));
        }
    }

    #[test]
    fn what_hyper_refuses_is_remembered() {
        assert_eq!(edited(&[], &[("a", "x\r\ny")]), Err(Refused));
        assert_eq!(edited(&[], &[("a b", "x")]), Err(Refused));
    }

    #[test]
    fn every_name_stands_where_it_is_looked_for() {
        for (at, name) in OFTEN.iter().enumerate() {
            assert_eq!(often(name.as_str()), Some(at));
        }
        assert_eq!(often("x-own"), None);
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
