//! The worst case that an artifact carries: it belongs to the tables, and it is not below what they take.

use gw_artifact::bounds::{ceilings, of_operations, weigh};
use gw_artifact::model::{Bounds, Bytes, ListenerCeilings, Node, Operation, Per, SourceMap, Tables};
use gw_artifact::path_trie::{PathTrie, Template};
use gw_artifact::{Artifact, decode, encode};

use crate::counting::held_by;
use crate::fixture;

fn bounds(change: impl FnOnce(&mut Tables)) -> (Artifact, Bounds) {
    let mut tables = fixture::tables();
    change(&mut tables);
    let artifact = Artifact::new(tables).expect("the tables hold");
    let encoded =
        encode(&artifact, &SourceMap::default(), &fixture::provenance()).expect("it can be written");
    let loaded = decode(&encoded.bytes).expect("the fixture is sound");
    (artifact, loaded.manifest.bounds)
}

/// Tables with so many operations below one site.
fn many(count: u32) -> Tables {
    let mut tables = fixture::tables();
    let template = |number: u32| format!("/api/v1/things-{}/{{id}}/parts/{number}", number % 97);
    let first = tables.operations[0].clone();
    let paths: Vec<_> = (0..count)
        .map(|number| (Template::parse(&template(number)).expect("the fixture is sound"), 0))
        .collect();
    tables.sites[1].paths = PathTrie::build(&paths).expect("the fixture is sound");
    let named = |number| Operation {
        name: format!("operation-of-a-usual-length-{number}"),
        template: template(number),
        ..first.clone()
    };
    tables.operations.extend((0..count).map(named));
    tables
}

#[test]
fn tables_take_no_more_than_they_weigh_and_not_much_less() {
    for tables in [fixture::tables(), many(50), many(5_000)] {
        let artifact = Artifact::new(tables).expect("the tables hold");
        let encoded =
            encode(&artifact, &SourceMap::default(), &fixture::provenance()).expect("it can be written");
        let (loaded, held) = held_by(|| decode(&encoded.bytes).expect("the fixture is sound").artifact);
        let weight = weigh(loaded.tables()) as usize;
        assert!(held <= weight, "{held} bytes are held, and {weight} said");
        assert!(weight <= 8 * held, "{weight} bytes are said, and {held} held");
    }
}

#[test]
fn requests_in_flight_are_bounded_by_upstreams_and_by_connections() {
    let (_, few) =
        bounds(|tables| tables.upstreams.iter_mut().for_each(|upstream| upstream.max_requests = 7));
    assert_eq!((few.connections, few.requests), (2_000, 28));
    let (_, many) = bounds(|tables| {
        tables.capacity.connections = 5;
        tables.listeners.iter_mut().for_each(|listener| listener.ceilings = ListenerCeilings::default());
    });
    assert_eq!((many.connections, many.requests), (5, 5));
    assert_eq!(many.max_memory, Some(Bytes(4 << 30)));
}

#[test]
fn the_total_is_every_row_times_its_variables_and_the_slack() {
    let (artifact, bounds) = bounds(|_| {});
    let node = Node { threads: 3, endpoints: 5 };
    let held: u64 = bounds
        .memory
        .iter()
        .map(|row| {
            row.count
                * row.each.0
                * match row.per {
                    Per::Process => 1,
                    Per::Thread => 3,
                    Per::Endpoint => 5,
                    Per::ThreadAndEndpoint => 15,
                }
        })
        .sum();
    assert_eq!(bounds.total(node), Bytes(held + held / Bounds::SLACK));
    // One upstream names three endpoints, one of them one, two none: the bindings must give those one each.
    assert_eq!(Node::least(&artifact), Node { threads: 1, endpoints: 6 });
    assert_eq!(bounds.least, bounds.total(Node { threads: 1, endpoints: 6 }));
}

#[test]
fn the_most_connections_that_fit_do_and_one_more_does_not() {
    let (_, bounds) = bounds(|tables| tables.upstreams[0].max_requests = 100);
    let node = Node { threads: 2, endpoints: 2 };
    let max = Bytes(1 << 30);
    let fitting = bounds.connections_within(max, node).expect("the fixture is sound");
    assert!(fitting < bounds.connections);
    assert!(bounds.with_connections(fitting).total(node) <= max);
    assert!(bounds.with_connections(fitting + 1).total(node) > max);
    assert_eq!(bounds.connections_within(Bytes(u64::MAX), node), Some(bounds.connections));
    assert_eq!(bounds.connections_within(Bytes(1), node), None);
    let max = bounds.with_requests(50).total(node);
    assert_eq!(bounds.requests_within(max, node), Some(50));
    assert_eq!(bounds.requests_within(Bytes(1), node), None);
}

#[test]
fn an_operation_is_bounded_by_its_own_upstream() {
    let (artifact, _) = bounds(|_| {});
    let operations = of_operations(&artifact);
    assert_eq!(operations.len(), artifact.operations().len());
    for (bound, operation) in operations.iter().zip(artifact.operations()) {
        let requests = u64::from(artifact.upstream_of(operation).max_requests.min(2_000));
        assert_eq!(bound.requests, requests);
        assert_eq!(bound.memory, Bytes(requests * ceilings::REQUEST_BYTES));
        assert_eq!(bound.body_max, operation.body_max);
        // The root, one literal, and below it three partials and the variable or a literal.
        assert!((3..=6).contains(&bound.nodes), "{}", bound.nodes);
    }
    let credentials: Vec<u64> = operations.iter().take(3).map(|bound| bound.credentials).collect();
    assert_eq!(credentials, [0, 5, 3]);
}
