//! What is known about one upstream, and the guard that one request in flight holds.

use std::sync::Arc;

use gw_artifact::model::{Balance, EndpointAddress};

use crate::balancer::{self, Turn};
use crate::counter::Counter;
use crate::endpoint_state::EndpointState;

/// One upstream: how many requests it has in flight, and its endpoints.
#[derive(Debug)]
pub struct UpstreamState {
    in_flight: Counter,
    turn: Turn,
    balance: Balance,
    endpoints: Box<[EndpointState]>,
}

/// One request in flight at one upstream; dropping it ends that, at the chosen endpoint too.
#[derive(Debug)]
#[must_use = "dropping a permit gives it back"]
pub struct Permit {
    upstream: Arc<UpstreamState>,
    endpoint: Option<u32>,
}

impl UpstreamState {
    /// An upstream with nothing in flight; `max_requests` may be in flight at once.
    pub fn new(balance: Balance, max_requests: u32, endpoints: Vec<EndpointAddress>) -> Self {
        Self {
            in_flight: Counter::new(max_requests),
            turn: Turn::default(),
            balance,
            endpoints: endpoints.into_iter().map(EndpointState::new).collect(),
        }
    }

    /// One more request in flight, unless there are as many as there may be. One compare-and-swap.
    pub fn permit(self: &Arc<Self>) -> Option<Permit> {
        self.in_flight.take().then(|| Permit { upstream: Arc::clone(self), endpoint: None })
    }

    /// Requests in flight.
    pub fn in_flight(&self) -> u32 {
        self.in_flight.taken()
    }

    /// Requests in flight at one endpoint; 0 when there is none of that number.
    pub fn in_flight_at(&self, endpoint: u32) -> u32 {
        self.endpoint(endpoint).map_or(0, EndpointState::in_flight)
    }

    /// The endpoints' addresses, in the order of their numbers.
    pub fn addresses(&self) -> impl Iterator<Item = &EndpointAddress> {
        self.endpoints.iter().map(|endpoint| &endpoint.address)
    }

    /// How many endpoints do not rest at `now` (monotonic nanoseconds).
    pub fn awake(&self, now: u64) -> usize {
        self.endpoints.iter().filter(|endpoint| endpoint.is_awake(now)).count()
    }

    /// One endpoint's address.
    pub fn address(&self, endpoint: u32) -> Option<&EndpointAddress> {
        self.endpoint(endpoint).map(|endpoint| &endpoint.address)
    }

    /// One endpoint's `host:port`, ready-made; empty when there is none of that number.
    pub fn authority(&self, endpoint: u32) -> &str {
        self.endpoint(endpoint).map_or("", |endpoint| &endpoint.authority)
    }

    fn endpoint(&self, endpoint: u32) -> Option<&EndpointState> {
        self.endpoints.get(endpoint as usize)
    }
}

impl Permit {
    /// Chooses an endpoint that does not rest at `now` (monotonic nanoseconds); `random` is 64 random bits.
    /// Replaces the one chosen before. None when every endpoint rests, or there is none.
    pub fn place(&mut self, now: u64, random: u64) -> Option<u32> {
        self.leave();
        let upstream = &self.upstream;
        let chosen = balancer::choose(upstream.balance, &upstream.endpoints, &upstream.turn, now, random)?;
        upstream.endpoints[chosen].begin();
        self.endpoint = Some(chosen as u32);
        self.endpoint
    }

    /// No connection to the chosen endpoint could be made at `now`: it rests [`REST_NANOS`](crate::REST_NANOS).
    pub fn connect_failed(&self, now: u64) {
        if let Some(endpoint) = self.endpoint.and_then(|endpoint| self.upstream.endpoint(endpoint)) {
            endpoint.rest(now);
        }
    }

    /// The chosen endpoint.
    pub fn endpoint(&self) -> Option<u32> {
        self.endpoint
    }

    /// The chosen endpoint's address.
    pub fn address(&self) -> Option<&EndpointAddress> {
        self.endpoint.and_then(|endpoint| self.upstream.address(endpoint))
    }

    /// The chosen endpoint's `host:port`; empty while none is chosen.
    pub fn authority(&self) -> &str {
        self.endpoint.map_or("", |endpoint| self.upstream.authority(endpoint))
    }

