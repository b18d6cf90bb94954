//! Lint: legal but unwise (GW04xx to GW07xx). Rules see a project and return findings.

mod registry;
mod rules;

use gw_syntax::Sink;

pub(crate) use registry::CODES;

use crate::resolve::Resolved;

/// Runs every rule, whatever the gate will say.
pub(crate) fn lint(resolved: &Resolved, sink: &mut Sink) {
    for rule in registry::RULES {
        for finding in (rule.run)(resolved) {
            sink.push(finding);
        }
    }
}
