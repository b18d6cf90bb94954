//! Loads an artifact and serves traffic.
#![forbid(unsafe_code)]

mod admin;
pub mod bindings;
mod clock;
mod conversation;
mod exchange;
mod fault;
mod gateway;
mod limits;
mod listener;
mod live_world;
pub mod options;
mod random;
mod serve;
mod shutdown;
mod socket;
mod telemetry;
mod thread;
mod turn;
mod upstream;
mod wheel;
mod worker;

pub use fault::ServeFault;
pub use options::ServeOptions;
pub use serve::{Running, Signals, serve};

/// Tells people something, on stderr. That nobody reads it is no reason to end.
pub(crate) fn complain(message: &str) {
    use std::io::Write;
    drop(writeln!(std::io::stderr(), "gw: {message}"));
}
