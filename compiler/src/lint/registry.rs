//! The table of rules.

use gw_syntax::{CodeEntry, Diagnostic};

use super::rules::{always_denied, upstream_not_verified};
use crate::resolve::Resolved;

/// One rule: a look at a project that gives findings of the rule's own code.
pub(super) struct Rule {
    /// What it finds.
    pub(super) run: fn(&Resolved) -> Vec<Diagnostic>,
}

/// Every rule, in the order of the codes.
pub(super) const RULES: &[Rule] =
    &[Rule { run: always_denied::run }, Rule { run: upstream_not_verified::run }];

/// The code of each rule.
pub(crate) const CODES: &[CodeEntry] =
    &[always_denied::ALWAYS_DENIED, upstream_not_verified::UPSTREAM_NOT_VERIFIED];
