//! `x-gw-validate`: whether requests and responses are held against the document's schemas.

use std::fmt;

use gw_syntax::{Kind, NodeRef, Sink};

use super::flow::Flow;
use super::{parts, self_check};
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::words;
pub use crate::vocabulary::scalar::{SampledMode, ValidateMode};

/// What is validated; a part that is not said keeps what weaker layers say. At least one part is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validate {
    /// Path, query, header and cookie parameters.
    pub parameters: Option<Spanned<ValidateMode>>,
    /// Request bodies.
    pub body: Option<Spanned<ValidateMode>>,
    /// Responses.
    pub response: Option<Spanned<SampledMode>>,
    /// Query parameters that the document does not declare.
    pub unknown_query: Option<Spanned<UnknownQuery>>,
    /// Media types that the document does not declare.
    pub media_types: Option<Spanned<MediaTypes>>,
}

words! {
    /// What becomes of a request with an undeclared query parameter.
    UnknownQuery {
        /// It is refused.
        Reject = "reject",
        /// It passes.
        Ignore = "ignore",
    }
}

words! {
    /// What becomes of a body of an undeclared media type.
    MediaTypes {
        /// It is refused.
        Strict = "strict",
        /// It passes.
        Lenient = "lenient",
    }
}

impl Validate {
    /// Whether it is the word `none`: nothing about requests is validated, and nothing else is said.
    pub fn is_none(&self) -> bool {
        self.short() == Some(ValidateMode::None)
    }

    /// The short form, which speaks about requests.
    fn short(&self) -> Option<ValidateMode> {
        let (parameters, body) = (self.parameters.as_ref()?.value, self.body.as_ref()?.value);
        let alone = self.response.is_none() && self.unknown_query.is_none() && self.media_types.is_none();
        (alone && parameters == body).then_some(parameters)
    }
}

/// Reads the value: a mode for parameters and bodies of requests, or by its parts.
pub fn read(node: NodeRef<'_>, sink: &mut Sink) -> Option<Validate> {
    if node.kind() != Kind::Mapping {
        let mode = parts::scalar::<ValidateMode>(node)?;
        let (parameters, body) = (Some(mode.clone()), Some(mode));
        return Some(Validate { parameters, body, response: None, unknown_query: None, media_types: None });
    }
    if parts::is_empty_mapping(node) {
        let help = "`enforce`, `report` or `none` for requests, or by part: `{body: enforce}`";
        self_check::says_nothing(node, "`validate` says nothing", help, sink);
    }
    let value = Validate {
        parameters: parts::part(node, "parameters"),
        body: parts::part(node, "body"),
        response: parts::part(node, "response"),
        unknown_query: parts::part(node, "unknown-query"),
        media_types: parts::part(node, "media-types"),
    };
    let nobody_looks = |part: &Option<Spanned<ValidateMode>>| {
        part.as_ref().is_some_and(|mode| mode.value == ValidateMode::None)
    };
    if let (Some(unknown), true) = (node.get("unknown-query"), nobody_looks(&value.parameters))
        && value.unknown_query.as_ref().is_some_and(|unknown| unknown.value == UnknownQuery::Reject)
    {
        let beside = value.parameters.as_ref().map(|mode| (mode.span, "nobody looks at parameters"));
        let message = "undeclared query parameters are to be refused, and parameters are not validated";
        self_check::contradiction(unknown, message, beside, "validate `parameters`, or ignore them", sink);
    }
    if let (Some(strict), true) = (node.get("media-types"), nobody_looks(&value.body))
        && value.media_types.as_ref().is_some_and(|types| types.value == MediaTypes::Strict)
    {
        let beside = value.body.as_ref().map(|mode| (mode.span, "nobody looks at bodies"));
        let message = "undeclared media types are to be refused, and bodies are not validated";
        self_check::contradiction(strict, message, beside, "validate `body`, or say `lenient`", sink);
    }
    (!value.parts().is_empty()).then_some(value)
}

impl Validate {
    fn parts(&self) -> Flow {
        Flow::new()
            .plain("parameters", self.parameters.as_ref())
            .plain("body", self.body.as_ref())
            .plain("response", self.response.as_ref())
            .plain("unknown-query", self.unknown_query.as_ref())
            .plain("media-types", self.media_types.as_ref())
    }
}

impl fmt::Display for Validate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.short() {
            Some(mode) => mode.fmt(f),
            None => f.write_str(&self.parts().finish()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::tests::{codes, reads_as};

    #[test]
    fn short_and_long_forms_are_read() {
        reads_as("validate", "none", "none");
        reads_as("validate", "{parameters: enforce, body: enforce}", "enforce");
        reads_as(
            "validate",
            "{body: report, response: report@1%, unknown-query: reject, media-types: strict}",
            "{body: report, response: report@1%, unknown-query: reject, media-types: strict}",
        );
    }

    #[test]
    fn what_looks_at_nothing_is_refused() {
        assert_eq!(codes("validate", "{parameters: none, unknown-query: reject}"), ["GW0120"]);
        assert_eq!(codes("validate", "{body: none, media-types: strict}"), ["GW0120"]);
        assert_eq!(codes("validate", "{}"), ["GW0121"]);
        assert_eq!(codes("validate", "{response: report@0%}"), ["GW0133"]);
        assert_eq!(codes("validate", "{response: 5}"), ["GW0133"]);
        assert_eq!(codes("validate", "always"), ["GW0133"]);
    }
}
