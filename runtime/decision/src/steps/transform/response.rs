//! The response's edits: which lines fall away, and the head that the caller receives.

use gw_artifact::model::is_hop_by_hop_header;

use super::{forwarded, hop_by_hop, hsts};
use crate::context::{Context, HeadWriter, Start};
use crate::head::ResponseHead;

/// Lines that are not relayed.
pub(super) fn dropped(head: &ResponseHead<'_>) -> u128 {
    let own = |name: &str| is_hop_by_hop_header(name) || name == "x-request-id";
    hop_by_hop::lines_where(head.lines, |line| own(line.name)) | hop_by_hop::nominated(head.lines, |_| false)
}

/// Writes the head that the caller receives.
pub(crate) fn write(
    dropped: u128,
    context: Context<'_>,
    response: &ResponseHead<'_>,
    scratch: &mut Vec<u8>,
    writer: &mut impl HeadWriter,
) {
    let has_hsts = hsts::seconds(context).is_some();
    writer.start(Start::Response { status: response.status });
    for (index, line) in response.lines.iter().enumerate() {
        let replaced = has_hsts && line.name == hsts::NAME;
        if !hop_by_hop::contains(dropped, index) && !replaced {
            writer.kept(index, line.name, line.value);
        }
    }
    hsts::write(context, writer);
    forwarded::write_via(response.version, context.artifact.project(), scratch, writer);
    writer.line("x-request-id", &context.exchange.request_id().digits());
}
