//! JSON text with two spaces a level, written piece by piece up to a bound.

use gw_syntax::NodeRef;

use crate::json_text;

/// JSON text that grows. The caller keeps the grammar; commas, line ends and indentation come by themselves.
#[derive(Debug, Default)]
pub(super) struct Text {
    written: String,
    depth: usize,
    before: Before,
}

/// What the next piece stands behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Before {
    /// A bracket that was opened, or nothing at all.
    #[default]
    Open,
    /// A key and its colon.
    Key,
    /// A whole value.
    Value,
}

impl Text {
    /// How many bytes there are.
    pub(super) fn len(&self) -> usize {
        self.written.len()
    }

    /// Everything, with a line end.
    pub(super) fn finish(mut self) -> String {
        self.written.push('\n');
        self.written
    }

    /// Opens a mapping or a list: `{` or `[`.
    pub(super) fn open(&mut self, bracket: char) {
        self.begin();
        self.written.push(bracket);
        self.depth += 1;
        self.before = Before::Open;
    }

    /// Closes what was opened last: `}` or `]`.
    pub(super) fn close(&mut self, bracket: char) {
        self.depth = self.depth.saturating_sub(1);
        if self.before == Before::Value {
            self.new_line();
        }
        self.written.push(bracket);
        self.before = Before::Value;
    }

    /// Writes a key; its value comes next.
    pub(super) fn key(&mut self, key: &str) {
        self.begin();
        json_text::push_string(&mut self.written, key);
        self.written.push_str(": ");
        self.before = Before::Key;
    }

    /// Writes a text.
    pub(super) fn string(&mut self, value: &str) {
        self.begin();
        json_text::push_string(&mut self.written, value);
        self.before = Before::Value;
    }

    /// Writes a scalar of a document; a number keeps its digits.
    pub(super) fn scalar(&mut self, node: NodeRef<'_>) {
        self.begin();
        json_text::push_scalar(&mut self.written, node);
        self.before = Before::Value;
    }

    /// Writes a scalar of our own.
    pub(super) fn plain(&mut self, value: &serde_json::Value) {
        self.begin();
        self.written.push_str(&value.to_string());
        self.before = Before::Value;
    }

    /// What stands between the last piece and the next one.
    fn begin(&mut self) {
        match self.before {
            Before::Open if self.depth > 0 => self.new_line(),
            Before::Open | Before::Key => {}
            Before::Value => {
                self.written.push(',');
                self.new_line();
            }
        }
    }

    fn new_line(&mut self) {
        self.written.push('\n');
        self.written.extend(std::iter::repeat_n("  ", self.depth));
    }
}
