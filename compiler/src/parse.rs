//! Parse: `gw.yaml`, OpenAPI and `x-gw-*` have the right shape, and every part knows its place (GW01xx).

mod address_list;
pub mod annotations;
mod beside;
pub mod codes;
pub(crate) mod conform;
pub(crate) mod finding;
pub mod glob;
pub mod guardrails;
mod misled;
pub mod openapi;
pub mod parsed;
pub mod policy_file;
pub mod project;
pub mod selection;
mod stray;
pub(crate) mod survey;

pub use parsed::{Parsed, parse};
