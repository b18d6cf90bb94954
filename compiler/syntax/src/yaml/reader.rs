//! From YAML events to a tree, with a finding for everything that one plain document does not have.

use std::convert::Infallible;
use std::ops::Range;

use super::anchors::{Anchors, Target};
use super::events::{AnchorId, Event, Events, Props, Style};
use super::scalar;
use crate::codes;
use crate::reader::{Input, MAX_EXPANDED_NODES, empty, report_duplicates};
use crate::sink::Sink;
use crate::tree::{Builder, Closed, Kind, TextPlace, TooDeep, Tree};

/// Reads the text as one YAML document.
pub(crate) fn read(input: &Input, sink: &mut Sink) -> Option<Tree> {
    let builder = Builder::new(input.source, input.text.clone());
    let mut reader =
        Reader { input, sink, builder, anchors: Anchors::default(), documents: 0, meaning: Meaning::Clear };
    for event in Events::new(&input.text) {
        match event {
            Ok((event, bytes)) => match reader.event(event, &bytes) {
                Ok(Flow::Continue) => {}
                Ok(Flow::Stop) => break,
                Err(Refused) => return None,
            },
            Err(error) => {
                reader.refuse_syntax(error);
                return None;
            }
        }
    }
    reader.finish()
}

/// The state of one pass.
pub(super) struct Reader<'r> {
    pub(super) input: &'r Input,
    pub(super) sink: &'r mut Sink,
    pub(super) builder: Builder,
    anchors: Anchors,
    documents: usize,
    pub(super) meaning: Meaning,
}

/// Whether the nodes so far mean what the text says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Clear,
    Open,
}

enum Flow {
    Continue,
    Stop,
}

/// The reading ends here; the finding is in the sink.
pub(super) struct Refused;

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, bytes: &Range<u32>) -> Result<Flow, Refused> {
        match event {
            Event::Document => return Ok(self.document(bytes)),
            Event::Scalar { text, style, props } => self.scalar(&text, style, &props, bytes),
            Event::Sequence { style, props } => self.open(Kind::Sequence, style, &props, bytes)?,
            Event::Mapping { style, props } => self.open(Kind::Mapping, style, &props, bytes)?,
            Event::End => self.close(bytes),
            Event::Alias(anchor) => self.alias(anchor, bytes)?,
            Event::UnknownAlias(name) => self.unknown_alias(&name, bytes),
        }
        Ok(Flow::Continue)
    }

    fn document(&mut self, bytes: &Range<u32>) -> Flow {
        self.documents += 1;
        if self.documents == 1 {
            return Flow::Continue;
        }
        self.find(&codes::SEVERAL_DOCUMENTS, bytes, || {
            ("a second document starts here".to_owned(), Some("keep one document in each file".into()))
        });
        Flow::Stop
    }

    fn scalar(&mut self, text: &str, style: Style, props: &Props, bytes: &Range<u32>) {
        let bytes = &self.left_out_after_colon(bytes);
        // The parser gives a null that is left out the text `~`.
        let text = if text == "~" && bytes.is_empty() { "" } else { text };
        if text == "<<" && style == Style::Plain && self.builder.at_key() {
            self.merge_key(bytes);
        }
        let kind = match &props.tag {
            None => scalar::kind(text, style),
            Some(tag) => self.tagged(text, style, tag, bytes),
        };
        let node = self.add_scalar(kind, text, bytes);
        self.anchors.set(props.anchor, node);
    }

    fn add_scalar(&mut self, kind: Kind, text: &str, bytes: &Range<u32>) -> Closed {
        if let Some(place) = self.place(text, bytes) {
            return self.builder.scalar(kind, place, bytes.start, bytes.end);
        }
        let write = |side: &mut String| {
            side.push_str(text);
            Ok::<(), Infallible>(())
        };
        let Ok(node) = self.builder.side_scalar(kind, bytes.start, bytes.end, write);
        node
    }

    /// A value that is left out stands after the colon, not on it.
    fn left_out_after_colon(&self, bytes: &Range<u32>) -> Range<u32> {
        let colon = self.input.text.as_bytes().get(bytes.start as usize) == Some(&b':');
        let shift = u32::from(bytes.is_empty() && colon && !self.builder.at_key());
        bytes.start + shift..bytes.end + shift
    }

    /// Where the text stands in the source as it is, if it does.
    fn place(&self, text: &str, bytes: &Range<u32>) -> Option<TextPlace> {
        let source = self.input.text.get(bytes.start as usize..bytes.end as usize)?;
        if source == text {
            return Some(TextPlace::Whole);
        }
        let inside = source.get(1..source.len().checked_sub(1)?)?;
        (inside == text).then_some(TextPlace::Inside)
    }

    fn open(&mut self, kind: Kind, style: Style, props: &Props, bytes: &Range<u32>) -> Result<(), Refused> {
        if self.builder.at_key() {
            self.complex_key(kind, style, bytes);
        }
        if let Some(tag) = &props.tag {
            self.container_tag(kind, tag, bytes);
        }
        let node = self.builder.open(kind, bytes.start).map_err(|TooDeep| self.too_deep(bytes))?;
        self.anchors.begin(props.anchor, node);
        Ok(())
    }

    /// Closes the innermost container: at its bracket, which has a width, or with its last child.
    fn close(&mut self, bytes: &Range<u32>) {
        let bracket = (bytes.start < bytes.end).then_some(bytes.end);
        if let Some(node) = self.builder.close(bracket) {
            self.anchors.complete(node);
        }
    }

    fn alias(&mut self, anchor: AnchorId, bytes: &Range<u32>) -> Result<(), Refused> {
        let target = match self.anchors.target(anchor) {
            Target::Node(target) => target,
            Target::Cyclic => {
                self.cyclic_alias(bytes);
                return Ok(());
            }
            Target::Unknown => {
                let name = self.source_text(bytes).trim_start_matches('*').to_owned();
                self.unknown_alias(&name, bytes);
                return Ok(());
            }
        };
        if self.builder.at_key() && target.height > 0 {
            self.complex_key(Kind::Mapping, Style::Plain, bytes);
        }
        self.builder.alias(target, bytes.start, bytes.end).map_err(|TooDeep| self.too_deep(bytes))?;
        if self.builder.expanded_beyond_stored() > MAX_EXPANDED_NODES {
            return Err(self.explosion(bytes));
        }
        Ok(())
    }

    fn finish(self) -> Option<Tree> {
        let (tree, duplicates) = self.builder.finish();
        if tree.node_count() == 0 || (tree.root().is_null() && tree.root().span().is_empty()) {
            self.sink.push(empty(self.input));
            return None;
        }
        report_duplicates(self.input, &tree, &duplicates, self.sink);
        (self.meaning == Meaning::Clear).then_some(tree)
    }

    /// Keeps the shape of the document where a node cannot be known.
    pub(super) fn stand_in(&mut self, bytes: &Range<u32>) {
        self.meaning = Meaning::Open;
        self.builder.scalar(Kind::Null, TextPlace::Whole, bytes.start, bytes.end);
    }

    fn source_text(&self, bytes: &Range<u32>) -> &str {
        self.input.text.get(bytes.start as usize..bytes.end as usize).unwrap_or_default()
    }
}
