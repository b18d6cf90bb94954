//! A gateway that serves the artifact stays within `max-memory`.

use gw_artifact::model::{Bounds, Bytes, MemoryRow, Node};
use gw_syntax::{Diagnostic, Sink};

use super::Checked;
use super::codes::MEMORY_EXCEEDS_MAX;
use crate::compile::Sealed;
use crate::resolve::resolved::Spanned;

/// Rows of the breakdown that are told.
const TOLD: usize = 5;

/// Whether the least node that serves the artifact stays within `max-memory`. A node with more threads or endpoints opens
/// fewer connections by itself.
pub(crate) fn fits(checked: &Checked, sealed: &Sealed, sink: &mut Sink) -> bool {
    let Some(max) = &checked.resolved().project.capacity.memory else { return true };
    let bounds = &sealed.bounds;
    let fits = bounds.least <= max.value;
    if !fits {
        sink.push(exceeds(max, bounds, Node::least(&sealed.artifact)));
    }
    fits
}

fn exceeds(max: &Spanned<Bytes>, bounds: &Bounds, node: Node) -> Diagnostic {
    let message =
        format!("a gateway could hold {}, and `max-memory` is {}", bounds.least.rounded(), max.value);
    Diagnostic::new(&MEMORY_EXCEEDS_MAX, message)
        .at(max.span)
        .about("max-memory")
        .with_help(help(max.value, bounds, node))
}

fn help(max: Bytes, bounds: &Bounds, node: Node) -> String {
    let remedy = match (bounds.connections_within(max, node), bounds.requests_within(max, node)) {
        (None, _) => format!(
            "one connection alone needs {}: raise `max-memory`",
            bounds.with_connections(1).total(node).rounded()
        ),
        (Some(connections), None) => {
            format!("lower `max-connections` from {} to {connections}", bounds.connections)
        }
        (Some(connections), Some(requests)) => format!(
            "lower `max-connections` from {} to {connections}, or all `limits.requests` of `upstreams` together from {} \
             to {requests}",
            bounds.connections, bounds.requests
        ),
    };
    format!("{remedy}; the largest parts are\n\n{}", breakdown(bounds, node))
}

/// The largest rows, largest first, aligned.
fn breakdown(bounds: &Bounds, node: Node) -> String {
    let mut rows: Vec<&MemoryRow> = bounds.memory.iter().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.total(node)));
    let told = |row: &&MemoryRow| (row.total(node).rounded(), row.name.clone(), formula(row, node));
    let told: Vec<_> = rows.iter().take(TOLD).map(told).collect();
    let width = told.iter().map(|(total, ..)| total.len()).max().unwrap_or(0);
    let line = |(total, name, formula)| format!("{total:>width$}  {name} ({formula})");
    told.into_iter().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

fn formula(row: &MemoryRow, node: Node) -> String {
    let factor = row.total(node).0.checked_div(row.product().0).unwrap_or(1);
    let times = if factor > 1 { format!("{factor} × ") } else { String::new() };
    format!("{times}{} × {}", row.count, row.each.rounded())
}
