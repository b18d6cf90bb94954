//! A confirmed witness: the line to paste, and what happens then.

use gw_artifact::model::{Reason, Step};
use gw_replay::{Confirmed, Ended, OperationTrace, Reading, SourcePlace, paste};
use gw_syntax::{Diagnostic, Shows, Witness};
use serde_json::{Value, json};

use super::{Batch, shown_path};

/// A finding's witness, when the decision core has confirmed it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown<'b> {
    batch: &'b Batch,
    witness: &'b Witness,
    confirmed: &'b Confirmed,
}

impl<'b> Shown<'b> {
    /// The witness of the finding at this position of the batch.
    pub(super) fn of(batch: &'b Batch, at: usize) -> Option<Self> {
        let finding: &Diagnostic = batch.findings.get(at)?;
        let confirmed = batch.confirmed.get(at)?.as_ref()?;
        Some(Self { batch, witness: finding.witness.as_deref()?, confirmed })
    }

    /// The line to paste, and what happens then; nothing when no line can show the request.
    pub(super) fn lines(&self) -> Option<[String; 2]> {
        Some([paste(self.witness)?, self.outcome()])
    }

    pub(super) fn json(&self) -> Value {
        let witness = self.witness;
        json!({
            "method": witness.method,
            "authority": witness.authority,
            "target": witness.target,
            "headers": witness.lines.iter().map(|(name, value)| json!([name, value])).collect::<Vec<_>>(),
            "body": witness.body.as_ref().map(|body| String::from_utf8_lossy(body)),
            "curl": paste(witness),
            "shows": match witness.shows {
                Shows::Reaches { .. } => "reaches",
                Shows::LetIn { .. } => "let-in",
                Shows::Answers { .. } => "answers",
                Shows::Undecided { .. } => "undecided",
            },
            "ends": self.ended_json(&self.confirmed.ended),
            "rather_than": self.confirmed.rather_than.as_ref().map(|operation| self.operation_json(operation)),
            "readings": self.confirmed.readings.iter().map(|reading| self.reading_json(reading)).collect::<Vec<_>>(),
            "outcome": self.outcome(),
        })
    }

    fn outcome(&self) -> String {
        let Confirmed { ended, rather_than, readings } = self.confirmed;
        let not =
            rather_than.as_ref().map(|other| format!(", not {}", self.named(other))).unwrap_or_default();
        match &self.witness.shows {
            Shows::Reaches { .. } if !readings.is_empty() => format!("{}{not}", self.operation(ended)),
            Shows::Reaches { .. } => format!("{}{not}: {}", self.operation(ended), told(ended)),
            Shows::LetIn { .. } if !readings.is_empty() => {
                format!("{}: it would be let in without credential", self.operation(ended))
            }
            Shows::LetIn { .. } => format!("{}: {}", self.operation(ended), told(ended)),
            Shows::Answers { .. } => format!("{}{not}", told(ended)),
            Shows::Undecided { .. } => {
                let each: Vec<String> = readings.iter().map(|reading| self.read(reading)).collect();
                each.join("; ")
            }
        }
    }

    fn read(&self, reading: &Reading) -> String {
        let end = format!("{}: {}", self.operation(&reading.ended), told(&reading.ended));
        if reading.because.is_empty() { end } else { format!("by `{}` {end}", reading.because) }
    }

    fn operation(&self, ended: &Ended) -> String {
        ended.operation.as_ref().map_or_else(|| "no operation".to_owned(), |operation| self.named(operation))
    }

    /// `` `GET /orders/{id}` (orders.yaml:31) ``
    fn named(&self, operation: &OperationTrace) -> String {
        match &operation.place {
            None => format!("`{}`", operation.route),
            Some(SourcePlace { file, line, .. }) => {
                format!("`{}` ({}:{line})", operation.route, shown_path(&self.batch.shown, file))
            }
        }
    }

    fn ended_json(&self, ended: &Ended) -> Value {
        json!({
            "operation": ended.operation.as_ref().map(|operation| self.operation_json(operation)),
            "upstream": ended.upstream,
            "status": ended.status,
            "step": ended.step.map(Step::as_str),
            "reason": ended.reason.map(Reason::as_str),
        })
    }

    fn operation_json(&self, operation: &OperationTrace) -> Value {
        json!({
            "api": operation.api,
            "name": operation.name,
            "route": operation.route,
            "place": operation.place.as_ref().map(|place| json!({
                "file": shown_path(&self.batch.shown, &place.file),
                "line": place.line,
                "column": place.column,
            })),
        })
    }

    fn reading_json(&self, reading: &Reading) -> Value {
        json!({"because": reading.because, "ends": self.ended_json(&reading.ended)})
    }
}

fn told(ended: &Ended) -> String {
    match (&ended.upstream, ended.status) {
        (Some(_), _) if ended.is_public => "let in without credential".to_owned(),
        (Some(upstream), _) => format!("sent to `{upstream}`"),
        (None, Some(status)) => {
            let reason = ended.reason.map(|reason| format!(" {reason}")).unwrap_or_default();
            let step = ended.step.map(|step| format!(", step {step}")).unwrap_or_default();
            format!("{status}{reason}{step}")
        }
        (None, None) => "no answer".to_owned(),
    }
}
