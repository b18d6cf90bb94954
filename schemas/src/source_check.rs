//! Whether a source map belongs to an artifact.

use crate::Artifact;
use crate::defect::Defect;
use crate::model::{Place, SourceMap};

/// Checks that the map has a row for each row of the tables, and that every place is in one of its files. The empty
/// map, which says nothing, belongs to every artifact.
pub(crate) fn check(sources: &SourceMap, artifact: &Artifact) -> Result<(), Defect> {
    if *sources == SourceMap::default() {
        return Ok(());
    }
    let tables = artifact.tables();
    same_length("operation", sources.operations.len(), tables.operations.len())?;
    same_length("scheme", sources.scheme_names.len(), tables.schemes.len())?;
    same_length("upstream", sources.upstreams.len(), tables.upstreams.len())?;
    if !sources.files.is_sorted_by(|a, b| a < b) {
        return Err(broken("the files of the source map are not sorted"));
    }
    let is_there =
        |place: &Place| (place.file as usize) < sources.files.len() && place.line > 0 && place.column > 0;
    if places(sources).all(is_there) {
        Ok(())
    } else {
        Err(broken("the source map names a place that is not there"))
    }
}

fn places(sources: &SourceMap) -> impl Iterator<Item = &Place> {
    let of_operations = sources.operations.iter().flat_map(|operation| {
        let layers = operation.policies.iter().flat_map(|policy| &policy.layers);
        std::iter::once(&operation.place).chain(layers.filter_map(|layer| layer.place.as_ref()))
    });
    of_operations.chain(sources.upstreams.iter().flatten())
}

fn same_length(what: &str, sources: usize, tables: usize) -> Result<(), Defect> {
    if sources == tables {
        return Ok(());
    }
    Err(broken(&format!("the source map has {sources} rows of kind {what}, and the tables have {tables}")))
}

fn broken(promise: &str) -> Defect {
    Defect::Invariant(promise.to_owned())
}
