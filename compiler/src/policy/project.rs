//! The tables of `gw.yaml` beside its policy: stores, secrets, plans, proxies, and what a plan gates.

pub mod listener;
pub mod upstream;

use gw_artifact::model::Rate;
use gw_syntax::{NodeRef, Sink};

use super::rate_limit::{self, NODE_STORE, RateLimits};
use super::{MAX_ENTRIES, parts, self_check};
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::{Network, is_list_name, words};
use crate::vocabulary::units;

/// What a project declares beside its APIs, upstreams and listeners. Names are unique in each table.
#[derive(Clone, Debug, Default)]
pub struct ProjectTables {
    /// `stores`, in source order; `node` is built in and not among them.
    pub stores: Vec<Store>,
    /// `secrets`, in source order.
    pub secrets: Vec<Secret>,
    /// `plans`, in source order.
    pub plans: Vec<ConsumerPlan>,
    /// `trusted-proxies`: networks whose forwarded headers are believed.
    pub trusted_proxies: Vec<Spanned<Network>>,
    /// `forwarded-header`: where they say for whom they forward.
    pub forwarded_header: Option<Spanned<ForwardedBy>>,
    /// `address-lists`, in source order.
    pub address_lists: Vec<AddressList>,
    /// `plan.gate`: classes of change that are refused.
    pub gated: Vec<Spanned<ChangeClass>>,
}

/// Where limits and caches are kept beyond one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// Its name.
    pub name: Spanned<String>,
    /// What it is.
    pub kind: Spanned<StoreKind>,
}

words! {
    /// What a store is.
    StoreKind {
        /// A Redis server, shared by nodes.
        Redis = "redis",
        /// A file of one node, which survives it.
        File = "file",
    }
}

/// A list of networks that a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressList {
    /// Its name.
    pub name: Spanned<String>,
    /// The file, as it is named.
    pub file: Spanned<String>,
    /// What the file holds, in its order; the file is read apart from `gw.yaml`.
    pub networks: Vec<Network>,
}

words! {
    /// Where trusted proxies say for whom they forward.
    ForwardedBy {
        /// The older list of addresses.
        XForwardedFor = "x-forwarded-for",
        /// RFC 7239.
        Forwarded = "forwarded",
    }
}

/// A secret that the bindings must give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// Its name.
    pub name: Spanned<String>,
    /// How long it must be at least; not empty unless said.
    pub min_bytes: Option<Spanned<u32>>,
}

/// What consumers of one plan may use. At least one of the two is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerPlan {
    /// Its name.
    pub name: Spanned<String>,
    /// How many requests per period.
    pub quota: Option<Spanned<Rate>>,
    /// How many requests per unit of time.
    pub rate_limit: Option<RateLimits>,
}

words! {
    /// A class of change between two projects.
    ChangeClass {
        /// More callers, or fewer checks.
        Weakens = "weakens",
        /// What worked does not.
        Breaks = "breaks",
        /// Requests go elsewhere.
        Reroutes = "reroutes",
        /// Nobody could say.
        Undecided = "undecided",
    }
}

/// Reads the tables at the root of `gw.yaml`.
pub fn read(root: NodeRef<'_>, sink: &mut Sink) -> ProjectTables {
    let tables = ProjectTables {
        stores: table(root, "stores", sink, store),
        secrets: table(root, "secrets", sink, |name, node, _| Some(secret(name, node))),
        plans: table(root, "plans", sink, consumer_plan),
        trusted_proxies: parts::list(root, "trusted-proxies"),
        forwarded_header: parts::part(root, "forwarded-header"),
        address_lists: table(root, "address-lists", sink, address_list),
        gated: root.get("plan").map(|plan| parts::list(plan, "gate")).unwrap_or_default(),
    };
    self_check::list(root, "trusted-proxies", &tables.trusted_proxies, sink);
    if let Some(plan) = root.get("plan") {
        self_check::list(plan, "gate", &tables.gated, sink);
    }
    tables
}

