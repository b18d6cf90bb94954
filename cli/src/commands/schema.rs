//! `gw schema`: the JSON Schema of something that people write or programs read.

use clap::Args;
use gw_syntax::nearest;

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

/// Prints the schema, or the names.
pub(crate) fn run(args: &SchemaArgs, out: &mut Out) -> Ending {
    let Some(name) = &args.name else {
        names().iter().for_each(|name| out.result(name));
        return Ok(Exit::Clean);
    };
    let Some(schema) = schema(name) else { return Err(unknown(name)) };
    out.result(format_args!("{schema:#}"));
    Ok(Exit::Clean)
}
