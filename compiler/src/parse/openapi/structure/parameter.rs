//! Parameters and headers: where they stand, how they are written, and what excludes what.

use gw_syntax::NodeRef;

use super::{Look, rules::is_token};
use crate::parse::codes;
use crate::parse::openapi::version::Version;

/// A parameter.
pub(super) fn check(look: &mut Look<'_, '_>) {
    check_content(look);
    let Some(location) = look.get("in").and_then(NodeRef::as_str) else { return };
    match location {
        "path" => path(look),
        "header" => header(look),
        "querystring" if look.get("content").is_none() => {
            look.slip(look.node, "a parameter `in: querystring` has no `content`", "OpenAPI demands it");
        }
        _ => {}
    }
    style(look, location);
    inapplicable(look, location);
}

/// What parameters and headers have in common: `schema` or `content`, and what goes with which.
pub(super) fn check_content(look: &mut Look<'_, '_>) {
    look.exclusive("example", "examples");
    look.exclusive("schema", "content");
    match (look.get("schema"), look.get("content")) {
        (None, None) => {
            let message = format!("{} has neither `schema` nor `content`", look.object.described());
            look.slip(look.node, message, "say what it is: `schema: {type: string}`");
        }
        (_, Some(content)) if content.len() != 1 && content.kind().is_container() => {
            look.slip(content, "`content` has one media type here", "a value is written in one way");
        }
        _ => {}
    }
    if look.get("content").is_some() {
        let keys: &[&str] = match look.version {
            Version::V3_0 | Version::V3_1 => &["style", "explode", "allowReserved", "example", "examples"],
            Version::V3_2 => &["style", "explode", "allowReserved"],
        };
        for key in keys {
            look.exclusive("content", key);
        }
    }
}

fn path(look: &mut Look<'_, '_>) {
    if look.get("required").and_then(NodeRef::as_bool) != Some(true) {
        look.slip(look.node, "a parameter `in: path` says `required: true`", "there is no path without it");
    }
    let is_none = |name: &str| name.is_empty() || name.contains(['{', '}']);
    if let Some(name) = look.get("name").filter(|name| name.as_str().is_some_and(is_none)) {
        let message = "the name of a path's parameter is what stands between the braces";
        look.slip(name, message, "write it without them");
    }
}

fn header(look: &mut Look<'_, '_>) {
    let name = look.get("name").filter(|name| name.as_str().is_some_and(|name| !is_token(name)));
    if let Some(name) = name {
        let message = match name.as_str() {
            Some("") => "the name of a header is empty",
            _ => "the name of a header is a token",
        };
        look.slip(name, message, "it has letters, digits and `-`");
    }
}

/// OpenAPI 3.2 section 4.12.2: which styles there are at each place.
fn style(look: &mut Look<'_, '_>, location: &str) {
    let Some(style) = look.get("style").filter(|style| style.as_str().is_some()) else { return };
    let known: &[&str] = match location {
        "path" => &["matrix", "label", "simple"],
        "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
        "header" => &["simple"],
        "cookie" if look.version >= Version::V3_2 => &["form", "cookie"],
        "cookie" => &["form"],
        _ => return,
    };
    if !style.as_str().is_some_and(|style| known.contains(&style)) {
        let message = format!("`style` takes one of `{}` in a {location}", known.join("`, `"));
        look.slip(style, message, "without `style` the usual one of the place holds");
    }
}

/// Keys that say something at other places only; 3.0 leaves them everywhere.
fn inapplicable(look: &mut Look<'_, '_>, location: &str) {
    if look.version == Version::V3_0 {
        return;
    }
    let reserved: &[&str] = match look.version {
        Version::V3_0 | Version::V3_1 => &["query"],
        Version::V3_2 => &["query", "path", "cookie"],
    };
    for (name, places) in [("allowEmptyValue", &["query"][..]), ("allowReserved", reserved)] {
        let Some((key, _)) = look.node.entry(name).filter(|_| !places.contains(&location)) else { continue };
        let message = format!("`{name}` says nothing about a parameter `in: {location}`");
        look.push(&codes::OPENAPI_KEY_UNKNOWN, key, message, "remove it");
    }
}

/// The parameters of one operation or path item: each once.
pub(super) fn check_list(look: &mut Look<'_, '_>) {
    let mut seen: Vec<[Option<&str>; 3]> = Vec::new();
    let mut query: [Option<NodeRef<'_>>; 2] = [None, None];
    for parameter in look.get("parameters").into_iter().flat_map(NodeRef::items) {
        let text = |key: &str| parameter.get(key).and_then(NodeRef::as_str);
        let subject = match text("$ref") {
            Some(reference) => [Some(reference), None, None],
            None => [None, text("in"), text("name")],
        };
        if subject.iter().any(Option::is_some) && seen.contains(&subject) {
            let what = subject.iter().flatten().copied().collect::<Vec<_>>().join(" ");
            look.slip(parameter, format!("the parameter `{what}` stands here twice"), "keep one of them");
        }
        seen.push(subject);
        match text("in") {
            Some("query") => query[0] = Some(parameter),
            Some("querystring") if query[1].replace(parameter).is_some() => {
                let message = "only one parameter stands `in: querystring`";
                look.push(&codes::KEYS_EXCLUSIVE, parameter, message, "it is the whole query string");
            }
            _ => {}
        }
    }
    if let [Some(_), Some(whole)] = query {
        let message = "parameters stand `in: query` and `in: querystring`";
        look.push(&codes::KEYS_EXCLUSIVE, whole, message, "the second is the whole query string");
    }
}
