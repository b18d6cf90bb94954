//! Rules about several keys of one object, and about names.

use gw_syntax::{Diagnostic, Kind, NodeRef};

use super::{Look, parameter, security_scheme};
use crate::parse::codes;
use crate::parse::finding::finding_at;
use crate::parse::openapi::dialect::Dialect;
use crate::parse::openapi::grammar::{Object, is_younger};
use crate::parse::openapi::path_item::ADDITIONAL;
use crate::parse::openapi::version::Version;

pub(super) fn check(look: &mut Look<'_, '_>) {
    match look.object {
        Object::Document => document(look),
        Object::License => look.exclusive("identifier", "url"),
        Object::PathItem | Object::OutgoingPathItem => path_item(look),
        Object::Operation | Object::OutgoingOperation => parameter::check_list(look),
        Object::Parameter => parameter::check(look),
        Object::Header => parameter::check_content(look),
        Object::MediaType => {
            look.exclusive("example", "examples");
            encodings(look);
        }
        Object::Encoding => {
            encodings(look);
            header_names(look);
        }
        Object::Responses => responses(look),
        Object::Response => header_names(look),
        Object::Link => link(look),
        Object::Example => example(look),
        Object::ServerVariable => server_variable(look),
        Object::Components => components(look),
        Object::SecurityScheme => security_scheme::check(look),
        Object::Schema => schema(look),
        Object::Info
        | Object::Contact
        | Object::Tag
        | Object::ExternalDocs
        | Object::Paths
        | Object::Server
        | Object::LinkServer
        | Object::RequestBody
        | Object::Callback
        | Object::Discriminator
        | Object::Xml
        | Object::SecurityRequirement
        | Object::Flows
        | Object::ImplicitFlow
        | Object::TokenFlow
        | Object::CodeFlow
        | Object::DeviceFlow => {}
    }
}

fn document(look: &mut Look<'_, '_>) {
    if let Some(openapi) = look.get("openapi").filter(|version| version.as_str().is_some_and(is_short)) {
        look.slip(openapi, "`openapi` takes a whole version", "write it with three numbers: `3.1.0`");
    }
    if let Some(base) = look.get("$self").filter(|base| base.as_str().is_some_and(|base| base.contains('#')))
    {
        look.slip(base, "`$self` has no fragment", "remove the `#` and what follows it");
    }
    if let Some(dialect) = look.get("jsonSchemaDialect") {
        other_dialect(look, dialect);
    }
    if let Some((key, _)) = look.node.entry("webhooks").filter(|(_, webhooks)| !webhooks.is_empty()) {
        let message = "`webhooks` are calls that the API makes itself: gw does not serve them";
        look.push(&codes::WEBHOOKS_NOT_SERVED, key, message, "nothing has to be done");
    }
    let mut names: Vec<&str> = Vec::new();
    for name in look.get("tags").into_iter().flat_map(NodeRef::items).filter_map(|tag| tag.get("name")) {
        let Some(text) = name.as_str() else { continue };
        if names.contains(&text) {
            look.slip(name, format!("the tag `{text}` stands here twice"), "each tag is declared once");
        }
        names.push(text);
    }
}

/// `3.1`, or with a patch version that is no number.
fn is_short(version: &str) -> bool {
    let patch = version.splitn(3, '.').nth(2).unwrap_or_default();
    let digits = patch.split('-').next().unwrap_or_default();
    digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The dialect that a schema says it is of.
pub(super) fn check_dialect(look: &mut Look<'_, '_>) {
    if let Some(dialect) = look.get("$schema").filter(|_| look.object == Object::Schema) {
        other_dialect(look, dialect);
    }
}

fn other_dialect<'t>(look: &mut Look<'t, '_>, dialect: NodeRef<'t>) {
    let Some(text) = dialect.as_str() else { return };
    let read_as = "are read as 2020-12";
    let message = match Dialect::named(text) {
        Dialect::Current => return,
        Dialect::Older => format!("schemas of the dialect `{text}` {read_as}"),
        Dialect::Draft4 => format!(
            "schemas of the dialect `{text}` {read_as}, but for `exclusiveMinimum` and `exclusiveMaximum`"
        ),
        Dialect::Foreign => {
            format!("gw does not know the dialect `{text}`: the keys of its schemas are not looked at")
        }
    };
    let help = "gw reads JSON Schema 2020-12 with OpenAPI's vocabulary";
    look.push(&codes::DIALECT_OTHER, dialect, message, help);
}

fn path_item(look: &mut Look<'_, '_>) {
    parameter::check_list(look);
    if look.version < Version::V3_2 || look.object == Object::OutgoingPathItem {
        return;
    }
    for (key, _) in look.get(ADDITIONAL).into_iter().flat_map(NodeRef::entries) {
        let Some(name) = key.scalar_text() else { continue };
        if gw_artifact::model::MethodToken::new(name).is_none() {
            look.sink.push_with(&codes::METHOD_NOT_SERVED, || method_not_served(key, name));
        }
    }
}

