//! The files whose policy holds, weakest first.
//!
//! A file is stronger than every file that it extends, and of those a later one is stronger than an earlier one. A
//! file that is extended more than once holds once, below the first that extends it.

use std::collections::BTreeSet;

use gw_syntax::{Diagnostic, NodeRef, Sink, SourceId};

use super::codes::EXTENDS_CYCLIC;
use crate::load::SourceSet;
use crate::parse::Parsed;
use crate::parse::finding::finding_at;
use crate::parse::policy_file::PolicyFile;

/// The chain of a project, its own file last; empty for a bare document.
pub(super) fn chain<'p, 't>(
    parsed: &'p Parsed<'t>,
    sources: &SourceSet<'_>,
    sink: &mut Sink,
) -> Vec<&'p PolicyFile<'t>> {
    let Some(project) = &parsed.project else { return Vec::new() };
    let mut chain = Vec::new();
    let mut done = BTreeSet::new();
    // The files whose chain is being worked out, each with how many of those it extends are done.
    let mut open: Vec<(SourceId, usize)> = vec![(project.file, 0)];
    while let Some((source, next)) = open.last_mut() {
        let file = parsed.policy_files.get(source);
        let Some((node, target)) = file.and_then(|file| file.extends.get(*next)) else {
            chain.extend(file.filter(|_| done.insert(*source)));
            open.pop();
            continue;
        };
        *next += 1;
        if let Some(first) = open.iter().position(|(source, _)| source == target) {
            sink.push_with(&EXTENDS_CYCLIC, || cyclic(*node, &open[first..], sources));
        } else if !done.contains(target) {
            open.push((*target, 0));
        }
    }
    chain
}

fn cyclic(node: NodeRef<'_>, circle: &[(SourceId, usize)], sources: &SourceSet<'_>) -> Diagnostic {
    let path = |source: &SourceId| format!("`{}`", sources.sources().path(*source));
    let mut files: Vec<String> = circle.iter().map(|(source, _)| path(source)).collect();
    let message = match files.as_slice() {
        [only] => format!("{only} extends itself"),
        [first, ..] => {
            let first = first.clone();
            files.push(first.clone());
            format!("{first} extends itself: {}", files.join(", which extends "))
        }
        [] => String::new(),
    };
    finding_at(&EXTENDS_CYCLIC, node, message).with_help("take one of the files out of its `extends`")
}
