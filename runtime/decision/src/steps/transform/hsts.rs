//! `Strict-Transport-Security`: browsers are told to insist on HTTPS, over HTTPS only (RFC 6797 §7.2).

use crate::context::{Context, HeadWriter};
use crate::exchange::UrlScheme;
use crate::text::push_decimal;

/// The line's name.
pub(crate) const NAME: &str = "strict-transport-security";

/// How long they are to insist, where the listener says so and the client used HTTPS.
pub(crate) fn seconds(context: Context<'_>) -> Option<u32> {
    let listener = context.artifact.listeners().get(context.exchange.arrival().listener.index())?;
    listener.hsts.filter(|_| context.exchange.scheme() == UrlScheme::Https)
}

/// Writes the line, if there is anything to say.
pub(crate) fn write(context: Context<'_>, writer: &mut impl HeadWriter) {
    if let Some(seconds) = seconds(context) {
        let mut value = Vec::with_capacity(24);
        value.extend_from_slice(b"max-age=");
        push_decimal(&mut value, u64::from(seconds));
        writer.line(NAME, &value);
    }
}
