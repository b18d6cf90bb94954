//! The book of codes: each page is complete, and each of its examples does what the page says.

use std::fmt::Write as _;

use crate::support::{Folder, errors, rendered};
use gw_compiler::{Date, codes, explain};
use gw_syntax::{Code, CodeEntry};

/// Codes whose conditions no small text can show; their pages say why.
const WITHOUT_EXAMPLE: &[u16] = &[0, 2, 3, 6, 103, 123, 208, 316];

pub(crate) struct Block {
    language: String,
    /// `fires` or `clean`.
    pub(crate) kind: String,
    /// `\xNN` in the text stands for a byte.
    escaped: bool,
    /// `clean but GW0340`: errors of this code do not count, for keys that nothing enforces yet.
    but: Option<String>,
    /// `fires on 2027-02-01`: the day on which it does, for what only `gw lint` asks.
    pub(crate) on: Option<Date>,
    text: String,
}

impl Block {
    /// Whether lines can be put before it.
    pub(crate) fn is_yaml(&self) -> bool {
        self.language == "yaml" && !self.escaped
    }
}

fn page(entry: &CodeEntry) -> &'static str {
    explain(entry.code).unwrap_or_else(|| panic!("{} has no page", entry.code))
}

pub(crate) fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for line in page.lines() {
        match line.strip_prefix("```") {
            Some(_) if open => open = false,
            Some(info) => {
                let mut words = info.split_whitespace().map(str::to_owned);
                let (language, kind) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
                let rest: Vec<String> = words.collect();
                let (escaped, but, on) = match rest.iter().map(String::as_str).collect::<Vec<_>>().as_slice()
                {
                    [] => (false, None, None),
                    ["escaped"] => (true, None, None),
                    ["but", code] => (false, Some((*code).to_owned()), None),
                    ["on", day] => (false, None, Some(day.parse().expect("a day"))),
                    other => panic!("no kind of example: {kind} {other:?}"),
                };
                blocks.push(Block { language, kind, escaped, but, on, text: String::new() });
                open = true;
            }
            None if open => {
                let block = blocks.last_mut().expect("a block is open");
                block.text.push_str(line);
                block.text.push('\n');
            }
            None => {}
        }
    }
    blocks
}

pub(crate) fn folder(block: &Block) -> Folder {
    let mut folder = Folder::read(&block.text, &format!("openapi.{}", block.language));
    if block.escaped {
        folder.0.values_mut().for_each(|bytes| *bytes = unescaped(&String::from_utf8_lossy(bytes)));
    }
    folder
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut pieces = text.split("\\x");
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        bytes.push(u8::from_str_radix(&piece[..2], 16).expect("two hexadecimal digits"));
        bytes.extend(&piece.as_bytes()[2..]);
    }
    bytes
}

#[test]
fn codes_ascend_and_names_are_unique() {
    let codes = codes();
    assert!(codes.windows(2).all(|pair| pair[0].code < pair[1].code), "the joined tables are not sorted");
    let mut names: Vec<&str> = codes.iter().map(|entry| entry.name).collect();
    names.sort_unstable();
    let twice: Vec<&[&str]> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    for entry in codes() {
        let title = page(entry).lines().next().unwrap_or_default();
        assert!(title.starts_with(&format!("# {}: ", entry.code)), "{title}");
        assert!(title.ends_with(entry.title), "{title} is not about: {}", entry.title);
    }
    let known: Vec<Code> = codes().iter().map(|entry| entry.code).collect();
    let pages = (0..=9999).map(Code).filter(|code| explain(*code).is_some());
    let orphans: Vec<String> =
        pages.filter(|code| !known.contains(code)).map(|code| code.to_string()).collect();
    assert!(orphans.is_empty(), "{orphans:?}");
}

#[test]
fn every_page_has_an_example_of_each_kind() {
    for entry in codes() {
        let kinds: Vec<String> = blocks(page(entry)).into_iter().map(|block| block.kind).collect();
        if WITHOUT_EXAMPLE.contains(&entry.code.0) {
            assert!(kinds.is_empty() && page(entry).contains("No example: "), "{}", entry.code);
        } else {
            assert_eq!(kinds, ["fires", "clean"], "{}", entry.code);
        }
    }
}

#[test]
fn every_example_does_what_its_page_says() {
    let mut wrong = String::new();
    for entry in codes() {
        let code = entry.code.to_string();
        for block in blocks(page(entry)) {
            let compilation = folder(&block).compile_in_full(block.on);
            let fired = crate::support::codes(&compilation).contains(&code);
            let right = match block.kind.as_str() {
                "fires" => fired,
                _ => !fired && errors(&compilation).iter().all(|code| Some(code) == block.but.as_ref()),
            };
            if !right {
                let _ = write!(wrong, "----- {code} {}\n{}\n", block.kind, rendered(&compilation));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
