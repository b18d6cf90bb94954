//! `x-gw-rate-limit`: how many requests per unit of time.

use std::cmp::Ordering;
use std::fmt;

use gw_artifact::model::Rate;
use gw_syntax::{Kind, NodeRef, Sink, Span};

use super::flow::Flow;
use super::{MAX_ENTRIES, parts, self_check};
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::{LimitKey, words};
use crate::vocabulary::units;

/// The limits that one layer declares, at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateLimits {
    /// Whether they replace those of weaker layers, or stand beside them.
    pub over: Over,
    /// The limits, in source order.
    pub limits: Vec<RateLimit>,
}

/// What becomes of the limits of weaker layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// They are replaced.
    Replace,
    /// They stay: `{add: […]}`.
    Add,
}

/// One limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// The item of the list; the value itself in its short form.
    pub span: Span,
    /// How many per unit of time.
    pub limit: Spanned<Rate>,
    /// How many at once, at least one request's cost; the limit unless said.
    pub burst: Option<Spanned<u32>>,
    /// Whose requests are counted together; [`LimitKey::Caller`] unless said.
    pub key: Option<Spanned<LimitKey>>,
    /// Where they are counted; in the node unless said. Whether the store is declared is for the gate to say.
    pub store: Option<Spanned<String>>,
    /// What holds while the store is away; `node` unless said.
    pub on_store_error: Option<Spanned<OnStoreError>>,
    /// Refuse, or only report; `enforce` unless said.
    pub mode: Option<Spanned<LimitMode>>,
    /// What one request counts, at least 1; 1 unless said.
    pub cost: Option<Spanned<u32>>,
    /// Which requests count; `all` unless said.
    pub on: Option<Spanned<CountedRequests>>,
}

words! {
    /// What holds while a store is away.
    OnStoreError {
        /// Each node counts for itself.
        Node = "node",
        /// Requests pass uncounted.
        Open = "open",
        /// Requests are refused.
        Closed = "closed",
    }
}

words! {
    /// What a limit does to the requests beyond it.
    LimitMode {
        /// They are refused.
        Enforce = "enforce",
        /// They are reported and pass.
        Report = "report",
    }
}

words! {
    /// Which requests a limit counts.
    CountedRequests {
        /// Each.
        All = "all",
        /// Those that were refused a credential: guessing is limited.
        Denied = "denied",
    }
}

/// The store that is built in: the node's memory.
pub const NODE_STORE: &str = "node";

impl RateLimit {
    /// How many may come at once.
    pub fn effective_burst(&self) -> u64 {
        self.burst.as_ref().map_or(self.limit.value.count, |burst| u64::from(burst.value))
    }

    /// What one request counts.
    pub fn effective_cost(&self) -> u32 {
        self.cost.as_ref().map_or(1, |cost| cost.value)
    }

    /// What tells its buckets apart.
    pub fn effective_key(&self) -> &LimitKey {
        self.key.as_ref().map_or(&LimitKey::Caller, |key| &key.value)
    }

    /// The store beside the node that it names.
    pub fn shared_store(&self) -> Option<&Spanned<String>> {
        self.store.as_ref().filter(|store| store.value != NODE_STORE)
    }

    fn short(span: Span, limit: Spanned<Rate>) -> Self {
        RateLimit {
            span,
            limit,
            burst: None,
            key: None,
            store: None,
            on_store_error: None,
            mode: None,
            cost: None,
            on: None,
        }
    }
}

/// Reads the value: `100/min`, a list, or `{add: […]}`.
pub fn read(node: NodeRef<'_>, sink: &mut Sink) -> Option<RateLimits> {
    let (over, list) = match node.kind() {
        Kind::Sequence => (Over::Replace, node),
        Kind::Mapping => (Over::Add, node.get("add")?),
        _ => {
            let limit = RateLimit::short(node.span(), parts::with(node, units::rate)?);
            return Some(RateLimits { over: Over::Replace, limits: vec![limit] });
        }
    };
    if list.kind() == Kind::Sequence && list.is_empty() {
        let help = "name a limit, `[{limit: 100/min}]`, or remove the key";
        self_check::says_nothing(list, "`rate-limit` names no limit", help, sink);
    }
    self_check::too_many(list, "rate-limit", sink);
    let limits: Vec<RateLimit> =
        list.items().take(MAX_ENTRIES).filter_map(|item| rate_limit(item, sink)).collect();
    twice(list, &limits, sink);
    (!limits.is_empty()).then_some(RateLimits { over, limits })
}

