//! One request through every step, nothing sent: what each step said, and which line of which file made it so.

use gw_artifact::Artifact;
use gw_artifact::model::{
    Layer, LayerKind, OperationId, Place, Reason, SourceMap, Step, Upstream, UpstreamTls, Verification,
};
use gw_decision::{Event, Finding, StepVerdict};

use crate::exchanged::{Exchanged, Received, Sent};
use crate::request::Request;
use crate::sim::{Sim, SimOptions};

/// A request's way through the steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DryRun {
    /// What each step said, in call order.
    pub steps: Vec<StepTrace>,
    /// The operation, if the request names one.
    pub operation: Option<OperationTrace>,
    /// Every policy of the operation, with the layer that won and those that lost.
    pub policies: Vec<PolicyTrace>,
    /// How it ends.
    pub verdict: DryVerdict,
}

/// One step's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepTrace {
    /// The step.
    pub step: Step,
    /// Whether the request goes on.
    pub passed: bool,
    /// Why it does not, if it is denied.
    pub reason: Option<Reason>,
    /// What the step found, in a few words.
    pub text: String,
}

/// An operation, and where it is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationTrace {
    /// Its API's name.
    pub api: String,
    /// Its name.
    pub name: String,
    /// Its method and public template.
    pub route: String,
    /// Where it is declared.
    pub place: Option<SourcePlace>,
}

/// One policy of the operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyTrace {
    /// The step that it speaks to.
    pub step: Step,
    /// Its key, without `x-gw-`.
    pub key: String,
    /// The layer that won.
    pub winner: LayerTrace,
    /// The layers that lost, strongest first.
    pub losers: Vec<LayerTrace>,
}

/// One layer's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerTrace {
    /// Which layer.
    pub kind: LayerKind,
    /// Where it stands; none for what is built in.
    pub place: Option<SourcePlace>,
    /// Its value, as people write it.
    pub value: String,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourcePlace {
    /// The file, relative to the project.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
}

/// How a dry run ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DryVerdict {
    /// This would be sent.
    Forward(Sent),
    /// gw answers this by itself.
    Answer(Received),
}

/// Sends a request through every step of a gateway in which nothing has happened yet. `sources` is the artifact's own;
/// without it, no place is known.
pub fn dry_run(artifact: &Artifact, sources: &SourceMap, request: &Request) -> DryRun {
    dry_run_with(artifact, sources, request, &SimOptions::default())
}

/// The same in a gateway that is made like this.
pub fn dry_run_with(
    artifact: &Artifact,
    sources: &SourceMap,
    request: &Request,
    options: &SimOptions,
) -> DryRun {
    let sim = Sim::new(artifact, options);
    let exchanged = Exchanged::of(&sim, request);
    let operation = exchanged.events.iter().find_map(|event| match event.verdict {
        StepVerdict::Passed(Finding::Operation(operation)) => Some(operation),
        _ => None,
    });
    let ends_here = |event: &&Event| event.verdict != StepVerdict::Passed(Finding::Relayed);
    let endpoint = exchanged.sent.as_ref().map(|sent| sent.endpoint.as_str());
    let upstream = exchanged.sent.as_ref().map(|sent| sent.upstream.as_str());
    let service = artifact.upstreams().iter().find(|known| Some(known.name.as_str()) == upstream);
    let names = Names { artifact, endpoint: endpoint.unwrap_or_default(), service };
    let steps = exchanged.events.iter().take_while(ends_here).map(|event| names.step(*event)).collect();
    let operation_trace = operation.map(|operation| operation_trace(artifact, operation, sources));
    let policies = operation.map(|operation| policies(operation, sources)).unwrap_or_default();
    let verdict = match (exchanged.sent, exchanged.received) {
        (Some(sent), _) if exchanged.fault.is_none() => DryVerdict::Forward(sent),
        (_, Some(received)) => DryVerdict::Answer(received),
        (_, None) => DryVerdict::Answer(Received { status: 0, lines: Vec::new(), body: Vec::new() }),
    };
    DryRun { steps, operation: operation_trace, policies, verdict }
}

/// Turns ids into names.
struct Names<'a> {
    artifact: &'a Artifact,
    /// The one that was chosen.
    endpoint: &'a str,
    /// The service that it is of.
    service: Option<&'a Upstream>,
}

