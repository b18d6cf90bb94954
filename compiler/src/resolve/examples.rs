//! The response that a mock upstream gives for an operation, from the document's examples.

use super::references::References;
use super::resolved::Example;
use crate::parse::openapi::operation::Operation;

/// The example of the first success, as the document gives it.
pub(super) fn example(_operation: Operation<'_>, _references: &References<'_>) -> Option<Example> {
    None
}
