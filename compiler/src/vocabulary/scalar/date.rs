//! Days and moments, in UTC.

use std::fmt;
use std::str::FromStr;

use super::{Scalar, Syntax, Unread};

/// A day of the Gregorian calendar (RFC 3339 section 5.6, `full-date`), from the year 1970 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// A second in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    date: Date,
    second: u32,
}

impl Date {
    pub(in crate::vocabulary) const SYNTAX: Syntax =
        Syntax::of::<Self>("a day such as `2027-01-31`", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$");

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

    /// The day, if the calendar has it.
    fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        (year >= 1970 && (1..=month_length(year, month)).contains(&day)).then_some(Date { year, month, day })
    }

    /// 0 for a Sunday (Sakamoto's rule).
    fn weekday(self) -> usize {
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
        Date::read(text).map_err(|_| NotADate)
    }
}

/// The text is no day of the calendar in the form `2027-01-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADate;

impl fmt::Display for NotADate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a day is written `2027-01-31`")
    }
}

impl std::error::Error for NotADate {}

impl Moment {
    pub(in crate::vocabulary) const SYNTAX: Syntax = Syntax::of::<Self>(
        "a day such as `2027-01-31`, or a moment such as `2027-01-31T12:00:00Z`",
        "^([0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?|[A-Z][a-z]{2}, .* GMT)$",
    );

    /// The day.
    pub fn date(self) -> Date {
        self.date
    }

    /// The form of RFC 9110 section 5.6.7, as the header `Sunset` has it (RFC 8594 section 3).
    pub fn http_date(self) -> String {
        let Date { year, month, day } = self.date;
        let (weekday, month) = (WEEKDAYS[self.date.weekday()], MONTHS[usize::from(month) - 1]);
        format!("{weekday}, {day:02} {month} {year:04} {} GMT", self.clock())
    }

    fn clock(self) -> String {
        format!("{:02}:{:02}:{:02}", self.second / 3600, self.second / 60 % 60, self.second % 60)
    }
}

const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Scalar for Date {
    fn read(text: &str) -> Result<Self, Unread> {
        let [year, month, day] = numbers(text, '-', [4, 2, 2]).ok_or(Unread::PLAIN)?;
        Date::new(year, month as u8, day as u8)
            .ok_or_else(|| Unread::help("the calendar has no such day, or it is before 1970"))
    }
}

impl Scalar for Moment {
    fn read(text: &str) -> Result<Self, Unread> {
        if text.ends_with(" GMT") {
            return http_date(text);
        }
        let Some((date, time)) = text.split_once('T') else {
            return Ok(Moment { date: Date::read(text)?, second: 0 });
        };
        let time = time.strip_suffix('Z').ok_or_else(|| Unread::help("moments are in UTC and end in `Z`"))?;
        Ok(Moment { date: Date::read(date)?, second: second(time).ok_or(Unread::PLAIN)? })
    }
}

/// `Sun, 31 Jan 2027 23:59:59 GMT`.
fn http_date(text: &str) -> Result<Moment, Unread> {
    let words: Vec<&str> = text.split(' ').collect();
    let [weekday, day, month, year, time, "GMT"] = words.as_slice() else { return Err(Unread::PLAIN) };
    let month = MONTHS.iter().position(|name| name == month).ok_or(Unread::PLAIN)? + 1;
    let date = Date::read(&format!("{year}-{month:02}-{day}"))?;
    let right = WEEKDAYS[date.weekday()];
    if weekday.strip_suffix(',') != Some(right) {
        return Err(Unread::help(format!("that day is a `{right}`")));
    }
    Ok(Moment { date, second: second(time).ok_or(Unread::PLAIN)? })
}

/// `HH:MM:SS`, without leap seconds.
fn second(text: &str) -> Option<u32> {
    let [hour, minute, second] = numbers(text, ':', [2, 2, 2])?;
    let fits = hour < 24 && minute < 60 && second < 60;
    fits.then(|| u32::from(hour) * 3600 + u32::from(minute) * 60 + u32::from(second))
}

/// Three numbers of so many digits each.
fn numbers(text: &str, between: char, digits: [usize; 3]) -> Option<[u16; 3]> {
    let parts: Vec<&str> = text.split(between).collect();
    let parts: [&str; 3] = parts.try_into().ok()?;
    let mut numbers = [0; 3];
    for ((part, length), number) in parts.into_iter().zip(digits).zip(&mut numbers) {
        let plain = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        *number = part.parse().ok().filter(|_| plain)?;
    }
    Some(numbers)
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Display for Moment {
    /// The first second of a day is the day.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.second == 0 { self.date.fmt(f) } else { write!(f, "{}T{}Z", self.date, self.clock()) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{help, reads_back, refused};
    use super::*;

    #[test]
    fn days_and_moments_read_back() {
        reads_back::<Date>(&["1970-01-01", "2028-02-29", "2000-02-29", "9999-12-31"]);
        reads_back::<Moment>(&["2027-01-31", "2027-01-31T12:30:01Z"]);
        assert_eq!(Moment::read("2027-01-31T00:00:00Z").unwrap().to_string(), "2027-01-31");
    }

    #[test]
    fn an_http_date_is_the_same_moment() {
        let text = "Sun, 06 Nov 1994 08:49:37 GMT";
        let moment = Moment::read(text).unwrap();
        assert_eq!(
            (moment.to_string().as_str(), moment.http_date().as_str()),
            ("1994-11-06T08:49:37Z", text)
        );
        assert_eq!(help::<Moment>("Mon, 06 Nov 1994 08:49:37 GMT"), "that day is a `Sun`");
    }

    #[test]
    fn days_are_counted_from_1970() {
        for (text, days) in
            [("1970-01-01", 0), ("1970-12-31", 364), ("2000-03-01", 11_017), ("2027-01-31", 20_849)]
        {
            assert_eq!(Date::read(text).unwrap().days(), days, "{text}");
        }
        for days in (0..2_932_897).step_by(997) {
            let date = Date::of_unix_seconds(u64::from(days) * 86_400 + 86_399).unwrap();
            assert_eq!(date.days(), days, "{date}");
        }
        assert_eq!(Date::of_unix_seconds(2_932_897 * 86_400), None);
        assert_eq!(Date::of_unix_seconds(u64::MAX), None);
    }

    #[test]
    fn what_is_no_day_or_moment_is_refused() {
        refused::<Date>(&[
            "",
            "2027-1-31",
            "2027-02-29",
            "1900-02-29",
            "2027-13-01",
            "2027-00-10",
            "1969-12-31",
        ]);
        refused::<Date>(&["2027-01-32", "31.01.2027", "2027-01-31T00:00:00Z", "+027-01-31"]);
        refused::<Moment>(&[
            "2027-01-31T24:00:00Z",
            "2027-01-31T12:00:00",
            "2027-01-31 12:00:00Z",
            "soon GMT",
        ]);
    }
}
