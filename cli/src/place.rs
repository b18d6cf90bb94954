//! A position that an artifact keeps, as people write it.

use gw_artifact::model::{Place, SourceMap};

/// `orders.yaml:12:5`.
pub(crate) fn shown(map: &SourceMap, place: Place) -> String {
    let file = map.files.get(place.file as usize).map_or("?", String::as_str);
    format!("{file}:{}:{}", place.line, place.column)
}
