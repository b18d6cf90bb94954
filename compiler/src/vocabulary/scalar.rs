//! Forms of scalars that people write in policy: each is read into a type, and prints as what reads back.

mod address_entry;
mod cache_key;
mod claim;
mod code;
mod date;
mod grpc_method;
mod header;
mod limit_key;
mod method;
mod network;
mod origin;
mod pattern;
mod proxy_entry;
mod range;
mod reason;
mod redaction;
mod retry_on;
mod seconds;
mod share;
mod target;
mod template;
mod url;
mod words;

use std::fmt;

pub use address_entry::AddressEntry;
pub(crate) use address_entry::is_list_name;
pub use cache_key::CacheKey;
pub use claim::{CallerFact, ClaimAlternatives, ClaimPath};
pub(in crate::vocabulary) use code::CODE;
pub(super) use date::DAY;
pub use date::{Date, Moment, NotADate};
pub use grpc_method::{GrpcBody, GrpcMethod};
pub use header::{HeaderName, HeaderValue, QueryName};
pub use limit_key::LimitKey;
pub use method::MethodName;
pub use network::Network;
pub use origin::Origin;
pub use pattern::ValuePattern;
pub use proxy_entry::ProxyEntry;
pub use range::DurationRange;
pub use reason::ReasonName;
pub use redaction::Redaction;
pub use retry_on::RetryOn;
pub(in crate::vocabulary) use seconds::SECONDS;
pub use share::{SampledMode, ValidateMode};
pub use target::{RequestTarget, ServerName};
pub use template::{PathTemplate, PointerText};
pub use url::HttpUrl;
pub(crate) use words::words;

/// A type that one scalar is read into. Its text reads back as the same value.
pub trait Scalar: Sized + fmt::Display {
    /// Reads the text of a scalar.
    ///
    /// # Errors
    /// The text is none of these; with it comes what to do about it, where there is more to say than the form.
    fn read(text: &str) -> Result<Self, Unread>;
}

/// Why a text does not read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    /// What to do about it, beyond the form itself.
    pub help: Option<String>,
}

/// The form of a scalar, for the key table.
#[derive(Clone, Copy, Debug)]
pub struct Syntax {
    /// What it is, in words that follow "takes": `a network such as `10.0.0.0/8``.
    pub described: &'static str,
    /// The form as an ECMA-262 pattern; every text that reads matches it.
    pub pattern: &'static str,
    /// Whether a plain number may stand for its text.
    pub numbers: bool,
    /// Whether a text reads.
    pub check: fn(&str) -> Result<(), Unread>,
}

impl Syntax {
    /// The form of a type.
    pub(super) const fn of<T: Scalar>(described: &'static str, pattern: &'static str) -> Self {
        Syntax { described, pattern, numbers: false, check: check::<T> }
    }
}

fn check<T: Scalar>(text: &str) -> Result<(), Unread> {
    T::read(text).map(drop)
}

impl Unread {
    /// There is no more to say than the form.
    pub(super) const PLAIN: Self = Unread { help: None };

    /// This is what to do about it.
    pub(super) fn help(help: impl Into<String>) -> Self {
        Unread { help: Some(help.into()) }
    }

    /// The nearest of these words, where one is near.
    pub(crate) fn near(text: &str, words: impl IntoIterator<Item = &'static str>) -> Self {
        Unread { help: gw_syntax::nearest(text, words).map(|near| format!("did you mean `{near}`?")) }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::Scalar;

    /// Each text reads and prints as itself.
    #[track_caller]
    pub(in crate::vocabulary) fn reads_back<T: Scalar>(texts: &[&str]) {
        for text in texts {
            let read = T::read(text).map(|value| value.to_string());
            assert_eq!(read.as_deref().ok(), Some(*text), "{text}");
        }
    }

    /// No text reads.
    #[track_caller]
    pub(in crate::vocabulary) fn refused<T: Scalar>(texts: &[&str]) {
        for text in texts {
            assert!(T::read(text).is_err(), "{text}");
        }
    }

    /// What to do about a text that does not read.
    #[track_caller]
    pub(in crate::vocabulary) fn help<T: Scalar>(text: &str) -> String {
        T::read(text).err().and_then(|unread| unread.help).unwrap_or_default()
    }
}
