//! Who may ask at all: each different list once, as sets that are searched.

use std::collections::HashMap;
use std::sync::Arc;

use gw_artifact::address_set::AddressSet;
use gw_artifact::model::{AccessList, AccessListId, HeaderRule, MethodRule};

use crate::policy::access::{Access, Lists};
use crate::resolve::Resolved;
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::{AddressEntry, MethodName, Network, ValuePattern};

/// The table of access lists.
pub(super) struct AccessLists {
    /// In the order of their content.
    pub(super) rows: Vec<AccessList>,
    /// For each operation of `Resolved::operations`, its row; `None` where nothing keeps anybody out.
    pub(super) ids: Vec<Option<AccessListId>>,
}

pub(super) fn lower(resolved: &Resolved) -> AccessLists {
    let named: HashMap<&str, &[Network]> = resolved
        .tables
        .address_lists
        .iter()
        .map(|list| (list.name.value.as_str(), &*list.networks))
        .collect();
    // Operations that hear the same layers share their value: it becomes a list once.
    let mut made: HashMap<*const Access, Option<AccessList>> = HashMap::new();
    let values: Vec<Option<&Arc<Access>>> = resolved
        .operations
        .iter()
        .map(|operation| operation.policy.access.as_ref().map(|layered| &layered.winner.value))
        .collect();
    for access in values.iter().flatten() {
        made.entry(Arc::as_ptr(access)).or_insert_with(|| list(access, &named));
    }
    let mut rows: Vec<AccessList> = made.values().flatten().cloned().collect();
    rows.sort_unstable();
    rows.dedup();
    let id_of = |access: Option<&Arc<Access>>| {
        let list = made[&Arc::as_ptr(access?)].as_ref()?;
        rows.binary_search(list).ok().map(|position| AccessListId(position as u32))
    };
    AccessLists { ids: values.iter().copied().map(id_of).collect(), rows }
}

/// The list of a value; `None` when it keeps nobody out.
fn list(access: &Access, named: &HashMap<&str, &[Network]>) -> Option<AccessList> {
    let mut headers: Vec<HeaderRule> =
        access.of_headers().map(|(name, patterns)| rule(name, patterns)).collect();
    headers.sort_by(|a, b| a.name.cmp(&b.name));
    let list = AccessList {
        addresses: addresses(&access.addresses, named),
        methods: methods(&access.methods),
        headers,
    };
    let keeps_out =
        list.addresses != AddressSet::all() || list.methods != MethodRule::Any || !list.headers.is_empty();
    keeps_out.then_some(list)
}

fn addresses(lists: &Lists<AddressEntry>, named: &HashMap<&str, &[Network]>) -> AddressSet {
    let all_of = |entries: &[Spanned<AddressEntry>]| {
        let mut networks = Vec::new();
        for entry in entries {
            match &entry.value {
                AddressEntry::Network(network) => networks.push(*network),
                AddressEntry::List(name) => {
                    networks.extend_from_slice(named.get(name.as_str()).copied().unwrap_or(&[]));
                }
            }
        }
        set(networks)
    };
    let allowed = if lists.allow.is_empty() { AddressSet::all() } else { all_of(&lists.allow) };
    allowed.without(&all_of(&lists.deny))
}

/// The addresses of networks.
pub(super) fn set(networks: impl IntoIterator<Item = Network>) -> AddressSet {
    let networks = networks.into_iter().map(|network| (network.address(), network.prefix()));
    AddressSet::of(networks).expect("lists and their files are bounded by what a set can tell apart")
}

fn methods(lists: &Lists<MethodName>) -> MethodRule {
    let all_of = |names: &[Spanned<MethodName>]| {
        let mut methods: Vec<_> = names.iter().map(|name| name.value.0).collect();
        methods.sort_unstable();
        methods.dedup();
        methods
    };
    match (lists.allow.is_empty(), lists.deny.is_empty()) {
        (true, true) => MethodRule::Any,
        (true, false) => MethodRule::Not(all_of(&lists.deny)),
        (false, _) => {
            let mut allowed = all_of(&lists.allow);
            allowed.retain(|method| !lists.deny.iter().any(|denied| denied.value.0 == *method));
            MethodRule::Only(allowed)
        }
    }
}

fn rule(name: &str, patterns: &Lists<ValuePattern>) -> HeaderRule {
    let (allow, deny) = patterns.automata().expect("the reader has tried");
    HeaderRule { name: name.to_owned(), allow, deny }
}
