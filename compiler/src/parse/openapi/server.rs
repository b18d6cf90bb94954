//! Server URLs: which public hosts and base paths they give (OpenAPI 3.1 sections 4.8.5 and 4.8.6).

use std::collections::{BTreeMap, BTreeSet};

use gw_artifact::model::HostPattern;
use gw_syntax::{NodeRef, Span};

use crate::vocabulary::address::{base_path, host_pattern};

/// How many URLs the variables of one server may give.
pub const MAX_COMBINATIONS: usize = 64;

/// One public place that a server gives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublicPlace {
    /// The host; `None` for any, where the URL is relative.
    pub host: Option<HostPattern>,
    /// The base path: empty, or canonical without a final `/`.
    pub base: String,
}

/// Why a server gives no public place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerFault {
    /// It has no `url`.
    NoUrl,
    /// A variable has neither a default nor values, or the URL names one that is not declared.
    Variable(String),
    /// The variables give more than [`MAX_COMBINATIONS`] URLs.
    Combinations,
    /// This URL has no usable host or base path.
    Url {
        /// With values for its variables.
        url: String,
        /// Where these values stand.
        values: Vec<Span>,
    },
}

/// The public places of one server: one for each combination of its variables' values.
///
/// # Errors
/// The first reason why there are none.
pub fn public_places(server: NodeRef<'_>) -> Result<Vec<PublicPlace>, ServerFault> {
    let url = server.get("url").and_then(NodeRef::scalar_text).ok_or(ServerFault::NoUrl)?;
    let urls = expanded(url, server.get("variables"))?;
    let place = |filled: Filled| match place(&filled.url) {
        Some(place) => Ok(place),
        None => Err(ServerFault::Url { url: filled.url, values: filled.values }),
    };
    let places: Result<BTreeSet<PublicPlace>, ServerFault> = urls.into_iter().map(place).collect();
    Ok(places?.into_iter().collect())
}

/// A URL whose variables have values.
#[derive(Clone, Debug, Default)]
struct Filled {
    url: String,
    values: Vec<Span>,
}

impl Filled {
    fn with(&self, literal: &str, value: &str, span: Span) -> Self {
        let url = format!("{}{literal}{value}", self.url);
        Filled { url, values: self.values.iter().copied().chain([span]).collect() }
    }
}

/// Every URL that the variables give. A value is put in once and not looked at again.
fn expanded(url: &str, variables: Option<NodeRef<'_>>) -> Result<Vec<Filled>, ServerFault> {
    let mut urls = vec![Filled::default()];
    let mut rest = url;
    while let Some((literal, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else {
            return Err(ServerFault::Url { url: url.to_owned(), values: Vec::new() });
        };
        let values = values_of(name, variables).ok_or_else(|| ServerFault::Variable(name.to_owned()))?;
        if urls.len() * values.len() > MAX_COMBINATIONS {
            return Err(ServerFault::Combinations);
        }
        urls = urls
            .iter()
            .flat_map(|url| values.iter().map(move |(value, span)| url.with(literal, value, *span)))
            .collect();
        rest = tail;
    }
    for filled in &mut urls {
        filled.url.push_str(rest);
    }
    Ok(urls)
}

/// The values of a variable: those of `enum`, and the default; and where each stands.
fn values_of<'t>(name: &str, variables: Option<NodeRef<'t>>) -> Option<BTreeMap<&'t str, Span>> {
    let variable = variables?.get(name)?;
    let listed = variable.get("enum").into_iter().flat_map(NodeRef::items);
    let default = variable.get("default");
    let values = listed.chain(default).filter_map(|value| Some((value.scalar_text()?, value.span())));
    let values: BTreeMap<&str, Span> = values.collect();
    (!values.is_empty()).then_some(values)
}

fn place(url: &str) -> Option<PublicPlace> {
    let url = url.trim();
    let Some((scheme, rest)) = url.split_once("://") else { return relative(url) };
    if !matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https" | "ws" | "wss") {
        return None;
    }
    let (authority, path) = match rest.find(['/', '?', '#']) {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    Some(PublicPlace { host: Some(host(authority)?), base: base_of(path)? })
}

/// A URL without scheme: `//host/base`, or a base path alone.
fn relative(url: &str) -> Option<PublicPlace> {
    if let Some(rest) = url.strip_prefix("//") {
        let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        return Some(PublicPlace { host: Some(host(authority)?), base: base_of(path)? });
    }
    // Relative to where the document is served, which is the root as far as gw knows.
    let path = url.strip_prefix('.').filter(|rest| rest.is_empty() || rest.starts_with('/')).unwrap_or(url);
    Some(PublicPlace { host: None, base: base_of(path)? })
}

/// The host of an authority; a port says where clients connect, not what they ask for.
fn host(authority: &str) -> Option<HostPattern> {
    let colon = match authority.rfind(']') {
        Some(bracket) => authority[bracket..].find(':').map(|at| bracket + at),
        None => authority.find(':'),
    };
    let (host, port) = colon.map_or((authority, ""), |at| (&authority[..at], &authority[at + 1..]));
    let numeric = port.bytes().all(|byte| byte.is_ascii_digit());
    if numeric && !host.contains('*') { host_pattern(host) } else { None }
}

fn base_of(path: &str) -> Option<String> {
    if path.is_empty() || path.starts_with('/') { base_path(path) } else { base_path(&format!("/{path}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Option<(Option<String>, String)> {
        let shown = |host: HostPattern| match host {
            HostPattern::Exact(host) => host,
            HostPattern::Suffix(suffix) => format!("*{suffix}"),
        };
        place(url).map(|place| (place.host.map(shown), place.base))
    }

    #[test]
    fn a_url_gives_a_host_and_a_base() {
        let api = |base: &str| Some((Some("api.example.com".to_owned()), base.to_owned()));
        assert_eq!(read("https://API.example.com/v1/"), api("/v1"));
        assert_eq!(read("http://api.example.com:8080"), api(""));
        assert_eq!(read("//api.example.com/v1"), api("/v1"));
        assert_eq!(read("https://[::1]:80/a"), Some((Some("[::1]".into()), "/a".into())));
    }

    #[test]
    fn a_relative_url_is_for_any_host() {
        for (url, base) in [("/", ""), ("", ""), ("/v2", "/v2"), ("v2", "/v2"), ("./v2", "/v2"), (".", "")] {
            assert_eq!(read(url), Some((None, base.to_owned())), "{url}");
        }
    }

    #[test]
    fn what_no_request_can_ask_for_is_refused() {
        for url in [
            "ftp://a/b",
            "https:///b",
            "https://u@a/b",
            "https://a/b?c",
            "https://a/#b",
            "https://a//b",
            "https://a/../b",
            "https://*.a/b",
            "https://a:b/c",
        ] {
            assert_eq!(read(url), None, "{url}");
        }
    }
}
