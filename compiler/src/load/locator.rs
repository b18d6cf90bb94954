//! What a `$ref` says: a document, and a place in it (RFC 3986 section 4.2, RFC 6901).

use super::remote::{RemoteUrl, is_url};

/// A `$ref`, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locator {
    /// The document: a project-relative path, or a URL; `None` for the one it stands in.
    pub file: Option<String>,
    /// What stands behind `#`, with the `#`; empty for the whole file.
    pub fragment: String,
}

/// Why a `$ref` names nothing that could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocatorFault {
    /// It is a URL that gw does not fetch.
    Remote,
    /// It leads out of the project's folder, or of a remote place.
    Outside,
    /// It has a broken percent escape.
    Malformed,
}

impl Locator {
    /// Reads the `$ref` that stands in the document `from`: a project-relative path, or a URL.
    pub fn parse(text: &str, from: &str) -> Result<Self, LocatorFault> {
        let (file, fragment) = match text.find('#') {
            Some(at) => text.split_at(at),
            None => (text, ""),
        };
        let file = if file.is_empty() { None } else { Some(document(file, from)?) };
        let fragment = if fragment == "#" { "" } else { fragment };
        Ok(Locator { file, fragment: fragment.to_owned() })
    }
}

/// The document that is named relative to the document `from`: a project-relative path, or a URL.
///
/// `.` and `..` are taken out; a path that leads out of the folder, or starts with `/`, is refused.
pub fn join(from: &str, relative: &str) -> Result<String, LocatorFault> {
    if is_url(relative) {
        return RemoteUrl::parse(relative).map(|url| url.as_str().to_owned()).ok_or(LocatorFault::Remote);
    }
    if is_url(from) {
        let joined =
            RemoteUrl::parse(from).and_then(|url| url.join(relative)).ok_or(LocatorFault::Outside)?;
        return RemoteUrl::parse(&joined).map(|_| joined.clone()).ok_or(LocatorFault::Outside);
    }
    if relative.starts_with('/') || relative.contains('\0') {
        return Err(LocatorFault::Outside);
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut steps: Vec<&str> = Vec::new();
    for step in folder.split('/').chain(relative.split('/')) {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop().ok_or(LocatorFault::Outside)?),
            step => steps.push(step),
        }
    }
    Ok(steps.join("/"))
}

fn document(file: &str, from: &str) -> Result<String, LocatorFault> {
    if is_url(file) || (is_url(from) && !is_remote(file)) {
        return join(from, file);
    }
    if is_remote(file) {
        return Err(LocatorFault::Remote);
    }
    join(from, &percent_decoded(file).ok_or(LocatorFault::Malformed)?)
}

/// Whether the text starts with a scheme or an authority. A single letter before `:` is a scheme too.
fn is_remote(file: &str) -> bool {
    let is_scheme_byte = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    let scheme = file.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.bytes().all(is_scheme_byte)
    });
    scheme || file.starts_with("//")
}

fn percent_decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, after) = tail.split_at_checked(2)?;
        let digit = |byte: u8| char::from(byte).to_digit(16);
        bytes.push((digit(digits[0])? * 16 + digit(digits[1])?) as u8);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str, from: &str) -> Result<Option<String>, LocatorFault> {
        Locator::parse(text, from).map(|locator| locator.file)
    }

    #[test]
    fn a_fragment_alone_stays_in_the_file() {
        let locator = Locator::parse("#/components/schemas/A", "a.yaml").unwrap();
        assert_eq!(locator, Locator { file: None, fragment: "#/components/schemas/A".into() });
        assert_eq!(Locator::parse("#", "a.yaml").unwrap().fragment, "");
    }

    #[test]
    fn files_are_named_from_the_file_that_names_them() {
        assert_eq!(file("b.yaml", "a.yaml"), Ok(Some("b.yaml".into())));
        assert_eq!(file("../c.yaml#/x", "specs/a.yaml"), Ok(Some("c.yaml".into())));
        assert_eq!(file("./d/./e.yaml", "specs/a.yaml"), Ok(Some("specs/d/e.yaml".into())));
        assert_eq!(file("a%20b.yaml", "a.yaml"), Ok(Some("a b.yaml".into())));
    }

    #[test]
    fn documents_on_other_machines_are_named_by_their_url() {
        let url = "https://example.com/a/b.yaml";
        assert_eq!(file(&format!("{url}#/x"), "a.yaml"), Ok(Some(url.into())));
        assert_eq!(file("../c%20d.yaml#/x", url), Ok(Some("https://example.com/c%20d.yaml".into())));
        assert_eq!(file("#/x", url), Ok(None));
        assert_eq!(file("../../c.yaml", url), Err(LocatorFault::Outside));
        assert_eq!(file("urn:a:b", url), Err(LocatorFault::Remote));
    }

    #[test]
    fn other_schemes_and_other_folders_are_refused() {
        for text in ["HTTP://a", "//a/b", "file:///etc/passwd", "urn:a:b", "http://example.com/a.yaml"] {
            assert_eq!(file(text, "a.yaml"), Err(LocatorFault::Remote), "{text}");
        }
        for text in ["../a.yaml", "/etc/passwd", "%2e%2e/a.yaml", "a/../../b", "a%00b"] {
            assert_eq!(file(text, "a.yaml"), Err(LocatorFault::Outside), "{text}");
        }
        assert_eq!(file("a%4", "a.yaml"), Err(LocatorFault::Malformed));
    }
}