impl Names<'_> {
    fn step(&self, event: Event) -> StepTrace {
        let (passed, reason, text) = match event.verdict {
            StepVerdict::Passed(finding) => (true, None, self.finding(finding)),
            StepVerdict::Denied(reason) => (false, Some(reason), reason.title().to_owned()),
            StepVerdict::Answered => (false, None, "answered by the gateway".to_owned()),
        };
        StepTrace { step: event.step, passed, reason, text }
    }

    fn finding(&self, finding: Finding) -> String {
        match finding {
            Finding::WellFormed => "the message is well-formed and its path canonical".into(),
            Finding::PathItem(item) => format!("the path allows {}", self.artifact.path_item(item).allow),
            Finding::Operation(operation) => {
                let operation = self.artifact.operation(operation);
                format!("{} {} is `{}`", operation.method, operation.template, operation.name)
            }
            Finding::NotDeclared => "nothing is declared".into(),
            Finding::LetIn(Some(client)) => format!("the access list lets {client} in"),
            Finding::LetIn(None) => "the access list judges no address, and the client has none".into(),
            Finding::Public => "anyone may call".into(),
            Finding::CredentialPresent(alternative) => {
                format!("the credentials of alternative {} are there; the upstream verifies", alternative + 1)
            }
            Finding::Verified(alternative) => {
                format!("the credentials of alternative {} are good", alternative + 1)
            }
            Finding::BodyPlanned => "the body keeps its limit".into(),
            Finding::Upstream(upstream) => {
                format!("upstream `{}`", self.artifact.upstreams()[upstream.index()].name)
            }
            Finding::Permitted => "the upstream has room".into(),
            Finding::Endpoint(_) => match self.service.and_then(|service| service.tls.as_ref()) {
                Some(tls) => format!("endpoint `{}`, {}", self.endpoint, secured(tls, self.endpoint)),
                None => format!("endpoint `{}`", self.endpoint),
            },
            Finding::Edited => "the head is edited".into(),
            Finding::Relayed => "the answer is relayed".into(),
        }
    }
}

/// What TLS to an endpoint comes to.
fn secured(tls: &UpstreamTls, endpoint: &str) -> String {
    let host = endpoint.rsplit_once(':').map_or(endpoint, |(host, _)| host);
    let host = host.trim_matches(['[', ']']);
    let shown = if tls.client_cert { ", with the gateway's own certificate" } else { "" };
    let version = tls.min.as_str();
    match tls.verification {
        Verification::Full => {
            format!("over TLS {version} or newer, verified as `{}`{shown}", tls.name_of(host))
        }
        Verification::None => {
            format!("over TLS {version} or newer, not verified: whoever answers is believed")
        }
    }
}

/// An operation with the place that declares it.
pub(crate) fn operation_trace(artifact: &Artifact, id: OperationId, sources: &SourceMap) -> OperationTrace {
    let operation = artifact.operation(id);
    OperationTrace {
        api: artifact.api_of(operation).name.clone(),
        name: operation.name.clone(),
        route: format!("{} {}", operation.method, operation.template),
        place: sources.operations.get(id.index()).and_then(|from| place(from.place, sources)),
    }
}

fn policies(operation: OperationId, sources: &SourceMap) -> Vec<PolicyTrace> {
    let Some(from) = sources.operations.get(operation.index()) else { return Vec::new() };
    let trace = |layer: &Layer| LayerTrace {
        kind: layer.kind,
        place: layer.place.and_then(|at| place(at, sources)),
        value: layer.value.clone(),
    };
    let policy = |policy: &gw_artifact::model::PolicySource| {
        let (winner, losers) = policy.layers.split_first()?;
        Some(PolicyTrace {
            step: step_of(&policy.key),
            key: policy.key.clone(),
            winner: trace(winner),
            losers: losers.iter().map(trace).collect(),
        })
    };
    from.policies.iter().filter_map(policy).collect()
}

/// The step that a key speaks to; of `timeout.connect`, what stands before the dot says it.
fn step_of(key: &str) -> Step {
    match key.split('.').next() {
        Some("access") => Step::Access,
        Some("auth" | "security") => Step::Authorize,
        Some("body-max" | "validate") => Step::Validate,
        Some("timeout" | "errors") => Step::Error,
        _ => Step::Route,
    }
}

fn place(at: Place, sources: &SourceMap) -> Option<SourcePlace> {
    let file = sources.files.get(at.file as usize)?.clone();
    Some(SourcePlace { file, line: at.line, column: at.column })
}

#[cfg(test)]
mod tests;
