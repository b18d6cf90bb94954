//! The proof that a request may be sent, and the edits that it is sent with.

use gw_artifact::model::OperationId;

use crate::context::{Context, HeadWriter};
use crate::steps::discover::Placed;
use crate::steps::transform;
use crate::world::EndpointId;

/// A request that went through every step. `upstream::send` takes nothing else.
///
/// It borrows nothing of the head: dropped header lines are bits, everything else is said by ids and ranges. So an
/// engine can move the head away, and the edits can be applied once more. It holds the permit; dropping it gives
/// the permit back.
#[derive(Debug)]
#[must_use = "a decided request is sent or abandoned"]
pub struct Outbound<P> {
    permit: P,
    dropped: u128,
    endpoint: EndpointId,
    operation: OperationId,
}

impl<P> Outbound<P> {
    /// Only from a placed request; `dropped` has one bit per received header line that is not forwarded.
    pub(crate) fn decided(placed: Placed<'_, P>, operation: OperationId, dropped: u128) -> Self {
        Self { permit: placed.permit, dropped, endpoint: placed.endpoint, operation }
    }

    /// The right that this request holds; in both worlds it knows upstream and endpoint.
    pub fn permit(&self) -> &P {
        &self.permit
    }

    /// The endpoint to send to.
    pub fn endpoint(&self) -> EndpointId {
        self.endpoint
    }

    /// The operation that was decided; its deadlines hold from here on.
    pub fn operation(&self) -> OperationId {
        self.operation
    }

    /// Writes the head that the upstream receives: the one place that knows the edits, used by every world.
    ///
    /// `authority` is the endpoint's `host:port`. `scratch` is overwritten; keep it between requests, and nothing
    /// is allocated. Framing is written too: `content-length` as received, or `transfer-encoding: chunked`.
    pub fn head(
        &self,
        context: Context<'_>,
        authority: &str,
        scratch: &mut Vec<u8>,
        writer: &mut impl HeadWriter,
    ) {
        transform::write_request(self.dropped, context, authority, scratch, writer);
    }

    pub(crate) fn into_permit(self) -> P {
        self.permit
    }
}
