//! The most that a gateway holds and that a request costs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use gw_artifact::bounds::{OperationBound, of_operations};
use gw_artifact::model::{Bounds, Bytes, MemoryRow, Node, WorkRow};
use serde_json::{Value, json};

use crate::artifact_file::ArtifactFile;
use crate::project::counted;
use crate::table::Table;

/// One line: `at most 16.5 GiB with 10000 connections, 1 thread and 1 endpoint`.
pub(crate) fn in_short(bounds: &Bounds, node: Node) -> String {
    format!(
        "at most {} with {}, {} and {}",
        bounds.total(node).rounded(),
        counted(bounds.connections as usize, "connection"),
        counted(node.threads as usize, "thread"),
        counted(node.endpoints as usize, "endpoint"),
    )
}

pub(super) fn json(file: &ArtifactFile, node: Node) -> Value {
    let bounds = &file.loaded.manifest.bounds;
    json!({
        "connections": bounds.connections,
        "requests": bounds.requests,
        "max_memory_bytes": bounds.max_memory,
        "node": {"threads": node.threads, "endpoints": node.endpoints},
        "total_bytes": bounds.total(node),
        "allocator_slack_bytes": slack(bounds, node),
        "memory": bounds.memory.iter().map(|row| memory_json(row, node)).collect::<Vec<_>>(),
        "work": bounds.work,
        "operations": operations_json(file),
    })
}

fn memory_json(row: &MemoryRow, node: Node) -> Value {
    json!({
        "name": row.name,
        "per": row.per,
        "count": row.count,
        "each_bytes": row.each,
        "total_bytes": row.total(node),
    })
}

fn operations_json(file: &ArtifactFile) -> Vec<Value> {
    let artifact = &file.loaded.artifact;
    let row = |(operation, bound): (&gw_artifact::model::Operation, OperationBound)| {
        json!({
            "api": artifact.api_of(operation).name,
            "operation": operation.name,
            "requests": bound.requests,
            "memory_bytes": bound.memory,
            "body_max_bytes": bound.body_max,
            "trie_nodes": bound.nodes,
            "credentials": bound.credentials,
        })
    };
    artifact.operations().iter().zip(of_operations(artifact)).map(row).collect()
}

pub(super) fn human(file: &ArtifactFile, node: Node) -> String {
    let bounds = &file.loaded.manifest.bounds;
    let mut text = format!("memory    {}\n", in_short(bounds, node));
    if let Some(max) = bounds.max_memory {
        line(&mut text, format_args!("allowed   {max} (`max-memory`); {}", room(bounds, max, node)));
    }
    format!("{text}\n{}\n{}\n{}", memory(bounds, node), work(&bounds.work), operations(file))
}

/// What a node does about `max-memory`.
fn room(bounds: &Bounds, max: Bytes, node: Node) -> String {
    match bounds.connections_within(max, node) {
        Some(connections) if connections == bounds.connections => {
            "such a node opens all connections".to_owned()
        }
        Some(connections) => format!("such a node opens {}", counted(connections as usize, "connection")),
        None => "such a node does not start".to_owned(),
    }
}

fn memory(bounds: &Bounds, node: Node) -> String {
    let mut table = Table::new(["holds", "at most", "how many", "of", "times"]);
    for row in &bounds.memory {
        table.push([
            row.name.clone(),
            row.total(node).rounded(),
            row.count.to_string(),
            row.each.rounded(),
            row.per.variables().to_owned(),
        ]);
    }
    let share = format!("1/{}", Bounds::SLACK);
    table.push([
        "the allocator's slack".into(),
        slack(bounds, node).rounded(),
        share,
        String::new(),
        String::new(),
    ]);
    table.to_string()
}

/// What the allocator may need on top of the rows.
fn slack(bounds: &Bounds, node: Node) -> Bytes {
    let rows: u64 = bounds.memory.iter().map(|row| row.total(node).0).sum();
    Bytes(bounds.total(node).0 - rows)
}

fn work(rows: &[WorkRow]) -> String {
    let mut table = Table::new(["one request costs", "at most"]);
    for row in rows {
        table.push([row.name.clone(), row.most.to_string()]);
    }
    table.to_string()
}

/// Operations with equal figures share a row; the most in flight, then the most nodes first.
fn operations(file: &ArtifactFile) -> String {
    let artifact = &file.loaded.artifact;
    let mut groups: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for (operation, bound) in artifact.operations().iter().zip(of_operations(artifact)) {
        let OperationBound { requests, memory, body_max, nodes, credentials } = bound;
        let key = std::cmp::Reverse((requests, memory, body_max, nodes, credentials));
        groups.entry(key).or_default().push(&operation.name);
    }
    let mut table = Table::new(["in flight", "memory", "body", "trie nodes", "credentials", "operations"]);
    for (std::cmp::Reverse((requests, memory, body_max, nodes, credentials)), names) in groups {
        table.push([
            requests.to_string(),
            memory.rounded(),
            body_max.to_string(),
            nodes.to_string(),
            credentials.to_string(),
            listed(&names),
        ]);
    }
    table.to_string()
}

/// The first names, and how many more there are.
fn listed(names: &[&str]) -> String {
    const TOLD: usize = 3;
    let told = names[..names.len().min(TOLD)].join(", ");
    match names.len().saturating_sub(TOLD) {
        0 => told,
        more => format!("{told} and {more} more"),
    }
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("a String takes whatever is written to it");
}
