//! Loads an artifact and serves traffic: sockets, threads and time around `gw-decision`.
//!
//! [`serve`] takes [`ServeOptions`] and gives a [`Running`] gateway; the lean binary and `gw serve` are thin around it.
//!
//! ```
//! use gw_runtime::options::{Command, parse};
//!
//! let line = ["api.gwa", "--listen", "127.0.0.1:0", "--set", "upstreams.orders=http://127.0.0.1:9001"];
//! let Command::Serve(options) = parse(line.map(str::to_owned))? else { unreachable!() };
//! assert_eq!(options.set[0].upstream, "orders");
//! # Ok::<(), gw_runtime::ServeFault>(())
//! ```
//!
//! # How a request passes
//!
//! `listener/accept` → `listener/greeting` (the header of the PROXY protocol and TLS, where they are spoken) → `listener/http` (hyper's half towards the caller) → `exchange` (decides by `gw-decision`) →
//! `upstream` (hyper's half towards the endpoint, kept in the thread's pool) → `exchange/relay_body` → `telemetry`.
//!
//! # Invariants
//!
//! - One task per caller's connection polls both halves; nothing of a request crosses threads but the engine room's
//!   counters and the access log's batches.
//! - `exchange` decides nothing: an `if` about policy belongs to a step of `gw-decision`.
//! - Every exchange is finished once, in every ending, by the drop of its flight: permit, log line, counters.
//! - A response that breaks off is cut, never completed.
//! - No input panics. A panic that is our bug ends one connection, with 500 where no head was sent yet; what the gateway
//!   cannot go on without ends the gateway, with an exit code that says so (`vital`).
//! - No timer per request: one wheel per thread, and one alarm per connection.
#![forbid(unsafe_code)]

#[cfg(test)]
extern crate self as gw_runtime;
#[cfg(test)]
#[expect(dead_code, reason = "the tests of traffic use all of it")]
#[path = "../tests/traffic/harness.rs"]
mod harness;

mod admin;
mod ahead;
pub mod bindings;
mod clock;
mod conversation;
mod exchange;
mod fault;
mod gateway;
pub mod keys;
mod limits;
mod listener;
mod live_world;
pub mod options;
#[cfg(test)]
mod panics;
mod places;
pub mod proxy_protocol;
mod random;
mod seldom;
mod serve;
mod shortage;
mod shutdown;
mod socket;
mod stream;
mod telemetry;
mod thread;
mod tls;
mod transport;
mod tripwire;
mod turn;
mod upstream;
mod vital;
mod wheel;
mod worker;

pub use fault::ServeFault;
pub use limits::{Room, Shortage};
pub use options::ServeOptions;
pub use serve::{Listening, Running, Signals, serve};

/// Whether the current thread is one of a gateway's: its panics are told by [`tell_panic`], and end no process by
/// themselves.
pub fn is_gateway_thread() -> bool {
    std::thread::current().name().is_some_and(|name| name.starts_with(THREADS))
}

/// Says where code of ours failed, on stderr; for a hook of panics.
pub fn tell_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map_or_else(String::new, |place| format!(" at {place}"));
    let words = panic.payload_as_str().unwrap_or("no words").replace('\n', " ");
    let thread = std::thread::current();
    let thread = thread.name().unwrap_or("unnamed");
    complain(&format!("a bug in gw, please report it: a panic{place} in thread `{thread}`: {words}"));
}

/// What the names of a gateway's threads begin with.
const THREADS: &str = "gw-";

/// Tells people something, on stderr. That nobody reads it is no reason to end.
pub(crate) fn complain(message: &str) {
    use std::io::Write;
    drop(writeln!(std::io::stderr(), "gw: {message}"));
}
