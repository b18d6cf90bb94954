//! Indices into the tables. An id is only meaningful with the artifact it came from, where it is in range.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub u32);

        impl $name {
            /// The position in its table.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id!(
    /// A row of [`Tables::apis`](super::Tables::apis).
    ApiId
);
id!(
    /// A row of [`Tables::sites`](super::Tables::sites).
    SiteId
);
id!(
    /// A row of [`Tables::path_items`](super::Tables::path_items).
    PathItemId
);
id!(
    /// A row of [`Tables::operations`](super::Tables::operations).
    OperationId
);
id!(
    /// A row of [`Tables::access`](super::Tables::access).
    AccessId
);
id!(
    /// A row of [`Tables::schemes`](super::Tables::schemes).
    SchemeId
);
id!(
    /// A row of [`Tables::verifiers`](super::Tables::verifiers).
    VerifierId
);
id!(
    /// A row of [`Tables::conditions`](super::Tables::conditions).
    ConditionId
);
id!(
    /// A row of [`Tables::key_sets`](super::Tables::key_sets).
    KeySetId
);
id!(
    /// A row of [`Tables::upstreams`](super::Tables::upstreams).
    UpstreamId
);
id!(
    /// A row of [`Tables::listeners`](super::Tables::listeners).
    ListenerId
);
id!(
    /// A row of [`Tables::access_lists`](super::Tables::access_lists).
    AccessListId
);
