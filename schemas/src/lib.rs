//! The artifact: the contract between the compiler and the runtime.
#![forbid(unsafe_code)]
