//! The one normaliser: the bytes that are matched and authorized are the bytes that are forwarded.
//!
//! [`canonicalize`] takes the path of a request target (everything before `?`) and gives a [`CanonicalPath`], the
//! proof that each rule below holds. What is doubtful is refused, never repaired: two parsers that disagree about a
//! path are how an access rule is walked around.
//!
//! | In the path | Rule | Source |
//! |---|---|---|
//! | first byte is not `/` | refused (`*` of `OPTIONS *` never comes here) | RFC 9112 §3.2.1 |
//! | `%41` `%2d` `%7E`: an escaped unreserved character | decoded | RFC 3986 §2.3, §6.2.2.2 |
//! | `%3a`: any other escape | kept, digits in upper case | RFC 3986 §2.1, §6.2.2.1 |
//! | `%40`, `%3A`, `%28` …: an escaped delimiter that may stand raw (``!$&'()*+,=:@``) | kept; its [`twin`] must be the same resource | RFC 3986 §2.2 |
//! | `.` or `..` as a whole segment, also as `%2E` | refused | RFC 3986 §3.3, §5.2.4 |
//! | `//` | refused; one slash at the end is kept and significant | RFC 3986 §3.3 |
//! | `%2F`, `%5C`, `\` | refused: not every server agrees that it is no separator | RFC 3986 §2.2, §7.3 |
//! | `;`, `%3B` | refused: some servers cut a segment there | RFC 3986 §3.3 |
//! | control characters, raw or as `%00`–`%1F`, `%7F` | refused | RFC 3986 §7.3 |
//! | `%25` before two hexadecimal digits | refused: a double encoding | RFC 3986 §2.4 |
//! | a character outside `pchar` (space, `"<>^{\|}`, backtick, `#`, `?`, non-ASCII) | refused | RFC 3986 §3.3, App. A |
//! | `%`, `%4`, `%zz` | refused | RFC 3986 §2.1 |
//! | escapes that do not spell UTF-8 (overlong and surrogate forms too) | refused | RFC 3629 §3, RFC 3986 §2.5 |
//! | more than [`MAX_PATH_BYTES`] | refused | RFC 9110 §4.1 |
//!
//! Cost: one pass over the bytes with a 256-entry table; a path that is canonical already is borrowed and nothing is
//! allocated.

use std::borrow::Cow;
use std::fmt;

pub use self::literal::canonicalize_literal;
pub(crate) use self::literal::canonicalize_part;
use self::walk::Walk;

mod literal;
mod walk;

#[cfg(test)]
mod tests;

/// The longest path that is looked at, in bytes; path positions fit in a `u16`.
pub const MAX_PATH_BYTES: usize = u16::MAX as usize;

/// A path that satisfies every rule of this module: only [`canonicalize`] makes one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CanonicalPath<'a>(Cow<'a, str>);

impl CanonicalPath<'_> {
    /// The path as text: ASCII, begins with `/`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the received bytes were canonical already, so that nothing was copied.
    pub fn is_borrowed(&self) -> bool {
        matches!(self.0, Cow::Borrowed(_))
    }

    /// The same path, free of the request's buffer.
    pub fn into_owned(self) -> CanonicalPath<'static> {
        CanonicalPath(Cow::Owned(self.0.into_owned()))
    }
}

impl AsRef<str> for CanonicalPath<'_> {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for CanonicalPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a path is refused, and where: `at` counts bytes from the start of the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotCanonical {
    /// The path is empty or begins with something else than `/`.
    #[error("the path does not begin with `/`")]
    NoLeadingSlash,
    /// The path is longer than [`MAX_PATH_BYTES`].
    #[error("the path is longer than {MAX_PATH_BYTES} bytes")]
    TooLong,
    /// A segment is `.` or `..`, literally or escaped; `at` is where the segment begins.
    #[error("the segment at byte {at} is a dot segment (`.` or `..`)")]
    DotSegment {
        /// Where the segment begins.
        at: usize,
    },
    /// Two slashes follow each other; `at` is the second one.
    #[error("the segment at byte {at} is empty (`//`)")]
    EmptySegment {
        /// The second of the two slashes.
        at: usize,
    },
    /// `%2F`, `%5C` or a backslash.
    #[error("the path has an encoded slash or a backslash at byte {at}")]
    Separator {
        /// The first byte of it.
        at: usize,
    },
    /// `;` or `%3B`.
    #[error("the path has a parameter (`;`) at byte {at}")]
    Parameter {
        /// The first byte of it.
        at: usize,
    },
    /// A control character, raw or escaped.
    #[error("the path has a control character at byte {at}")]
    Control {
        /// The first byte of it.
        at: usize,
    },
    /// `%25` followed by two hexadecimal digits.
    #[error("the path is encoded twice at byte {at}")]
    DoubleEncoding {
        /// The `%` of the `%25`.
        at: usize,
    },
    /// A byte that RFC 3986 does not allow in a path.
    #[error("the path has a character at byte {at} that must be percent-encoded")]
    NotAllowed {
        /// The byte.
        at: usize,
    },
    /// `%` without two hexadecimal digits.
    #[error("the escape at byte {at} lacks its two hexadecimal digits")]
    MalformedEscape {
        /// The `%`.
        at: usize,
    },
    /// Escapes that do not spell UTF-8.
    #[error("the escapes at byte {at} are not UTF-8")]
    NotUtf8 {
        /// The `%` of the first escape of the bad sequence.
        at: usize,
    },
}

