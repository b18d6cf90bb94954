//! Reading YAML 1.2 with the core schema, from the events of a parser.

mod anchors;
mod events;
mod findings;
mod reader;
mod scalar;
mod syntax_error;

pub(crate) use reader::read;
