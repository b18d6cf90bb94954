//! Traffic through a real gateway: the test is the caller and the endpoint at once, on raw sockets.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails where it stands")]

mod bodies;
mod broken;
mod ceilings;
mod doors;
mod ending;
mod forwarding;
mod harness;
mod malformed;
mod timeouts;
mod unix;
