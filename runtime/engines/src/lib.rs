//! State that changes with time; time is an argument.
//!
//! One [`EngineRoom`] per process holds what every thread must agree on: requests in flight, endpoints that rest,
//! whose turn it is. It never sleeps, spawns or reads a clock; whoever asks says what time it is.
#![forbid(unsafe_code)]

mod balancer;
mod room;
mod upstream_state;

pub use room::{EngineRoom, Permit, RoomPass, WrongEndpoints};