impl NotCanonical {
    /// Where the offence begins, in bytes from the start of the path.
    pub fn at(&self) -> usize {
        match *self {
            Self::NoLeadingSlash => 0,
            Self::TooLong => MAX_PATH_BYTES,
            Self::DotSegment { at }
            | Self::EmptySegment { at }
            | Self::Separator { at }
            | Self::Parameter { at }
            | Self::Control { at }
            | Self::DoubleEncoding { at }
            | Self::NotAllowed { at }
            | Self::MalformedEscape { at }
            | Self::NotUtf8 { at } => at,
        }
    }

    /// The same offence in a text that has `by` bytes more before it.
    pub(crate) fn shifted(self, by: usize) -> Self {
        self.moved_to(self.at() + by)
    }

    /// The same offence at another place.
    fn moved_to(self, at: usize) -> Self {
        match self {
            Self::NoLeadingSlash | Self::TooLong => self,
            Self::DotSegment { .. } => Self::DotSegment { at },
            Self::EmptySegment { .. } => Self::EmptySegment { at },
            Self::Separator { .. } => Self::Separator { at },
            Self::Parameter { .. } => Self::Parameter { at },
            Self::Control { .. } => Self::Control { at },
            Self::DoubleEncoding { .. } => Self::DoubleEncoding { at },
            Self::NotAllowed { .. } => Self::NotAllowed { at },
            Self::MalformedEscape { .. } => Self::MalformedEscape { at },
            Self::NotUtf8 { .. } => Self::NotUtf8 { at },
        }
    }
}

/// Checks the path of a request target (without the query) and brings it into its one form.
///
/// ```
/// use gw_artifact::canonical_path::{NotCanonical, canonicalize};
///
/// assert_eq!(canonicalize("/caf%c3%a9/%7Eme")?.as_str(), "/caf%C3%A9/~me");
/// assert!(canonicalize("/orders/7")?.is_borrowed());
/// assert_eq!(canonicalize("/a/%2e%2e/b"), Err(NotCanonical::DotSegment { at: 3 }));
/// # Ok::<(), NotCanonical>(())
/// ```
///
/// # Errors
/// The first rule of the module's table that the path breaks; the denial is 400 `path-not-canonical`.
pub fn canonicalize(raw: &str) -> Result<CanonicalPath<'_>, NotCanonical> {
    if !raw.starts_with('/') {
        return Err(NotCanonical::NoLeadingSlash);
    }
    if raw.len() > MAX_PATH_BYTES {
        return Err(NotCanonical::TooLong);
    }
    Walk::over(raw).run(1).map(CanonicalPath)
}

/// Whether a text can stand before a canonical path that begins with `/`: it is empty, or a canonical path without a
/// slash at its end.
pub fn is_canonical_prefix(text: &str) -> bool {
    text.is_empty() || !text.ends_with('/') && canonicalize(text).is_ok_and(|path| path.is_borrowed())
}

/// The same canonical path as a server sees it that decodes before it routes: `/users/@me` for `/users/%40me`. None
/// when there is no difference.
///
/// Both spellings are legal and RFC 3986 does not call them equal, so neither is repaired. Whoever gives a path a
/// meaning compares it with the twin's: where they differ, the path is ambiguous.
///
/// ```
/// use gw_artifact::canonical_path::twin;
///
/// assert_eq!(twin("/users/%40me").as_deref(), Some("/users/@me"));
/// assert_eq!(twin("/users/@me"), None);
/// assert_eq!(twin("/caf%C3%A9"), None);
/// ```
pub fn twin(path: &str) -> Option<String> {
    if !path.contains('%') {
        return None;
    }
    match Walk::over(path).decoding_delimiters().run(1) {
        Ok(Cow::Owned(twin)) => Some(twin),
        Ok(Cow::Borrowed(_)) | Err(_) => None,
    }
}
