//! Values with units, as people write them: `30s`, `64KiB`, `100/min`, `20%`.

use std::fmt;

use gw_artifact::model::{Bytes, Millis, Rate, duration_millis, size_bytes};

/// A share in thousandths, at most 1000: `20%`, `0.5%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permille(pub u16);

/// A length of time in whole seconds, at most about 136 years: what browsers are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seconds(pub u32);

/// Reads a duration: a whole number and `ms`, `s`, `m`, `h` or `d`; at most about 49 days, not zero.
pub fn millis(text: &str) -> Option<Millis> {
    let count = duration_millis(text)?;
    u32::try_from(count).ok().filter(|count| *count > 0).map(Millis)
}

/// Reads a size: a whole number and `B`, `KiB`, `MiB` or `GiB`.
pub fn bytes(text: &str) -> Option<Bytes> {
    size_bytes(text).map(Bytes)
}

/// Reads a duration in whole seconds, not zero: `365d`.
pub fn seconds(text: &str) -> Option<Seconds> {
    let millis = duration_millis(text).filter(|millis| *millis > 0 && millis.is_multiple_of(1000))?;
    u32::try_from(millis / 1000).ok().map(Seconds)
}

/// Reads a rate: a whole number, `/`, and `s`, `min`, `h`, `day` or `month`.
pub fn rate(text: &str) -> Option<Rate> {
    text.parse().ok()
}

/// Reads a share from `0%` to `100%`, with one digit behind the point if need be: `0.5%`.
pub fn permille(text: &str) -> Option<Permille> {
    let number = text.strip_suffix('%')?;
    let (whole, tenths) = match number.split_once('.') {
        Some((whole, tenths)) => (whole, Some(tenths).filter(|tenths| tenths.len() == 1)?),
        None => (number, "0"),
    };
    let short = whole.len() <= 3 && (whole == "0" || !whole.starts_with('0'));
    let permille = count_of(whole).filter(|_| short)? * 10 + count_of(tenths)?;
    (permille <= 1000).then_some(Permille(permille as u16))
}

/// Whether the text is a name: 1 to 64 letters, digits, `-`, `_` and `.`.
pub fn is_name(text: &str) -> bool {
    let is_name_byte = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    (1..=64).contains(&text.len()) && text.bytes().all(is_name_byte)
}

impl fmt::Display for Permille {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 % 10 {
            0 => write!(f, "{}%", self.0 / 10),
            tenths => write!(f, "{}.{tenths}%", self.0 / 10),
        }
    }
}

impl fmt::Display for Seconds {
    /// Writes the shortest exact form: `365d`, `90m`, `10s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u32, &str); 3] = [(86_400, "d"), (3_600, "h"), (60, "m")];
        let unit = UNITS.into_iter().find(|(length, _)| self.0 >= *length && self.0.is_multiple_of(*length));
        let (length, name) = unit.unwrap_or((1, "s"));
        write!(f, "{}{name}", self.0 / length)
    }
}

fn count_of(digits: &str) -> Option<u64> {
    let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if all_digits { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_reads_back_what_it_prints() {
        for text in ["1ms", "250ms", "30s", "5m", "1h"] {
            assert_eq!(millis(text).map(|value| value.to_string()).as_deref(), Some(text));
        }
        assert_eq!(millis("1d"), Some(Millis(86_400_000)));
    }

    #[test]
    fn a_size_reads_back_what_it_prints() {
        for text in ["10B", "64KiB", "1MiB", "3GiB"] {
            assert_eq!(bytes(text).map(|value| value.to_string()).as_deref(), Some(text));
        }
    }

    #[test]
    fn malformed_values_are_refused() {
        for text in ["", "s", "2", "0s", "-1s", "1.5s", "2 s", "2S", "1h30m", "50d", "99999999999999999999s"]
        {
            assert_eq!(millis(text), None, "{text}");
        }
        for text in ["", "1", "1MB", "1mib", "1 KiB", "18446744073709551615GiB"] {
            assert_eq!(bytes(text), None, "{text}");
        }
    }

    #[test]
    fn shares_and_seconds_read_back_what_they_print() {
        for text in ["0%", "20%", "100%", "0.5%", "99.9%"] {
            assert_eq!(permille(text).map(|value| value.to_string()).as_deref(), Some(text));
        }
        for text in ["365d", "90m", "36h", "59s"] {
            assert_eq!(seconds(text).map(|value| value.to_string()).as_deref(), Some(text));
        }
        for text in ["", "%", "101%", "20", "100.1%", "1.25%", "1.%", ".5%", "020%", "+5%", "-1%"] {
            assert_eq!(permille(text), None, "{text}");
        }
        for text in ["", "0s", "1500ms", "1", "99999999999d"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn rates_and_names_have_one_form() {
        assert!(rate("100/min").is_some() && rate("10000/month").is_some());
        assert!(rate("100").is_none() && rate("0/s").is_none() && rate("1/week").is_none());
        assert!(is_name("orders.v1_x-2") && !is_name("") && !is_name("a b") && !is_name(&"a".repeat(65)));
    }
}
