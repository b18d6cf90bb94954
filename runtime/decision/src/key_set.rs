//! Sets of API keys: digests of keys, and who holds them. The keys themselves are nowhere in the gateway.

use std::collections::HashMap;
use std::sync::Arc;

use gw_artifact::Digest;

/// The most keys of one set.
pub const MAX_KEYS: usize = 100_000;
/// The longest key that is looked at, in bytes; a longer one is no key.
pub const MAX_KEY_BYTES: usize = 512;

/// Who holds a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyHolder {
    /// The key's public name, which may be written to logs.
    pub id: String,
    /// The consumer.
    pub consumer: String,
    /// What it is allowed, sorted.
    pub scopes: Vec<String>,
    /// Seconds since 1970 from which the key is good no more; none: it is good until it is revoked.
    pub expires: Option<u64>,
}

/// The keys of one set. A change makes another set.
///
/// A key is found by its SHA-256 digest, so that the time of a look-up tells nothing about any key: whoever asks does
/// not choose the digest of what he asks with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeySet {
    holders: HashMap<Digest, Arc<KeyHolder>>,
}

impl KeySet {
    /// A set of these keys. Of two with the same digest the first one stays; whoever reads a file refuses the second.
    pub fn new(keys: impl IntoIterator<Item = (Digest, KeyHolder)>) -> Self {
        let mut holders = HashMap::new();
        for (digest, holder) in keys {
            holders.entry(digest).or_insert_with(|| Arc::new(holder));
        }
        Self { holders }
    }

    /// The holder of the key with this digest. O(1).
    pub fn find(&self, digest: &Digest) -> Option<Arc<KeyHolder>> {
        self.holders.get(digest).map(Arc::clone)
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.holders.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.holders.is_empty()
    }
}
