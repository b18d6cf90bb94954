//! The YAML parser behind a small seam: the only file that knows which parser it is.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{ErrorKind, Parser, ScalarStyle, ScanError, StrInput, Tag as ParsedTag, options};

use crate::code::CodeEntry;
use crate::codes;
use crate::reader::MAX_DEPTH;

/// What a YAML text consists of, in the order of the text.
#[derive(Debug)]
pub(super) enum Event<'t> {
    /// A document begins.
    Document,
    /// A scalar, its text without quotes, escapes and folded lines.
    Scalar { text: Cow<'t, str>, style: Style, props: Props },
    /// A sequence begins.
    Sequence { style: Style, props: Props },
    /// A mapping begins.
    Mapping { style: Style, props: Props },
    /// The innermost sequence or mapping ends.
    End,
    /// A node is used again.
    Alias(AnchorId),
    /// A node is used again that was never named.
    UnknownAlias(Cow<'t, str>),
}

/// How a node is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// A scalar without quotes; a sequence or mapping by indentation.
    Plain,
    /// A scalar in quotes or a block scalar; a sequence or mapping in brackets.
    Marked,
}

/// Names an anchor; a name that is set again gets a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct AnchorId(pub(super) usize);

/// What may stand before a node.
#[derive(Debug, Default)]
pub(super) struct Props {
    pub(super) anchor: Option<AnchorId>,
    pub(super) tag: Option<Tag>,
}

/// The tag of a node.
#[derive(Debug)]
pub(super) struct Tag {
    /// As it is written.
    pub(super) written: String,
    /// What it says.
    pub(super) meaning: TagMeaning,
    /// Where it stands.
    pub(super) bytes: Option<Range<u32>>,
}

/// What a tag says about its node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TagMeaning {
    Null,
    Bool,
    Integer,
    Float,
    String,
    Sequence,
    Mapping,
    /// `!`: a scalar is a string.
    NonSpecific,
    /// Not one of the core schema.
    Other,
}

/// Why the text is not YAML; nothing follows it.
#[derive(Debug)]
pub(super) struct SyntaxError {
    pub(super) entry: &'static CodeEntry,
    pub(super) message: String,
    pub(super) offset: u32,
    pub(super) help: Option<&'static str>,
}

/// An event and the bytes it was read from.
pub(super) type Spanned<'t> = (Event<'t>, Range<u32>);

/// How far below the start of a token its tab is looked for.
const MAX_LINES_TO_TAB: usize = 100;

/// The events of one text.
pub(super) struct Events<'t> {
    parser: Parser<'t, StrInput<'t>>,
    text: &'t str,
}

impl<'t> Events<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let options = options! {
            emit_comments: false,
            emit_unresolved_aliases: true,
            flow_nesting_limit: MAX_DEPTH + 1,
            block_nesting_limit: MAX_DEPTH + 1,
        };
        Events { parser: Parser::new_from_str_with_options(text, options), text }
    }

    fn offset(&self, offset: Option<usize>) -> u32 {
        let length = self.text.len();
        offset.map_or(length, |offset| offset.min(length)) as u32
    }
}

impl<'t> Iterator for Events<'t> {
    type Item = Result<Spanned<'t>, SyntaxError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (event, span) = match self.parser.next_event()? {
                Ok(parsed) => parsed,
                Err(error) => {
                    let offset = self.offset(error.marker().byte_offset());
                    return Some(Err(syntax_error(&error, self.text, offset)));
                }
            };
            let start = self.offset(span.start.byte_offset());
            let bytes = start..self.offset(span.end.byte_offset()).max(start);
            if let Some(event) = translate(event, &span) {
                return Some(Ok((event, bytes)));
            }
        }
    }
}

/// The event in our words; `None` for those that say nothing about the document.
fn translate<'t>(event: granit_parser::Event<'t>, span: &granit_parser::Span) -> Option<Event<'t>> {
    use granit_parser::{Event as Parsed, StructureStyle};
    let style_of = |style| if style == StructureStyle::Block { Style::Plain } else { Style::Marked };
    Some(match event {
        Parsed::DocumentStart(..) => Event::Document,
        Parsed::Scalar(text, style, anchor, tag) => {
            let style = if style == ScalarStyle::Plain { Style::Plain } else { Style::Marked };
            Event::Scalar { text, style, props: props(anchor, tag.as_deref(), span) }
        }
        Parsed::SequenceStart(style, anchor, tag) => {
            Event::Sequence { style: style_of(style), props: props(anchor, tag.as_deref(), span) }
        }
        Parsed::MappingStart(style, anchor, tag) => {
            Event::Mapping { style: style_of(style), props: props(anchor, tag.as_deref(), span) }
        }
        Parsed::SequenceEnd | Parsed::MappingEnd => Event::End,
        Parsed::Alias(anchor) => Event::Alias(AnchorId(anchor)),
        Parsed::UnresolvedAlias(name) => Event::UnknownAlias(name),
        _ => return None,
    })
}

fn props(anchor: usize, tag: Option<&ParsedTag>, span: &granit_parser::Span) -> Props {
    let anchor = (anchor != 0).then_some(AnchorId(anchor));
    let bytes = span.tag_span().and_then(|tag| tag.byte_range());
    let tag = tag.map(|tag| Tag {
        written: tag.original(),
        meaning: meaning(tag),
        bytes: bytes.map(|bytes| bytes.start as u32..bytes.end as u32),
    });
    Props { anchor, tag }
}

fn meaning(tag: &ParsedTag) -> TagMeaning {
    match tag.core_suffix() {
        Some("null") => TagMeaning::Null,
        Some("bool") => TagMeaning::Bool,
        Some("int") => TagMeaning::Integer,
        Some("float") => TagMeaning::Float,
        Some("str") => TagMeaning::String,
        Some("seq") => TagMeaning::Sequence,
        Some("map") => TagMeaning::Mapping,
        _ if tag.original() == "!" => TagMeaning::NonSpecific,
        _ => TagMeaning::Other,
    }
}

fn syntax_error(error: &ScanError, text: &str, offset: u32) -> SyntaxError {
    let kind = error.kind();
    let (entry, offset) = match kind {
        ErrorKind::RecursionLimitExceeded => (&codes::NESTING_TOO_DEEP, offset),
        kind if is_tab(kind) => (&codes::TAB_INDENTATION, tab_after(text, offset)),
        _ => (&codes::YAML_SYNTAX, offset),
    };
    SyntaxError { entry, message: message(kind), offset, help: help(kind) }
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
