//! Loads an artifact and serves traffic.
#![forbid(unsafe_code)]
