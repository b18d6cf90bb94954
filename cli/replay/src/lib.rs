//! The offline harness: suites and single requests against the decision core.
#![forbid(unsafe_code)]
