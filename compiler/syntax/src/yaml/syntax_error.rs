//! What the parser's errors say in our words: code, message, place, help.

use granit_parser::{ErrorKind, ScanError};

use crate::code::CodeEntry;
use crate::codes;
use crate::reader::MAX_DEPTH;

/// Why the text is not YAML; nothing follows it.
#[derive(Debug)]
pub(super) struct SyntaxError {
    pub(super) entry: &'static CodeEntry,
    pub(super) message: String,
    pub(super) offset: u32,
    pub(super) help: Option<&'static str>,
}

impl SyntaxError {
    /// The error that the parser met at `offset` of `text`.
    pub(super) fn new(error: &ScanError, text: &str, offset: u32) -> Self {
        let kind = error.kind();
        let (entry, offset) = match kind {
            ErrorKind::RecursionLimitExceeded => (&codes::NESTING_TOO_DEEP, offset),
            kind if is_tab(kind) => (&codes::TAB_INDENTATION, tab_after(text, offset)),
            _ => (&codes::YAML_SYNTAX, offset),
        };
        SyntaxError { entry, message: message(kind), offset, help: help(kind) }
    }
}

fn is_tab(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar
            | ErrorKind::TabAtBlockScalarStart
    )
}

/// The first tab in the indentation of the line of `offset` or of those below it, else `offset`: the parser
/// names the start of the token.
fn tab_after(text: &str, offset: u32) -> u32 {
    let mut line_start = text[..offset as usize].rfind('\n').map_or(0, |newline| newline + 1);
    for line in text[line_start..].split_inclusive('\n').take(MAX_LINES_TO_TAB) {
        let indentation = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        if let Some(tab) = indentation.find('\t') {
            return (line_start + tab) as u32;
        }
        line_start += line.len();
    }
    offset
}

fn message(kind: &ErrorKind) -> String {
    let message = match kind {
        ErrorKind::RecursionLimitExceeded => return format!("nested deeper than {MAX_DEPTH} levels"),
        ErrorKind::UnexpectedCharacter { character } => {
            return format!("a value cannot start with `{}`", character.escape_default());
        }
        ErrorKind::UnclosedFlowCollection { open } => {
            return format!("the bracket `{open}` is not closed before the file ends");
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            return format!("the bracket `{open}` is closed by `{close}`");
        }
        kind if is_tab(kind) => "a tab stands where YAML wants spaces",
        ErrorKind::UnclosedQuotedScalar => "the quote is not closed before the file ends",
        ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping => "expected more inside the brackets",
        ErrorKind::UnexpectedEofBlockSequence
        | ErrorKind::UnexpectedEofBlockMapping
        | ErrorKind::UnexpectedEof => "the file ends too early",
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => {
            "a `:` stands where no value can follow"
        }
        ErrorKind::SimpleKeyExpected => "expected `:` after a key",
        ErrorKind::ExpectedBlockMappingKey => "expected a key here",
        ErrorKind::ExpectedBlockSequenceEntry => "expected a `-` item here",
        ErrorKind::ExpectedFlowMappingSeparator => "expected `,` or `}` here",
        ErrorKind::ExpectedFlowSequenceSeparator => "expected `,` or `]` here",
        ErrorKind::ExpectedNodeContent => "expected a value here",
        ErrorKind::InvalidIndentation => "the indentation fits no line above",
        ErrorKind::MisplacedFlowCollectionEnd => "this bracket closes nothing",
        ErrorKind::MissingAnchorOrAliasName => "a `*` or `&` needs a name after it",
        ErrorKind::UnknownQuotedScalarEscape => "the text in double quotes holds an unknown escape",
        ErrorKind::BlockSequenceEntryNotAllowed => "a `-` item cannot stand here",
        ErrorKind::MappingKeyNotAllowed => "a key cannot stand here",
        other => return other.to_string().replace('\n', " "),
    };
    message.to_owned()
}

fn help(kind: &ErrorKind) -> Option<&'static str> {
    Some(match kind {
        kind if is_tab(kind) => "indent with spaces",
        ErrorKind::MappingValueNotAllowed => "put the text in quotes when it holds `: `",
        ErrorKind::UnexpectedCharacter { .. } | ErrorKind::MissingAnchorOrAliasName => {
            "put the value in quotes"
        }
        ErrorKind::UnknownQuotedScalarEscape => "write `\\\\` for a backslash, or use single quotes",
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::MappingKeyNotAllowed
        | ErrorKind::SimpleKeyExpected
        | ErrorKind::InvalidIndentation => "check the indentation of this line and of those above it",
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnclosedQuotedScalar
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::MisplacedFlowCollectionEnd => {
            "look further up for a bracket or quote in the wrong place"
        }
        _ => return None,
    })
}

/// How far below the start of a token its tab is looked for.
const MAX_LINES_TO_TAB: usize = 100;
