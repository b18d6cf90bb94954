//! What stands at a place of a document, by the way that leads there from its root.

use gw_syntax::{NodeRef, Pointer};

use super::{Object, Shape};
use crate::parse::openapi::version::Version;

/// What OpenAPI says about a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// An object of this kind stands there.
    Object(Object),
    /// A list of such objects, or a mapping from names to them.
    Several(Object),
    /// A value, no object: a text, a number, a list of them.
    Value,
}

impl Standing {
    /// Whether a reference in the place of an object may lead there. A path item is the same wherever it stands.
    pub fn is_for(self, object: Object) -> bool {
        let role = |object| if object == Object::OutgoingPathItem { Object::PathItem } else { object };
        matches!(self, Standing::Object(found) if role(found) == role(object))
    }
}

/// What stands at a path through a document; `None` where OpenAPI does not say: below an `x-` key, an unknown key, or
/// a value of any form.
pub fn standing(root: NodeRef<'_>, path: &Pointer, version: Version) -> Option<Standing> {
    let mut shape = Shape::One(Object::Document);
    let mut node = root;
    for token in path.tokens() {
        let is_list = node.kind() == gw_syntax::Kind::Sequence;
        shape = match shape {
            Shape::OneOrList(object) if is_list => Shape::One(object),
            Shape::One(object) | Shape::OneOrList(object) => object.shape_at(&token, version)?,
            Shape::List(object) | Shape::Map(object) => Shape::One(object),
            Shape::Any
            | Shape::Text
            | Shape::Flag
            | Shape::Count
            | Shape::Number
            | Shape::Choice(_)
            | Shape::Values(_)
            | Shape::Words(_)
            | Shape::Texts
            | Shape::Mapping
            | Shape::Types => return None,
        };
        node = node.at_pointer(&Pointer::root().child(&token))?;
    }
    match shape {
        Shape::Any => None,
        Shape::OneOrList(object) if node.kind() == gw_syntax::Kind::Sequence => {
            Some(Standing::Several(object))
        }
        Shape::One(object) | Shape::OneOrList(object) => Some(Standing::Object(object)),
        Shape::List(object) | Shape::Map(object) => Some(Standing::Several(object)),
        Shape::Text
        | Shape::Flag
        | Shape::Count
        | Shape::Number
        | Shape::Choice(_)
        | Shape::Values(_)
        | Shape::Words(_)
        | Shape::Texts
        | Shape::Mapping
        | Shape::Types => Some(Standing::Value),
    }
}
