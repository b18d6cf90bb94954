//! State that changes with time; time is an argument.
//!
//! One [`EngineRoom`] per process holds what every thread must agree on: exchanges in hand, requests in flight,
//! endpoints that rest, whose turn it is. It never sleeps, spawns, locks or reads a clock: whoever asks says what
//! time it is and brings the random bits, so that the live world and the simulated one cannot diverge.
//!
//! ```
//! use gw_artifact::model::Balance;
//! use gw_engines::UpstreamState;
//! use std::sync::Arc;
//!
//! let endpoints = ["http://10.0.0.1:80".parse()?, "http://10.0.0.2:80".parse()?];
//! let orders = Arc::new(UpstreamState::new(Balance::RoundRobin, 1, endpoints.into()));
//!
//! let mut permit = orders.permit().expect("nothing is in flight");
//! assert!(orders.permit().is_none(), "one request at a time");
//!
//! let (now, random) = (1_000_000_000, 7);
//! assert_eq!(permit.place(now, random), Some(0));
//! permit.connect_failed(now);
//! drop(permit);
//!
//! let mut retry = orders.permit().expect("the permit came back");
//! assert_eq!(retry.place(now, random), Some(1), "the first endpoint rests");
//! # Ok::<(), gw_artifact::model::EndpointDefect>(())
//! ```
//!
//! # Invariants
//!
//! - In flight is never above `limits.requests`, and exchanges in hand never above the room's own limit: exact,
//!   by compare-and-swap, whatever the number of threads.
//! - What was taken is given back when its guard is dropped, in every ending.
//! - An endpoint that rests is not chosen before its time is over.
#![forbid(unsafe_code)]

mod balancer;
mod counter;
mod endpoint_state;
mod room;
mod upstream_state;

pub use endpoint_state::REST_NANOS;
pub use room::{EngineRoom, RoomPass, WrongEndpoints};
pub use upstream_state::{Permit, UpstreamState};
