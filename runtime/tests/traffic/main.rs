//! Traffic through a real gateway: the test is the caller and the endpoint at once, on raw sockets.

mod bodies;
mod broken;
mod doors;
mod ending;
mod forwarding;
mod harness;
mod malformed;
mod timeouts;
