//! A dry run for people and for programs: what each step said, and which line of which file made it so.

use std::fmt::Write as _;

use gw_artifact::Artifact;
use gw_artifact::model::Step;
use gw_replay::{
    DryRun, DryVerdict, LayerTrace, OperationTrace, PolicyTrace, Received, Request, Sent, SourcePlace,
    StepTrace,
};
use serde_json::{Value, json};

use crate::exit_code::Exit;

/// The way of the request, step by step, with the policies below the step that they speak to.
pub(super) fn human(artifact: &Artifact, request: &Request, run: &DryRun) -> String {
    let mut text = String::new();
    line(
        &mut text,
        format_args!("{} {}  (host {})", request.method, request.target, host(artifact, request)),
    );
    if let Some(operation) = &run.operation {
        line(&mut text, format_args!("{}", operation_line(operation)));
    }
    line(&mut text, format_args!(""));
    let mut shown: Vec<&str> = Vec::new();
    for step in &run.steps {
        line(&mut text, format_args!("{}", step_line(step)));
        for policy in run.policies.iter().filter(|policy| policy.step == step.step) {
            if !shown.contains(&policy.key.as_str()) {
                shown.push(&policy.key);
                line(&mut text, format_args!("      {}", policy_line(policy)));
            }
        }
    }
    let rest: Vec<&PolicyTrace> =
        run.policies.iter().filter(|policy| !shown.contains(&policy.key.as_str())).collect();
    if matches!(run.verdict, DryVerdict::Forward(_)) && !rest.is_empty() {
        line(&mut text, format_args!("\nlater, while it runs:"));
        for policy in rest {
            line(&mut text, format_args!("      {}", policy_line(policy)));
        }
    }
    line(&mut text, format_args!("\n{}", verdict(artifact, run)));
    text
}

/// What is sent as `Host`.
fn host(artifact: &Artifact, request: &Request) -> String {
    let head = request.head(artifact);
    let host = head.lines.into_iter().find(|(name, _)| name == "host");
    host.map_or_else(|| "none".to_owned(), |(_, value)| value)
}

fn operation_line(operation: &OperationTrace) -> String {
    let place = operation.place.as_ref().map(|place| format!("  {}", shown_place(place))).unwrap_or_default();
    format!("operation {}/{}: {}{place}", operation.api, operation.name, operation.route)
}

fn step_line(step: &StepTrace) -> String {
    let word = match (step.passed, step.reason) {
        (true, _) => "ok",
        (false, Some(_)) => "DENY",
        (false, None) => "done",
    };
    match step.reason {
        Some(reason) => format!("{:<14}{word:<5}{reason}: {}", step.step.as_str(), step.text),
        None => format!("{:<14}{word:<5}{}", step.step.as_str(), step.text),
    }
}

fn policy_line(policy: &PolicyTrace) -> String {
    let mut text = format!("{}: {}", policy.key, layer(&policy.winner));
    for loser in &policy.losers {
        write!(text, "; over {}", layer(loser)).expect("a String takes whatever is written to it");
    }
    text
}

fn layer(layer: &LayerTrace) -> String {
    match &layer.place {
        Some(place) => format!("{} ({} at {})", layer.value, layer.kind.as_str(), shown_place(place)),
        None => format!("{} ({})", layer.value, layer.kind.as_str()),
    }
}

fn shown_place(place: &SourcePlace) -> String {
    format!("{}:{}:{}", place.file, place.line, place.column)
}

/// The upstream and its endpoint; where only bindings name endpoints, the one in the run is made up.
fn endpoint(artifact: &Artifact, sent: &Sent) -> String {
    let declared =
        artifact.upstreams().iter().any(|known| known.name == sent.upstream && !known.endpoints.is_empty());
    if declared {
        format!("{} at {}", sent.upstream, sent.endpoint)
    } else {
        format!("{}, at an endpoint that the bindings give (here {})", sent.upstream, sent.endpoint)
    }
}

fn verdict(artifact: &Artifact, run: &DryRun) -> String {
    match &run.verdict {
        DryVerdict::Forward(sent) => {
            let mut text = format!("forwarded to {}:\n", endpoint(artifact, sent));
            line(&mut text, format_args!("  {} {}", sent.method, sent.target));
            sent.lines.iter().for_each(|(name, value)| line(&mut text, format_args!("  {name}: {value}")));
            text
        }
        DryVerdict::Answer(received) => {
            let denied = run.steps.iter().find_map(|step| Some((step.step, step.reason?)));
            let why = denied.map(|(step, reason)| format!(" {reason} ({step})")).unwrap_or_default();
            let mut text = format!("answered by the gateway: {}{why}\n", received.status);
            received
                .lines
                .iter()
                .for_each(|(name, value)| line(&mut text, format_args!("  {name}: {value}")));
            text
        }
    }
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("a String takes whatever is written to it");
}

/// The same as one JSON document.
pub(super) fn json(artifact: &Artifact, request: &Request, run: &DryRun, exit: Exit) -> Value {
    json!({
        "format_version": 1,
        "command": "dry-run",
        "exit_code": exit.number(),
        "request": {"method": request.method, "target": request.target, "host": host(artifact, request)},
        "operation": run.operation.as_ref().map(|operation| json!({
            "api": operation.api,
            "name": operation.name,
            "route": operation.route,
            "place": operation.place.as_ref().map(place_json),
        })),
        "steps": run.steps.iter().map(step_json).collect::<Vec<_>>(),
        "policies": run.policies.iter().map(policy_json).collect::<Vec<_>>(),
        "verdict": match &run.verdict {
            DryVerdict::Forward(sent) => json!({"forward": sent_json(sent)}),
            DryVerdict::Answer(received) => json!({"answer": received_json(received)}),
        },
    })
}

fn step_json(step: &StepTrace) -> Value {
    json!({
        "step": step.step.as_str(),
        "number": number(step.step),
        "passed": step.passed,
        "reason": step.reason.map(gw_artifact::model::Reason::as_str),
        "text": step.text,
    })
}

const fn number(step: Step) -> u8 {
    step as u8
}

fn policy_json(policy: &PolicyTrace) -> Value {
    json!({
        "key": policy.key,
        "step": policy.step.as_str(),
        "winner": layer_json(&policy.winner),
        "losers": policy.losers.iter().map(layer_json).collect::<Vec<_>>(),
    })
}

fn layer_json(layer: &LayerTrace) -> Value {
    json!({"layer": layer.kind.as_str(), "value": layer.value, "place": layer.place.as_ref().map(place_json)})
}

fn place_json(place: &SourcePlace) -> Value {
    json!({"file": place.file, "line": place.line, "column": place.column})
}

fn sent_json(sent: &Sent) -> Value {
    json!({
        "upstream": sent.upstream,
        "endpoint": sent.endpoint,
        "method": sent.method,
        "target": sent.target,
        "headers": sent.lines,
        "body": String::from_utf8_lossy(&sent.body),
    })
}

fn received_json(received: &Received) -> Value {
    json!({
        "status": received.status,
        "headers": received.lines,
        "body": String::from_utf8_lossy(&received.body),
    })
}
