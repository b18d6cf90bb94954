//! The artifact as a whole: digests, sizes, what it was made from, what a node must bring.

use std::fmt::Write as _;

use gw_artifact::Artifact;
use gw_artifact::model::{Listener, ListenerCeilings, UpstreamTls, Verification};
use serde_json::{Value, json};

use crate::artifact_file::ArtifactFile;
use crate::project::counted;

pub(super) fn json(file: &ArtifactFile) -> Value {
    let manifest = &file.loaded.manifest;
    json!({
        "project": manifest.project,
        "format_version": manifest.format_version,
        "artifact_digest": file.loaded.artifact_digest,
        "policy_digest": file.loaded.policy_digest,
        "bytes": file.size,
        "operations": manifest.operations,
        "ceilings": ceilings_json(&file.loaded.artifact),
        "apis": manifest.apis,
    })
}

/// Connections at once: of the gateway, of each listener, and of one client at it.
fn ceilings_json(artifact: &Artifact) -> Value {
    let connections = artifact.tables().capacity.connections;
    let of = |listener: &Listener| {
        let ListenerCeilings { connections: own, per_address } = listener.ceilings;
        json!({ "name": listener.name, "connections": own.unwrap_or(connections), "per_address": per_address })
    };
    let listeners: Vec<Value> = artifact.listeners().iter().map(of).collect();
    json!({ "connections": connections, "listeners": listeners })
}

pub(super) fn human(file: &ArtifactFile) -> String {
    let manifest = &file.loaded.manifest;
    let mut text = format!(
        "project   {}\nartifact  {}\npolicy    {}\nsize      {} bytes, format {}\ncompiler  gw {}\n",
        manifest.project,
        file.loaded.artifact_digest,
        file.loaded.policy_digest,
        file.size,
        manifest.format_version,
        manifest.provenance.compiler(),
    );
    let artifact = &file.loaded.artifact;
    line(&mut text, format_args!("ceiling   {} connections", artifact.tables().capacity.connections));
    for listener in artifact.listeners() {
        let ListenerCeilings { connections, per_address } = listener.ceilings;
        let most = [(connections, ""), (per_address, " of one address")];
        let most = most.into_iter().filter_map(|(most, of)| Some(format!("{} connections{of}", most?)));
        let most: Vec<String> = most.collect();
        if !most.is_empty() {
            line(&mut text, format_args!("ceiling   {}: {}", listener.name, most.join(", ")));
        }
    }
    for api in &manifest.apis {
        let version = if api.version.is_empty() { String::new() } else { format!(" {}", api.version) };
        let owner = if api.owner.is_empty() { String::new() } else { format!(", owned by {}", api.owner) };
        line(
            &mut text,
            format_args!("api       {}{version}: {}{owner}", api.name, counted(api.operations, "operation")),
        );
    }
    text + &inputs_human(file)
}

pub(super) fn inputs_json(file: &ArtifactFile) -> Value {
    json!(file.loaded.manifest.bindings)
}

pub(super) fn inputs_human(file: &ArtifactFile) -> String {
    let needed = &file.loaded.manifest.bindings;
    let mut text = String::new();
    for listener in &needed.listeners {
        let name = &listener.name;
        let given = [
            Some(format!("address (`listen.{name}`)")),
            listener.certificates.then(|| format!("certificates (`tls.{name}`)")),
            listener.client_certs.then(|| format!("authorities of clients (`client-certs.{name}`)")),
        ];
        let given: Vec<String> = given.into_iter().flatten().collect();
        let proxied = if listener.proxy_protocol {
            "; connections begin with a header of the PROXY protocol"
        } else {
            ""
        };
        let given = given.join(", ");
        line(&mut text, format_args!("listener  {name}: the bindings give its {given}{proxied}"));
    }
    for upstream in &needed.upstreams {
        let name = &upstream.name;
        let endpoints = upstream.default_endpoints.join(", ");
        if let Some(tls) = tls_of(file, name) {
            let given = [
                upstream.authorities.then(|| format!("authorities (`upstream-tls.{name}.ca`)")),
                upstream.certificate.then(|| format!("a certificate (`upstream-tls.{name}.cert` and `key`)")),
            ];
            let given: Vec<String> = given.into_iter().flatten().collect();
            let files = if given.is_empty() {
                String::new()
            } else {
                format!("; the bindings give {}", given.join(", "))
            };
            line(&mut text, format_args!("upstream  {name}: {}{files}", secured(tls)));
        }
        if endpoints.is_empty() {
            line(
                &mut text,
                format_args!("upstream  {name}: the bindings give its endpoints (`upstreams.{name}`)"),
            );
        } else {
            line(&mut text, format_args!("upstream  {name}: {endpoints}, unless the bindings give others"));
        }
    }
    text
}

fn tls_of<'f>(file: &'f ArtifactFile, name: &str) -> Option<&'f UpstreamTls> {
    let upstreams = file.loaded.artifact.upstreams();
    upstreams.iter().find(|upstream| upstream.name == name)?.tls.as_ref()
}

fn secured(tls: &UpstreamTls) -> String {
    let version = tls.min.as_str();
    match (tls.verification, &tls.server_name) {
        (Verification::None, _) => {
            format!("TLS {version} or newer, NOT VERIFIED: whoever answers is believed")
        }
        (Verification::Full, Some(name)) => format!("TLS {version} or newer, verified as `{name}`"),
        (Verification::Full, None) => {
            format!("TLS {version} or newer, verified as the host of each endpoint")
        }
    }
}

pub(super) fn provenance_json(file: &ArtifactFile) -> Value {
    json!(file.loaded.manifest.provenance)
}

pub(super) fn provenance_human(file: &ArtifactFile) -> String {
    let provenance = &file.loaded.manifest.provenance;
    let mut text = format!("compiler  gw {}\n", provenance.compiler());
    for input in provenance.inputs() {
        line(&mut text, format_args!("{}  {}", input.digest, input.path));
    }
    text
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("a String takes whatever is written to it");
}
