//! The compiler as its callers see it: texts in, findings and artifacts out.

mod book;
mod support;
