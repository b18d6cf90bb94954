//! Stores, secrets, plans and lists of addresses that policies need are declared in `gw.yaml`, and variables in the public
//! path.

use std::collections::BTreeMap;

use gw_artifact::path_trie::Template;
use gw_syntax::{Diagnostic, Sink, Span, nearest};

use super::Context;
use super::codes::{NAME_UNDECLARED, QUOTA_WITHOUT_PLAN, VARIABLE_UNKNOWN};
use super::wording::{line_of, listing, operations};
use crate::policy::authenticator::Authenticator;
use crate::policy::quota::Quota;
use crate::policy::rate_limit::RateLimit;
use crate::resolve::resolved::{Layered, Operation, ProjectKind, Spanned};
use crate::vocabulary::scalar::AddressEntry;

/// Reports names that no table of the project has, and quotas that no plan gives.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    stores(context, sink);
    secrets(context, sink);
    plans(context, sink);
    address_lists(context, sink);
    variables(context, sink);
}

fn stores(context: &Context<'_>, sink: &mut Sink) {
    let tables = &context.resolved.tables;
    let declared: Vec<&str> = tables.stores.iter().map(|store| store.name.value.as_str()).collect();
    let table = Table { kind: "store", entry: "stores", value: "{kind: redis}", declared };
    let of_operations = context.resolved.operations.iter().flat_map(|operation| operation.policy.limits());
    let of_plans = tables.plans.iter().filter_map(|plan| plan.rate_limit.as_ref());
    let limits = of_operations.chain(of_plans.flat_map(|limits| &limits.limits));
    // A limit of many operations names its store once.
    let named: BTreeMap<Span, &Spanned<String>> =
        limits.filter_map(RateLimit::shared_store).map(|store| (store.span, store)).collect();
    for store in named.into_values() {
        table.look_up(store, sink);
    }
}

fn secrets(context: &Context<'_>, sink: &mut Sink) {
    // A bare document declares secrets, like upstreams, by naming them: the bindings give them.
    if matches!(context.resolved.project.kind, ProjectKind::Bare { .. }) {
        return;
    }
    let declared = context.resolved.tables.secrets.iter().map(|secret| secret.name.value.as_str()).collect();
    let table = Table { kind: "secret", entry: "secrets", value: "{min-bytes: 32}", declared };
    for scheme in &context.resolved.schemes {
        let Some(Authenticator::Introspection(asked)) = scheme.authenticator.as_ref().map(|it| &it.value)
        else {
            continue;
        };
        if let Some(secret) = &asked.secret {
            table.look_up(secret, sink);
        }
    }
}

fn plans(context: &Context<'_>, sink: &mut Sink) {
    let plans = &context.resolved.tables.plans;
    if plans.iter().any(|plan| plan.quota.is_some()) {
        return;
    }
    let mut left: BTreeMap<Span, Vec<&Operation>> = BTreeMap::new();
    for operation in &context.resolved.operations {
        if let Some(Quota::Plan(span)) = operation.policy.quota.as_deref().map(Layered::value) {
            left.entry(*span).or_default().push(operation);
        }
    }
    for (span, users) in left {
        sink.push_with(&QUOTA_WITHOUT_PLAN, || {
            let (which, names) = operations(&users);
            let message =
                format!("the quota of {which} is left to plans, and no plan of the project has one{names}");
            Diagnostic::new(&QUOTA_WITHOUT_PLAN, message).at(span).about("quota").with_help(
                "say in gw.yaml what consumers of a plan may use:\n\nplans:\n  gold: {quota: 1000000/month}\n\n\
                 or say here how many, `10000/month`",
            )
        });
    }
}

fn address_lists(context: &Context<'_>, sink: &mut Sink) {
    let declared = &context.resolved.tables.address_lists;
    let declared = declared.iter().map(|list| list.name.value.as_str()).collect();
    let value = "{file: addresses.txt}";
    let table = Table { kind: "list of addresses", entry: "address-lists", value, declared };
    let lists = context.resolved.operations.iter().filter_map(|operation| operation.policy.access.as_deref());
    let entries = lists.flat_map(|layered| {
        let addresses = &layered.value().addresses;
        addresses.allow.iter().chain(&addresses.deny)
    });
    let named: BTreeMap<Span, Spanned<String>> = entries
        .filter_map(|entry| match &entry.value {
            AddressEntry::List(name) => Some((entry.span, Spanned { value: name.clone(), span: entry.span })),
            AddressEntry::Network(_) => None,
        })
        .collect();
    for list in named.values() {
        table.look_up(list, sink);
    }
}

/// Variables of `transform.request.path`; what `respond` answers has no path at an upstream.
fn variables(context: &Context<'_>, sink: &mut Sink) {
    let sent = |operation: &&Operation| operation.policy.respond.is_none();
    for operation in context.resolved.operations.iter().filter(sent) {
        let transform = operation.policy.transform.as_deref().map(Layered::value);
        let Some(path) = transform.and_then(|it| it.request.as_ref()?.path.as_ref()) else { continue };
        // Paths that do not read are told on their own.
        let Ok(public) = Template::parse(&operation.path) else { continue };
        let wanted = Template::parse(path.value.as_str()).ok();
        let unknown = wanted.iter().flat_map(Template::names).find(|name| !public.names().contains(name));
        if let Some(name) = unknown {
            sink.push_with(&VARIABLE_UNKNOWN, || no_variable(operation, path.span, name, public.names()));
        }
    }
}

fn no_variable(operation: &Operation, at: Span, name: &str, known: &[String]) -> Diagnostic {
    let help = match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{{{near}}}`?"),
        None if known.is_empty() => "its path has no variables at all".to_owned(),
        None => format!("its path has {}", listing(known)),
    };
    let line = line_of(operation);
    Diagnostic::new(
        &VARIABLE_UNKNOWN,
        format!("`{line}` has no variable `{name}` for its path at the upstream"),
    )
    .at(at)
    .with_label(operation.path_span, "this is its path")
    .about(format!("{line} transform {name}"))
    .with_help(help)
}

/// One table of `gw.yaml`.
struct Table<'r> {
    /// What its entries are called.
    kind: &'static str,
    /// Its key.
    entry: &'static str,
    /// How an entry is declared.
    value: &'static str,
    declared: Vec<&'r str>,
}

impl Table<'_> {
    fn look_up(&self, name: &Spanned<String>, sink: &mut Sink) {
        if self.declared.contains(&name.value.as_str()) {
            return;
        }
        sink.push_with(&NAME_UNDECLARED, || {
            let message = format!("the {} `{}` is not declared", self.kind, name.value);
            Diagnostic::new(&NAME_UNDECLARED, message)
                .at(name.span)
                .about(format!("{} {}", self.kind, name.value))
                .with_help(self.help(&name.value))
        });
    }

    fn help(&self, name: &str) -> String {
        match nearest(name, self.declared.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if self.declared.is_empty() => {
                format!("declare it in gw.yaml:\n\n{}:\n  {name}: {}\n", self.entry, self.value)
            }
            None => {
                let declared: Vec<String> = self.declared.iter().map(|name| (*name).to_owned()).collect();
                format!("declared are {}", listing(&declared))
            }
        }
    }
}
