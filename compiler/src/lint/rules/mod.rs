//! One rule per file.

pub(super) mod always_denied;
pub(super) mod upstream_not_verified;
