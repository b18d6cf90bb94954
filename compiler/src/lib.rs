//! From OpenAPI documents and policy annotations to a sealed artifact.
#![forbid(unsafe_code)]
