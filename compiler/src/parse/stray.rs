//! Keys that look as if they decided about requests and by OpenAPI decide nothing: none is passed over.

use gw_syntax::{NodeRef, Sink, nearest};

use super::codes;
use super::finding::{finding_at, found};
use super::openapi::grammar::Object;
use super::openapi::path_item::{ADDITIONAL, methods};
use super::openapi::version::Version;
use super::survey::is_ours;

/// The other keys that a path item has (OpenAPI 3.1 section 4.8.9); `trace` is a finding of its own.
const FIELDS: [&str; 6] = ["$ref", "summary", "description", "servers", "parameters", "trace"];

/// Looks at the keys of one object.
pub(super) fn report(node: NodeRef<'_>, object: Object, version: Version, sink: &mut Sink) {
    for (key, value) in node.entries() {
        match (object, key.scalar_text()) {
            (_, Some("$ref")) => reference(value, object, sink),
            (Object::Document | Object::Operation, Some("security")) if value.is_null() => {
                misshapen(key, "`security` is a list, and nothing stands behind it", EMPTY_SECURITY, sink);
            }
            (Object::PathItem | Object::OutgoingPathItem, Some(name)) => {
                key_of_path_item(name, key, value, version, sink);
            }
            (_, None | Some(_)) => {}
        }
    }
}

const EMPTY_SECURITY: &str = "say what is demanded, `security: [{main: []}]`, or remove the key";

/// A `$ref` that is no text, or that stands where OpenAPI has none. Whatever stands behind it is not read.
fn reference(value: NodeRef<'_>, object: Object, sink: &mut Sink) {
    let here = object.described();
    match object {
        Object::Operation | Object::OutgoingOperation => {
            let message = format!("OpenAPI lets no `$ref` stand in the place of {here}");
            misshapen(value, &message, "write the operation here, or refer to its whole path item", sink);
        }
        Object::Document
        | Object::Components
        | Object::Paths
        | Object::Responses
        | Object::Server
        | Object::ServerVariable => {
            let message = format!("OpenAPI lets no `$ref` stand in the place of {here}");
            misshapen(value, &message, "write here what it refers to", sink);
        }
        // What serves people only is data for tools beside the gateway.
        _ if !object.may_be_reference() => {
            slip(value, &format!("OpenAPI lets no `$ref` stand in the place of {here}"), sink);
        }
        _ if value.as_str().is_some() => {}
        _ if object.decides() => {
            let message = format!("`$ref` is text, and this is {}", found(value));
            misshapen(value, &message, "it names a place: `$ref: \"#/components/responses/gone\"`", sink);
        }
        _ => slip(value, &format!("`$ref` is text, and this is {}", found(value)), sink),
    }
}

fn slip(value: NodeRef<'_>, message: &str, sink: &mut Sink) {
    sink.push_with(&codes::SLIP, || {
        finding_at(&codes::SLIP, value, message)
            .with_help("it names a place: `$ref: \"#/components/schemas/Pet\"`")
    });
}

fn key_of_path_item(name: &str, key: NodeRef<'_>, value: NodeRef<'_>, version: Version, sink: &mut Sink) {
    let methods = methods(version);
    if name == "security" {
        let help = "put it on the operations, or at the root of the document for all of them";
        return misshapen(
            key,
            "OpenAPI has no `security` at a path item: it would protect nothing",
            help,
            sink,
        );
    }
    if methods.contains(&name) {
        if value.is_null() {
            let help = "write `{}` for an operation that says nothing, or remove the key";
            misshapen(key, &format!("`{name}` is an operation, and nothing stands behind it"), help, sink);
        }
        return;
    }
    let is_field = FIELDS.contains(&name) || (version >= Version::V3_2 && name == ADDITIONAL);
    if !is_field && !name.starts_with("x-") && !is_ours(name) {
        sink.push_with(&codes::PATH_ITEM_KEY_INERT, || {
            let message =
                format!("`{name}` is not a method that gw knows: what stands below it is not published");
            finding_at(&codes::PATH_ITEM_KEY_INERT, key, message).with_help(help(name, version))
        });
    }
}

fn help(name: &str, version: Version) -> String {
    let methods = methods(version);
    let lower = name.to_ascii_lowercase();
    if methods.contains(&lower.as_str()) {
        return format!("write it in lower case: `{lower}`");
    }
    if version < Version::V3_2 && (name == ADDITIONAL || name == "query") {
        return format!("it is a key from 3.2 on, and this document is read as {}", version.as_str());
    }
    match nearest(&lower, methods.iter().copied().chain(FIELDS)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("methods are `{}`; a key of your own begins with `x-`", methods.join("`, `")),
    }
}

fn misshapen(node: NodeRef<'_>, message: &str, help: &str, sink: &mut Sink) {
    sink.push_with(&codes::OPENAPI_SHAPE, || {
        finding_at(&codes::OPENAPI_SHAPE, node, message).with_help(help)
    });
}
