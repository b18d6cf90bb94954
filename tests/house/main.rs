//! The house rules that a machine can keep: who may know whom, what is generated, what may be committed.
#![forbid(unsafe_code)]

mod arrows;
mod codes;
mod committed;
mod generated;
mod graph;
mod layout;
