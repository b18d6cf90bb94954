//! The counters as text (OpenMetrics), under OpenTelemetry's names. Labels come from the artifact: their number is
//! bounded by its operations and upstreams, never by what strangers send.

use std::fmt;
use std::sync::Arc;

use gw_artifact::model::Operation;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::{Registry, Unit};

use super::Metrics;
use super::histogram::{BOUNDS, Counts};
use crate::gateway::Gateway;
use crate::places::Tally;

/// What a scrape reads.
#[derive(Debug)]
struct Scrape {
    gateway: Arc<Gateway>,
    metrics: Arc<Metrics>,
}

/// Writes all counters.
pub(crate) fn expose(gateway: &Arc<Gateway>, metrics: &Arc<Metrics>) -> String {
    let mut registry = Registry::default();
    let scrape = Scrape { gateway: Arc::clone(gateway), metrics: Arc::clone(metrics) };
    registry.register_collector(Box::new(scrape));
    let mut text = String::new();
    // Writing to a string fails only when a label cannot be written, and ours are all texts.
    match encode(&mut text, &registry) {
        Ok(()) | Err(fmt::Error) => text,
    }
}

impl Collector for Scrape {
    fn encode(&self, mut encoder: DescriptorEncoder) -> fmt::Result {
        self.requests(&mut encoder)?;
        self.upstreams(&mut encoder)?;
        self.denials(&mut encoder)?;
        self.totals(&mut encoder)?;
        self.listeners(&mut encoder)?;
        self.tls(&mut encoder)?;
        self.proxies(&mut encoder)?;
        self.about(&mut encoder)
    }
}

impl Scrape {
    fn requests(&self, encoder: &mut DescriptorEncoder) -> fmt::Result {
        let help = "From the end of a request's head to the end of its answer";
        let name = "http_server_request_duration";
        let mut family =
            encoder.encode_descriptor(name, help, Some(&Unit::Seconds), MetricType::Histogram)?;
        let operations = self.gateway.artifact.operations();
        let known = operations.iter().map(labels).chain([("_OTHER", "")]);
        for (at, (method, route)) in known.enumerate() {
            for (status, counts) in self.metrics.operation(at) {
                let status = status.map_or_else(|| "_OTHER".to_owned(), |status| status.to_string());
                let labels = [
                    ("http_request_method", method),
                    ("http_route", route),
                    ("http_response_status_code", status.as_str()),
                ];
                encode_counts(family.encode_family(&labels)?, &counts)?;
            }
        }
        Ok(())
    }

    fn upstreams(&self, encoder: &mut DescriptorEncoder) -> fmt::Result {
        let help = "From the end of a request's head to the head of its upstream's answer, or to what came in its place";
        let name = "http_client_request_duration";
        let mut family =
            encoder.encode_descriptor(name, help, Some(&Unit::Seconds), MetricType::Histogram)?;
        let upstreams = self.gateway.artifact.upstreams();
        for (at, upstream) in upstreams.iter().enumerate() {
            let labels = [("gw_upstream", upstream.name.as_str())];
            encode_counts(family.encode_family(&labels)?, &self.metrics.upstream(at))?;
        }
        Ok(())
    }

    fn denials(&self, encoder: &mut DescriptorEncoder) -> fmt::Result {
        let help = "Requests to which gw said no";
        let mut family = encoder.encode_descriptor("gw_denials", help, None, MetricType::Counter)?;
        for (reason, count) in self.metrics.denials() {
            let labels = [("step", reason.step().as_str()), ("reason", reason.as_str())];
            ConstCounter::new(count).encode(family.encode_family(&labels)?)?;
        }
        Ok(())
    }

    fn totals(&self, encoder: &mut DescriptorEncoder) -> fmt::Result {
        let totals = self.metrics.totals();
        gauge(encoder, "http_server_active_requests", "Requests in hand", totals.active)?;
        gauge(encoder, "gw_connections", "Callers' connections that are open", totals.connections)?;
        let help = "Times that the system had no socket left; failures within ten seconds are one";
        counter(encoder, "gw_socket_shortages", help, self.gateway.shortages.count())?;
        counter(encoder, "gw_panics", "Failures of gw's own code that ended a connection", totals.panics)?;
        counter(encoder, "gw_connections_accepted", "Callers' connections", totals.accepted)?;
        counter(
            encoder,
            "gw_upstream_connections_opened",
            "Connections made to endpoints",
            totals.connected,
        )?;
        counter(encoder, "gw_upstream_connections_reused", "Requests on kept connections", totals.reused)?;
        gauge(encoder, "gw_upstream_connections_idle", "Kept connections to endpoints", totals.idle)?;
        counter(encoder, "gw_log_dropped", "Log lines that the writer could not take", totals.dropped_lines)
    }

