//! Who may call, judged before anybody knows who it is: by address, method and header lines.

use serde::{Deserialize, Serialize};

use super::Method;
use crate::address_set::AddressSet;
use crate::pattern_set::PatternSet;

/// What holds for the callers of the operations that name it. A caller may call when each part lets it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AccessList {
    /// The addresses that may call: those allowed, or all, without those denied.
    pub addresses: AddressSet,
    /// The methods that may be used, as they stand on the wire.
    pub methods: MethodRule,
    /// What header lines must say, or may not. By name, each once.
    pub headers: Vec<HeaderRule>,
}

/// Which methods may be used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum MethodRule {
    /// Any.
    Any,
    /// None but these, in order.
    Only(Vec<Method>),
    /// Any but these, in order.
    Not(Vec<Method>),
}

impl MethodRule {
    /// Whether a method may be used, by its name on the wire.
    pub fn admits(&self, method: &str) -> bool {
        let is_one = |methods: &[Method]| methods.iter().any(|listed| listed.as_str() == method);
        match self {
            Self::Any => true,
            Self::Only(methods) => is_one(methods),
            Self::Not(methods) => !is_one(methods),
        }
    }
}

/// What one header's lines must say, or may not. At least one of the two is there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HeaderRule {
    /// The name, in lower case.
    pub name: String,
    /// There must be a line of that name, and every one must match.
    pub allow: Option<PatternSet>,
    /// No line of that name may match.
    pub deny: Option<PatternSet>,
}

impl HeaderRule {
    /// Whether a request with these lines of that name is let through.
    pub fn admits<'v>(&self, values: impl Iterator<Item = &'v [u8]>) -> bool {
        let mut found = false;
        for value in values {
            found = true;
            let is_denied = self.deny.as_ref().is_some_and(|deny| deny.matches(value));
            if is_denied || self.allow.as_ref().is_some_and(|allow| !allow.matches(value)) {
                return false;
            }
        }
        found || self.allow.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(patterns: &[&str]) -> Option<PatternSet> {
        PatternSet::new(patterns.iter().map(|&pattern| pattern.to_owned()).collect()).ok()
    }

    fn admits(rule: &HeaderRule, values: &[&str]) -> bool {
        rule.admits(values.iter().map(|value| value.as_bytes()))
    }

    #[test]
    fn one_denied_line_is_enough_and_every_line_must_be_allowed() {
        let deny = HeaderRule { name: "x".into(), allow: None, deny: patterns(&["bad*"]) };
        assert!(admits(&deny, &[]) && admits(&deny, &["good"]) && !admits(&deny, &["good", "Badly"]));
        let allow = HeaderRule { name: "x".into(), allow: patterns(&["a", "b"]), deny: None };
        assert!(!admits(&allow, &[]) && admits(&allow, &["a", "b"]) && !admits(&allow, &["a", "c"]));
        let both = HeaderRule { name: "x".into(), allow: patterns(&["a*"]), deny: patterns(&["ab"]) };
        assert!(admits(&both, &["ac"]) && !admits(&both, &["ab"]));
    }

    #[test]
    fn methods_are_compared_as_they_stand() {
        let only = MethodRule::Only(vec![Method::Get]);
        assert!(only.admits("GET") && !only.admits("get") && !only.admits("HEAD"));
        let not = MethodRule::Not(vec![Method::Delete]);
        assert!(not.admits("GET") && not.admits("PURGE") && !not.admits("DELETE"));
    }
}
