//! The book of codes: the stages' tables joined, and one page for each code.

use gw_syntax::{Code, CodeEntry};

use crate::{check, emit, lint, load, parse};

/// Every code that a compilation can give, in the order of their numbers.
pub fn codes() -> Vec<&'static CodeEntry> {
    let tables = [
        emit::CODES,
        load::codes::CODES,
        gw_syntax::codes::CODES,
        parse::codes::CODES,
        check::CODES,
        lint::CODES,
    ];
    tables.into_iter().flatten().collect()
}

/// The page of a code, in Markdown: what it means, why, and an example of each kind.
///
/// ```
/// use gw_compiler::explain;
/// use gw_syntax::Code;
///
/// assert!(explain(Code(301)).is_some_and(|page| page.starts_with("# GW0301")));
/// assert_eq!(explain(Code(9999)), None);
/// ```
pub fn explain(code: Code) -> Option<&'static str> {
    PAGES.iter().find(|(number, _)| *number == code.0).map(|(_, page)| *page)
}

macro_rules! pages {
    ($($number:literal)*) => {
        &[$(($number, include_str!(concat!("codes/GW", stringify!($number), ".md")))),*]
    };
}

const PAGES: &[(u16, &str)] = pages![0301];
