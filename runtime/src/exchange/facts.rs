//! What one exchange keeps from its first byte to its log line, and its views for the decision core.

use std::borrow::Cow;

use gw_artifact::Artifact;
use gw_decision::{Context, Exchange, Framing, Head, Line, Version};
use http::request::Parts;
use http::{HeaderMap, Uri};

/// The head as hyper read it, and what was found out about it.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) exchange: Exchange,
    pub(crate) request: Parts,
    pub(crate) framing: Framing,
}

/// Headers up to this many lie on the stack while they are looked at.
const FEW: usize = 32;
const NO_LINE: Line<'static> = Line { name: "", value: b"" };

impl Facts {
    /// Shows the head to `look`, with the rest of what is known.
    pub(crate) fn with_context<R>(&self, artifact: &Artifact, look: impl FnOnce(Context<'_>) -> R) -> R {
        with_head(&self.request, self.framing, |head| {
            look(Context { artifact, head, exchange: &self.exchange })
        })
    }

    /// Shows the head to `look`, which may note what it finds.
    pub(crate) fn with_head<R>(&mut self, look: impl FnOnce(&Parts, &Head<'_>, &mut Exchange) -> R) -> R {
        let Self { exchange, request, framing } = self;
        with_head(request, *framing, |head| look(request, head, exchange))
    }
}

fn with_head<R>(request: &Parts, framing: Framing, look: impl FnOnce(&Head<'_>) -> R) -> R {
    let target = target(&request.uri);
    let version = if request.version == http::Version::HTTP_10 { Version::Http10 } else { Version::Http11 };
    with_lines(&request.headers, |lines| {
        look(&Head { method: request.method.as_str(), target: &target, version, lines, body: framing })
    })
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

/// The request target as it came, but for a fragment, which hyper drops.
fn target(uri: &Uri) -> Cow<'_, str> {
    match (uri.scheme(), uri.authority(), uri.path_and_query()) {
        (None, None, Some(path)) => Cow::Borrowed(path.as_str()),
        (None, Some(authority), None) => Cow::Borrowed(authority.as_str()),
        _ => Cow::Owned(uri.to_string()),
    }
}
