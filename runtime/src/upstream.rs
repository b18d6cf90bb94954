//! The way to the endpoints: connections, the pool that keeps them, names.

mod connect;
mod connection;
mod gate;
mod pool;
mod secure;

pub(crate) use connect::{Address, connect};
pub(crate) use connection::{SendFault, UpstreamConnection};
pub(crate) use pool::Pool;
pub(crate) use secure::secure;
