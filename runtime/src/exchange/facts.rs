//! What one exchange keeps from its first byte to its log line, and its views for the decision core.

use std::borrow::Cow;

use gw_artifact::Artifact;
use gw_decision::{Context, Exchange, Framing, Head, Line, Version};
use http::request::Parts;
use http::{HeaderMap, Uri};

use crate::listener::Doubt;

/// The head as hyper read it, and what was found out about it.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) exchange: Exchange,
    pub(crate) request: Parts,
    pub(crate) framing: Framing,
    pub(crate) doubt: Doubt,
}

/// Headers up to this many lie on the stack while they are looked at.
const FEW: usize = 32;
const LOST_LENGTH: Line<'static> = Line { name: "content-length", value: b"" };
const NO_LINE: Line<'static> = Line { name: "", value: b"" };

impl Facts {
    /// Shows the head to `look`, with the rest of what is known.
    pub(crate) fn with_context<R>(&self, artifact: &Artifact, look: impl FnOnce(Context<'_>) -> R) -> R {
        with_head(&self.request, self.framing, self.doubt, |head| {
            look(Context { artifact, head, exchange: &self.exchange })
        })
    }

    /// Shows the head to `look`, which may note what it finds.
    pub(crate) fn with_head<R>(&mut self, look: impl FnOnce(&Parts, &Head<'_>, &mut Exchange) -> R) -> R {
        let Self { exchange, request, framing, doubt } = self;
        with_head(request, *framing, *doubt, |head| look(request, head, exchange))
    }
}

fn with_head<R>(request: &Parts, framing: Framing, doubt: Doubt, look: impl FnOnce(&Head<'_>) -> R) -> R {
    let target = match doubt {
        Doubt::None | Doubt::Framing => target(&request.uri),
        Doubt::Fragment => Cow::Owned(format!("{}#", target(&request.uri))),
    };
    let version = version(request.version);
    with_lines(&request.headers, |lines| {
        let head = Head { method: request.method.as_str(), target: &target, version, lines, body: framing };
        if doubt == Doubt::Framing {
            // The line that hyper took away, without its value: enough to be refused, and nothing is made up.
            let lines: Vec<_> = lines.iter().copied().chain([LOST_LENGTH]).collect();
            return look(&Head { lines: &lines, ..head });
        }
        look(&head)
    })
}

/// The version in the decision core's words.
pub(super) fn version(version: http::Version) -> Version {
    if version == http::Version::HTTP_10 { Version::Http10 } else { Version::Http11 }
}

/// Shows the header lines to `look`. Allocates only when there are more than a few.
pub(crate) fn with_lines<R>(headers: &HeaderMap, look: impl FnOnce(&[Line<'_>]) -> R) -> R {
    let lines = headers.iter().map(|(name, value)| Line { name: name.as_str(), value: value.as_bytes() });
    if headers.len() > FEW {
        return look(&lines.collect::<Vec<_>>());
    }
    let mut few = [NO_LINE; FEW];
    let mut count = 0;
    for (place, line) in few.iter_mut().zip(lines) {
        *place = line;
        count += 1;
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
