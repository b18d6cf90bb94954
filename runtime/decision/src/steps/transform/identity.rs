//! What the upstream is told about a caller whom the gateway has verified.

use gw_artifact::model::{Access, CallerFact};

use crate::context::{Context, HeadWriter};

/// Writes the lines that the operation's access rule names. A caller without scopes has an empty value.
pub(super) fn write(context: Context<'_>, scratch: &mut Vec<u8>, writer: &mut impl HeadWriter) {
    let Context { artifact, exchange, .. } = context;
    let Some(operation) = exchange.operation(artifact) else { return };
    let Access::Verified { forward, .. } = artifact.access_of(operation) else { return };
    for header in forward {
        scratch.clear();
        match header.fact {
            CallerFact::Consumer => push_value(scratch, exchange.consumer().unwrap_or("")),
            CallerFact::Scopes => {
                for scope in exchange.scopes() {
                    if !scratch.is_empty() {
                        scratch.push(b' ');
                    }
                    push_value(scratch, scope);
                }
            }
        }
        writer.line(&header.name, scratch);
    }
}

/// Bytes that a field value cannot carry (RFC 9110 section 5.5), and `%`, are percent-encoded: a name in a certificate can
/// be any text.
fn push_value(out: &mut Vec<u8>, text: &str) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if matches!(byte, 0x20..=0x7e) && byte != b'%' {
            out.push(byte);
        } else {
            out.extend_from_slice(&[b'%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 0xf)]]);
        }
    }
}
