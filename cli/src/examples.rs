//! What comes with gw, so that it has something to show.

/// The bare minimum: one document with a public and two delegated operations.
pub(crate) const PETSTORE: &str = include_str!("../../examples/petstore/openapi.yaml");
