//! State that changes with time; time is an argument.
#![forbid(unsafe_code)]
