//! How many more gateways an `OPTIONS` may pass (RFC 9110 §7.6.2); on other methods `Max-Forwards` says nothing.

use gw_artifact::model::{Method, Reason};

use super::framing::decimal;
use crate::head::Head;

/// The number, where there is one: a single line of digits.
pub(crate) fn left(head: &Head<'_>) -> Result<Option<u64>, Reason> {
    if head.method != Method::Options.as_str() {
        return Ok(None);
    }
    let mut values = head.all("max-forwards");
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(digits), None) => decimal(digits).map(Some).ok_or(Reason::MalformedRequest),
        (Some(_), Some(_)) => Err(Reason::MalformedRequest),
    }
}