fn method_not_served(key: NodeRef<'_>, name: &str) -> Diagnostic {
    let lower = name.to_ascii_lowercase();
    let help = match lower.as_str() {
        "trace" | "connect" => "gw never publishes `TRACE` and `CONNECT`; remove it".to_owned(),
        "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "query" => {
            format!("it has a key of its own: `{lower}`, beside `{ADDITIONAL}`")
        }
        _ => "a method is a token of at most 23 letters, digits and `-` (RFC 9110 section 9.1)".to_owned(),
    };
    finding_at(&codes::METHOD_NOT_SERVED, key, format!("`{name}` is not a method that gw serves here"))
        .with_help(help)
}

/// `encoding` goes by name, the other two by position (OpenAPI 3.2 section 4.14).
fn encodings(look: &mut Look<'_, '_>) {
    look.exclusive("encoding", "prefixEncoding");
    look.exclusive("encoding", "itemEncoding");
}

fn responses(look: &mut Look<'_, '_>) {
    let mut any = false;
    for (key, _) in look.node.entries() {
        let Some(name) = key.scalar_text().filter(|name| !name.starts_with("x-") && *name != "$ref") else {
            continue;
        };
        any = true;
        if name != "default" && !is_status(name) {
            let message = format!("`{name}` is not a status");
            look.push(
                &codes::STATUS_MALFORMED,
                key,
                message,
                "a response stands at `200`, at `2XX` for all of them, or at `default`",
            );
        }
    }
    if !any {
        let help = "say at least `default: {description: …}`";
        look.slip(look.node, "`responses` has no response", help);
    }
}

/// `200` or `2XX` (OpenAPI 3.1 section 4.8.16).
fn is_status(name: &str) -> bool {
    let Some((first, rest)) = name.split_at_checked(1) else { return false };
    let two_digits = rest.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_digit());
    matches!(first, "1" | "2" | "3" | "4" | "5") && (rest == "XX" || two_digits)
}

fn header_names(look: &mut Look<'_, '_>) {
    if look.version < Version::V3_2 {
        return;
    }
    for (key, _) in look.get("headers").into_iter().flat_map(NodeRef::entries) {
        let name = key.scalar_text().unwrap_or_default();
        if !is_token(name) {
            let message = match name {
                "" => "the name of a header is empty".to_owned(),
                _ => format!("`{name}` is not the name of a header"),
            };
            look.slip(key, message, "it has letters, digits and `-`");
        }
    }
}

/// A token of RFC 9110 §5.6.2.
pub(super) fn is_token(name: &str) -> bool {
    let is_token_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_token_byte)
}

fn link(look: &mut Look<'_, '_>) {
    look.exclusive("operationRef", "operationId");
    let names_one = look.get("operationRef").is_some() || look.get("operationId").is_some();
    if look.version >= Version::V3_1 && !names_one {
        look.slip(look.node, "a link names no operation", "say `operationId` or `operationRef`");
    }
}

fn example(look: &mut Look<'_, '_>) {
    look.exclusive("value", "externalValue");
    if look.version >= Version::V3_2 {
        look.exclusive("value", "dataValue");
        look.exclusive("value", "serializedValue");
        look.exclusive("serializedValue", "externalValue");
    }
}

/// OpenAPI 3.1 section 4.8.6: the default is one of the values, where they are listed. In 3.0 it need not be: 3.0.3
/// says nothing, and 3.0.4 only advises it.
fn server_variable(look: &mut Look<'_, '_>) {
    if look.version == Version::V3_0 {
        return;
    }
    let (Some(values), Some(default)) = (look.get("enum"), look.get("default")) else { return };
    let text = default.scalar_text();
    if !values.is_empty() && !values.items().any(|value| value.scalar_text() == text) {
        look.slip(
            default,
            "`default` is not one of the values of `enum`",
            "write one of them, or add it to `enum`",
        );
    }
}

fn components(look: &mut Look<'_, '_>) {
    let maps =
        look.node.entries().filter(|(key, _)| key.scalar_text().is_none_or(|name| !name.starts_with("x-")));
    for (key, _) in maps.flat_map(|(_, map)| map.entries()) {
        let name = key.scalar_text().unwrap_or_default();
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        if name.is_empty() || !name.bytes().all(is_allowed) {
            let message = format!("`{name}` is not the name of a component");
            look.push(&codes::COMPONENT_NAME, key, message, "it has letters, digits, `.`, `_` and `-`");
        }
    }
}

fn schema(look: &mut Look<'_, '_>) {
    if look.version >= Version::V3_1 {
        return check_dialect(look);
    }
    for (key, _) in look.node.entries() {
        if let Some(name) = key.scalar_text().filter(|name| is_younger(name)) {
            look.other_version(name, key, "from 3.1 on");
        }
    }
    if let Some(items) = look.get("items").filter(|items| items.kind() == Kind::Sequence) {
        look.slip(items, "`items` is one schema, and this is a list", "in 3.0 all items of a list are alike");
    }
    if let Some(factor) = look.get("multipleOf").filter(|node| node.as_f64().is_some_and(|n| n <= 0.0)) {
        look.slip(factor, "`multipleOf` is greater than 0", "remove it, or write the factor");
    }
    let mut seen: Vec<&str> = Vec::new();
    for name in look.get("required").into_iter().flat_map(NodeRef::items) {
        let Some(text) = name.as_str() else { continue };
        if seen.contains(&text) {
            look.slip(name, format!("`{text}` stands in `required` twice"), "once is enough");
        }
        seen.push(text);
    }
}
