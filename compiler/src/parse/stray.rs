//! Keys that look as if they decided about requests and by OpenAPI decide nothing: none is passed over.

use gw_syntax::{NodeRef, Sink, nearest};

use super::codes;
use super::finding::{finding_at, found};
use super::openapi::grammar::Object;

/// The methods that are published.
pub(super) const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

/// The other keys that a path item has (OpenAPI 3.1 section 4.8.9); `trace` is a finding of its own.
const FIELDS: [&str; 6] = ["$ref", "summary", "description", "servers", "parameters", "trace"];

/// Looks at the keys of one object.
pub(super) fn report(node: NodeRef<'_>, object: Object, sink: &mut Sink) {
    for (key, value) in node.entries() {
        match (object, key.scalar_text()) {
            (_, Some("$ref")) => reference(value, object, sink),
            (Object::Document | Object::Operation, Some("security")) if value.is_null() => {
                misshapen(key, "`security` is a list, and nothing stands behind it", EMPTY_SECURITY, sink);
            }
            (Object::PathItem, Some(name)) => key_of_path_item(name, key, value, sink),
            (_, None | Some(_)) => {}
        }
    }
}

const EMPTY_SECURITY: &str = "say what is demanded, `security: [{main: []}]`, or remove the key";

/// A `$ref` that is no text, or that stands where OpenAPI has none. Whatever stands behind it is not read.
fn reference(value: NodeRef<'_>, object: Object, sink: &mut Sink) {
    let here = object.described();
    match object {
        // Schemas, and what serves people only, are data for tools beside the gateway.
        Object::Schema | Object::Example | Object::Link | Object::Encoding | Object::Plain => {}
        Object::Operation | Object::OutgoingOperation => {
            let message = format!("OpenAPI lets no `$ref` stand in the place of {here}");
            misshapen(value, &message, "write the operation here, or refer to its whole path item", sink);
        }
        Object::Document | Object::Components | Object::Server | Object::ServerVariable => {
            let message = format!("OpenAPI lets no `$ref` stand in the place of {here}");
            misshapen(value, &message, "write here what it refers to", sink);
        }
        Object::PathItem
        | Object::OutgoingPathItem
        | Object::Parameter
        | Object::Header
        | Object::RequestBody
        | Object::MediaType
        | Object::Response
        | Object::Callback
        | Object::SecurityScheme => {
            if value.as_str().is_none() {
                let message = format!("`$ref` is text, and this is {}", found(value));
                misshapen(value, &message, "it names a place: `$ref: \"#/components/responses/gone\"`", sink);
            }
        }
    }
}

fn key_of_path_item(name: &str, key: NodeRef<'_>, value: NodeRef<'_>, sink: &mut Sink) {
    if name == "security" {
        let help = "put it on the operations, or at the root of the document for all of them";
        return misshapen(
            key,
            "OpenAPI has no `security` at a path item: it would protect nothing",
            help,
            sink,
        );
    }
    if METHODS.contains(&name) {
        if value.is_null() {
            let help = "write `{}` for an operation that says nothing, or remove the key";
            misshapen(key, &format!("`{name}` is an operation, and nothing stands behind it"), help, sink);
        }
        return;
    }
    if !FIELDS.contains(&name) && !is_extension(name) {
        sink.push_with(&codes::PATH_ITEM_KEY_INERT, || {
            let message =
                format!("`{name}` is not a method that gw knows: what stands below it is not published");
            finding_at(&codes::PATH_ITEM_KEY_INERT, key, message).with_help(help(name))
        });
    }
}

/// An extension, or a key that is reported as one of gw's own.
fn is_extension(name: &str) -> bool {
    name.get(..2).is_some_and(|head| head.eq_ignore_ascii_case("x-") || head.eq_ignore_ascii_case("x_"))
}

fn help(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    if METHODS.contains(&lower.as_str()) {
        return format!("write it in lower case: `{lower}`");
    }
    match nearest(&lower, METHODS.into_iter().chain(FIELDS)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("methods are `{}`; a key of your own begins with `x-`", METHODS.join("`, `")),
    }
}

fn misshapen(node: NodeRef<'_>, message: &str, help: &str, sink: &mut Sink) {
    sink.push_with(&codes::OPENAPI_SHAPE, || {
        finding_at(&codes::OPENAPI_SHAPE, node, message).with_help(help)
    });
}
