//! Demands on callers, deduplicated, with the challenges of their denials.

use std::collections::{BTreeMap, BTreeSet};

use gw_artifact::model::{Access as Row, AccessId, Alternative, Scheme, SchemeId};

use super::challenges::challenges;
use crate::check::{Access, Demand, Understood};
use crate::resolve::resolved::OperationIndex;

/// The access and scheme tables.
pub(super) struct AccessTables {
    /// Demands, in the order of their content.
    pub(super) rows: Vec<Row>,
    /// Places of credentials that a demand names, in the order of their content.
    pub(super) schemes: Vec<Scheme>,
    /// For each operation of `Resolved::operations`, its row.
    pub(super) ids: Vec<AccessId>,
    /// For each reading of each contested operation, its row.
    pub(super) of_readings: BTreeMap<OperationIndex, Vec<AccessId>>,
}

pub(super) fn lower(checked: &Understood) -> AccessTables {
    let readings = || checked.contested().values().flatten().map(|reading| &reading.access);
    let all = || checked.access().iter().chain(readings());
    let places: BTreeSet<&Scheme> = all().filter_map(demand).flatten().flatten().collect();
    let ids_of_places: BTreeMap<&Scheme, SchemeId> =
        places.iter().enumerate().map(|(index, place)| (*place, SchemeId(index as u32))).collect();
    let project = &checked.resolved().project.name;
    let of_all: Vec<Row> = all().map(|access| row(access, &ids_of_places, project)).collect();
    let rows: BTreeSet<&Row> = of_all.iter().collect();
    let ids_of_rows: BTreeMap<&Row, AccessId> =
        rows.iter().enumerate().map(|(index, row)| (*row, AccessId(index as u32))).collect();
    let mut ids = of_all.iter().map(|row| ids_of_rows[row]);
    AccessTables {
        ids: ids.by_ref().take(checked.access().len()).collect(),
        of_readings: checked
            .contested()
            .iter()
            .map(|(operation, readings)| (*operation, ids.by_ref().take(readings.len()).collect()))
            .collect(),
        rows: rows.into_iter().cloned().collect(),
        schemes: places.into_iter().cloned().collect(),
    }
}

fn demand(access: &Access) -> Option<&Demand> {
    match access {
        Access::Public => None,
        Access::Delegated(demand) | Access::Unverifiable(demand) => Some(demand),
    }
}

fn row(access: &Access, ids: &BTreeMap<&Scheme, SchemeId>, project: &str) -> Row {
    let alternatives = |demand: &Demand| {
        let alternative = |places: &BTreeSet<Scheme>| Alternative {
            schemes: places.iter().map(|place| ids[place]).collect(),
        };
        demand.iter().map(alternative).collect()
    };
    match access {
        Access::Public => Row::Public,
        Access::Delegated(demand) => {
            Row::Delegated { alternatives: alternatives(demand), challenges: challenges(demand, project) }
        }
        Access::Unverifiable(demand) => {
            Row::Unverifiable { alternatives: alternatives(demand), challenges: challenges(demand, project) }
        }
    }
}
