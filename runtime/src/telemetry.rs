//! What is told about traffic: access-log lines and counters. Neither ever blocks a thread of traffic.

mod access_log;
mod exposition;
mod histogram;
mod metrics;
mod turned_away;

use gw_decision::{Context, Finished, LogLine};

pub(crate) use access_log::{LogBuffer, LogReopener, LogWriter, Sink, open};
pub(crate) use exposition::expose;
pub(crate) use metrics::{Metrics, ThreadMetrics};
pub(crate) use turned_away::TurnedAway;

use crate::tripwire::trip;
use crate::worker::Worker;

/// An exchange is over: counts it and writes its line.
pub(crate) fn finished(worker: &Worker, context: Context<'_>, finished: &Finished) {
    let Worker { gateway, metrics, log, .. } = worker;
    metrics.finished(context.exchange, finished);
    trip("log", context.head.target);
    let operation = context.exchange.operation(context.artifact);
    let endpoint =
        operation.zip(finished.endpoint).map_or("", |(operation, id)| gateway.authority(operation, id));
    if log.is_empty() {
        worker.untidy();
    }
    let (artifact_digest, policy_digest) = (&*gateway.digests.artifact, &*gateway.digests.policy);
    let line = LogLine { context, finished, artifact_digest, policy_digest, endpoint };
    log.write(metrics, |out| line.write(out));
}
