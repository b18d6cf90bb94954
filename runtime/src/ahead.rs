//! Bytes of a connection that were read to be looked at, and are still to be read by whom they are for.

/// See the module. Empty, and without memory of its own, on a connection that nobody looks at.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    bytes: Vec<u8>,
    taken: usize,
}

impl Ahead {
    /// Whether everything was read.
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// What is still to be read.
    pub(crate) fn rest(&self) -> &[u8] {
        &self.bytes[self.taken..]
    }

    /// More has come.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// So much was read, of what [`rest`](Self::rest) says.
    pub(crate) fn skip(&mut self, bytes: usize) {
        self.taken = (self.taken + bytes).min(self.bytes.len());
        if self.taken == self.bytes.len() {
            *self = Self::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_at_is_read_once() {
        let mut ahead = Ahead::default();
        ahead.add(b"PROXY");
        ahead.add(b" GET");
        ahead.skip(6);
        assert_eq!(ahead.rest(), b"GET");
        ahead.skip(3);
        assert!(ahead.is_empty() && ahead.rest().is_empty());
        assert_eq!(ahead.bytes.capacity(), 0);
    }
}
