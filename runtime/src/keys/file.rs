//! The file of a set of API keys: JSON Lines, one key a line, digests only.
//!
//! ```text
//! {"id":"k7Q2","consumer":"acme","hash":"sha256:9f86…","scopes":["orders:read"],"expires":"2027-01-31"}
//! ```
//!
//! It is data, not policy: lines are added and taken away by `gw key`, by an editor or by any program that replaces the
//! file. Empty lines and lines that begin with `#` mean nothing.

use std::collections::HashMap;
use std::fmt;

use gw_artifact::{Date, Digest};
use gw_decision::{KeyHolder, KeySet, MAX_KEYS};
use serde::{Deserialize, Serialize};

/// The longest name, and the longest scope, in bytes.
const MAX_NAME_BYTES: usize = 256;
/// The most scopes of one key.
const MAX_SCOPES: usize = 64;
/// The most defects that are told of one file.
const MOST_DEFECTS: usize = 20;

/// One key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// Its public name, unique in the file: letters, digits, `-` and `_`.
    pub id: String,
    /// Who holds it.
    pub consumer: String,
    /// The SHA-256 of the key.
    #[serde(with = "as_text")]
    pub hash: Digest,
    /// What its holder is allowed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// The last day on which it is good (UTC); without one it is good until its line goes.
    #[serde(default, with = "as_optional_text", skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
    /// The day on which it was made, for people.
    #[serde(default, with = "as_optional_text", skip_serializing_if = "Option::is_none")]
    pub created: Option<Date>,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct LineDefect {
    /// From 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// Reads the text of a file.
///
/// # Errors
/// What is wrong with its lines, at most twenty of them: a file is taken whole or not at all.
pub fn read(text: &str) -> Result<Vec<Key>, Vec<LineDefect>> {
    let mut keys: Vec<Key> = Vec::new();
    let mut defects = Vec::new();
    let (mut ids, mut hashes) = (HashMap::new(), HashMap::new());
    for (line, text) in (1..).zip(text.lines()) {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let read = serde_json::from_str::<Key>(text).map_err(|fault| words(&fault)).and_then(|key| {
            key.check()?;
            twice("id", ids.insert(key.id.clone(), line))?;
            twice("hash", hashes.insert(key.hash, line))?;
            Ok(key)
        });
        match read {
            Ok(_) if keys.len() == MAX_KEYS => {
                defects.push(LineDefect { line, message: format!("a set has at most {MAX_KEYS} keys") });
                break;
            }
            Ok(key) => keys.push(key),
            Err(message) => defects.push(LineDefect { line, message }),
        }
        if defects.len() == MOST_DEFECTS {
            break;
        }
    }
    if defects.is_empty() { Ok(keys) } else { Err(defects) }
}

/// The set that decides.
pub fn set(keys: impl IntoIterator<Item = Key>) -> KeySet {
    KeySet::new(keys.into_iter().map(|key| {
        let Key { id, consumer, hash, mut scopes, expires, created: _ } = key;
        scopes.sort();
        (hash, KeyHolder { id, consumer, scopes, expires: expires.map(Date::end_unix_seconds) })
    }))
}

/// What is wrong with the JSON of one line.
fn words(fault: &serde_json::Error) -> String {
    let text = fault.to_string();
    let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
    format!("{what} (column {})", fault.column())
}

fn twice(what: &str, earlier: Option<usize>) -> Result<(), String> {
    earlier.map_or(Ok(()), |line| Err(format!("its `{what}` stands in line {line} already")))
}

impl Key {
    /// What the types do not say.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn check(&self) -> Result<(), String> {
        let is_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if self.id.is_empty() || self.id.len() > 64 || !self.id.bytes().all(is_id) {
            return Err("`id` is 1 to 64 letters, digits, `-` and `_`".to_owned());
        }
        let fits = |text: &str| !text.is_empty() && text.len() <= MAX_NAME_BYTES;
        if !fits(&self.consumer) || self.consumer.chars().any(char::is_control) {
            return Err(format!(
                "`consumer` is text of 1 to {MAX_NAME_BYTES} bytes without control characters"
            ));
        }
        let is_scope = |scope: &str| {
            fits(scope) && scope.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
        };
        if self.scopes.len() > MAX_SCOPES {
            return Err(format!("a key has at most {MAX_SCOPES} scopes"));
        }
        match self.scopes.iter().find(|scope| !is_scope(scope)) {
            Some(scope) => Err(format!(
                "`{}` is no scope: visible ASCII without `\"` and `\\` (RFC 6749 section 3.3)",
                scope.escape_debug()
            )),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Key {
    /// Writes its line, without the line feed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

/// Values that are written as their text.
mod as_text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<T: Display, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub(super) fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<T, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// The same, where there may be none.
mod as_optional_text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::{Deserializer, Serializer};

    #[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
    pub(super) fn serialize<T: Display, S: Serializer>(value: &Option<T>, to: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => to.collect_str(value),
            None => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<T>, D::Error> {
        super::as_text::deserialize(from).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: &str, secret: &str) -> Key {
        Key {
            id: id.to_owned(),
            consumer: "acme".to_owned(),
            hash: Digest::of(secret.as_bytes()),
            scopes: vec!["orders:write".to_owned(), "orders:read".to_owned()],
            expires: Some("2027-01-31".parse().unwrap()),
            created: None,
        }
    }

    fn told(text: &str) -> Vec<String> {
        read(text).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_written_reads_back() {
        let keys = [key("a", "1"), Key { scopes: vec![], expires: None, ..key("b", "2") }];
        let text = format!("# partners\n\n{}\n{}\n", keys[0], keys[1]);
        assert_eq!(read(&text).unwrap(), keys);
        assert!(!text.contains("\"1\"") && !text.contains("null"), "{text}");
    }

    #[test]
    fn a_key_is_good_to_the_end_of_its_last_day() {
        let set = set([key("a", "1")]);
        let holder = set.find(&Digest::of(b"1")).unwrap();
        assert_eq!(holder.expires, Some(1_801_440_000));
        assert_eq!(holder.scopes, ["orders:read", "orders:write"]);
        assert_eq!(set.find(&Digest::of(b"2")), None);
    }

    #[test]
    fn every_bad_line_is_told_and_the_file_is_refused_whole() {
        let (good, twin) = (key("a", "1"), key("a", "2"));
        let same = Key { id: "c".to_owned(), ..good.clone() };
        let spaced = Key { scopes: vec!["orders read".to_owned()], ..key("d", "4") };
        let text = format!("{good}\n{twin}\n{same}\n{spaced}\nnonsense\n{{\"id\":\"e\"}}\n");
        let told = told(&text);
        assert_eq!(told.len(), 5, "{told:?}");
        assert_eq!(told[0], "line 2: its `id` stands in line 1 already");
        assert_eq!(told[1], "line 3: its `hash` stands in line 1 already");
        assert!(told[2].starts_with("line 4: `orders read` is no scope"), "{told:?}");
        assert!(told[3].starts_with("line 5: "), "{told:?}");
        assert!(told[4].contains("missing field"), "{told:?}");
    }

    #[test]
    fn a_key_in_plain_text_is_no_hash() {
        let text = "{\"id\":\"a\",\"consumer\":\"acme\",\"hash\":\"secret\"}";
        assert!(told(text)[0].contains("sha256:"), "{:?}", told(text));
        let unknown = "{\"id\":\"a\",\"consumer\":\"acme\",\"key\":\"secret\"}";
        assert!(told(unknown)[0].contains("unknown field `key`"), "{:?}", told(unknown));
    }

    #[test]
    fn defects_are_bounded() {
        assert_eq!(told(&"x\n".repeat(1_000)).len(), MOST_DEFECTS);
    }
}
