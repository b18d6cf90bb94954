//! One rule per file.

pub(super) mod always_denied;
