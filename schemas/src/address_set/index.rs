//! The index over a long list of changes: slots of equal width, and in each slot what is left of its changes.
//!
//! Only the distance from the first change matters, and of that only the bits that tell changes apart: a list of /48s has
//! no use for the last eighty. The first of these bits are the slot's number, the rest is kept in as few bytes as
//! hold it. So a list of 100,000 networks is about half a mebibyte that is looked at, in two places per look-up.

use super::changes::Address;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Index<A> {
    first: A,
    last: A,
    /// Bits at the end that no change has set, seen from the first change.
    dropped: u32,
    /// Bits of the rest; what stands above them is the slot's number.
    rest_bits: u32,
    /// How many changes lie before each slot, and behind the last.
    slots: Vec<u32>,
    rests: Rests,
}

/// What is left of each change without its slot's number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rests {
    /// At most 16 bits.
    Short(Vec<u16>),
    /// At most 32.
    Middle(Vec<u32>),
    /// At most 64.
    Long(Vec<u64>),
    /// More.
    Whole(Vec<u128>),
}

/// A list that is not longer has no index: it is searched as it is.
const SHORT_LIST: usize = 32;
/// Changes that a slot holds on average, as a power of two.
const SLOT_CHANGES_BITS: u32 = 2;
/// The most slots, as a power of two.
const MAX_SLOT_BITS: u32 = 18;
/// A slot that is not longer is read from end to end, which takes no jumps.
const SHORT_SLOT: usize = 16;

impl<A: Address> Index<A> {
    /// The index of a list in order; `None` for a short one.
    pub(super) fn of(changes: &[A]) -> Option<Self> {
        let (&first, &last) = (changes.first()?, changes.last()?);
        if changes.len() <= SHORT_LIST {
            return None;
        }
        // What all distances from the first change have in common at their ends.
        let dropped = changes[1..].iter().map(|change| change_zeros(*change, first)).min()?;
        let width = u128::BITS - last.distance(first, dropped).leading_zeros();
        let rest_bits = width - slot_bits(changes.len(), width);
        let distance = |change: &A| change.distance(first, dropped);
        let count = (distance(&last) >> rest_bits) as usize + 1;
        let mut slots = Vec::with_capacity(count + 1);
        let mut before = 0;
        for slot in 0..count {
            while (distance(&changes[before]) >> rest_bits) < slot as u128 {
                before += 1;
            }
            slots.push(before as u32);
        }
        slots.push(changes.len() as u32);
        let rest = |change: &A| distance(change) & ((1 << rest_bits) - 1);
        let rests = match rest_bits {
            0..=16 => Rests::Short(changes.iter().map(|change| rest(change) as u16).collect()),
            17..=32 => Rests::Middle(changes.iter().map(|change| rest(change) as u32).collect()),
            33..=64 => Rests::Long(changes.iter().map(|change| rest(change) as u64).collect()),
            _ => Rests::Whole(changes.iter().map(rest).collect()),
        };
        Some(Self { first, last, dropped, rest_bits, slots, rests })
    }

    /// How many changes are not above the address.
    #[inline]
    pub(super) fn not_above(&self, address: A) -> usize {
        if address < self.first {
            return 0;
        }
        if address >= self.last {
            return self.slots[self.slots.len() - 1] as usize;
        }
        let distance = address.distance(self.first, self.dropped);
        let slot = (distance >> self.rest_bits) as usize;
        let (from, to) = (self.slots[slot] as usize, self.slots[slot + 1] as usize);
        let rest = distance & ((1 << self.rest_bits) - 1);
        from + match &self.rests {
            Rests::Short(rests) => not_above(&rests[from..to], rest as u16),
            Rests::Middle(rests) => not_above(&rests[from..to], rest as u32),
            Rests::Long(rests) => not_above(&rests[from..to], rest as u64),
            Rests::Whole(rests) => not_above(&rests[from..to], rest),
        }
    }

    /// The most changes of one slot.
    pub(super) fn longest_slot(&self) -> usize {
        self.slots.windows(2).map(|slot| (slot[1] - slot[0]) as usize).max().unwrap_or(0)
    }
}

fn change_zeros<A: Address>(change: A, first: A) -> u32 {
    change.distance(first, 0).trailing_zeros()
}

/// How many bits name a slot: so many that a slot holds a few changes, and a few more where what is left gets shorter by
/// it. Never all, and never so many that the slots outgrow the list.
fn slot_bits(changes: usize, width: u32) -> u32 {
    let usual = changes.ilog2().saturating_sub(SLOT_CHANGES_BITS);
    let for_short_rests = width.saturating_sub(16);
    let most = changes.ilog2().min(MAX_SLOT_BITS).min(width);
    if for_short_rests <= most { for_short_rests.max(usual).min(most) } else { usual.min(most) }
}

#[inline]
fn not_above<R: Ord + Copy>(rests: &[R], rest: R) -> usize {
    if rests.len() <= SHORT_SLOT {
        rests.iter().filter(|change| **change <= rest).count()
    } else {
        rests.partition_point(|change| *change <= rest)
    }
}
