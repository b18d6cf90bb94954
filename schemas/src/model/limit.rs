//! How long a request's phases may take.

use serde::{Deserialize, Serialize};

use super::Millis;

/// The deadline of each phase of one operation. Every phase has one: nothing waits for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timeouts {
    /// From the attempt to open an upstream connection until it stands; then 502 `upstream-connect`.
    pub connect: Millis,
    /// From the end of the request's head until the end of its body; then 408 `request-timeout`.
    pub request_body: Millis,
    /// From the end of the request sent upstream until the head of the response; then 504 `upstream-timeout`.
    pub response_head: Millis,
    /// From the end of the request's head until the last byte of the response; then 504, or a cut response.
    pub total: Millis,
    /// Between two pieces of a response body; then a cut response.
    pub idle: Millis,
}

impl Timeouts {
    /// What holds where nothing is declared.
    pub const DEFAULT: Self = Self {
        connect: Millis(2_000),
        request_body: Millis(30_000),
        response_head: Millis(15_000),
        total: Millis(60_000),
        idle: Millis(30_000),
    };
}
