//! The keys of a selector: which operations are meant.

use gw_artifact::model::Method;

use super::shape::{Choice, Key, Shape};

/// Every key that is given must select an operation; within a key, any one value does.
pub const SELECTOR: &[Key] = &[
    Key::enforced("operations", Shape::List(&Shape::Text), "By `operationId`."),
    Key::enforced("tags", Shape::List(&Shape::Text), "By tag."),
    Key::enforced(
        "paths",
        Shape::List(&Shape::Text),
        "By path, as documents write it, without the base: `*` stands for any text within a segment, `**` as a \
         segment for any number of segments.",
    ),
    Key::enforced("methods", Shape::List(&Shape::Choice(METHODS)), "By method."),
    Key::enforced("apis", Shape::List(&Shape::Name), "By the API's name."),
];

const METHODS: &[Choice] = &{
    let mut choices = [Choice::enforced(""); Method::NAMES.len()];
    let mut index = 0;
    while index < choices.len() {
        choices[index] = Choice::enforced(Method::NAMES[index]);
        index += 1;
    }
    choices
};
