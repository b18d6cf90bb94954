//! The findings of the YAML reader: everything that one plain document does not have.

use std::borrow::Cow;
use std::ops::Range;

use super::events::{Style, Tag, TagMeaning};
use super::reader::{Meaning, Reader, Refused};
use super::scalar;
use super::syntax_error::SyntaxError;
use crate::code::CodeEntry;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::reader::{MAX_DEPTH, MAX_EXPANDED_NODES, located, quoted};
use crate::span::Span;
use crate::tree::Kind;

impl Reader<'_> {
    pub(super) fn tagged(&mut self, text: &str, style: Style, tag: &Tag, bytes: &Range<u32>) -> Kind {
        if tag.meaning == TagMeaning::Other {
            self.unsupported_tag(tag, bytes);
        }
        scalar::tagged_kind(text, style, tag.meaning).unwrap_or_else(|| {
            self.mismatched_tag(tag, &quoted(text), bytes);
            scalar::kind(text, style)
        })
    }

    pub(super) fn container_tag(&mut self, kind: Kind, tag: &Tag, bytes: &Range<u32>) {
        match (tag.meaning, kind) {
            (TagMeaning::Other, _) => self.unsupported_tag(tag, bytes),
            (TagMeaning::NonSpecific, _)
            | (TagMeaning::Sequence, Kind::Sequence)
            | (TagMeaning::Mapping, Kind::Mapping) => {}
            _ => self.mismatched_tag(tag, kind.described(), bytes),
        }
    }

    fn unsupported_tag(&mut self, tag: &Tag, bytes: &Range<u32>) {
        let at = tag.bytes.clone().unwrap_or_else(|| bytes.clone());
        self.find(&codes::TAG_UNSUPPORTED, &at, || {
            let message = format!("the tag {} is not one of the core schema", quoted(&tag.written));
            (message, Some("remove the tag; `!!str`, `!!int` and the like may stay".into()))
        });
    }

    fn mismatched_tag(&mut self, tag: &Tag, value: &str, bytes: &Range<u32>) {
        let at = tag.bytes.clone().unwrap_or_else(|| bytes.clone());
        self.find(&codes::TAG_MISMATCH, &at, || {
            let message = format!("the tag {} does not fit {value}", quoted(&tag.written));
            (message, Some("remove the tag or change the value".into()))
        });
    }

    pub(super) fn merge_key(&mut self, bytes: &Range<u32>) {
        self.meaning = Meaning::Open;
        self.find(&codes::MERGE_KEY, bytes, || {
            let help = "write the merged keys out, or use `$ref`; \"<<\" in quotes is an ordinary key";
            ("the merge key `<<` is not part of YAML 1.2".to_owned(), Some(help.into()))
        });
    }

    pub(super) fn complex_key(&mut self, kind: Kind, style: Style, bytes: &Range<u32>) {
        self.meaning = Meaning::Open;
        let help = match (kind, style) {
            (Kind::Mapping, Style::Marked) => "put text like `{name}` in quotes",
            _ => "use a string as the key",
        };
        self.find(&codes::KEY_NOT_SCALAR, bytes, || {
            (format!("{} stands where a key is expected", kind.described()), Some(help.into()))
        });
    }

    pub(super) fn unknown_alias(&mut self, name: &str, bytes: &Range<u32>) {
        self.find(&codes::ALIAS_UNKNOWN, bytes, || {
            let message = format!("no anchor {} is set before this alias", quoted(&format!("&{name}")));
            (message, Some("set the anchor first, or put the text in quotes when it is no alias".into()))
        });
        self.stand_in(bytes);
    }

    pub(super) fn cyclic_alias(&mut self, bytes: &Range<u32>) {
        self.find(&codes::ALIAS_CYCLIC, bytes, || {
            let message = "this alias stands inside the node that it names".to_owned();
            (message, Some("a cycle between schemas is written with `$ref`".into()))
        });
        self.stand_in(bytes);
    }

    pub(super) fn explosion(&mut self, bytes: &Range<u32>) -> Refused {
        self.find(&codes::ALIAS_EXPLOSION, bytes, || {
            let message = format!("following the aliases adds more than {MAX_EXPANDED_NODES} nodes");
            (message, Some("use `$ref` instead of aliases".into()))
        });
        Refused
    }

    pub(super) fn too_deep(&mut self, bytes: &Range<u32>) -> Refused {
        self.find(&codes::NESTING_TOO_DEEP, bytes, || {
            (format!("nested deeper than {MAX_DEPTH} levels"), None)
        });
        Refused
    }

    pub(super) fn refuse_syntax(&mut self, error: SyntaxError) {
        let SyntaxError { entry, message, offset, help } = error;
        self.find(entry, &(offset..offset), || (message, help.map(Cow::Borrowed)));
    }

    pub(super) fn find(
        &mut self,
        entry: &CodeEntry,
        bytes: &Range<u32>,
        says: impl FnOnce() -> (String, Option<Cow<'static, str>>),
    ) {
        let (input, builder) = (self.input, &self.builder);
        self.sink.push_with(entry, || {
            let (message, help) = says();
            let span = Span::new(input.source, bytes.start, bytes.end);
            let finding = located(Diagnostic::new(entry, message).at(span), input, builder.pointer());
            match help {
                Some(help) => finding.with_help(help),
                None => finding,
            }
        });
    }
}
