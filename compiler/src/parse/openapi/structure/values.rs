//! Whether a value is what its key takes.

use gw_syntax::{Kind, NodeRef};

use crate::parse::finding::found;
use crate::parse::openapi::grammar::Shape;
use crate::parse::openapi::version::Version;

/// Why a value is not what its key takes.
pub(super) struct Misfit {
    /// What follows the key in a sentence.
    pub(super) message: String,
    /// What to do.
    pub(super) help: &'static str,
    /// Whether another version of OpenAPI takes it.
    pub(super) other_version: bool,
}

/// Whether a value is what its key takes. Objects are looked at by themselves; here it matters that there is one.
pub(super) fn fits(shape: Shape, value: NodeRef<'_>, version: Version) -> Result<(), Misfit> {
    let text = |node: NodeRef<'_>| node.as_str().is_some();
    let at_least = |least: usize| value.kind() == Kind::Sequence && value.len() >= least;
    let holds = match shape {
        Shape::Any => true,
        Shape::Text => text(value),
        Shape::Flag => value.as_bool().is_some(),
        Shape::Count => value.as_u64().is_some() || value.as_f64().is_some_and(is_whole),
        Shape::Number => value.as_f64().is_some(),
        Shape::Choice(words) => value.as_str().is_some_and(|word| words.contains(&word)),
        Shape::Values(least) => at_least(least),
        Shape::Words(least) => at_least(least) && value.items().all(text),
        Shape::Texts => value.kind() == Kind::Mapping && value.entries().all(|(_, value)| text(value)),
        Shape::Mapping => value.kind() == Kind::Mapping,
        Shape::Types => return types(value, version),
        Shape::One(_) | Shape::List(_) | Shape::Map(_) | Shape::OneOrList(_) => !value.is_null(),
    };
    if holds { Ok(()) } else { Err(misfit(shape, value, version)) }
}

fn is_whole(number: f64) -> bool {
    number >= 0.0 && number.fract() == 0.0 && number.is_finite()
}

fn misfit(shape: Shape, value: NodeRef<'_>, version: Version) -> Misfit {
    if value.is_null() {
        let help = "write what it stands for, or remove the key";
        return Misfit { message: "has nothing behind it".to_owned(), help, other_version: false };
    }
    let takes = described(shape);
    let other_version = match shape {
        // The bounds that exclude their limit: flags in 3.0, numbers from 3.1 on.
        Shape::Flag => version == Version::V3_0 && value.as_f64().is_some(),
        Shape::Number => version >= Version::V3_1 && value.as_bool().is_some(),
        _ => false,
    };
    let help = match (shape, value.kind()) {
        (Shape::Number, Kind::Bool) => "from 3.1 on it is the bound itself: `exclusiveMinimum: 0`",
        (Shape::Flag, Kind::Integer | Kind::Float) => {
            "in 3.0 it says how `minimum` or `maximum` is meant: `true` or `false`"
        }
        (Shape::Text | Shape::Words(_) | Shape::Texts, Kind::Integer | Kind::Float | Kind::Bool) => {
            "put it in quotes"
        }
        _ => "OpenAPI takes nothing else here",
    };
    Misfit { message: format!("takes {takes}, and this is {}", found(value)), help, other_version }
}

fn described(shape: Shape) -> String {
    match shape {
        Shape::Any => "anything".to_owned(),
        Shape::Text => "text".to_owned(),
        Shape::Flag => "`true` or `false`".to_owned(),
        Shape::Count => "a whole number from 0 on".to_owned(),
        Shape::Number => "a number".to_owned(),
        Shape::Choice(words) => format!("one of `{}`", words.join("`, `")),
        Shape::Values(1..) => "a list that is not empty".to_owned(),
        Shape::Words(0) => "a list of texts".to_owned(),
        Shape::Words(_) => "a list of texts that is not empty".to_owned(),
        Shape::Texts => "a mapping to texts".to_owned(),
        Shape::Mapping | Shape::One(_) | Shape::Map(_) => "a mapping".to_owned(),
        Shape::Types => "a type".to_owned(),
        Shape::Values(0) | Shape::List(_) | Shape::OneOrList(_) => "a list".to_owned(),
    }
}

const TYPES: [&str; 7] = ["array", "boolean", "integer", "number", "object", "string", "null"];

/// The types of a schema: one word, and from 3.1 on `null` and lists too (JSON Schema validation section 6.1.1).
fn types(value: NodeRef<'_>, version: Version) -> Result<(), Misfit> {
    let known = if version >= Version::V3_1 { &TYPES[..] } else { &TYPES[..6] };
    let is_known = |node: NodeRef<'_>| node.as_str().is_some_and(|word| known.contains(&word));
    let younger = |node: NodeRef<'_>| node.as_str().is_some_and(|word| TYPES.contains(&word));
    let words: Vec<&str> = value.items().filter_map(NodeRef::as_str).collect();
    let unique = words.iter().enumerate().all(|(at, word)| !words[..at].contains(word));
    if is_known(value)
        || (version >= Version::V3_1 && !value.is_empty() && value.items().all(is_known) && unique)
    {
        return Ok(());
    }
    if younger(value) || (!value.is_empty() && value.items().all(younger) && unique) {
        let help = "in 3.0 there is one type; `nullable: true` lets `null` in";
        let message = "takes lists of types, and `null`, from 3.1 on".to_owned();
        return Err(Misfit { message, help, other_version: true });
    }
    let message = format!("takes one of `{}`, and this is {}", known.join("`, `"), found(value));
    Err(Misfit { message, help: "a schema without `type` takes any", other_version: false })
}
