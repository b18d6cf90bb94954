//! Days and moments, in UTC.

use std::fmt;

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

    /// The day, if the calendar has it.
    fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        (year >= 1970 && (1..=days).contains(&day)).then_some(Date { year, month, day })
    }

    /// 0 for a Sunday (Sakamoto's rule).
    fn weekday(self) -> usize {
        const SHIFT: [usize; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
        let year = usize::from(self.year) - usize::from(self.month < 3);
        let shift = SHIFT[usize::from(self.month) - 1];
        (year + year / 4 - year / 100 + year / 400 + shift + usize::from(self.day)) % 7
    }
}

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
