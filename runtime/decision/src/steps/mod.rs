//! The twelve steps, one file each, and the facts that travel from one to the next.
//!
//! Step *n* takes the type of the step before by value and is the only place that can make its own: private fields,
//! the constructor in the same file. So the order cannot be changed, and nothing that was not authorized, metered
//! and checked can be sent, without the compiler noticing.

use gw_artifact::Artifact;

use crate::exchange::Exchange;
use crate::head::Head;

pub(crate) mod access;
pub(crate) mod authorize;
pub(crate) mod cache;
pub(crate) mod circuit_break;
pub(crate) mod discover;
pub(crate) mod error;
pub(crate) mod log;
pub(crate) mod rate_limit;
pub(crate) mod receive;
pub(crate) mod route;
pub(crate) mod transform;
pub(crate) mod validate;

/// What every step may read, and the one place where it writes what it found.
#[derive(Debug)]
pub(crate) struct Facts<'x> {
    pub(crate) artifact: &'x Artifact,
    pub(crate) head: &'x Head<'x>,
    pub(crate) exchange: &'x mut Exchange,
}

impl<'x> Facts<'x> {
    pub(crate) fn new(artifact: &'x Artifact, head: &'x Head<'x>, exchange: &'x mut Exchange) -> Self {
        Self { artifact, head, exchange }
    }
}

/// The types between the steps stay small, so that handing them on costs a few registers.
const fn assert_small<T>() {
    assert!(size_of::<T>() <= 64, "a step's type is at most 64 bytes");
}

const _: () = {
    // A permit is two words in both worlds.
    type Permit = [usize; 2];
    assert_small::<receive::Received<'_>>();
    assert_small::<validate::Matched<'_>>();
    assert_small::<access::Admitted<'_>>();
    assert_small::<route::Published<'_>>();
    assert_small::<authorize::Authorized<'_>>();
    assert_small::<rate_limit::Metered<'_>>();
    assert_small::<validate::Checked<'_>>();
    assert_small::<route::Routed<'_>>();
    assert_small::<circuit_break::Permitted<'_, Permit>>();
    assert_small::<discover::Placed<'_, Permit>>();
    assert_small::<crate::outbound::Outbound<Permit>>();
};