fn rate_limit(node: NodeRef<'_>, sink: &mut Sink) -> Option<RateLimit> {
    let limit = RateLimit {
        burst: parts::count(node, "burst"),
        key: parts::part(node, "key"),
        store: parts::name(node, "store"),
        on_store_error: parts::part(node, "on-store-error"),
        mode: parts::part(node, "mode"),
        cost: parts::count(node, "cost"),
        on: parts::part(node, "on"),
        ..RateLimit::short(node.span(), parts::with(node.get("limit")?, units::rate)?)
    };
    let cost = u64::from(limit.effective_cost());
    if cost > limit.effective_burst() {
        let at = node.get("burst").or(node.get("limit")).unwrap_or(node);
        let message = format!("a request costs {cost}, and at most {} fit at once", limit.effective_burst());
        let beside = limit.cost.as_ref().map(|cost| (cost.span, "the cost of one request"));
        self_check::contradiction(
            at,
            &message,
            beside,
            "no request would ever pass: raise `burst`, or lower `cost`",
            sink,
        );
    }
    if let (Some(on_error), None) = (node.get("on-store-error"), limit.shared_store()) {
        let message = "`on-store-error` speaks of a store, and the limit is counted in the node";
        let beside = limit.store.as_ref().map(|store| (store.span, "the node's own memory is never away"));
        self_check::contradiction(
            on_error,
            message,
            beside,
            "name a `store`, or remove `on-store-error`",
            sink,
        );
    }
    Some(limit)
}

/// Of two limits that count the same requests at the same rate one does nothing.
fn twice(list: NodeRef<'_>, limits: &[RateLimit], sink: &mut Sink) {
    for (index, limit) in limits.iter().enumerate() {
        let same = limits[..index].iter().find(|other| {
            other.effective_key() == limit.effective_key()
                && other.limit.value.compare(limit.limit.value) == Ordering::Equal
                && other.limit.value.per == limit.limit.value.per
                && other.effective_burst() == limit.effective_burst()
                && value(other.on.as_ref()) == value(limit.on.as_ref())
                && value(other.mode.as_ref()) == value(limit.mode.as_ref())
                && other.effective_cost() == limit.effective_cost()
        });
        if let (Some(same), Some(item)) = (same, list.item(index)) {
            self_check::repeated(item, "this limit stands here twice", same.span, sink);
        }
    }
}

fn value<T: Copy>(part: Option<&Spanned<T>>) -> Option<T> {
    part.map(|part| part.value)
}

impl fmt::Display for RateLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = || {
            let limits: Vec<String> = self.limits.iter().map(RateLimit::to_string).collect();
            format!("[{}]", limits.join(", "))
        };
        match (self.over, self.limits.as_slice()) {
            (Over::Replace, [only]) if only.parts().is_empty() => only.limit.value.fmt(f),
            (Over::Replace, _) => f.write_str(&list()),
            (Over::Add, _) => write!(f, "{{add: {}}}", list()),
        }
    }
}

impl RateLimit {
    /// Everything but the limit itself.
    fn parts(&self) -> Flow {
        Flow::new()
            .plain("burst", self.burst.as_ref())
            .text("key", self.key.as_ref())
            .text("store", self.store.as_ref())
            .plain("on-store-error", self.on_store_error.as_ref())
            .plain("mode", self.mode.as_ref())
            .plain("cost", self.cost.as_ref())
            .plain("on", self.on.as_ref())
    }
}

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.parts().first("limit", &self.limit.value).finish())
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::tests::{codes, reads_as};

    #[test]
    fn short_long_and_added_limits_are_read() {
        reads_as("rate-limit", "100/min", "100/min");
        reads_as("rate-limit", "[{limit: 100/min}]", "100/min");
        reads_as(
            "rate-limit",
            "[{limit: 10/s, burst: 50, key: 'claim:tenant', store: limits, on-store-error: open, mode: report, cost: 2, on: denied}]",
            "[{limit: 10/s, burst: 50, key: claim:tenant, store: limits, on-store-error: open, mode: report, cost: 2, on: denied}]",
        );
        reads_as("rate-limit", "{add: [{limit: 5/s, key: ip}]}", "{add: [{limit: 5/s, key: ip}]}");
    }

    #[test]
    fn what_lets_nothing_pass_or_says_nothing_is_refused() {
        assert_eq!(codes("rate-limit", "[{limit: 10/s, burst: 5, cost: 6}]"), ["GW0120"]);
        assert_eq!(codes("rate-limit", "[{limit: 10/s, cost: 11}]"), ["GW0120"]);
        assert_eq!(codes("rate-limit", "[{limit: 10/s, on-store-error: open}]"), ["GW0120"]);
        assert_eq!(codes("rate-limit", "[{limit: 10/s, store: node, on-store-error: open}]"), ["GW0120"]);
        assert_eq!(codes("rate-limit", "[]"), ["GW0121"]);
        assert_eq!(codes("rate-limit", "{add: []}"), ["GW0121"]);
        assert_eq!(codes("rate-limit", "[{limit: 10/s}, {limit: 10/s, key: caller}]"), ["GW0122"]);
        assert_eq!(codes("rate-limit", "[{limit: 10/s}, {limit: 100/min}]"), [""; 0]);
        assert_eq!(codes("rate-limit", "[{limit: 10/s, key: user}]"), ["GW0133"]);
        assert_eq!(codes("rate-limit", "ten"), ["GW0133"]);
    }
}
