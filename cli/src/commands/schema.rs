//! `gw schema`: the JSON Schema of something that people write or programs read.

use clap::Args;
use gw_compiler::vocabulary::annotations::{ANNOTATIONS, PREFIX};
use gw_syntax::nearest;
use serde_json::Value;

use crate::exit_code::Exit;
use crate::failure::{Ending, Failure};
use crate::out::Out;

/// Print the JSON Schema of a file or a key.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  gw schema                            list the names
  gw schema gw.yaml > gw.schema.json
  gw schema x-gw-timeout")]
pub(crate) struct SchemaArgs {
    /// A name of the list; without one, the list.
    name: Option<String>,
}

/// Makes a schema.
type Make = fn() -> Value;

/// Schemas that come from elsewhere than the key table.
const OTHERS: &[(&str, Make)] = &[
    ("bindings", gw_runtime::bindings::schema),
    ("suite", gw_replay::suite_schema),
    ("log", gw_replay::log_line_schema),
];

/// Prints the schema, or the names.
pub(crate) fn run(args: &SchemaArgs, out: &mut Out) -> Ending {
    match &args.name {
        Some(name) => out.result(format_args!("{:#}", schema(name).ok_or_else(|| unknown(name))?)),
        None => out.result(names().join("\n")),
    }
    Ok(Exit::Clean)
}

fn schema(name: &str) -> Option<Value> {
    let other = OTHERS.iter().find(|(other, _)| *other == name);
    other.map(|(_, schema)| schema()).or_else(|| gw_compiler::schema(name))
}

fn names() -> Vec<String> {
    let files = gw_compiler::SCHEMAS.iter().copied().chain(OTHERS.iter().map(|(name, _)| *name));
    let keys = ANNOTATIONS.iter().map(|key| format!("{PREFIX}{}", key.name));
    files.map(str::to_owned).chain(keys).collect()
}

fn unknown(name: &str) -> Failure {
    let names = names();
    let failure = Failure::usage(format_args!("there is no schema `{name}`"));
    match nearest(name, names.iter().map(String::as_str)) {
        Some(near) => failure.with_help(format_args!("did you mean `{near}`?")),
        None => failure.with_help("`gw schema` lists the names"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_the_list_has_a_schema() {
        for name in names() {
            assert!(schema(&name).is_some_and(|schema| schema.is_object()), "{name}");
        }
    }
}
