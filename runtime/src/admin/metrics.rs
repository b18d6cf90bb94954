//! `/metrics`: the counters, in the OpenMetrics text format.

use std::sync::Arc;

use http::{Response, StatusCode};

use super::answer::Text;
use crate::gateway::Gateway;
use crate::telemetry::{Metrics, expose};

pub(super) fn metrics(gateway: &Arc<Gateway>, metrics: &Arc<Metrics>) -> Response<Text> {
    let media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    super::typed(StatusCode::OK, media_type, expose(gateway, metrics))
}
