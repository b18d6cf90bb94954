//! Units that live in types, so that a number never travels without its meaning.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A length of time in whole milliseconds, at most about 49 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Millis(pub u32);

impl Millis {
    /// The same length in nanoseconds.
    pub const fn as_nanos(self) -> u64 {
        self.0 as u64 * 1_000_000
    }
}

impl fmt::Display for Millis {
    /// Writes the shortest exact form of the vocabulary: `1h`, `30s`, `250ms`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            ms if ms > 0 && ms.is_multiple_of(3_600_000) => write!(f, "{}h", ms / 3_600_000),
            ms if ms > 0 && ms.is_multiple_of(60_000) => write!(f, "{}m", ms / 60_000),
            ms if ms > 0 && ms.is_multiple_of(1_000) => write!(f, "{}s", ms / 1_000),
            ms => write!(f, "{ms}ms"),
        }
    }
}

/// A size in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Bytes(pub u64);

impl fmt::Display for Bytes {
    /// Writes the shortest exact form of the vocabulary: `1GiB`, `64KiB`, `10B`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
        for (size, unit) in UNITS {
            if self.0 >= size && self.0.is_multiple_of(size) {
                return write!(f, "{}{unit}", self.0 / size);
            }
        }
        write!(f, "{}B", self.0)
    }
}

impl Bytes {
    /// The size as people say it, rounded up to a tenth of its unit: `1.6 GiB`, `340.0 MiB`.
    pub fn rounded(self) -> String {
        const UNITS: [(u64, &str); 4] =
            [(1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
        match UNITS.into_iter().find(|(size, _)| self.0 >= *size) {
            Some((size, unit)) => {
                let tenths = (u128::from(self.0) * 10).div_ceil(u128::from(size));
                format!("{}.{} {unit}", tenths / 10, tenths % 10)
            }
            None => format!("{} B", self.0),
        }
    }
}

/// Reads a duration as people write it, in milliseconds: a whole number and `ms`, `s`, `m`, `h` or `d`.
pub fn duration_millis(text: &str) -> Option<u64> {
    const UNITS: [(&str, u64); 5] =
        [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];
    with_unit(text, &UNITS)
}

/// Reads a size as people write it, in bytes: a whole number and `B`, `KiB`, `MiB` or `GiB`.
pub fn size_bytes(text: &str) -> Option<u64> {
    const UNITS: [(&str, u64); 4] = [("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];
    with_unit(text, &UNITS)
}

/// Decimal digits, then the name of a unit, with nothing between, before or behind.
fn with_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (count, unit) = text.split_at(digits);
    let (_, factor) = units.iter().find(|(name, _)| *name == unit)?;
    count.parse::<u64>().ok()?.checked_mul(*factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_never_rounded_down() {
        for (bytes, said) in
            [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1025, "1.1 KiB"), (3 << 29, "1.5 GiB")]
        {
            assert_eq!(Bytes(bytes).rounded(), said);
        }
    }
}
