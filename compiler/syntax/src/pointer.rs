//! JSON Pointers (RFC 6901): a path through a tree that people and tools can read.

use std::borrow::Cow;
use std::fmt;

/// A JSON Pointer, kept in its string form: empty for the root, else `/token/token` with `~0` for `~`
/// and `~1` for `/` inside a token.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer {
    text: String,
}

impl Pointer {
    /// The pointer to the whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// Reads the string form, or a URI fragment (`#/a/b%20c`, RFC 6901 §6) when it starts with `#`.
    ///
    /// `None` when it neither is empty nor starts with `/`, has a `~` that is not `~0` or `~1`, or, in a
    /// fragment, a broken percent escape or one that gives no UTF-8.
    pub fn parse(text: &str) -> Option<Self> {
        let text = match text.strip_prefix('#') {
            Some(fragment) => percent_decode(fragment)?,
            None => text.to_owned(),
        };
        let rooted = text.is_empty() || text.starts_with('/');
        let escaped = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
        (rooted && escaped).then_some(Pointer { text })
    }

    /// Goes one step down, to a key (or to an index that is already text).
    pub fn push(&mut self, token: &str) {
        self.text.push('/');
        for character in token.chars() {
            match character {
                '~' => self.text.push_str("~0"),
                '/' => self.text.push_str("~1"),
                other => self.text.push(other),
            }
        }
    }

    /// Goes one step down, to the element at `index`, counted from 0.
    pub fn push_index(&mut self, index: usize) {
        self.push(&index.to_string());
    }

    /// Goes one step up; nothing happens at the root.
    pub fn pop(&mut self) {
        let parent = self.text.rfind('/').unwrap_or(0);
        self.text.truncate(parent);
    }

    /// A copy that goes one step further, to a key.
    pub fn child(&self, token: &str) -> Self {
        let mut child = self.clone();
        child.push(token);
        child
    }

    /// A copy that goes one step further, to the element at `index`, counted from 0.
    pub fn item(&self, index: usize) -> Self {
        self.child(&index.to_string())
    }

    /// A copy that goes on along all of `tail`.
    pub fn join(&self, tail: &Pointer) -> Self {
        Pointer { text: format!("{}{}", self.text, tail.text) }
    }

    /// The steps from the root down, unescaped.
    pub fn tokens(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.text.split('/').skip(1).map(unescape)
    }

    /// The last step, unescaped; `None` at the root.
    pub fn last(&self) -> Option<Cow<'_, str>> {
        self.text.rsplit_once('/').map(|(_, token)| unescape(token))
    }

    /// Whether this is the whole document.
    pub fn is_root(&self) -> bool {
        self.text.is_empty()
    }

    /// The string form.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The form of a URI fragment, with its `#` (RFC 6901 section 6): what a fragment may not hold is escaped.
    pub fn to_fragment(&self) -> String {
        let mut fragment = String::with_capacity(self.text.len() + 1);
        fragment.push('#');
        for byte in self.text.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(&byte) {
                fragment.push(char::from(byte));
            } else {
                fragment.push('%');
                fragment.extend([byte >> 4, byte & 15].map(|digit| char::from(HEX[usize::from(digit)])));
            }
        }
        fragment
    }
}

const HEX: &[u8; 16] = b"0123456789ABCDEF";

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn unescape(token: &str) -> Cow<'_, str> {
    if !token.contains('~') {
        return Cow::Borrowed(token);
    }
    // `~1` first: `~01` must become `~1`, not `/` (RFC 6901 §4).
    Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
}

fn percent_decode(fragment: &str) -> Option<String> {
    if !fragment.contains('%') {
        return Some(fragment.to_owned());
    }
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        if *first == b'%' {
            let digits = tail.get(..2)?;
            bytes.push(hex_digit(digits[0])? * 16 + hex_digit(digits[1])?);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tokens(text: &str) -> Vec<String> {
        Pointer::parse(text).expect("it is a pointer").tokens().map(Cow::into_owned).collect()
    }

    #[test]
    fn escapes_what_a_token_may_not_hold() {
        let mut pointer = Pointer::root();
        pointer.push("paths");
        pointer.push("/a/{x~y}");
        pointer.push_index(3);
        assert_eq!(pointer.to_string(), "/paths/~1a~1{x~0y}/3");
        assert_eq!(pointer.last().as_deref(), Some("3"));
    }

    #[test]
    fn reads_the_examples_of_the_rfc() {
        assert_eq!(tokens(""), Vec::<String>::new());
        assert_eq!(tokens("/"), [""]);
        assert_eq!(tokens("/a~1b/m~0n/~01"), ["a/b", "m~n", "~1"]);
        assert_eq!(tokens("#/c%25d/%20"), ["c%d", " "]);
        assert_eq!(tokens("#"), Vec::<String>::new());
    }

    #[test]
    fn refuses_what_is_no_pointer() {
        for text in ["a", "/~2", "/~", "#/%4", "#/%zz", "#/%ff", "#a"] {
            assert_eq!(Pointer::parse(text), None, "{text}");
        }
    }

    #[test]
    fn goes_up_again() {
        let mut pointer = Pointer::root().child("a/b").item(0);
        pointer.pop();
        assert_eq!(pointer.as_str(), "/a~1b");
        pointer.pop();
        pointer.pop();
        assert!(pointer.is_root());
    }

    #[test]
    fn a_fragment_escapes_what_a_uri_may_not_hold() {
        let pointer = Pointer::root().child("paths").child("/a b/{ä}");
        assert_eq!(pointer.to_fragment(), "#/paths/~1a%20b~1%7B%C3%A4%7D");
    }

    #[test]
    fn joins_two_paths() {
        let head = Pointer::root().child("a");
        assert_eq!(head.join(&Pointer::root().child("b")).as_str(), "/a/b");
    }

    proptest! {
        #[test]
        fn tokens_survive_the_round_trip(names in prop::collection::vec("[a~/0-1%ä ]{0,6}", 0..5)) {
            let mut pointer = Pointer::root();
            for name in &names {
                pointer.push(name);
            }
            let read = Pointer::parse(pointer.as_str()).expect("what was pushed parses");
            let again: Vec<String> = read.tokens().map(Cow::into_owned).collect();
            prop_assert_eq!(again, names);
            prop_assert_eq!(Pointer::parse(&pointer.to_fragment()), Some(pointer));
        }
    }
}
