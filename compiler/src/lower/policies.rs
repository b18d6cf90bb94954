//! Where each operation and each part of its policy come from: what dry-run and explain read.

use gw_artifact::model::{Layer as LayerRow, OperationSources, PolicySource, SourceMap as PolicySources};
use gw_syntax::SourceMap;

use super::access::AccessTables;
use super::operations::OperationTable;
use super::places::Places;
use crate::check::Understood;
use crate::resolve::resolved::Operation;
use crate::resolve::spoken::{Spoken, Word};

pub(super) fn lower(
    checked: &Understood,
    operations: &OperationTable,
    access: &AccessTables,
    sources: &SourceMap,
) -> PolicySources {
    let resolved = checked.resolved();
    let words: Vec<Vec<Spoken>> = resolved.operations.iter().map(Operation::spoken).collect();
    let of_words = words.iter().flatten().flat_map(|spoken| &spoken.words).filter_map(|word| word.span);
    let of_operations = resolved.operations.iter().map(|operation| operation.span);
    let of_upstreams = checked.upstreams().services().filter_map(|(_, span)| *span);
    let places = Places::find(sources, of_words.chain(of_operations).chain(of_upstreams));

    let mut rows: Vec<Option<OperationSources>> = vec![None; operations.rows.len()];
    for (published, id) in checked.routes().published.iter().zip(&operations.ids) {
        let span = resolved.operations[published.operation].span;
        rows[id.index()] = places.of(span).map(|place| OperationSources {
            place,
            policies: words[published.operation].iter().map(|policy| policy_row(policy, &places)).collect(),
        });
    }
    PolicySources {
        operations: rows.into_iter().flatten().collect(),
        scheme_names: scheme_names(checked, access),
        upstreams: checked.upstreams().services().map(|(_, span)| places.of((*span)?)).collect(),
        files: places.files,
    }
}

fn policy_row(spoken: &Spoken, places: &Places) -> PolicySource {
    let layer = |word: &Word| LayerRow {
        kind: word.kind,
        place: word.span.and_then(|span| places.of(span)),
        value: word.text.clone(),
    };
    PolicySource { key: spoken.key.to_owned(), layers: spoken.words.iter().map(layer).collect() }
}

/// For each scheme of the table, the names that documents give it.
fn scheme_names(checked: &Understood, access: &AccessTables) -> Vec<Vec<String>> {
    let names = |place| {
        let declared =
            checked.resolved().schemes.iter().filter(|scheme| scheme.place.as_ref() == Some(place));
        let mut names: Vec<String> = declared.map(|scheme| scheme.name.clone()).collect();
        names.sort();
        names.dedup();
        names
    };
    access.named.schemes.iter().map(names).collect()
}
