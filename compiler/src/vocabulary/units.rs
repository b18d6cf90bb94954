//! Values with units, as people write them: `30s`, `64KiB`, `100/min`, `20%`.

use gw_artifact::model::{Bytes, Millis, Rate, duration_millis, size_bytes};

/// Reads a duration: a whole number and `ms`, `s`, `m`, `h` or `d`; at most about 49 days, not zero.
pub fn millis(text: &str) -> Option<Millis> {
    let count = duration_millis(text)?;
    u32::try_from(count).ok().filter(|count| *count > 0).map(Millis)
}

/// Reads a size: a whole number and `B`, `KiB`, `MiB` or `GiB`.
pub fn bytes(text: &str) -> Option<Bytes> {
    size_bytes(text).map(Bytes)
}

/// Whether the text is a rate: a whole number, `/`, and `s`, `min`, `h`, `day` or `month`.
pub fn is_rate(text: &str) -> bool {
    text.parse::<Rate>().is_ok()
}

/// Whether the text is a percentage from `0%` to `100%`.
pub fn is_percent(text: &str) -> bool {
    text.strip_suffix('%').and_then(count_of).is_some_and(|count| count <= 100)
}

/// Whether the text is a name: 1 to 64 letters, digits, `-`, `_` and `.`.
pub fn is_name(text: &str) -> bool {
    let is_name_byte = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    (1..=64).contains(&text.len()) && text.bytes().all(is_name_byte)
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
    fn rates_percentages_and_names_have_one_form() {
        assert!(is_rate("100/min") && is_rate("10000/month"));
        assert!(!is_rate("100") && !is_rate("0/s") && !is_rate("1/week") && !is_rate("/s"));
        assert!(is_percent("20%") && !is_percent("101%") && !is_percent("20"));
        assert!(is_name("orders.v1_x-2") && !is_name("") && !is_name("a b") && !is_name(&"a".repeat(65)));
    }
}
