//! Days and moments, in UTC.

use std::fmt;

pub use gw_artifact::{Date, NotADate};

use super::{Scalar, Syntax, Unread};

/// A second in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    date: Date,
    second: u32,
}

/// A day.
pub(in crate::vocabulary) const DAY: Syntax =
    Syntax::of::<Date>("a day such as `2027-01-31`", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$");

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
        let (year, month, day) = (self.date.year(), self.date.month(), self.date.day());
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
        text.parse().map_err(|fault| match fault {
            NotADate::Form => Unread::PLAIN,
            NotADate::Calendar => Unread::help(fault.to_string()),
        })
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
