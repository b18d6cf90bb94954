//! The changes of membership of one family of addresses, in order.

use super::index::Index;
use super::{MAX_CHANGES, NotASet};

/// Where membership changes: an address belongs to the set when an odd number of changes is not above it.
///
/// INVARIANT: `list` is in order without repetition; `index` is made of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Changes<A> {
    list: Vec<A>,
    index: Option<Index<A>>,
}

/// An address as a number, of either width.
pub(super) trait Address: Copy + Ord {
    /// The first and the last address with the same first bits.
    fn stretch(self, bits: u8) -> (Self, Self);

    /// The one behind it, if there is one.
    fn next(self) -> Option<Self>;

    /// How far it is from `first`, which is not above it, without the last bits.
    fn distance(self, first: Self, dropped: u32) -> u128;
}

macro_rules! address {
    ($number:ty) => {
        impl Address for $number {
            fn stretch(self, bits: u8) -> (Self, Self) {
                let behind = <$number>::MAX.checked_shr(u32::from(bits)).unwrap_or(0);
                (self & !behind, self | behind)
            }

            fn next(self) -> Option<Self> {
                self.checked_add(1)
            }

            #[inline]
            fn distance(self, first: Self, dropped: u32) -> u128 {
                u128::from((self - first) >> dropped)
            }
        }
    };
}

address!(u32);
address!(u128);

impl<A: Address> Changes<A> {
    pub(super) fn new(list: Vec<A>) -> Result<Self, NotASet> {
        if list.len() > MAX_CHANGES || !list.is_sorted_by(|a, b| a < b) {
            return Err(NotASet);
        }
        Ok(Self { index: Index::of(&list), list })
    }

    pub(super) fn list(&self) -> &[A] {
        &self.list
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) fn holds(&self, address: A) -> bool {
        let not_above = match &self.index {
            Some(index) => index.not_above(address),
            None => self.list.partition_point(|change| *change <= address),
        };
        not_above % 2 == 1
    }

    pub(super) fn most_comparisons(&self) -> u64 {
        let of_list = |length: usize| u64::from(length.max(1).ilog2()) + 1;
        self.index
            .as_ref()
            .map_or_else(|| of_list(self.list.len()), |index| of_list(index.longest_slot()) + 2)
    }

    /// The set of what both give `true` for together. O(changes of both).
    pub(super) fn combined(&self, other: &Self, holds: impl Fn(bool, bool) -> bool) -> Self {
        let mut list = Vec::new();
        let (mut mine, mut theirs) = (self.list.iter().peekable(), other.list.iter().peekable());
        let (mut in_mine, mut in_theirs, mut in_both) = (false, false, false);
        while let Some(&at) = [mine.peek(), theirs.peek()].into_iter().flatten().min() {
            let at = *at;
            in_mine ^= mine.next_if(|change| **change == at).is_some();
            in_theirs ^= theirs.next_if(|change| **change == at).is_some();
            if holds(in_mine, in_theirs) != in_both {
                in_both = !in_both;
                list.push(at);
            }
        }
        Self::new(list)
            .expect("both are in order, and what is taken away makes no more changes than a set may have")
    }
}

/// The changes of the union of stretches. O(n log n).
pub(super) fn union<A: Address>(mut stretches: Vec<(A, A)>) -> Vec<A> {
    stretches.sort_unstable();
    let mut changes = Vec::new();
    let mut open: Option<(A, Option<A>)> = None;
    for (first, last) in stretches {
        let behind = last.next();
        open = match open {
            // An end of `None` is the last address of all: nothing lies behind it.
            Some((start, end)) if end.is_none_or(|end| first <= end) => {
                Some((start, end.and_then(|end| behind.map(|behind| end.max(behind)))))
            }
            Some((start, end)) => {
                changes.push(start);
                changes.extend(end);
                Some((first, behind))
            }
            None => Some((first, behind)),
        };
    }
    if let Some((start, end)) = open {
        changes.push(start);
        changes.extend(end);
    }
    changes
}
