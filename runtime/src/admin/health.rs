//! `/livez`: the process answers. `/readyz`: new traffic is welcome.

use http::{Response, StatusCode};

use super::answer::{Text, plain};
use crate::gateway::Gateway;

pub(super) fn live() -> Response<Text> {
    plain(StatusCode::OK, "live\n")
}

pub(super) fn ready(gateway: &Gateway) -> Response<Text> {
    if gateway.is_ready() {
        plain(StatusCode::OK, "ready\n")
    } else {
        plain(StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
    }
}