    fn listeners(&self, encoder: &mut DescriptorEncoder) -> fmt::Result {
        let tallies: Vec<(&str, Tally)> = self.gateway.tallies().collect();
        let help = "Callers' connections that are open, by listener";
        let mut open = encoder.encode_descriptor("gw_listener_connections", help, None, MetricType::Gauge)?;
        for (listener, tally) in &tallies {
            let value = i64::try_from(tally.open).unwrap_or(i64::MAX);
            ConstGauge::new(value).encode(open.encode_family(&[("listener", *listener)])?)?;
        }
        let help = "Callers' connections that waited for a place";
        let mut waited =
            encoder.encode_descriptor("gw_connections_waited", help, None, MetricType::Counter)?;
        for (listener, tally) in &tallies {
            for (full, count) in tally.waited {
                let labels = [("listener", *listener), ("reason", full.as_str())];
                ConstCounter::new(count).encode(waited.encode_family(&labels)?)?;
            }
        }
        let help = "Callers' connections that were closed at once";
        let mut refused =
            encoder.encode_descriptor("gw_connections_refused", help, None, MetricType::Counter)?;
        for (listener, tally) in &tallies {
            let labels = [("listener", *listener), ("reason", "address-full")];
            ConstCounter::new(tally.refused).encode(refused.encode_family(&labels)?)?;
        }
        Ok(())
    }

    fn tls(&self, encoder: &mut DescriptorEncoder) -> fmt::Result {
        let totals = self.metrics.totals();
        let (doors, dialers) = (&self.gateway.doors, &self.gateway.dialers);
        if !doors.is_empty() {
            counter(encoder, "gw_tls_handshakes", "TLS handshakes that were done", totals.handshakes)?;
            let help = "TLS handshakes that were refused, broken off or not in time";
            counter(encoder, "gw_tls_handshakes_failed", help, totals.failed_handshakes)?;
        }
        if !dialers.is_empty() {
            let help = "TLS handshakes with endpoints that were done";
            counter(encoder, "gw_upstream_tls_handshakes", help, totals.secured)?;
            let help =
                "TLS handshakes with endpoints that were not trusted, refused, broken off or not in time";
            counter(encoder, "gw_upstream_tls_handshakes_failed", help, totals.unsecured)?;
        }
        let at_doors = doors.iter().flat_map(|(listener, door)| {
            door.expiries().into_iter().map(move |expiry| (("listener", listener), expiry))
        });
        let shown = dialers.iter().filter_map(|(name, dialer)| Some((("upstream", name), dialer.expiry()?)));
        let expiries: Vec<_> = at_doors.chain(shown).collect();
        if expiries.is_empty() {
            return Ok(());
        }
        let help = "When a certificate runs out, in seconds since 1970-01-01T00:00:00Z";
        let mut family = encoder.encode_descriptor(
            "gw_tls_certificate_not_after",
            help,
            Some(&Unit::Seconds),
            MetricType::Gauge,
        )?;
        for (place, expiry) in expiries {
            let labels = [place, ("file", expiry.file.as_str()), ("name", expiry.name.as_str())];
            let seconds = i64::try_from(expiry.not_after).unwrap_or(i64::MAX);
            ConstGauge::new(seconds).encode(family.encode_family(&labels)?)?;
        }
        Ok(())
    }

    fn proxies(&self, encoder: &mut DescriptorEncoder) -> fmt::Result {
        if !self.gateway.hears_proxies() {
            return Ok(());
        }
        let introduced = self.metrics.totals().introduced;
        let name = "gw_proxy_protocol_connections";
        counter(encoder, name, "Connections that began with a header of the PROXY protocol", introduced)?;
        let help = "Connections that were closed because no trusted proxy's header came";
        let name = "gw_proxy_protocol_refused";
        let mut family = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
        for (reason, count) in self.gateway.turned_away.counts() {
            ConstCounter::new(count).encode(family.encode_family(&[("reason", reason.as_str())])?)?;
        }
        Ok(())
    }

    fn about(&self, encoder: &mut DescriptorEncoder) -> fmt::Result {
        let digests = &self.gateway.digests;
        let labels = [
            ("artifact_digest", digests.artifact.as_str()),
            ("policy_digest", digests.policy.as_str()),
            ("bindings_digest", digests.bindings.as_str()),
            ("version", env!("CARGO_PKG_VERSION")),
        ];
        let mut info = encoder.encode_descriptor("gw_build", "What is loaded", None, MetricType::Info)?;
        info.encode_info(&labels)
    }
}

fn labels(operation: &Operation) -> (&str, &str) {
    (operation.method.as_str(), operation.template.as_str())
}

fn encode_counts(mut encoder: MetricEncoder<'_>, counts: &Counts) -> fmt::Result {
    let bounds = BOUNDS.iter().map(|nanos| *nanos as f64 / 1e9).chain([f64::MAX]);
    let buckets: Vec<(f64, u64)> = bounds.zip(counts.buckets).collect();
    let sum = counts.sum_nanos as f64 / 1e9;
    encoder.encode_histogram::<[(&str, &str); 0]>(sum, counts.count(), &buckets, None)
}

fn counter(encoder: &mut DescriptorEncoder, name: &str, help: &str, value: u64) -> fmt::Result {
    ConstCounter::new(value).encode(encoder.encode_descriptor(name, help, None, MetricType::Counter)?)
}

fn gauge(encoder: &mut DescriptorEncoder, name: &str, help: &str, value: u64) -> fmt::Result {
    let value = i64::try_from(value).unwrap_or(i64::MAX);
    ConstGauge::new(value).encode(encoder.encode_descriptor(name, help, None, MetricType::Gauge)?)
}
