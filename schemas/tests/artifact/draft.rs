//! A draft keeps an artifact's promises, denies what is contested, and is never written.

use gw_artifact::model::{Access, AccessId, OperationId};
use gw_artifact::{Candidate, Contested, Defect, Draft, encode};

use crate::fixture;

fn candidate(operation: u32, access: u32) -> Candidate {
    Candidate {
        operation: OperationId(operation),
        access: AccessId(access),
        because: "it says so".to_owned(),
    }
}

fn draft(operation: u32, candidates: &[Candidate]) -> Draft {
    let contested = vec![Contested { operation: OperationId(operation), candidates: candidates.to_vec() }];
    Draft::new(fixture::tables(), fixture::sources(), contested).expect("the fixture has what it names")
}

fn access_of(draft: &Draft, operation: u32) -> &Access {
    draft.artifact().access_of(draft.artifact().operation(OperationId(operation)))
}

#[test]
fn what_is_contested_is_denied_and_nothing_else_changes() {
    let draft = draft(3, &[candidate(3, 0)]);
    let Access::Verified { alternatives, challenges, .. } = access_of(&draft, 3) else {
        panic!("it is let in")
    };
    assert!(challenges.is_empty());
    assert!(
        alternatives.iter().flat_map(|alternative| &alternative.needs).all(|need| need.verifier.is_none())
    );
    for (at, row) in fixture::tables().operations.iter().enumerate().filter(|(at, _)| *at != 3) {
        assert_eq!(&draft.artifact().tables().operations[at], row);
    }
    assert!(draft.contested_at(OperationId(3)).is_some() && draft.contested_at(OperationId(2)).is_none());
}

#[test]
fn a_reading_has_the_candidate_in_its_place() {
    let draft = draft(3, &[candidate(3, 0), candidate(4, 1)]);
    assert_eq!(draft.readings(), 2);
    let own = draft.reading(0);
    assert_eq!(access_of(&own, 3), &Access::Public);
    let other = draft.reading(1);
    assert_eq!(other.artifact().tables().path_items[3].methods[0].1, OperationId(4));
    assert!(matches!(access_of(&other, 4), Access::Delegated { .. }));
    assert!(matches!(access_of(&draft.reading(2), 3), Access::Verified { .. }), "there is no third one");
}

#[test]
fn a_draft_is_never_written() {
    let never = Err(Defect::Invariant("a draft is never written".to_owned()));
    let draft = draft(3, &[candidate(3, 0)]);
    for draft in [draft.reading(0), draft] {
        let copy = draft.artifact().clone();
        assert_eq!(encode(&copy, draft.sources(), &fixture::provenance()), never);
    }
}

#[test]
fn a_candidate_that_is_not_there_makes_no_draft() {
    let tables = fixture::tables();
    let (operations, demands) = (tables.operations.len() as u32, tables.access.len() as u32);
    for candidate in [candidate(operations, 0), candidate(0, demands)] {
        let contested = vec![Contested { operation: OperationId(0), candidates: vec![candidate] }];
        assert!(Draft::new(fixture::tables(), fixture::sources(), contested).is_err());
    }
}
