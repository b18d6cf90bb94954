//! The query as it is logged: every name, and no value that can be a credential.

use gw_artifact::model::Scheme;

use super::MAX_TEXT_BYTES;
use super::json::{Object, Text, key};
use crate::credential;
use crate::text::QueryPair;

/// Writes `url.query`.
pub(super) fn write(line: &mut Object<'_>, schemes: &[Scheme], query: &str) {
    if !schemes.iter().any(|scheme| credential::query_name(scheme).is_some()) {
        return line.clipped(key!("url.query"), query.as_bytes(), MAX_TEXT_BYTES);
    }
    line.pieces(key!("url.query"), |text| {
        for (at, pair) in query.split('&').enumerate() {
            text.push(if at > 0 { b"&" } else { b"" });
            write_pair(text, schemes, pair);
        }
    });
}

/// Some servers end a pair at `;` too, others take what follows as a part of the value: so it goes with a secret.
fn write_pair(text: &mut Text<'_>, schemes: &[Scheme], whole: &str) {
    for (at, piece) in whole.split(';').enumerate() {
        let pair = QueryPair::of(piece);
        text.push(if at > 0 { b";" } else { b"" });
        text.push(pair.name().as_bytes());
        if !pair.has_value() {
            continue;
        }
        text.push(b"=");
        if is_secret(schemes, pair) {
            return text.push(b"REDACTED");
        }
        text.push(pair.value().as_bytes());
    }
}

fn is_secret(schemes: &[Scheme], pair: QueryPair<'_>) -> bool {
    schemes.iter().filter_map(credential::query_name).any(|name| pair.could_be_named(name))
}
