//! A message head as the steps see it: borrowed, concrete, nothing copied.

/// One header line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The field name, in lower case.
    pub name: &'a str,
    /// The field value, without the white space around it.
    pub value: &'a [u8],
}

/// The version of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// HTTP/1.0.
    Http10,
    /// HTTP/1.1.
    Http11,
}

/// How the message's end is told, as the engine that read it concluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// No body.
    None,
    /// Exactly so many bytes.
    Length(u64),
    /// Chunks until the last one.
    Chunked,
}

/// The head of a request.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// The method, as it came.
    pub method: &'a str,
    /// The request target, as it came: origin, absolute, authority or asterisk form (RFC 9112 §3.2).
    pub target: &'a str,
    /// The version.
    pub version: Version,
    /// The header lines, in the order in which they came.
    pub lines: &'a [Line<'a>],
    /// How the body's end is told.
    pub body: Framing,
}

/// The head of an upstream's response.
#[derive(Clone, Copy, Debug)]
pub struct ResponseHead<'a> {
    /// The status code, 200 to 999: interim responses are the driver's.
    pub status: u16,
    /// The version that the upstream answered in.
    pub version: Version,
    /// The header lines, in the order in which they came.
    pub lines: &'a [Line<'a>],
}

impl Version {
    /// The number alone, as `Via` and logs write it: `1.1`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http10 => "1.0",
            Self::Http11 => "1.1",
        }
    }
}

impl<'a> Head<'a> {
    /// The values of all lines of that name (in lower case), in order. O(lines).
    pub fn all(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        all(self.lines, name)
    }

    /// The bytes of all lines, with the four that colon, space and line end take in each. O(lines).
    pub(crate) fn bytes(&self) -> usize {
        self.lines.iter().map(|line| line.name.len() + line.value.len() + 4).sum()
    }

    /// The value of the first line of that name (in lower case). O(lines).
    pub fn first(&self, name: &str) -> Option<&'a [u8]> {
        self.all(name).next()
    }
}

impl<'a> ResponseHead<'a> {
    /// The values of all lines of that name (in lower case), in order. O(lines).
    pub fn all(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        all(self.lines, name)
    }
}

fn all<'a>(lines: &'a [Line<'a>], name: &str) -> impl Iterator<Item = &'a [u8]> {
    lines.iter().filter(move |line| line.name == name).map(|line| line.value)
}
