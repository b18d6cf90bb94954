//! `x-gw-precedence` of path items: which template is to go before which other one.

use gw_syntax::{NodeRef, Span};

use super::resolved::{ApiIndex, Spanned};
use crate::parse::openapi::path_item::PathItem;
use crate::policy;
use crate::vocabulary::annotations::PREFIX;

/// One path item's wish to go before another; whether it can be had is for the gate to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Precedence {
    /// The API in whose document it stands.
    pub api: ApiIndex,
    /// The path as the document writes it.
    pub path: String,
    /// The key of the path item.
    pub path_span: Span,
    /// The template that gives way, as written.
    pub over: Spanned<String>,
}

/// What a path item says; beside a `$ref` goes before what stands behind it.
pub(super) fn precedence(api: ApiIndex, key: NodeRef<'_>, item: &PathItem<'_>) -> Option<Precedence> {
    let name = format!("{PREFIX}precedence");
    let value = policy::precedence::read(item.parts().find_map(|part| part.get(&name))?)?;
    Some(Precedence {
        api,
        path: key.scalar_text()?.to_owned(),
        path_span: key.span(),
        over: Spanned { value: value.over.value.to_string(), span: value.over.span },
    })
}
