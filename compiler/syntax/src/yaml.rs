//! Reading YAML 1.2 with the core schema, from the events of a parser.

mod anchors;
mod events;
mod reader;
mod scalar;

pub(crate) use reader::read;
