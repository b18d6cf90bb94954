//! What `serve --dev` and `demo` put behind the gateway on one machine: services that answer from a document's
//! examples, and a look at files that change. Nothing of it is in the runtime.

mod answers;
mod hyper_io;
mod relay;
mod stand_in;
mod watch;

pub(crate) use answers::Answers;
pub(crate) use relay::Endpoints;
pub(crate) use stand_in::{Behind, StandIn};
pub(crate) use watch::{Recorded, Watch};
