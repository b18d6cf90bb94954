//! The doors of the gateway. The artifact names them, the bindings give their addresses.

use serde::{Deserialize, Serialize};

/// One named door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listener {
    /// The name that the bindings' `listen` uses; unique. `public` unless declared.
    pub name: String,
}
