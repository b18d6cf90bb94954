//! The draft of a refused project: its tables, with what is contested denied and every candidate kept.

use std::collections::BTreeMap;

use gw_artifact::model::{AccessId, OperationId};
use gw_artifact::{Candidate, Contested, Draft};
use gw_syntax::SourceMap;

use super::access::AccessTables;
use super::{Lowered, Parts, parts};
use crate::check::Understood;

/// Puts what was understood into a draft. `None` when it is too little: nothing is published, or a name that must be
/// there is not.
pub(crate) fn draft(understood: &Understood, sources: &SourceMap) -> Option<Draft> {
    let Parts { lowered: Lowered { tables, source_map }, access, operations } = parts(understood, sources);
    let contested = contested(understood, &access, &operations);
    Draft::new(tables, source_map, contested).ok()
}

fn contested(understood: &Understood, access: &AccessTables, ids: &[OperationId]) -> Vec<Contested> {
    let published = &understood.routes().published;
    let candidates = |row: usize| -> Vec<Candidate> {
        let operation = published[row].operation;
        let candidate = |access: AccessId, because: &str| Candidate {
            operation: ids[row],
            access,
            because: because.to_owned(),
        };
        match understood.contested().get(&operation) {
            None => vec![candidate(access.ids[operation], "")],
            Some(readings) => {
                let of_reading = readings.iter().zip(&access.of_readings[&operation]);
                of_reading.map(|(reading, access)| candidate(*access, reading.because)).collect()
            }
        }
    };
    let unsettled = |row: &usize| understood.contested().contains_key(&published[*row].operation);
    let mut all: BTreeMap<OperationId, Vec<Candidate>> =
        (0..published.len()).filter(unsettled).map(|row| (ids[row], candidates(row))).collect();
    for &(first, second) in &understood.routes().claimed_twice {
        let of_first = all.entry(ids[first]).or_insert_with(|| candidates(first));
        for candidate in candidates(second) {
            if !of_first.contains(&candidate) {
                of_first.push(candidate);
            }
        }
    }
    all.into_iter().map(|(operation, candidates)| Contested { operation, candidates }).collect()
}
