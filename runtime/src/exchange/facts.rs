//! What one exchange keeps from its first byte to its log line, and its views for the decision core.

use std::borrow::Cow;

use gw_artifact::Artifact;
use gw_decision::{Context, Exchange, Framing, Head, Line, Version};
use http::header::{HeaderName, HeaderValue};
use http::{Method, Uri};

use crate::listener::Doubt;

/// The head as hyper read it, and what was found out about it.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) exchange: Exchange,
    pub(crate) received: Received,
}

/// The head as hyper read it. The map of its lines goes on to the upstream; the lines themselves are shared, not copied.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) version: http::Version,
    pub(crate) lines: Lines,
    pub(crate) framing: Framing,
    pub(crate) doubt: Doubt,
}

/// Header lines in the order in which they came.
pub(crate) type Lines = Vec<(HeaderName, HeaderValue)>;

/// Headers up to this many lie on the stack while they are looked at.
const FEW: usize = 32;
const LOST_LENGTH: Line<'static> = Line { name: "content-length", value: b"" };
const NO_LINE: Line<'static> = Line { name: "", value: b"" };

impl Facts {
    /// Shows the head to `look`, with the rest of what is known.
    pub(crate) fn with_context<R>(&self, artifact: &Artifact, look: impl FnOnce(Context<'_>) -> R) -> R {
        self.received.with_head(|head| look(Context { artifact, head, exchange: &self.exchange }))
    }

    /// Shows the head to `look`, which may note what it finds.
    pub(crate) fn with_head<R>(&mut self, look: impl FnOnce(&Uri, &Head<'_>, &mut Exchange) -> R) -> R {
        let Self { exchange, received } = self;
        received.with_head(|head| look(&received.uri, head, exchange))
    }

    /// The path and the query, as they came.
    pub(crate) fn target(&self) -> &str {
        self.received.uri.path_and_query().map_or("", |target| target.as_str())
    }
}

impl Received {
    fn with_head<R>(&self, look: impl FnOnce(&Head<'_>) -> R) -> R {
        let target = match self.doubt {
            Doubt::None | Doubt::Framing => target(&self.uri),
            Doubt::Fragment => Cow::Owned(format!("{}#", target(&self.uri))),
        };
        let (method, version, body) = (self.method.as_str(), version(self.version), self.framing);
        with_lines(self.lines.len(), self.lines.iter().map(|(name, value)| (name, value)), |lines| {
            let head = Head { method, target: &target, version, lines, body };
            if self.doubt == Doubt::Framing {
                // The line that hyper took away, without its value: enough to be refused, and nothing is made up.
                let lines: Vec<_> = lines.iter().copied().chain([LOST_LENGTH]).collect();
                return look(&Head { lines: &lines, ..head });
            }
            look(&head)
        })
    }
}

/// The version in the decision core's words.
pub(super) fn version(version: http::Version) -> Version {
    if version == http::Version::HTTP_10 { Version::Http10 } else { Version::Http11 }
}

/// Shows the header lines, of which there are `count`, to `look`. Allocates only when there are more than a few.
pub(crate) fn with_lines<'h, R>(
    count: usize,
    lines: impl Iterator<Item = (&'h HeaderName, &'h HeaderValue)>,
    look: impl FnOnce(&[Line<'_>]) -> R,
) -> R {
    let lines = lines.map(|(name, value)| Line { name: name.as_str(), value: value.as_bytes() });
    if count > FEW {
        return look(&lines.collect::<Vec<_>>());
    }
    let mut few = [NO_LINE; FEW];
    for (place, line) in few.iter_mut().zip(lines) {
        *place = line;
    }
    look(&few[..count])
}

/// The request target as it came, but for a fragment, which hyper drops ([`Doubt::Fragment`]).
fn target(uri: &Uri) -> Cow<'_, str> {
    match (uri.scheme(), uri.authority(), uri.path_and_query()) {
        (None, None, Some(path)) => Cow::Borrowed(path.as_str()),
        (None, Some(authority), None) => Cow::Borrowed(authority.as_str()),
        _ => Cow::Owned(uri.to_string()),
    }
}
