//! Where clients reach an API: `servers`, or what `gw.yaml` claims for it.
//!
//! `hosts` and `base` of an entry of `apis` stand for the hosts and the base paths of the document's root `servers`, which
//! often tell where the service itself is: each that is given replaces its half. A path item or an operation with
//! `servers` of its own is published where these say, and nowhere else; a URL without a host means the API's hosts. That
//! it stays within the claim is for the gate to say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gw_artifact::model::HostPattern;
use gw_syntax::{CodeEntry, Diagnostic, Kind, NodeRef, Sink, Span};

use super::codes;
use super::resolved::Publication;
use crate::parse::codes as parse_codes;
use crate::parse::finding::{finding_at, first_line, found};
use crate::parse::openapi::document::Document;
use crate::parse::openapi::server::{MAX_COMBINATIONS, ServerFault, public_places};
use crate::parse::project::ApiEntry;

/// The public places of an API.
pub(super) fn of_api(
    document: Document<'_>,
    entry: Option<&ApiEntry>,
    sink: &mut Sink,
) -> Arc<[Publication]> {
    of_servers(document.servers(), entry, sink)
}

/// The public places of a path item or an operation that has `servers` of its own.
pub(super) fn of_own_servers(
    servers: NodeRef<'_>,
    entry: Option<&ApiEntry>,
    sink: &mut Sink,
) -> Arc<[Publication]> {
    let named = from_servers(Some(servers), sink);
    if named.is_empty() {
        return of_servers(None, entry, sink);
    }
    let of_api = |place: Publication| {
        if place.host.is_some() {
            return vec![place];
        }
        let span = place.span;
        let hosts = with_hosts(vec![place], entry).into_iter();
        hosts.map(|place| Publication { span, ..place }).collect()
    };
    bounded(named.into_iter().flat_map(of_api).collect(), Some(servers), sink)
}

/// The public places of an API whose root has these servers.
fn of_servers(servers: Option<NodeRef<'_>>, entry: Option<&ApiEntry>, sink: &mut Sink) -> Arc<[Publication]> {
    let declared = entry.is_some_and(|entry| entry.hosts.is_some() && entry.base.is_some());
    let mut places = if declared { Vec::new() } else { from_servers(servers, sink) };
    if places.is_empty() {
        // OpenAPI 3.1 section 4.8.1: without servers it is one with the URL `/`.
        places.push(Publication { host: None, base: String::new(), span: None });
    }
    bounded(with_base(with_hosts(places, entry), entry), servers, sink)
}

/// Each place once, and no more of them than are compiled in moments.
fn bounded(places: Vec<Publication>, servers: Option<NodeRef<'_>>, sink: &mut Sink) -> Arc<[Publication]> {
    let mut places = once_each(places);
    let bases: BTreeSet<&str> = places.iter().map(|place| place.base.as_str()).collect();
    if bases.len() > MAX_BASES || places.len() > MAX_PLACES {
        let count = (bases.len(), places.len());
        let at = servers.map(first_line).or(places.iter().find_map(|place| place.span));
        sink.push_with(&codes::SERVER_COMBINATIONS, || too_many(count, at));
        // What follows would take its time for nothing.
        places.truncate(1);
    }
    places.into()
}

/// How many base paths one list of servers may give: every operation is compiled for each.
const MAX_BASES: usize = 64;

/// How many pairs of a host and a base path it may give.
const MAX_PLACES: usize = 4096;

fn too_many((bases, places): (usize, usize), at: Option<Span>) -> Diagnostic {
    let message = format!(
        "the servers give {bases} base paths and {places} public places: at most {MAX_BASES} and {MAX_PLACES} are published"
    );
    let finding =
        Diagnostic::new(&codes::SERVER_COMBINATIONS, message).about("servers").with_help(FEWER_PLACES);
    match at {
        Some(at) => finding.at(at),
        None => finding,
    }
}

