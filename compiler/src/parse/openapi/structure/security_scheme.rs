//! Security schemes: which keys go with which type. Where the credential stands is for the gate.

use gw_syntax::NodeRef;

use super::Look;
use crate::parse::codes;
use crate::parse::openapi::version::Version;

pub(super) fn check(look: &mut Look<'_, '_>) {
    let Some(kind) = look.get("type").and_then(NodeRef::as_str) else { return };
    let (keys, needed): (&[&str], Option<&str>) = match kind {
        "apiKey" => (&["name", "in"], None),
        "http" => (&["scheme", "bearerFormat"], None),
        "oauth2" => (&["flows", "oauth2MetadataUrl"], Some("flows")),
        "openIdConnect" => (&["openIdConnectUrl"], Some("openIdConnectUrl")),
        "mutualTLS" => (&[], None),
        _ => return,
    };
    if kind == "mutualTLS" && look.version == Version::V3_0 {
        let Some(kind) = look.get("type") else { return };
        look.push(&codes::OTHER_VERSION, kind, "`mutualTLS` is a type from 3.1 on", "say `openapi: 3.1.0`");
    }
    if let Some(needed) = needed.filter(|needed| look.get(needed).is_none()) {
        look.slip(look.node, format!("a security scheme `{kind}` has no `{needed}`"), "OpenAPI demands it");
    }
    let of_types = ["name", "in", "scheme", "bearerFormat", "flows", "oauth2MetadataUrl", "openIdConnectUrl"];
    for name in of_types.into_iter().filter(|name| !keys.contains(name)) {
        if let Some((key, _)) = look.node.entry(name) {
            let message = format!("`{name}` says nothing about a security scheme `{kind}`");
            look.push(&codes::OPENAPI_KEY_UNKNOWN, key, message, "remove it, or correct `type`");
        }
    }
    let basic =
        look.get("scheme").and_then(NodeRef::as_str).filter(|scheme| !scheme.eq_ignore_ascii_case("bearer"));
    if let (Some(scheme), Some((key, _))) = (basic, look.node.entry("bearerFormat")) {
        let message = format!("`bearerFormat` says nothing about `scheme: {scheme}`");
        look.push(&codes::OPENAPI_KEY_UNKNOWN, key, message, "it goes with `scheme: bearer`");
    }
}
