//! A look at the bytes of heads before hyper reads them, for what hyper settles in silence.
//!
//! hyper merges equal `Content-Length` lines, prefers `Transfer-Encoding` over `Content-Length`, and cuts a fragment
//! off the target. Each is safe, but the decision core refuses such requests, and refuses what it cannot see in no
//! world. A head that arrives while another request is being answered, right behind its body, is not looked at: there
//! hyper's own rules hold.
//!
//! Cost: one search for line ends and a look at the begin of each line; nothing is allocated.

use memchr::memchr;

/// What is odd about a head.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// Nothing.
    #[default]
    None,
    /// Its body's length is told twice.
    Framing,
    /// Its target has a fragment.
    Fragment,
}

/// As much of a line as is needed to know its name.
const BEGIN: usize = "transfer-encoding:".len();

/// The look over one connection's heads.
#[derive(Debug, Default)]
pub(crate) struct HeadScan {
    begin: [u8; BEGIN],
    length: usize,
    is_past_first_line: bool,
    has_fragment: bool,
    framings: u32,
    heads: u64,
    /// A body follows, whose end is not known here.
    is_blind: bool,
    doubted: Option<(u64, Doubt)>,
}

impl HeadScan {
    /// A head begins, after so many others on this connection.
    pub(crate) fn begin(&mut self, heads: u64) {
        *self = Self { heads, doubted: self.doubted, ..Self::default() };
    }

    /// Looks at more bytes.
    pub(crate) fn look(&mut self, mut bytes: &[u8]) {
        while !self.is_blind {
            let Some(end) = memchr(b'\n', bytes) else { return self.part(bytes) };
            self.part(&bytes[..end]);
            self.end_line();
            bytes = &bytes[end + 1..];
        }
    }

    /// What was odd about the head after so many others.
    pub(crate) fn doubt(&self, heads: u64) -> Doubt {
        self.doubted.filter(|(doubted, _)| *doubted == heads).map_or(Doubt::None, |(_, doubt)| doubt)
    }

    fn part(&mut self, part: &[u8]) {
        if !self.is_past_first_line && memchr(b'#', part).is_some() {
            self.has_fragment = true;
        }
        let taken = part.len().min(BEGIN - self.length);
        self.begin[self.length..self.length + taken].copy_from_slice(&part[..taken]);
        self.length += taken;
    }

    fn end_line(&mut self) {
        let begin = &self.begin[..self.length];
        let is_empty = matches!(begin, b"" | b"\r");
        let is_framing = self.is_past_first_line
            && (is_named(begin, b"content-length:") || is_named(begin, b"transfer-encoding:"));
        self.length = 0;
        self.framings += u32::from(is_framing);
        if !is_empty {
            self.is_past_first_line = true;
        } else if self.is_past_first_line {
            self.end_head();
        }
    }

    fn end_head(&mut self) {
        let doubt = match (self.framings, self.has_fragment) {
            (2.., _) => Doubt::Framing,
            (_, true) => Doubt::Fragment,
            (_, false) => Doubt::None,
        };
        if doubt != Doubt::None {
            self.doubted.get_or_insert((self.heads, doubt));
        }
        let is_blind = self.framings > 0;
        self.begin(self.heads + 1);
        self.is_blind = is_blind;
    }
}

fn is_named(line: &[u8], name: &[u8]) -> bool {
    line.first().is_some_and(|first| first | 0x20 == name[0])
        && line.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubts(text: &str, heads: u64) -> Vec<Doubt> {
        let mut scans = [HeadScan::default(), HeadScan::default()];
        scans[0].look(text.as_bytes());
        for byte in text.as_bytes() {
            scans[1].look(std::slice::from_ref(byte));
        }
        let [whole, piecemeal] =
            scans.map(|scan| (0..heads).map(|head| scan.doubt(head)).collect::<Vec<_>>());
        assert_eq!(whole, piecemeal, "{text:?}");
        whole
    }

    #[test]
    fn what_hyper_settles_in_silence_is_seen_wherever_the_bytes_are_cut() {
        for (text, doubt) in [
            ("GET /a HTTP/1.1\r\nhost: a\r\n\r\n", Doubt::None),
            ("\r\nGET /a HTTP/1.1\r\nx: #\r\n\r\n", Doubt::None),
            ("POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", Doubt::None),
            ("POST /a HTTP/1.1\r\nContent-Length: 3\r\ncontent-length: 3\r\n\r\n", Doubt::Framing),
            ("POST /a HTTP/1.1\nTRANSFER-ENCODING: chunked\nx: y\nContent-length:3\n\n", Doubt::Framing),
            ("POST /a HTTP/1.1\r\nx-content-length: 3\r\ncontent-length-x: 3\r\n\r\n", Doubt::None),
            ("GET /a#b HTTP/1.1\r\n\r\n", Doubt::Fragment),
        ] {
            assert_eq!(doubts(text, 1), [doubt], "{text:?}");
        }
    }

    #[test]
    fn a_doubt_is_about_one_head_of_several() {
        let (good, bad) = ("GET /a HTTP/1.1\r\n\r\n", "GET /#a HTTP/1.1\r\n\r\n");
        assert_eq!(doubts(&[good, bad, good].concat(), 3), [Doubt::None, Doubt::Fragment, Doubt::None]);
    }

    #[test]
    fn bodies_are_not_looked_at() {
        let text = "POST /a HTTP/1.1\r\ncontent-length: 99\r\n\r\nGET /#b HTTP/1.1\r\n\r\n";
        assert_eq!(doubts(text, 2), [Doubt::None, Doubt::None]);
    }
}
