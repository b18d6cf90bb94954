//! Every operation is sent to one declared service.

use std::collections::BTreeMap;

use gw_artifact::model::{Balance, EndpointAddress, EndpointScheme, Upstream as Service, UpstreamTls};
use gw_syntax::{Diagnostic, Sink, Span, nearest};

use super::codes::{UPSTREAM_MISSING, UPSTREAM_UNKNOWN};
use super::remedy::below_defaults;
use super::said::Said;
use super::wording::{listing, operations};
use super::{Context, Mode};
use crate::owners::owner_of;
use crate::policy::project::upstream::UpstreamTls as TlsPolicy;
use crate::resolve::resolved::{DEFAULT_UPSTREAM, Operation, OperationIndex, ProjectKind, Spanned, Upstream};

/// The services, and which one each operation is sent to.
#[derive(Debug)]
pub(crate) struct UpstreamTable {
    services: BTreeMap<String, (Service, Option<Span>)>,
    /// In the order of `Resolved::operations`; `None` where a finding stands.
    used: Vec<Option<String>>,
}

impl UpstreamTable {
    /// The services in the order of their names, each with the place that declares it.
    pub(crate) fn services(&self) -> impl Iterator<Item = &(Service, Option<Span>)> {
        self.services.values()
    }

    /// The position of the operation's service among [`Self::services`].
    pub(crate) fn service_of(&self, operation: OperationIndex) -> Option<usize> {
        let name = self.used[operation].as_ref()?;
        self.services.keys().position(|other| other == name)
    }

    /// Adds the next operation, and its service where naming one declares it.
    fn add<'r>(&mut self, context: &Context<'r>, operation: &'r Operation) -> Named<'r> {
        let using = operation.policy.upstream.as_ref().map(|layered| layered.value());
        let Some(using) = using else {
            let implicit_one = is_implicit(context) || context.mode == Mode::Dev;
            self.used.push(implicit_one.then(|| DEFAULT_UPSTREAM.to_owned()));
            if implicit_one {
                self.declare(DEFAULT_UPSTREAM, None);
            }
            return if implicit_one { Named::Known } else { Named::Nowhere };
        };
        self.used.push(using.names().next().map(|name| name.value.clone()));
        if is_implicit(context) {
            using.names().for_each(|name| self.declare(&name.value, Some(name.span)));
        }
        let unknown: Vec<_> = using.names().filter(|name| !self.services.contains_key(&name.value)).collect();
        if unknown.is_empty() { Named::Known } else { Named::Unknown(unknown) }
    }

    /// Who gets copies and who decides beside the gateway, where that is declared nowhere; a bare document declares by
    /// naming.
    fn unknown_beside<'r>(
        &self,
        context: &Context<'r>,
        operation: &'r Operation,
    ) -> impl Iterator<Item = &'r Spanned<String>> {
        let policy = &operation.policy;
        let mirror = policy.mirror.as_ref().map(|mirror| &mirror.value().name);
        let external = policy.auth.as_ref().and_then(|auth| auth.value().external.as_ref());
        let named = mirror.into_iter().chain(external).filter(|_| !is_implicit(context));
        named.filter(|name| !self.services.contains_key(&name.value))
    }

    /// A service that its first use declares.
    fn declare(&mut self, name: &str, span: Option<Span>) {
        self.services.entry(name.to_owned()).or_insert_with(|| implicit(name, span));
    }

    /// The table with a service for each operation: where a finding stands, one without endpoints.
    pub(super) fn with_placeholders(mut self) -> Self {
        for used in &mut self.used {
            let name = used.get_or_insert_with(|| UNDECIDED.to_owned());
            self.services.entry(name.clone()).or_insert_with(|| implicit(name, None));
        }
        self
    }

    /// Whether every operation has a service that is there.
    pub(super) fn is_total(&self) -> bool {
        let known =
            |name: &Option<String>| name.as_ref().is_some_and(|name| self.services.contains_key(name));
        self.used.iter().all(known)
    }
}

/// Stands in a draft for the service that nothing names. No name of a service has parentheses.
const UNDECIDED: &str = "(undecided)";

