//! The less busy of two endpoints drawn at random (power of two choices).

use super::below;
use crate::endpoint_state::EndpointState;

/// Draws two different endpoints from the two halves of `random`. Only when one of them rests are all looked at,
/// to draw from those that are awake.
pub(super) fn choose(endpoints: &[EndpointState], now: u64, random: u64) -> Option<usize> {
    let draw = |count: usize| two_of(count, random);
    let (first, second) = match endpoints.len() {
        0 => return None,
        count => draw(count),
    };
    if endpoints[first].is_awake(now) && endpoints[second].is_awake(now) {
        return Some(less_busy(endpoints, first, second));
    }
    let awake = || (0..endpoints.len()).filter(|&at| endpoints[at].is_awake(now));
    // Threads put endpoints to rest meanwhile, so that the second walk may be shorter than the first.
    let (first, second) = match awake().count() {
        0 => return None,
        count => draw(count),
    };
    let first = awake().nth(first).or_else(|| awake().next())?;
    let second = awake().nth(second).unwrap_or(first);
    Some(less_busy(endpoints, first, second))
}

/// Two positions below `count`, different unless `count` is 1.
fn two_of(count: usize, random: u64) -> (usize, usize) {
    if count == 1 {
        return (0, 0);
    }
    let first = below(count, (random >> 32) as u32);
    let second = below(count - 1, random as u32);
    (first, if second >= first { second + 1 } else { second })
}

fn less_busy(endpoints: &[EndpointState], first: usize, second: usize) -> usize {
    if endpoints[second].in_flight() < endpoints[first].in_flight() { second } else { first }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::balancer::tests::endpoints;

    #[test]
    fn chooses_the_less_busy_of_two() {
        let endpoints = endpoints(2);
        endpoints[0].begin();
        for random in [0, u64::MAX, 0xffff_ffff, 0x8000_0000_0000_0000] {
            assert_eq!(choose(&endpoints, 0, random), Some(1));
        }
    }

    #[test]
    fn chooses_none_when_all_rest() {
        let endpoints = endpoints(2);
        for endpoint in &endpoints {
            endpoint.rest(0);
        }
        assert_eq!(choose(&endpoints, 1, 0), None);
        assert_eq!(choose(&[], 1, 0), None);
    }

    proptest! {
        #[test]
        fn draws_two_different_ones(count in 2_usize..9, random: u64) {
            let (first, second) = two_of(count, random);
            prop_assert!(first != second && first < count && second < count);
        }

        #[test]
        fn never_chooses_one_that_rests(rests in prop::collection::vec(any::<bool>(), 1..9), random: u64) {
            let endpoints = endpoints(rests.len() as u16);
            for (endpoint, _) in endpoints.iter().zip(&rests).filter(|(_, rests)| **rests) {
                endpoint.rest(0);
            }
            match choose(&endpoints, 1, random) {
                Some(at) => prop_assert!(!rests[at]),
                None => prop_assert!(rests.iter().all(|rests| *rests)),
            }
        }
    }
}
