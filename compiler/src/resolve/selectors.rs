//! The entries of `apply`: which operations each selects, weakest first over all files.

use std::collections::BTreeSet;
use std::sync::Arc;

use gw_artifact::model::Method;
use gw_syntax::{Diagnostic, Sink, SourceId};

use super::codes::PROJECT_TOO_LARGE;
use super::resolved::{Applied, AppliedIndex, Spanned};
use crate::parse::annotations::Policies;
use crate::parse::policy_file::{Apply, PolicyFile};
use crate::parse::selection::Selection;

/// Every entry of `apply` in the project.
#[derive(Debug, Default)]
pub(super) struct Selectors {
    rows: Vec<Applied>,
    /// Beside the rows.
    names: Vec<Names>,
}

/// What an entry selects by name. `None`: it does not select by that.
#[derive(Debug)]
struct Names {
    operations: Option<BTreeSet<String>>,
    tags: Option<BTreeSet<String>>,
    apis: Option<BTreeSet<String>>,
}

/// How many entries of `apply` a project may have, and how many globs in all of them: each is held against each path.
const MAX_ENTRIES: usize = 1024;
const MAX_GLOBS: usize = 1024;

impl Selectors {
    /// Those of a chain of files.
    pub(super) fn of(chain: &[&PolicyFile<'_>], project: Option<SourceId>, sink: &mut Sink) -> Self {
        let mut selectors = Selectors::default();
        let mut globs = 0;
        for file in chain {
            let is_own = Some(file.root.tree().source()) == project;
            for apply in &file.apply {
                globs += apply.select.paths.as_ref().map_or(0, Vec::len);
                if selectors.rows.len() == MAX_ENTRIES || globs > MAX_GLOBS {
                    sink.push(too_many(apply));
                    return selectors;
                }
                selectors.names.push(Names::of(&apply.select));
                selectors.rows.push(row(apply, is_own));
            }
        }
        selectors
    }

    /// The entries that may select operations of this path, weakest first. O(entries + globs).
    pub(super) fn of_path(&self, api: &str, template: &str) -> Vec<AppliedIndex> {
        let selects_path = |(row, names): &(&Applied, &Names)| {
            holds(names.apis.as_ref(), |apis| apis.contains(api))
                && holds(row.select.paths.as_ref(), |globs| {
                    globs.iter().any(|glob| glob.value.matches(template))
                })
        };
        let entries = self.rows.iter().zip(&self.names).enumerate();
        entries.filter(|(_, entry)| selects_path(entry)).map(|(index, _)| index).collect()
    }

    /// Those of the entries of a path that select an operation.
    pub(super) fn of_operation(
        &self,
        of_path: &[AppliedIndex],
        method: Method,
        operation_id: Option<&str>,
        tags: &[String],
    ) -> Arc<[AppliedIndex]> {
        let selects = |index: &AppliedIndex| {
            let (row, names) = (&self.rows[*index], &self.names[*index]);
            holds(row.select.methods.as_ref(), |methods| methods.contains(&method))
                && holds(names.operations.as_ref(), |ids| operation_id.is_some_and(|id| ids.contains(id)))
                && holds(names.tags.as_ref(), |names| tags.iter().any(|tag| names.contains(tag)))
        };
        of_path.iter().copied().filter(selects).collect()
    }

    /// What an entry applies.
    pub(super) fn policies(&self, index: AppliedIndex) -> &Policies {
        &self.rows[index].set
    }

    /// The entries.
    pub(super) fn into_rows(self) -> Vec<Applied> {
        self.rows
    }
}

impl Names {
    fn of(select: &Selection) -> Self {
        let names = |names: &Option<Vec<Spanned<String>>>| {
            names.as_ref().map(|names| names.iter().map(|name| name.value.clone()).collect())
        };
        Names { operations: names(&select.operations), tags: names(&select.tags), apis: names(&select.apis) }
    }
}

fn row(apply: &Apply, is_own: bool) -> Applied {
    let Apply { select, set, keys } = apply;
    Applied { select: select.clone(), set: Arc::clone(set), keys: keys.clone(), is_own }
}

/// A key that is not given selects everything.
fn holds<T>(given: Option<&T>, selects: impl FnOnce(&T) -> bool) -> bool {
    given.is_none_or(selects)
}

fn too_many(apply: &Apply) -> Diagnostic {
    let message =
        format!("the project has more than {MAX_ENTRIES} selectors, or {MAX_GLOBS} globs in all of them");
    Diagnostic::new(&PROJECT_TOO_LARGE, message)
        .at(apply.select.span)
        .about("apply")
        .with_help("select by tag what is now selected path by path")
}