/// Finds each operation's service, and reports names that nothing declares and operations without any.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) -> UpstreamTable {
    let declared =
        context.resolved.upstreams.iter().map(|upstream| (upstream.name.clone(), declared(upstream)));
    let mut table = UpstreamTable { services: declared.collect(), used: Vec::new() };
    let mut unknown: BTreeMap<Span, (&Spanned<String>, Vec<&Operation>)> = BTreeMap::new();
    let mut missing = Vec::new();
    for operation in &context.resolved.operations {
        match table.add(context, operation) {
            Named::Known => {}
            Named::Unknown(names) => {
                for name in names {
                    unknown.entry(name.span).or_insert((name, Vec::new())).1.push(operation);
                }
            }
            Named::Nowhere => missing.push(operation),
        }
        for name in table.unknown_beside(context, operation) {
            unknown.entry(name.span).or_insert((name, Vec::new())).1.push(operation);
        }
    }
    for (name, users) in unknown.into_values() {
        sink.push(unknown_name(context, name, &users));
    }
    let said = Said::about("upstream", sink);
    missing.retain(|operation| !said.covers(context, operation));
    if !missing.is_empty() {
        sink.push(no_upstream(context, &missing));
    }
    table
}

/// What became of an operation's service.
enum Named<'r> {
    Known,
    Unknown(Vec<&'r Spanned<String>>),
    Nowhere,
}

/// A bare document declares its services by naming them; the bindings say where they are.
fn is_implicit(context: &Context<'_>) -> bool {
    matches!(context.resolved.project.kind, ProjectKind::Bare { .. })
}

fn declared(upstream: &Upstream) -> (Service, Option<Span>) {
    let mut service = Service {
        name: upstream.name.clone(),
        endpoints: Vec::new(),
        balance: upstream.balance,
        max_requests: upstream.max_requests,
        tls: tls(upstream),
    };
    service.endpoints = endpoints(upstream, service.scheme());
    (service, Some(upstream.span))
}

/// TLS where it is declared, or where an endpoint says so.
fn tls(upstream: &Upstream) -> Option<UpstreamTls> {
    let is_said = upstream.endpoints.iter().any(|endpoint| endpoint.value.scheme == EndpointScheme::Https);
    let declared = upstream.policy.tls.as_ref().map(TlsPolicy::lower);
    declared.or(is_said.then_some(UpstreamTls::DEFAULT))
}

/// Those of the upstream's scheme, sorted, each once: the order of endpoints is no policy, and others have a finding.
fn endpoints(upstream: &Upstream, scheme: EndpointScheme) -> Vec<EndpointAddress> {
    let all = upstream.endpoints.iter().map(|endpoint| &endpoint.value);
    let mut endpoints: Vec<EndpointAddress> =
        all.filter(|endpoint| endpoint.scheme == scheme).cloned().collect();
    endpoints.sort();
    endpoints.dedup();
    endpoints
}

fn implicit(name: &str, span: Option<Span>) -> (Service, Option<Span>) {
    let service = Service {
        name: name.to_owned(),
        endpoints: Vec::new(),
        balance: Balance::RoundRobin,
        max_requests: Service::DEFAULT_MAX_REQUESTS,
        tls: None,
    };
    (service, span)
}

fn unknown_name(context: &Context<'_>, name: &Spanned<String>, users: &[&Operation]) -> Diagnostic {
    let names: Vec<&str> = context.resolved.upstreams.iter().map(|upstream| upstream.name.as_str()).collect();
    let help = match nearest(&name.value, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => {
            format!("declare it in gw.yaml:\n\nupstreams:\n  {}: {{}}\n", name.value)
        }
        None => format!(
            "declared are {}",
            listing(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
        ),
    };
    let (which, names) = operations(users);
    let message = format!("the upstream `{}` of {which} is not declared{names}", name.value);
    Diagnostic::new(&UPSTREAM_UNKNOWN, message)
        .at(name.span)
        .about(name.value.as_str())
        .with_help(help)
        .owned_by(owner_of(context.resolved, users))
}

fn no_upstream(context: &Context<'_>, missing: &[&Operation]) -> Diagnostic {
    let (which, names) = operations(missing);
    let verb = if missing.len() == 1 { "is" } else { "are" };
    let message = format!("nothing says where {which} {verb} sent{names}");
    let declared = context.resolved.upstreams.first();
    let name = declared.map_or("backend", |upstream| upstream.name.as_str());
    let mut help = below_defaults(context, &format!("upstream: {name}")).unwrap_or_default();
    if declared.is_none() {
        help.push_str("\nand\n\nupstreams:\n  backend: {endpoints: [http://127.0.0.1:9000]}\n");
    }
    Diagnostic::new(&UPSTREAM_MISSING, message)
        .at(missing[0].span)
        .with_pointer(missing[0].pointer.clone())
        .about("upstream")
        .with_help(help)
}
