//! Text, trees, spans and findings; knows no OpenAPI.
#![forbid(unsafe_code)]
