//! The official schemas of OpenAPI documents as an oracle: what they refuse, gw has a finding about.
//!
//! gw knows more rules than they do (they are prose in the specification), so what gw tells and they accept is no
//! contradiction. What they refuse and gw passes over is one, unless it is listed with its reason.
#![forbid(unsafe_code)]

mod accepted;
mod documents;
mod mutants;
mod schemas;
mod verdict;
