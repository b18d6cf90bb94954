use std::sync::atomic::AtomicUsize;
use std::thread;

use gw_artifact::Artifact;
use gw_artifact::model::ListenerCeilings;

use super::*;
use crate::harness::{Setup, tables};

fn places(connections: Option<u32>, per_address: Option<u32>, most: u32) -> Arc<Places> {
    let setup = Setup { ceilings: ListenerCeilings { connections, per_address }, ..Setup::default() };
    Places::new(&Arc::new(Artifact::new(tables(setup)).unwrap()), most)
}

const PUBLIC: ListenerId = ListenerId(0);

#[test]
fn what_is_full_is_told_and_takes_nothing() {
    let small = places(Some(1), None, 9);
    let place = small.take(PUBLIC).unwrap();
    assert_eq!(small.take(PUBLIC).unwrap_err(), Full::Listener);
    drop(place);
    let small = places(None, None, 1);
    let place = small.take(PUBLIC).unwrap();
    assert_eq!((small.take(PUBLIC).is_err(), small.open(), small.tally(PUBLIC).open), (true, 1, 1));
    drop(place);
    assert_eq!((small.open(), small.tally(PUBLIC).open), (0, 0));
    let wide = places(Some(5), None, 1);
    let _place = wide.take(PUBLIC).unwrap();
    assert_eq!(wide.take(PUBLIC).unwrap_err(), Full::Gateway);
    assert_eq!(wide.tally(PUBLIC).open, 1, "the listener's place went back");
}

#[test]
fn no_ceiling_is_passed_by_any_thread_and_everything_comes_back() {
    const MOST: usize = 3;
    let places = places(Some(5), Some(MOST as u32), 6);
    let open: [AtomicUsize; 2] = Default::default();
    let live = |thread: usize| {
        let client = IpAddr::from([192, 0, 2, (thread % 2) as u8]);
        for _ in 0..2_000 {
            let Ok(mut place) = places.take(PUBLIC) else { continue };
            if place.admit(client) {
                assert!(place.admit(client), "asking twice counts once");
                let ours = &open[thread % 2];
                assert!(ours.fetch_add(1, Ordering::SeqCst) < MOST);
                ours.fetch_sub(1, Ordering::SeqCst);
            }
            assert!(places.open() <= 5);
        }
    };
    thread::scope(|scope| (0..4).for_each(|thread| drop(scope.spawn(move || live(thread)))));
    assert_eq!((places.open(), places.tally(PUBLIC).open, places.addresses.clients()), (0, 0, 0));
}
