//! `gw inspect`: what is in an artifact.

pub(crate) mod bounds;
mod policies;
mod routes;
mod summary;

use std::path::PathBuf;

use clap::Args;
use gw_artifact::model::Node;
use serde_json::{Map, Value, json};

use crate::args::Format;
use crate::artifact_file::{ArtifactFile, open};
use crate::exit_code::Exit;
use crate::failure::Ending;
use crate::out::Out;

/// Show what is in an artifact.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[command(after_help = "Examples:
  gw inspect api.gwa                   summary, and what its bindings must give
  gw inspect api.gwa --routes          what is published, and where it goes
  gw inspect api.gwa --policies        each operation's policy and the layer it comes from
  gw inspect api.gwa --bounds --threads 8   what a gateway can hold, and a request can cost
  gw inspect api.gwa --json | jq .routes")]
pub(crate) struct InspectArgs {
    /// The artifact.
    artifact: PathBuf,
    /// Hosts, methods, paths and upstreams.
    #[arg(long)]
    routes: bool,
    /// The effective policy of each operation: value, winning layer, line, layers that lost.
    #[arg(long)]
    policies: bool,
    /// The listeners, upstreams and endpoints that bindings give.
    #[arg(long)]
    inputs: bool,
    /// The compiler and the digest of every source file.
    #[arg(long)]
    provenance: bool,
    /// The most that a gateway holds and that a request costs, and how that comes about.
    #[arg(long)]
    bounds: bool,
    /// With --bounds: the threads of the node that is reckoned with.
    #[arg(long, value_name = "N", requires = "bounds", value_parser = clap::value_parser!(u32).range(1..=1024))]
    threads: Option<u32>,
    /// With --bounds: the endpoints of all upstreams together, over those that the artifact names.
    #[arg(long, value_name = "N", requires = "bounds", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    endpoints: Option<u32>,
    /// Short for `--format json`; all parts unless some are named.
    #[arg(long)]
    json: bool,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// One part of the result.
#[derive(Clone, Copy, Debug)]
struct Part {
    name: &'static str,
    wanted: bool,
    json: fn(&ArtifactFile, Node) -> Value,
    human: fn(&ArtifactFile, Node) -> String,
}

/// Prints the parts that are asked for.
pub(crate) fn run(args: &InspectArgs, out: &mut Out) -> Ending {
    let file = open(&args.artifact)?;
    if args.json || args.format == Format::Json {
        out.result(format_args!("{:#}", document(args, &file)));
    } else {
        let parts = parts(args);
        let asked = parts.iter().any(|part| part.wanted);
        if !asked {
            out.result(summary::human(&file).trim_end());
        }
        for part in parts.iter().filter(|part| part.wanted) {
            out.result((part.human)(&file, node(args, &file)).trim_end());
        }
    }
    Ok(Exit::Clean)
}

/// The node that bounds are reckoned for.
fn node(args: &InspectArgs, file: &ArtifactFile) -> Node {
    let least = Node::least(&file.loaded.artifact);
    Node {
        threads: args.threads.unwrap_or(least.threads),
        endpoints: args.endpoints.unwrap_or(least.endpoints),
    }
}

fn parts(args: &InspectArgs) -> [Part; 5] {
    [
        Part {
            name: "routes",
            wanted: args.routes,
            json: |file, _| routes::json(file),
            human: |file, _| routes::human(file),
        },
        Part {
            name: "policies",
            wanted: args.policies,
            json: |file, _| policies::json(file),
            human: |file, _| policies::human(file),
        },
        Part {
            name: "inputs",
            wanted: args.inputs,
            json: |file, _| summary::inputs_json(file),
            human: |file, _| summary::inputs_human(file),
        },
        Part {
            name: "provenance",
            wanted: args.provenance,
            json: |file, _| summary::provenance_json(file),
            human: |file, _| summary::provenance_human(file),
        },
        Part { name: "bounds", wanted: args.bounds, json: bounds::json, human: bounds::human },
    ]
}

fn document(args: &InspectArgs, file: &ArtifactFile) -> Value {
    let parts = parts(args);
    let all = !parts.iter().any(|part| part.wanted);
    let mut document = Map::new();
    document.insert("format_version".into(), json!(1));
    document.insert("command".into(), json!("inspect"));
    document.insert("artifact".into(), summary::json(file));
    for part in parts.iter().filter(|part| all || part.wanted) {
        document.insert(part.name.into(), (part.json)(file, node(args, file)));
    }
    Value::Object(document)
}
