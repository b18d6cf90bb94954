//! Thin views over the span tree of a document, for OpenAPI 3.0, 3.1 and 3.2.

pub mod dialect;
pub mod document;
pub mod grammar;
pub mod operation;
pub mod path_item;
pub mod security;
pub mod server;
pub mod structure;
pub mod template;
pub mod version;
pub mod walk;
