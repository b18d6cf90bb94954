//! The book of codes: the stages' tables joined, and one page for each code.

use gw_syntax::{Code, CodeEntry};

use crate::{check, emit, lint, load, parse, policy, resolve, waivers};

/// Every code that a compilation can give, in the order of their numbers.
pub fn codes() -> Vec<&'static CodeEntry> {
    let tables = [
        emit::CODES,
        load::codes::CODES,
        gw_syntax::codes::CODES,
        policy::codes::CODES,
        parse::codes::CODES,
        resolve::codes::CODES,
        check::CODES,
        lint::CODES,
        waivers::CODES,
    ];
    let mut codes: Vec<&CodeEntry> = tables.into_iter().flatten().collect();
    // The ranges of two tables may lie in each other.
    codes.sort_by_key(|entry| entry.code);
    codes
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
    let code = code.to_string();
    PAGES.iter().find(|(number, _)| code.ends_with(number)).map(|(_, page)| *page)
}

macro_rules! pages {
    ($($number:literal)*) => {
        &[$(($number, include_str!(concat!("codes/GW", $number, ".md")))),*]
    };
}

const PAGES: &[(&str, &str)] = pages![
    "0007" "0008" "0009" "0010" "0011"
    "0124" "0125" "0126" "0127" "0128" "0129" "0380" "0381"
    "0144" "0145" "0146" "0147" "0148" "0149" "0150" "0151" "0152" "0153" "0154" "0155"
    "0211" "0212" "0214" "0215" "0216"
    "0000" "0001" "0002" "0003" "0004" "0005" "0006" "0101" "0102" "0103" "0104" "0105" "0106"
    "0107" "0108" "0109" "0110" "0111" "0112" "0113" "0114" "0115" "0116" "0117" "0118" "0119" "0120" "0121" "0122" "0123" "0130" "0131"
    "0132" "0133" "0134" "0135" "0136" "0137" "0138" "0139" "0140" "0141" "0142" "0143" "0201" "0202"
    "0203" "0204" "0205" "0206" "0207" "0208" "0209" "0210"
    "0220" "0221" "0222" "0223" "0224" "0225" "0226" "0230" "0231" "0232" "0233" "0301" "0302" "0303" "0304" "0305" "0310" "0311" "0312" "0313" "0314" "0315" "0316" "0317"
    "0306" "0307" "0318" "0325" "0326" "0327" "0328" "0329" "0350"
    "0351" "0352" "0353" "0354" "0355" "0356"
    "0320" "0321" "0322" "0323" "0324" "0330" "0331" "0332" "0340" "0341"
    "0370" "0390" "0391"
    "0213" "0357" "0358" "0308" "0309" "0360" "0361"
    "0401" "0410"
    "0601" "0602" "0603"
];
