//! Each endpoint in turn; one that rests loses its turn to the next.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::endpoint_state::EndpointState;

/// Whose turn it is, for all threads together.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(crate) struct Turn(AtomicU32);

pub(super) fn choose(endpoints: &[EndpointState], turn: &Turn, now: u64) -> Option<usize> {
    let count = endpoints.len();
    if count == 0 {
        return None;
    }
    let first = turn.0.fetch_add(1, Ordering::Relaxed) as usize % count;
    (first..count).chain(0..first).find(|&at| endpoints[at].is_awake(now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::balancer::tests::endpoints;

    #[test]
    fn goes_around() {
        let (endpoints, turn) = (endpoints(3), Turn::default());
        let chosen: Vec<_> = (0..5).map(|_| choose(&endpoints, &turn, 0)).collect();
        assert_eq!(chosen, [Some(0), Some(1), Some(2), Some(0), Some(1)]);
    }

    #[test]
    fn passes_over_the_one_that_rests() {
        let (endpoints, turn) = (endpoints(2), Turn::default());
        endpoints[0].rest(0);
        assert_eq!(choose(&endpoints, &turn, 1), Some(1));
        assert_eq!(choose(&endpoints, &turn, 1), Some(1));
    }

    #[test]
    fn chooses_none_of_none() {
        assert_eq!(choose(&[], &Turn::default(), 0), None);
    }
}
