//! Resolve: `$ref`, names and inheritance are settled; each operation has its effective policy (GW02xx).

pub mod resolved;

pub use resolved::Resolved;
