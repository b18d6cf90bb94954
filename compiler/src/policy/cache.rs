//! `x-gw-cache`: how long responses are kept.

use std::fmt;

use gw_artifact::model::Millis;
use gw_syntax::{Kind, NodeRef, Sink};

use super::flow::Flow;
use super::{parts, self_check};
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::{CacheKey, HeaderName};

/// What is kept, for how long, and what tells responses apart. At least one part is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    /// How long a response is fresh; what the response itself says unless said.
    pub ttl: Option<Spanned<Millis>>,
    /// What tells responses apart; path and query unless said, then empty.
    pub key: Vec<Spanned<CacheKey>>,
    /// Request headers that tell responses apart, beside the key.
    pub vary: Vec<Spanned<HeaderName>>,
    /// How long a stale response may be given while a fresh one is fetched (RFC 5861 section 3).
    pub stale_while_revalidate: Option<Spanned<Millis>>,
    /// How long a stale response may be given instead of an error (RFC 5861 section 4).
    pub stale_if_error: Option<Spanned<Millis>>,
    /// Whether equal requests in flight share one.
    pub collapse: Option<Spanned<bool>>,
}

impl Cache {
    /// Whether callers are told apart by a verified identity.
    pub fn has_identity(&self) -> bool {
        self.key.iter().any(|part| part.value.is_identity())
    }
}

/// Reads the value: a duration, or by its parts.
pub fn read(node: NodeRef<'_>, sink: &mut Sink) -> Option<Cache> {
    let value = Cache {
        ttl: if node.kind() == Kind::Mapping {
            parts::millis(node, "ttl")
        } else {
            parts::with(node, crate::vocabulary::units::millis)
        },
        key: parts::list(node, "key"),
        vary: parts::list(node, "vary"),
        stale_while_revalidate: parts::millis(node, "stale-while-revalidate"),
        stale_if_error: parts::millis(node, "stale-if-error"),
        collapse: parts::flag(node, "collapse"),
    };
    self_check::list(node, "key", &value.key, sink);
    self_check::list(node, "vary", &value.vary, sink);
    if node.kind() == Kind::Mapping && node.is_empty() {
        self_check::says_nothing(node, "`cache` says nothing", "`60s` keeps responses for a minute", sink);
    }
    in_key_and_vary(node, &value, sink);
    (!value.parts().is_empty() || value.ttl.is_some()).then_some(value)
}

fn in_key_and_vary(node: NodeRef<'_>, value: &Cache, sink: &mut Sink) {
    let items = node.get("vary").into_iter().flat_map(NodeRef::items);
    for header in &value.vary {
        let in_key = value.key.iter().find(|part| part.value == CacheKey::Header(header.value.clone()));
        let item = items.clone().find(|item| item.span() == header.span);
        if let (Some(in_key), Some(item)) = (in_key, item) {
            let message = format!("the header `{}` stands in `key` and in `vary`", header.value);
            self_check::repeated(item, &message, in_key.span, sink);
        }
    }
}

impl Cache {
    /// Everything but the time to live.
    fn parts(&self) -> Flow {
        Flow::new()
            .list("key", &self.key)
            .list("vary", &self.vary)
            .plain("stale-while-revalidate", self.stale_while_revalidate.as_ref())
            .plain("stale-if-error", self.stale_if_error.as_ref())
            .plain("collapse", self.collapse.as_ref())
    }
}

impl fmt::Display for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rest = self.parts();
        match &self.ttl {
            Some(ttl) if rest.is_empty() => ttl.value.fmt(f),
            Some(ttl) => f.write_str(&rest.first("ttl", &ttl.value).finish()),
            None => f.write_str(&rest.finish()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::tests::{codes, reads_as};

    #[test]
    fn short_and_long_forms_are_read() {
        reads_as("cache", "1m", "1m");
        reads_as("cache", "{ttl: 1m}", "1m");
        reads_as(
            "cache",
            "{ttl: 1m, key: [path, query:q, claim:sub], vary: [Accept], stale-while-revalidate: 10s, stale-if-error: 1h, collapse: true}",
            "{ttl: 1m, key: [path, query:q, claim:sub], vary: [accept], stale-while-revalidate: 10s, stale-if-error: 1h, collapse: true}",
        );
    }

    #[test]
    fn what_says_nothing_or_twice_is_refused() {
        assert_eq!(codes("cache", "{}"), ["GW0121"]);
        assert_eq!(codes("cache", "{ttl: 1m, key: []}"), ["GW0121"]);
        assert_eq!(codes("cache", "{ttl: 1m, vary: [Accept, accept]}"), ["GW0122"]);
        assert_eq!(codes("cache", "{ttl: 1m, key: [header:accept], vary: [Accept]}"), ["GW0122"]);
        assert_eq!(codes("cache", "{ttl: 1m, vary: ['*']}"), ["GW0133"]);
        assert_eq!(codes("cache", "{ttl: 1m, key: [method]}"), ["GW0133"]);
        assert_eq!(codes("cache", "forever"), ["GW0133"]);
    }
}
