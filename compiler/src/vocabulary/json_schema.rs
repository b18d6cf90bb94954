//! The JSON Schemas of everything that people write.