const FEWER_PLACES: &str = "shorten the lists of servers and of values, or say in gw.yaml where clients reach the API, with \
     `hosts` and `base`; `hosts: [\"*\"]` is any host";

fn from_servers(servers: Option<NodeRef<'_>>, sink: &mut Sink) -> Vec<Publication> {
    let mut places = Vec::new();
    let servers =
        servers.into_iter().flat_map(NodeRef::items).filter(|server| server.kind() == Kind::Mapping);
    for server in servers {
        let url = server.get("url").unwrap_or(server);
        match public_places(server) {
            Ok(given) => places.extend(given.into_iter().map(|place| Publication {
                host: place.host,
                base: place.base,
                span: Some(url.span()),
            })),
            Err(fault) => sink.push_with(kind_of(&fault), || faulty(url, &fault)),
        }
    }
    places
}

fn with_hosts(places: Vec<Publication>, entry: Option<&ApiEntry>) -> Vec<Publication> {
    let Some(hosts) = entry.and_then(|entry| entry.hosts.as_ref()).filter(|hosts| !hosts.is_empty()) else {
        return places;
    };
    let for_host = |place: &Publication| {
        let base = place.base.clone();
        let given = hosts.iter().map(move |host| (host.value.clone(), host.span));
        given.map(move |(host, span)| Publication { host, base: base.clone(), span: Some(span) })
    };
    places.iter().flat_map(for_host).collect()
}

fn with_base(mut places: Vec<Publication>, entry: Option<&ApiEntry>) -> Vec<Publication> {
    if let Some(base) = entry.and_then(|entry| entry.base.as_ref()) {
        for place in &mut places {
            place.base.clone_from(&base.value);
            place.span = place.span.or(Some(base.span));
        }
    }
    places
}

/// Each host and base once, in the order of their content: the order of servers means nothing.
fn once_each(places: Vec<Publication>) -> Vec<Publication> {
    let mut unique: BTreeMap<(Option<HostPattern>, String), Option<Span>> = BTreeMap::new();
    for place in places {
        unique.entry((place.host, place.base)).or_insert(place.span);
    }
    unique.into_iter().map(|((host, base), span)| Publication { host, base, span }).collect()
}

fn kind_of(fault: &ServerFault) -> &'static CodeEntry {
    match fault {
        ServerFault::Combinations => &codes::SERVER_COMBINATIONS,
        ServerFault::NoUrl | ServerFault::Variable(_) | ServerFault::Url { .. } => {
            &parse_codes::PUBLIC_PLACE_MALFORMED
        }
    }
}

fn faulty(url: NodeRef<'_>, fault: &ServerFault) -> Diagnostic {
    let (message, help) = match fault {
        ServerFault::NoUrl => ("a server has no `url`".to_owned(), "add one"),
        ServerFault::Variable(name) => (
            format!("the server's URL names the variable `{name}`, which has no value"),
            "declare it below `variables` with a `default`",
        ),
        ServerFault::Combinations => (
            format!("the variables of the server {} give more than {MAX_COMBINATIONS} URLs", found(url)),
            "shorten the lists of values",
        ),
        ServerFault::Url { url, values } if values.is_empty() => (
            format!("`{url}` is not a URL that gw can publish under"),
            "write `https://api.example.com/v1`, or a path alone for any host",
        ),
        ServerFault::Url { url, .. } => (
            format!(
                "with the values of its variables the server's URL is `{url}`, under which gw cannot publish"
            ),
            "give the variables values that fit into a URL such as `https://api.example.com/v1`",
        ),
    };
    let mut finding = finding_at(kind_of(fault), url, message)
        .with_help(format!("{help}, or say in gw.yaml where clients reach the API, with `hosts` and `base`"));
    if let ServerFault::Url { values, .. } = fault {
        for value in values.iter().take(LABELS) {
            finding = finding.with_label(*value, "with this value");
        }
    }
    finding
}

/// How many values of variables are pointed at.
const LABELS: usize = 4;
