//! Stable names of findings: `GW0104`, and the tables that describe them.

use std::fmt;
use std::str::FromStr;

/// The stable number of a kind of finding; prints as `GW0104`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub u16);

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing needs to change.
    Info,
    /// Legal but unwise.
    Warning,
    /// The input is refused.
    Error,
}

/// One row of a stage's table of codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeEntry {
    /// The stable number.
    pub code: Code,
    /// A readable name, in kebab-case, as stable as the number.
    pub name: &'static str,
    /// What findings of this code weigh unless a finding says otherwise.
    pub severity: Severity,
    /// One line, lower case, that says what is wrong.
    pub title: &'static str,
}

/// The text is not of the form `GW` and four digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACode;

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GW{:04}", self.0)
    }
}

impl FromStr for Code {
    type Err = NotACode;

    /// Reads `GW0104`; letter case does not matter.
    fn from_str(text: &str) -> Result<Self, NotACode> {
        let (prefix, digits) = text.split_at_checked(2).ok_or(NotACode)?;
        let well_formed = prefix.eq_ignore_ascii_case("GW")
            && digits.len() == 4
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !well_formed {
            return Err(NotACode);
        }
        digits.parse().map(Code).map_err(|_| NotACode)
    }
}

impl Severity {
    /// The word for it: `error`, `warning` or `info`.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for NotACode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a code is `GW` and four digits")
    }
}

impl std::error::Error for NotACode {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_back_what_it_prints() {
        for number in [0, 7, 104, 1001, 9999] {
            assert_eq!(Code(number).to_string().parse(), Ok(Code(number)));
        }
        assert_eq!("gw0104".parse(), Ok(Code(104)));
    }

    #[test]
    fn other_text_is_no_code() {
        for text in ["", "GW", "GW104", "GW01045", "GX0104", "GW+104", "ä104"] {
            assert_eq!(text.parse::<Code>(), Err(NotACode), "{text}");
        }
    }

    #[test]
    fn an_error_weighs_more_than_a_warning() {
        assert!(Severity::Error > Severity::Warning && Severity::Warning > Severity::Info);
    }
}
