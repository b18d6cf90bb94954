//! How one endpoint is chosen among those that do not rest: one file per way.

use gw_artifact::model::Balance;

use crate::endpoint_state::EndpointState;

mod least_request;
mod round_robin;

pub(crate) use round_robin::Turn;

/// Chooses an endpoint that is awake at `now`; none when all rest or there is none. O(endpoints) at worst.
pub(crate) fn choose(
    balance: Balance,
    endpoints: &[EndpointState],
    turn: &Turn,
    now: u64,
    random: u64,
) -> Option<usize> {
    match balance {
        Balance::RoundRobin => round_robin::choose(endpoints, turn, now),
        Balance::LeastRequest => least_request::choose(endpoints, now, random),
    }
}

/// A number below `bound`, from 32 random bits, by multiplication: no division, and even to 2^-32.
fn below(bound: usize, random: u32) -> usize {
    ((bound as u64 * u64::from(random)) >> 32) as usize
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn endpoints(count: u16) -> Vec<EndpointState> {
        (0..count).map(|at| EndpointState::new(format!("http://e:{}", at + 1).parse().unwrap())).collect()
    }

    #[test]
    fn a_number_below_a_bound_is_below_it() {
        for bound in [1, 2, 3, 1_000] {
            assert_eq!(below(bound, 0), 0);
            assert_eq!(below(bound, u32::MAX), bound - 1);
        }
    }
}
