//! Demands on callers, deduplicated, with the challenges of their denials.

use std::collections::{BTreeMap, BTreeSet};

use gw_artifact::model::{Access as Row, AccessId, Alternative, Scheme, SchemeId};

use super::challenges::challenges;
use crate::check::{Access, Checked, Demand};

/// The access and scheme tables.
pub(super) struct AccessTables {
    /// Demands, in the order of their content.
    pub(super) rows: Vec<Row>,
    /// Places of credentials that a demand names, in the order of their content.
    pub(super) schemes: Vec<Scheme>,
    /// For each operation of `Resolved::operations`, its row.
    pub(super) ids: Vec<AccessId>,
}

pub(super) fn lower(checked: &Checked) -> AccessTables {
    let places: BTreeSet<&Scheme> =
        checked.access().iter().filter_map(demand).flat_map(|demand| demand.iter().flatten()).collect();
    let ids_of_places: BTreeMap<&Scheme, SchemeId> =
        places.iter().enumerate().map(|(index, place)| (*place, SchemeId(index as u32))).collect();
    let project = &checked.resolved().project.name;
    let of_operations: Vec<Row> =
        checked.access().iter().map(|access| row(access, &ids_of_places, project)).collect();
    let rows: BTreeSet<&Row> = of_operations.iter().collect();
    let ids_of_rows: BTreeMap<&Row, AccessId> =
        rows.iter().enumerate().map(|(index, row)| (*row, AccessId(index as u32))).collect();
    AccessTables {
        ids: of_operations.iter().map(|row| ids_of_rows[row]).collect(),
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
