//! Days, in UTC.

use std::fmt;
use std::str::FromStr;

/// A day of the Gregorian calendar (RFC 3339 section 5.6, `full-date`), from the year 1970 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The year, 1970 to 9999.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.day
    }

    /// The day of a moment, in seconds since the beginning of 1970; `None` from the year 10000 on.
    pub fn of_unix_seconds(seconds: u64) -> Option<Self> {
        let mut days = u32::try_from(seconds / 86_400).ok()?;
        let mut year = 1970_u16;
        while let Some(rest) = days.checked_sub(year_length(year)) {
            (days, year) = (rest, year + 1);
            if year > 9999 {
                return None;
            }
        }
        let mut month = 1;
        while let Some(rest) = days.checked_sub(u32::from(month_length(year, month))) {
            (days, month) = (rest, month + 1);
        }
        Date::new(year, month, u8::try_from(days + 1).ok()?)
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> u32 {
        let years: u32 = (1970..self.year).map(year_length).sum();
        let months: u32 = (1..self.month).map(|month| u32::from(month_length(self.year, month))).sum();
        years + months + u32::from(self.day) - 1
    }

    /// The second after it, since 1970.
    pub fn end_unix_seconds(self) -> u64 {
        (u64::from(self.days()) + 1) * 86_400
    }

    /// The day, if the calendar has it.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        (year >= 1970 && (1..=month_length(year, month)).contains(&day)).then_some(Date { year, month, day })
    }

    /// 0 for a Sunday (Sakamoto's rule).
    pub fn weekday(self) -> usize {
        const SHIFT: [usize; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
        let year = usize::from(self.year) - usize::from(self.month < 3);
        let shift = SHIFT[usize::from(self.month) - 1];
        (year + year / 4 - year / 100 + year / 400 + shift + usize::from(self.day)) % 7
    }
}

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400)
}

fn year_length(year: u16) -> u32 {
    if is_leap(year) { 366 } else { 365 }
}

/// How many days a month has; none for what is no month.
fn month_length(year: u16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 0,
    }
}

impl FromStr for Date {
    type Err = NotADate;

    /// Reads `2027-01-31`.
    fn from_str(text: &str) -> Result<Self, NotADate> {
        let parts: Vec<&str> = text.split('-').collect();
        let [year, month, day] = parts.as_slice() else { return Err(NotADate::Form) };
        let number = |part: &str, digits: usize| {
            let plain = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse::<u16>().ok().filter(|_| plain).ok_or(NotADate::Form)
        };
        let (year, month, day) = (number(year, 4)?, number(month, 2)?, number(day, 2)?);
        Date::new(year, month as u8, day as u8).ok_or(NotADate::Calendar)
    }
}

/// A text that is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotADate {
    /// It has another form.
    #[error("a day is written `2027-01-31`")]
    Form,
    /// The calendar does not have it.
    #[error("the calendar has no such day, or it is before 1970")]
    Calendar,
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        for (text, days) in
            [("1970-01-01", 0), ("1970-12-31", 364), ("2000-03-01", 11_017), ("2027-01-31", 20_849)]
        {
            assert_eq!(text.parse::<Date>().unwrap().days(), days, "{text}");
        }
        for days in (0..2_932_897).step_by(997) {
            let date = Date::of_unix_seconds(u64::from(days) * 86_400 + 86_399).unwrap();
            assert_eq!(date.days(), days, "{date}");
        }
        assert_eq!(Date::of_unix_seconds(2_932_897 * 86_400), None);
        assert_eq!(Date::of_unix_seconds(u64::MAX), None);
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in ["", "2027-1-31", "27-01-31", "2027-01-31 ", "2027/01/31", "+027-01-31"] {
            assert_eq!(text.parse::<Date>(), Err(NotADate::Form), "{text}");
        }
        for text in ["2027-02-29", "1900-02-29", "2027-13-01", "2027-00-10", "2027-01-00", "1969-12-31"] {
            assert_eq!(text.parse::<Date>(), Err(NotADate::Calendar), "{text}");
        }
        assert_eq!("2027-01-31".parse::<Date>().unwrap().to_string(), "2027-01-31");
        assert_eq!("1970-01-01".parse::<Date>().unwrap().end_unix_seconds(), 86_400);
    }
}
