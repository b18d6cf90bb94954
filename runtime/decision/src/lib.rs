//! The twelve steps of a request, pure.
#![forbid(unsafe_code)]
