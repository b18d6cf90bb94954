//! The twelve steps of a request, pure.
#![forbid(unsafe_code)]

mod answer;
mod context;
mod credential;
mod exchange;
mod fault;
#[cfg(test)]
mod fixture;
mod head;
mod outbound;
mod pipeline;
mod relay;
mod steps;
mod text;
mod trace;
mod world;

pub use answer::Answer;
pub use context::{Context, HeadWriter, Start};
pub use exchange::{Arrival, Exchange, RequestId, UrlScheme};
pub use fault::{Fault, Whose};
pub use head::{Framing, Head, Line, ResponseHead, Version};
pub use outbound::Outbound;
pub use pipeline::{UpstreamAnswer, Verdict, decide_request, decide_response};
pub use relay::{Ending, Finished, How, Relay, Reply};
pub use steps::log::{FIELDS, FieldKind, LogField, LogLine, VERSION};
pub use steps::receive::{MAX_HEAD_BYTES, MAX_LINES, MAX_TARGET_BYTES};
pub use trace::{Event, Finding, StepVerdict};
pub use world::{Attempt, BodyPlan, EndpointId, Now, World};
