//! `/status`: what is loaded and how its upstreams are, as JSON.

use gw_artifact::model::UpstreamId;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use super::answer::Text;
use crate::bindings::ListenAddress;
use crate::gateway::Gateway;
use crate::telemetry::Metrics;

/// The version of this document; a field that goes away or changes its meaning raises it.
const FORMAT_VERSION: u32 = 1;

pub(super) fn status(gateway: &Gateway, metrics: &Metrics) -> Response<Text> {
    let digests = &gateway.digests;
    let document = json!({
        "format_version": FORMAT_VERSION,
        "version": env!("CARGO_PKG_VERSION"),
        "project": gateway.artifact.project(),
        "artifact_digest": digests.artifact,
        "policy_digest": digests.policy,
        "bindings_digest": digests.bindings,
        "ready": gateway.is_ready(),
        "uptime_seconds": gateway.born.elapsed().as_secs(),
        "threads": metrics.threads().len(),
        "operations": gateway.artifact.operations().len(),
        "connections": gateway.places.open(),
        "max_connections": gateway.ceilings.room.connections,
        "memory_bound_bytes": gateway.ceilings.room.memory,
        "exchanges": gateway.room.in_hand(),
        "listeners": listeners(gateway),
        "upstreams": upstreams(gateway),
        "keys": gateway.keys.sizes().collect::<serde_json::Map<String, Value>>(),
    });
    super::typed(StatusCode::OK, "application/json", format!("{document:#}\n"))
}

fn listeners(gateway: &Gateway) -> Vec<Value> {
    let open =
        |wanted: &str| gateway.tallies().find(|(name, _)| *name == wanted).map(|(_, tally)| tally.open);
    let one = |(name, address): &(String, ListenAddress)| json!({ "name": name, "address": format!("{address}"), "connections": open(name) });
    gateway.listeners.iter().map(one).collect()
}

fn upstreams(gateway: &Gateway) -> Vec<Value> {
    let now = u64::try_from(gateway.born.elapsed().as_nanos()).unwrap_or(u64::MAX);
    let one = |(at, upstream): (usize, &gw_artifact::model::Upstream)| {
        let state = gateway.room.upstream(UpstreamId(at as u32))?;
        let endpoints = state.addresses().enumerate().map(
            |(at, address)| json!({ "address": address.url(), "in_flight": state.in_flight_at(at as u32) }),
        );
        Some(json!({
            "name": upstream.name,
            "in_flight": state.in_flight(),
            "max_requests": upstream.max_requests,
            "awake": state.awake(now),
            "endpoints": endpoints.collect::<Vec<_>>(),
        }))
    };
    gateway.artifact.upstreams().iter().enumerate().filter_map(one).collect()
}
