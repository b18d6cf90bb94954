//! Where each operation and each part of its policy come from: what dry-run and explain read.

use gw_artifact::model::{
    Layer as LayerRow, LayerKind, OperationSources, PolicySource, SourceMap as PolicySources,
};
use gw_syntax::{SourceMap, Span};

use super::access::AccessTables;
use super::operations::OperationTable;
use super::places::Places;
use crate::check::Checked;
use crate::resolve::effective::{Spoken, Word as SpokenWord};
use crate::resolve::resolved::{Alternative, DEFAULT_UPSTREAM, Operation, Security};

/// One layer's word, with its place still a span.
struct Word {
    kind: LayerKind,
    span: Option<Span>,
    value: String,
}

pub(super) fn lower(
    checked: &Checked,
    operations: &OperationTable,
    access: &AccessTables,
    sources: &SourceMap,
) -> PolicySources {
    let resolved = checked.resolved();
    let words: Vec<Vec<(String, Vec<Word>)>> = resolved.operations.iter().map(policies).collect();
    let of_words = words.iter().flatten().flat_map(|(_, words)| words).filter_map(|word| word.span);
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

fn policy_row((key, words): &(String, Vec<Word>), places: &Places) -> PolicySource {
    let layer = |word: &Word| LayerRow {
        kind: word.kind,
        place: word.span.and_then(|span| places.of(span)),
        value: word.value.clone(),
    };
    PolicySource { key: key.clone(), layers: words.iter().map(layer).collect() }
}

/// The words about each key, sorted by key.
fn policies(operation: &Operation) -> Vec<(String, Vec<Word>)> {
    let spoken = operation.policy.spoken();
    let mut policies: Vec<(String, Vec<Word>)> =
        spoken.iter().map(|spoken| (spoken.key.to_owned(), words(spoken))).collect();
    policies.push(("security".to_owned(), vec![security(&operation.security)]));
    if operation.policy.upstream.is_none() {
        policies.push(("upstream".to_owned(), vec![implicit_upstream()]));
    }
    policies.sort_by(|(a, _), (b, _)| a.cmp(b));
    policies
}

fn words(spoken: &Spoken<'_>) -> Vec<Word> {
    let word = |word: &SpokenWord<'_>| Word { kind: word.kind, span: word.span, value: word.text.to_owned() };
    spoken.words.iter().map(word).collect()
}

fn implicit_upstream() -> Word {
    Word { kind: LayerKind::BuiltIn, span: None, value: DEFAULT_UPSTREAM.to_owned() }
}

fn security(security: &Security) -> Word {
    match security {
        Security::Undeclared => {
            Word { kind: LayerKind::BuiltIn, span: None, value: "not declared".to_owned() }
        }
        Security::Declared { layer, span, alternatives } => {
            let alternatives: Vec<String> = alternatives.iter().map(spelled).collect();
            Word { kind: *layer, span: Some(*span), value: format!("[{}]", alternatives.join(", ")) }
        }
    }
}

/// A requirement as people write it: `{oauth: [read, write]}`.
fn spelled(alternative: &Alternative) -> String {
    let schemes: Vec<String> = alternative
        .schemes
        .iter()
        .map(|requirement| format!("{}: [{}]", requirement.name, requirement.scopes.join(", ")))
        .collect();
    format!("{{{}}}", schemes.join(", "))
}

/// For each scheme of the table, the names that documents give it.
fn scheme_names(checked: &Checked, access: &AccessTables) -> Vec<Vec<String>> {
    let names = |place| {
        let declared =
            checked.resolved().schemes.iter().filter(|scheme| scheme.place.as_ref() == Some(place));
        let mut names: Vec<String> = declared.map(|scheme| scheme.name.clone()).collect();
        names.sort();
        names.dedup();
        names
    };
    access.schemes.iter().map(names).collect()
}
