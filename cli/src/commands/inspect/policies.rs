//! The effective policy of each operation, and which layer of which file says so.

use std::fmt::Write as _;

use gw_artifact::model::{Layer, OperationSources, PolicySource, SourceMap};
use serde_json::{Value, json};

use super::routes::access;
use crate::artifact_file::ArtifactFile;

pub(super) fn json(file: &ArtifactFile) -> Value {
    let artifact = &file.loaded.artifact;
    let rows = artifact.operations().iter().enumerate().map(|(index, operation)| {
        let sources = file.sources.operations.get(index);
        json!({
            "api": artifact.api_of(operation).name,
            "operation": operation.name,
            "method": operation.method.as_str(),
            "path": operation.template,
            "place": sources.map(|sources| place(&file.sources, sources)),
            "access": access(artifact.access_of(operation)),
            "upstream": artifact.upstream_of(operation).name,
            "timeouts": operation.timeouts,
            "body_max": operation.body_max,
            "policies": sources.map(|sources| layers_json(&file.sources, sources)),
        })
    });
    rows.collect::<Vec<_>>().into()
}

fn layers_json(map: &SourceMap, sources: &OperationSources) -> Value {
    let layer =
        |layer: &Layer| json!({"layer": layer.kind.as_str(), "place": at(map, layer), "value": layer.value});
    let policy = |policy: &PolicySource| json!({"key": policy.key, "layers": policy.layers.iter().map(layer).collect::<Vec<_>>()});
    sources.policies.iter().map(policy).collect::<Vec<_>>().into()
}

pub(super) fn human(file: &ArtifactFile) -> String {
    let artifact = &file.loaded.artifact;
    let mut text = String::new();
    for (index, operation) in artifact.operations().iter().enumerate() {
        let sources = file.sources.operations.get(index);
        let place = sources.map(|sources| place(&file.sources, sources)).unwrap_or_default();
        line(&mut text, format_args!("{} {}  {place}", operation.method, operation.template));
        line(&mut text, format_args!("  access: {}", access(artifact.access_of(operation))));
        for policy in sources.into_iter().flat_map(|sources| &sources.policies) {
            line(&mut text, format_args!("  {}", policy_line(&file.sources, policy)));
        }
    }
    text
}

/// One policy: the value, the layer that won with its line, then the layers that lost.
pub(crate) fn policy_line(map: &SourceMap, policy: &PolicySource) -> String {
    let mut layers = policy.layers.iter();
    let Some(winner) = layers.next() else { return policy.key.clone() };
    let mut text = format!("{}: {}  ({})", policy.key, winner.value, said_by(map, winner));
    for loser in layers {
        write!(text, "; over {} ({})", loser.value, said_by(map, loser)).expect("a String takes all");
    }
    text
}

fn said_by(map: &SourceMap, layer: &Layer) -> String {
    match at(map, layer) {
        Some(place) => format!("{} at {place}", layer.kind.as_str()),
        None => layer.kind.as_str().to_owned(),
    }
}

fn at(map: &SourceMap, layer: &Layer) -> Option<String> {
    layer.place.map(|place| crate::place::shown(map, place))
}

fn place(map: &SourceMap, sources: &OperationSources) -> String {
    crate::place::shown(map, sources.place)
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("a String takes whatever is written to it");
}
