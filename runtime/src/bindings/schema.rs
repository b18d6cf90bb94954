//! The JSON Schema of the bindings file, for editors and for `gw schema bindings`.

use serde_json::{Value, json};

/// The schema (draft 2020-12). It knows the keys that are not enforced yet, and says so in their descriptions.
pub fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:gw:schema:bindings",
        "title": "gw bindings",
        "description": "A node's half of the configuration (TOML): addresses, endpoints, sinks. Never policy.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "listen": {
                "description": "The address of each listener that the artifact names; `public` is 127.0.0.1:8080 \
                                unless said.",
                "type": "object",
                "additionalProperties": { "$ref": "#/$defs/listen" },
            },
            "health": {
                "description": "Where liveness, readiness and metrics are asked, apart from admin.",
                "$ref": "#/$defs/socketAddress",
            },
            "admin": {
                "description": "Where the gateway is asked: an address or `unix:/path`; 127.0.0.1:9901 unless said.",
                "anyOf": [
                    { "$ref": "#/$defs/socketAddress" },
                    { "$ref": "#/$defs/unixSocket" },
                ],
            },
            "upstreams": {
                "description": "Endpoints by upstream; they replace those of the artifact.",
                "type": "object",
                "additionalProperties": {
                    "type": "array",
                    "minItems": 1,
                    "items": { "$ref": "#/$defs/endpoint" },
                },
            },
            "upstream-tls": {
                "description": "What TLS to each upstream needs that is reached over it; files are read again when they change.",
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": false,
                    "dependentRequired": { "cert": ["key"], "key": ["cert"] },
                    "properties": {
                        "ca": { "description": "PEM: the authorities whose certificates of endpoints are good.", "$ref": "#/$defs/path" },
                        "cert": { "description": "PEM: the certificate that the gateway shows, then those that lead to its authority.", "$ref": "#/$defs/path" },
                        "key": { "description": "PEM: its private key, not encrypted.", "$ref": "#/$defs/path" },
                    },
                },
            },
            "logs": {
                "description": "Where access-log lines go; stdout unless said, nowhere when empty.",
                "type": "array",
                "maxItems": 1,
                "items": { "$ref": "#/$defs/log" },
            },
            "tls": {
                "description": "Certificates of each listener that speaks TLS; files are read again when they change.",
                "type": "object",
                "additionalProperties": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "type": "object",
                        "additionalProperties": false,
                        "required": ["cert", "key"],
                        "properties": {
                            "cert": { "description": "PEM: the certificate, then those that lead to its authority.", "$ref": "#/$defs/path" },
                            "key": { "description": "PEM: its private key, not encrypted.", "$ref": "#/$defs/path" },
                        },
                    },
                },
            },
            "client-certs": {
                "description": "Whose client certificates are good, for each listener that asks for them.",
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["ca"],
                    "properties": {
                        "ca": { "description": "PEM: the authorities.", "$ref": "#/$defs/path" },
                        "crl": { "description": "PEM: what they revoked; it must not have run out.", "$ref": "#/$defs/path" },
                    },
                },
            },
            "keys": {
                "description": "The file of each set of API keys (`gw key`); read again when it changes.",
                "type": "object",
                "additionalProperties": { "$ref": "#/$defs/path" },
            },
            "secrets": { "description": "Where secrets come from. Not enforced yet: refused." },
            "stores": { "description": "Where stores are reached. Not enforced yet: refused." },
        },
        "$defs": {
            "path": { "type": "string", "minLength": 1 },
            "socketAddress": { "type": "string", "pattern": "^([0-9.]+|\\[[0-9a-fA-F:.]+\\]):[0-9]{1,5}$" },
            "unixSocket": { "type": "string", "pattern": "^unix:/." },
            "listenAddress": {
                "anyOf": [
                    { "$ref": "#/$defs/socketAddress" },
                    { "$ref": "#/$defs/unixSocket" },
                    { "description": "Sockets that the service manager passes.", "type": "string", "pattern": "^systemd:[ -9;-~]{1,255}$" },
                ],
            },
            "listen": {
                "anyOf": [
                    { "$ref": "#/$defs/listenAddress" },
                    {
                        "type": "object",
                        "additionalProperties": false,
                        "required": ["address"],
                        "properties": {
                            "address": { "$ref": "#/$defs/listenAddress" },
                            "mode": { "description": "Of a Unix socket's file; what the umask leaves unless said.", "type": "string", "pattern": "^0?[0-7]{3}$" },
                        },
                    },
                ],
            },
            "endpointUrl": { "type": "string", "pattern": "^https?://[^/?#@]+/?$" },
            "endpoint": {
                "anyOf": [
                    { "$ref": "#/$defs/endpointUrl" },
                    {
                        "type": "object",
                        "additionalProperties": false,
                        "required": ["address"],
                        "properties": {
                            "address": { "$ref": "#/$defs/endpointUrl" },
                            "weight": { "description": "Not enforced yet: refused." },
                            "zone": { "description": "Not enforced yet: refused." },
                            "priority": { "description": "Not enforced yet: refused." },
                        },
                    },
                ],
            },
            "log": {
                "oneOf": [
                    {
                        "type": "object",
                        "additionalProperties": false,
                        "required": ["kind"],
                        "properties": { "kind": { "const": "stdout" } },
                    },
                    {
                        "type": "object",
                        "additionalProperties": false,
                        "required": ["kind", "path"],
                        "properties": {
                            "kind": { "const": "file" },
                            "path": { "description": "SIGHUP opens it again.", "type": "string", "minLength": 1 },
                        },
                    },
                ],
            },
        },
    })
}
