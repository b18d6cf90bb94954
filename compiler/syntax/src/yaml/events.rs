//! The YAML parser behind a small seam: beside the wording of its errors the only file that knows which
//! parser it is.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{Parser, ScalarStyle, StrInput, Tag as ParsedTag, options};

use super::syntax_error::SyntaxError;
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

/// An event and the bytes it was read from.
pub(super) type Spanned<'t> = (Event<'t>, Range<u32>);

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
                    return Some(Err(SyntaxError::new(&error, self.text, offset)));
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
