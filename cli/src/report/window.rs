//! The part of a text that a snippet shows: whole lines where they are short, else a window around the place.

use std::borrow::Cow;
use std::cell::OnceCell;

use gw_syntax::{SourceId, SourceMap, Span};
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// How many bytes of a line are shown before the place.
const BEFORE: usize = 160;
/// How many bytes of a line are shown behind the place.
const BEHIND: usize = 120;
/// How many bytes are underlined at most.
const UNDERLINED: usize = 80;
/// How many bytes two places on one line may be apart to be shown in one snippet.
const APART_ON_A_LINE: usize = 100;
/// How many bytes two places on neighbouring lines may be apart.
const APART: usize = 1200;

/// The texts of a report, made safe for a terminal when they are first shown: documents are large, findings many.
#[derive(Debug)]
pub(super) struct Texts<'s> {
    sources: &'s SourceMap,
    printable: Vec<OnceCell<Cow<'s, str>>>,
}

impl<'s> Texts<'s> {
    /// Nothing was shown yet.
    pub(super) fn new(sources: &'s SourceMap) -> Self {
        Self { sources, printable: sources.ids().map(|_| OnceCell::new()).collect() }
    }

    fn get(&self, id: SourceId) -> &str {
        self.printable[id.0 as usize].get_or_init(|| printable(self.sources.text(id)))
    }
}

/// One text that gives out windows.
#[derive(Debug)]
pub(super) struct Windows<'s> {
    name: String,
    text: &'s str,
    sources: &'s SourceMap,
    id: SourceId,
}

impl<'s> Windows<'s> {
    /// The windows of one text, which is called `name`.
    pub(super) fn new(name: String, texts: &'s Texts<'_>, id: SourceId) -> Self {
        Self { name, text: texts.get(id), sources: texts.sources, id }
    }

    /// The part of a place that is underlined: on its first line only, and not for ever.
    pub(super) fn underline(&self, span: Span) -> SourceSpan {
        let start = self.floor(span.start as usize);
        let end = self.floor((span.end as usize).max(start).min(start + UNDERLINED));
        let line = self.text[start..end].find(['\r', '\n']).map_or(end, |at| start + at);
        (start, line - start).into()
    }

    /// The largest character boundary at or before an offset.
    fn floor(&self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        (0..=offset).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0)
    }

    /// Where the window begins: the start of the line, or of earlier lines as long as they are short.
    fn begin(&self, start: usize, lines_before: usize) -> usize {
        let mut begin = self.line_start(start);
        for _ in 0..lines_before {
            let is_line_start = begin > 0 && self.text.as_bytes()[begin - 1] == b'\n';
            if !is_line_start {
                break;
            }
            let earlier = self.line_start(begin - 1);
            if earlier > 0 && self.text.as_bytes()[earlier - 1] != b'\n' {
                break;
            }
            begin = earlier;
        }
        begin
    }

    /// The start of the line, or a place within reach on it.
    fn line_start(&self, offset: usize) -> usize {
        let reach = self.floor(offset.saturating_sub(BEFORE));
        self.text[reach..offset].rfind('\n').map_or(reach, |at| reach + at + 1)
    }

    /// Where the window ends: behind the line's end, or behind that of later lines as long as they are short.
    fn end(&self, end: usize, lines_behind: usize) -> usize {
        let mut stop = self.line_end(end);
        for _ in 0..lines_behind {
            let is_line_end = stop > end && self.text.as_bytes()[stop - 1] == b'\n';
            if !is_line_end || stop == self.text.len() {
                break;
            }
            stop = self.line_end(stop);
        }
        stop
    }

    fn line_end(&self, offset: usize) -> usize {
        let reach = self.floor(offset + BEHIND);
        self.text[offset..reach].find('\n').map_or(reach, |at| offset + at + 1)
    }
}

impl SourceCode for Windows<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        behind: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let start = self.floor(span.offset());
        let end = self.floor(span.offset() + span.len());
        let apart = if self.text[start..end].contains('\n') { APART } else { APART_ON_A_LINE };
        if end - start > apart {
            return Err(MietteError::OutOfBounds);
        }
        let begin = if before == 0 { start } else { self.begin(start, before) };
        let stop = if behind == 0 { end } else { self.end(end, behind) };
        let data = &self.text[begin..stop];
        let at = self.sources.position(self.id, begin as u32);
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            data.as_bytes(),
            (begin, stop - begin).into(),
            at.line as usize - 1,
            at.column as usize - 1,
            data.lines().count(),
        )))
    }
}

/// The same text, byte for byte as long, without characters that steer a terminal.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(|character| if steers(character) { stand_in(character) } else { character })
            .collect(),
    )
}

/// Whether a character does more than show itself: control characters, and those that turn the direction of text.
fn steers(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        other => other.is_control(),
    }
}

/// A harmless character of the same length in UTF-8.
fn stand_in(character: char) -> char {
    match character.len_utf8() {
        1 if character == '\r' => ' ',
        1 => '?',
        2 => '\u{b7}',
        _ => '\u{fffd}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(text: &str, start: usize, length: usize) -> String {
        let mut sources = SourceMap::new();
        let id = sources.add("a.json", text);
        let texts = Texts::new(&sources);
        let windows = Windows::new("a.json".into(), &texts, id);
        let contents = windows.read_span(&(start, length).into(), 1, 1).unwrap();
        String::from_utf8(contents.data().to_vec()).unwrap()
    }

    #[test]
    fn short_lines_are_shown_whole_with_one_before_and_behind() {
        assert_eq!(window("one\ntwo\nthree\nfour\nfive\n", 9, 2), "two\nthree\nfour\n");
        assert_eq!(window("one", 0, 3), "one");
        assert_eq!(window("", 0, 0), "");
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides() {
        let line = "x".repeat(200_000);
        let shown = window(&format!("first\n{line}\nlast"), 100_000, 5);
        assert_eq!(shown.len(), BEFORE + 5 + BEHIND);
    }

    #[test]
    fn a_place_over_many_lines_is_underlined_on_its_first() {
        let mut sources = SourceMap::new();
        let id = sources.add("a.yaml", "get:\n  a: 1\n");
        let texts = Texts::new(&sources);
        let windows = Windows::new("a.yaml".into(), &texts, id);
        assert_eq!(windows.underline(Span::new(id, 0, 12)), (0, 4).into());
    }

    #[test]
    fn nothing_in_a_snippet_steers_a_terminal() {
        let text = "a\u{1b}[31m\u{9b}\u{202e}b\r\n\tc";
        let safe = printable(text);
        assert_eq!(safe, "a?[31m\u{b7}\u{fffd}b \n\tc");
        assert_eq!(safe.len(), text.len());
    }

    #[test]
    fn a_cut_never_splits_a_character() {
        let line = "ä".repeat(1_000);
        for start in 900..908 {
            assert!(window(&line, start, 3).chars().all(|character| character == 'ä'));
        }
    }
}