/// The entries of a mapping from names.
fn table<T>(
    root: NodeRef<'_>,
    key: &str,
    sink: &mut Sink,
    entry: impl Fn(Spanned<String>, NodeRef<'_>, &mut Sink) -> Option<T>,
) -> Vec<T> {
    let Some(node) = root.get(key) else { return Vec::new() };
    self_check::too_many(node, key, sink);
    let entries = node.entries().take(MAX_ENTRIES);
    entries
        .filter_map(|(name, node)| {
            let text = name.scalar_text().filter(|text| units::is_name(text))?;
            entry(parts::spanned(name, text.to_owned()), node, sink)
        })
        .collect()
}

fn address_list(name: Spanned<String>, node: NodeRef<'_>, sink: &mut Sink) -> Option<AddressList> {
    if !is_list_name(&name.value) {
        let help = "give it a name that has a letter and no dot: entries of `access` tell names from addresses by that";
        let message = format!("`{}` cannot name a list of addresses", name.value);
        self_check::contradiction(node, &message, Some((name.span, "named here")), help, sink);
        return None;
    }
    Some(AddressList { name, file: parts::text(node, "file")?, networks: Vec::new() })
}

fn store(name: Spanned<String>, node: NodeRef<'_>, sink: &mut Sink) -> Option<Store> {
    if name.value == NODE_STORE {
        let help = "the node's own memory needs no declaration: give this store another name";
        self_check::contradiction(
            node,
            "the store `node` is built in",
            Some((name.span, "declared here")),
            help,
            sink,
        );
        return None;
    }
    Some(Store { name, kind: parts::part(node, "kind")? })
}

fn secret(name: Spanned<String>, node: NodeRef<'_>) -> Secret {
    Secret { name, min_bytes: parts::count(node, "min-bytes") }
}

fn consumer_plan(name: Spanned<String>, node: NodeRef<'_>, sink: &mut Sink) -> Option<ConsumerPlan> {
    if parts::is_empty_mapping(node) {
        let message = format!("the plan `{}` says nothing", name.value);
        let help = "say what its consumers may use: `{quota: 1000000/month, rate-limit: 100/s}`";
        self_check::says_nothing(node, &message, help, sink);
    }
    let quota = node.get("quota").and_then(|node| parts::with(node, units::rate));
    let rate_limit = node.get("rate-limit").and_then(|node| rate_limit::read(node, sink));
    (quota.is_some() || rate_limit.is_some()).then_some(ConsumerPlan { name, quota, rate_limit })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::tests::project;

    #[test]
    fn every_table_is_read() {
        let (tables, codes) = project(
            "stores: {limits: {kind: redis}, local: {kind: file}}\nsecrets: {introspect: {min-bytes: 32}, other: }\n\
             plans: {gold: {quota: 1000000/month, rate-limit: 100/s}}\ntrusted-proxies: [10.0.0.0/8, '::1']\n\
             plan: {gate: [weakens, breaks]}\n",
            read,
        );
        assert_eq!(codes, [""; 0]);
        let kinds: Vec<StoreKind> = tables.stores.iter().map(|store| store.kind.value).collect();
        assert_eq!(kinds, [StoreKind::Redis, StoreKind::File]);
        assert_eq!(tables.secrets[0].min_bytes.as_ref().map(|bytes| bytes.value), Some(32));
        assert_eq!(tables.plans[0].rate_limit.as_ref().map(ToString::to_string).as_deref(), Some("100/s"));
        assert_eq!(tables.trusted_proxies.len(), 2);
        assert_eq!(tables.gated[1].value, ChangeClass::Breaks);
    }

    #[test]
    fn what_a_table_cannot_hold_is_refused() {
        let codes = |text: &str| project(text, read).1;
        assert_eq!(codes("stores: {node: {kind: redis}}\n"), ["GW0120"]);
        assert_eq!(codes("stores: {a: {kind: memory}}\n"), ["GW0133"]);
        assert_eq!(codes("stores: {a: {}}\n"), ["GW0132"]);
        assert_eq!(codes("secrets: {a: {min-bytes: 0}}\n"), ["GW0133"]);
        assert_eq!(codes("plans: {gold: {}}\n"), ["GW0121"]);
        assert_eq!(codes("plans: {gold: {quota: lots}}\n"), ["GW0133"]);
        assert_eq!(codes("plans: {gold: {rate-limit: [{limit: 1/s, burst: 1, cost: 2}]}}\n"), ["GW0120"]);
        assert_eq!(codes("trusted-proxies: []\n"), ["GW0121"]);
        assert_eq!(codes("trusted-proxies: [10.0.0.0/8, 10.0.0.0/8]\n"), ["GW0122"]);
        assert_eq!(codes("trusted-proxies: [10.0.0.1/8]\n"), ["GW0133"]);
        assert_eq!(codes("plan: {gate: [weakens, weakens]}\n"), ["GW0122"]);
        assert_eq!(codes("plan: {gate: [everything]}\n"), ["GW0133"]);
    }
}
