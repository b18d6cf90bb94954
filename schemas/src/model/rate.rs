//! So many per unit of time.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// So many per unit of time: `100/min`. Equality is that of the writing; [`Rate::compare`] is that of the rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rate {
    /// How many, at least 1.
    pub count: u64,
    /// In which time.
    pub per: Period,
}

/// A unit of time that things are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Period {
    /// `s`
    Second,
    /// `min`
    Minute,
    /// `h`
    Hour,
    /// `day`
    Day,
    /// `month`; 30 days where rates are compared.
    Month,
}

impl Rate {
    /// How two rates stand to each other, exactly: `60/min` equals `1/s`.
    pub fn compare(self, other: Self) -> Ordering {
        let scaled = |count: u64, seconds: u64| u128::from(count) * u128::from(seconds);
        scaled(self.count, other.per.seconds()).cmp(&scaled(other.count, self.per.seconds()))
    }
}

impl Period {
    const ALL: [Period; 5] = [Period::Second, Period::Minute, Period::Hour, Period::Day, Period::Month];

    /// How long it is; a month counts 30 days.
    pub const fn seconds(self) -> u64 {
        match self {
            Period::Second => 1,
            Period::Minute => 60,
            Period::Hour => 3_600,
            Period::Day => 86_400,
            Period::Month => 30 * 86_400,
        }
    }

    /// The vocabulary's word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Period::Second => "s",
            Period::Minute => "min",
            Period::Hour => "h",
            Period::Day => "day",
            Period::Month => "month",
        }
    }
}

/// A text that is no rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a rate is a whole number, `/`, and `s`, `min`, `h`, `day` or `month`")]
pub struct NotARate;

impl FromStr for Rate {
    type Err = NotARate;

    fn from_str(text: &str) -> Result<Self, NotARate> {
        let (count, word) = text.split_once('/').ok_or(NotARate)?;
        let per = Period::ALL.into_iter().find(|period| period.word() == word).ok_or(NotARate)?;
        let digits = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
        let count = count.parse().ok().filter(|count| digits && *count > 0).ok_or(NotARate)?;
        Ok(Rate { count, per })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.count, self.per.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> Rate {
        text.parse().expect("the text of a test is a rate")
    }

    #[test]
    fn rates_are_compared_across_units() {
        assert_eq!(rate("60/min").compare(rate("1/s")), Ordering::Equal);
        assert_eq!(rate("61/min").compare(rate("1/s")), Ordering::Greater);
        assert_eq!(rate("1000/min").compare(rate("59999/h")), Ordering::Greater);
        assert_eq!(rate("30/month").compare(rate("1/day")), Ordering::Equal);
        let (most, fast) = (format!("{}/month", u64::MAX), format!("{}/s", u64::MAX));
        assert_eq!(rate(&most).compare(rate(&fast)), Ordering::Less);
    }

    #[test]
    fn a_rate_reads_back_what_it_prints() {
        for text in ["1/s", "100/min", "1000/h", "5000/day", "10000/month"] {
            assert_eq!(rate(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_rate_is_refused() {
        for text in
            ["", "1", "/s", "0/s", "+1/s", "1/week", "1/S", "1.5/s", "1/s/s", "99999999999999999999/s"]
        {
            assert_eq!(text.parse::<Rate>(), Err(NotARate), "{text}");
        }
    }
}