    fn leave(&mut self) {
        if let Some(endpoint) = self.endpoint.take().and_then(|endpoint| self.upstream.endpoint(endpoint)) {
            endpoint.end();
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.leave();
        self.upstream.in_flight.give_back();
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use proptest::prelude::*;

    use super::*;
    use crate::endpoint_state::REST_NANOS;

    fn upstream(balance: Balance, max: u32, endpoints: u16) -> Arc<UpstreamState> {
        let address = |at| format!("http://e:{}", at + 1).parse().unwrap();
        Arc::new(UpstreamState::new(balance, max, (0..endpoints).map(address).collect()))
    }

    #[test]
    fn an_endpoint_is_chosen_again_when_its_rest_is_over() {
        let upstream = upstream(Balance::RoundRobin, 9, 1);
        let mut permit = upstream.permit().unwrap();
        permit.place(7, 0);
        permit.connect_failed(7);
        assert_eq!(permit.place(7 + REST_NANOS - 1, 0), None);
        assert_eq!(permit.place(7 + REST_NANOS, 0), Some(0));
    }

    #[test]
    fn a_second_placement_replaces_the_first() {
        let upstream = upstream(Balance::RoundRobin, 9, 2);
        let mut permit = upstream.permit().unwrap();
        permit.place(0, 0);
        permit.place(0, 0);
        assert_eq!((upstream.in_flight_at(0), upstream.in_flight_at(1)), (0, 1));
        assert_eq!(permit.authority(), "e:2");
        drop(permit);
        assert_eq!((upstream.in_flight_at(1), upstream.in_flight()), (0, 0));
    }

    #[test]
    fn in_flight_is_never_above_its_limit_under_threads() {
        let upstream = upstream(Balance::LeastRequest, 3, 4);
        thread::scope(|scope| {
            for seed in 0..4_u64 {
                let upstream = &upstream;
                scope.spawn(move || {
                    for round in 0..2_000 {
                        let Some(mut permit) = upstream.permit() else { continue };
                        assert!(upstream.in_flight() <= 3);
                        permit.place(round, (round ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15));
                        if round % 7 == 0 {
                            permit.connect_failed(round);
                        }
                    }
                });
            }
        });
        assert_eq!(upstream.in_flight(), 0);
        assert_eq!((0..4).map(|endpoint| upstream.in_flight_at(endpoint)).sum::<u32>(), 0);
    }

    #[derive(Clone, Debug)]
    enum Act {
        Take,
        Drop(usize),
        Place(usize, u64),
        Fail(usize),
        Wait(u64),
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![
            Just(Act::Take),
            any::<usize>().prop_map(Act::Drop),
            (any::<usize>(), any::<u64>()).prop_map(|(which, random)| Act::Place(which, random)),
            any::<usize>().prop_map(Act::Fail),
            (0..3 * REST_NANOS / 2).prop_map(Act::Wait),
        ]
    }

    proptest! {
        #[test]
        fn permits_never_leak_and_rest_is_kept(
            round_robin: bool,
            endpoints in 0_u16..5,
            acts in prop::collection::vec(act(), 0..60),
        ) {
            let balance = if round_robin { Balance::RoundRobin } else { Balance::LeastRequest };
            let upstream = upstream(balance, 4, endpoints);
            let mut held: Vec<Permit> = Vec::new();
            let mut wakes = vec![0_u64; usize::from(endpoints)];
            let mut now = 0;
            for act in acts {
                match act {
                    Act::Take => {
                        let permit = upstream.permit();
                        prop_assert_eq!(permit.is_some(), held.len() < 4);
                        held.extend(permit);
                    }
                    Act::Wait(nanos) => now += nanos,
                    _ if held.is_empty() => {}
                    Act::Drop(which) => drop(held.swap_remove(which % held.len())),
                    Act::Place(which, random) => {
                        let at = which % held.len();
                        match held[at].place(now, random) {
                            Some(endpoint) => prop_assert!(wakes[endpoint as usize] <= now),
                            None => prop_assert!(wakes.iter().all(|wakes| *wakes > now)),
                        }
                    }
                    Act::Fail(which) => {
                        let permit = &held[which % held.len()];
                        permit.connect_failed(now);
                        if let Some(endpoint) = permit.endpoint() {
                            wakes[endpoint as usize] = now + REST_NANOS;
                        }
                    }
                }
                prop_assert_eq!(upstream.in_flight() as usize, held.len());
                let placed = held.iter().filter(|permit| permit.endpoint().is_some()).count();
                let at_endpoints: u32 = (0..u32::from(endpoints)).map(|at| upstream.in_flight_at(at)).sum();
                prop_assert_eq!(at_endpoints as usize, placed);
            }
        }
    }
}
