//! `x-gw-cors`: which origins may call from a browser (Fetch standard, section 3.2).

use std::fmt;

use gw_artifact::model::Method;
use gw_syntax::{Kind, NodeRef, Sink};

use super::flow::{Flow, list};
use super::{MAX_ENTRIES, parts, self_check};
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::{HeaderName, Origin};
use crate::vocabulary::units::{self, Seconds};

/// Who may call from a browser, and how. At least one origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cors {
    /// The origins; `*` stands alone and without credentials.
    pub origins: Vec<Spanned<Origin>>,
    /// The methods; those that the path publishes unless said, then empty.
    pub methods: Vec<Spanned<Method>>,
    /// Request headers beside those that browsers may always send.
    pub headers: Vec<Spanned<HeaderName>>,
    /// Response headers that scripts may read.
    pub expose: Vec<Spanned<HeaderName>>,
    /// Whether cookies and credentials may come along; `false` unless said.
    pub credentials: Option<Spanned<bool>>,
    /// How long browsers may remember the answer.
    pub max_age: Option<Spanned<Seconds>>,
}

/// Reads the value: a list of origins, or by its parts.
pub fn read(node: NodeRef<'_>, sink: &mut Sink) -> Option<Cors> {
    let listed = if node.kind() == Kind::Sequence { Some(node) } else { node.get("origins") };
    let methods = node.get("methods").into_iter().flat_map(NodeRef::items).take(MAX_ENTRIES);
    let value = Cors {
        origins: listed.map(parts::items).unwrap_or_default(),
        methods: methods.filter_map(|item| parts::with(item, Method::from_wire)).collect(),
        headers: parts::list(node, "headers"),
        expose: parts::list(node, "expose"),
        credentials: parts::flag(node, "credentials"),
        max_age: node.get("max-age").and_then(|node| parts::with(node, units::seconds)),
    };
    if let Some(listed) = listed {
        self_check::list_itself(listed, "origins", &value.origins, sink);
        anyone(node, listed, &value, sink);
    }
    self_check::list(node, "methods", &value.methods, sink);
    self_check::list(node, "headers", &value.headers, sink);
    self_check::list(node, "expose", &value.expose, sink);
    (!value.origins.is_empty()).then_some(value)
}

/// `*` beside names, and `*` with credentials.
fn anyone(node: NodeRef<'_>, listed: NodeRef<'_>, value: &Cors, sink: &mut Sink) {
    let Some(any) = value.origins.iter().find(|origin| origin.value == Origin::Any) else { return };
    let Some(item) = listed.items().find(|item| item.span() == any.span) else { return };
    if let Some(other) = value.origins.iter().find(|origin| origin.value != Origin::Any) {
        let message = "`*` lets every origin call, and others are named beside it";
        let help = "keep `*` alone, or name the origins";
        self_check::contradiction(item, message, Some((other.span, "this one is covered")), help, sink);
    }
    if let (Some((key, _)), Some(true)) =
        (node.entry("credentials"), value.credentials.as_ref().map(|credentials| credentials.value))
    {
        let message = "every origin may call, and with the visitor's credentials";
        let help = "any page could act for whoever visits it, and browsers refuse the pair \
                    (Fetch standard, section 3.2.5): name the origins";
        self_check::contradiction(key, message, Some((any.span, "every origin")), help, sink);
    }
}

impl Cors {
    /// Everything but the origins.
    fn parts(&self) -> Flow {
        Flow::new()
            .list("methods", &self.methods)
            .list("headers", &self.headers)
            .list("expose", &self.expose)
            .plain("credentials", self.credentials.as_ref())
            .plain("max-age", self.max_age.as_ref())
    }
}

impl fmt::Display for Cors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (origins, rest) = (list(&self.origins), self.parts());
        if rest.is_empty() {
            f.write_str(&origins)
        } else {
            f.write_str(&rest.first("origins", &origins).finish())
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::tests::{codes, reads_as};

    #[test]
    fn short_and_long_forms_are_read() {
        reads_as("cors", "[https://a.example]", "[https://a.example]");
        reads_as("cors", "{origins: ['*']}", "[\"*\"]");
        reads_as(
            "cors",
            "{origins: ['https://*.a.example'], methods: [GET, PUT], headers: [X-A], expose: [etag], credentials: true, max-age: 1h}",
            "{origins: [\"https://*.a.example\"], methods: [GET, PUT], headers: [x-a], expose: [etag], credentials: true, max-age: 1h}",
        );
    }

    #[test]
    fn what_lets_any_page_act_for_its_visitor_is_refused() {
        assert_eq!(codes("cors", "{origins: ['*'], credentials: true}"), ["GW0120"]);
        assert_eq!(codes("cors", "['*', https://a]"), ["GW0120"]);
        assert_eq!(codes("cors", "[]"), ["GW0121"]);
        assert_eq!(codes("cors", "{origins: [https://a], methods: []}"), ["GW0121"]);
        assert_eq!(codes("cors", "[https://a, HTTPS://A]"), ["GW0122"]);
        assert_eq!(codes("cors", "{}"), ["GW0132"]);
        assert_eq!(codes("cors", "[a.example]"), ["GW0133"]);
        assert_eq!(codes("cors", "{origins: [https://a], max-age: 1500ms}"), ["GW0133"]);
    }
}
