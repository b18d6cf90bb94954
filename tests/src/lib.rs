//! What needs more than one crate: verbs, conformance in two worlds, the house rules.
#![forbid(unsafe_code)]
