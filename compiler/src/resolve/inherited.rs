//! What operations inherit from weaker layers than their path item, each combination of these worked out once.

use std::collections::BTreeMap;
use std::sync::Arc;

use gw_artifact::model::LayerKind;

use super::effective::Effective;
use super::resolved::AppliedIndex;
use super::selectors::Selectors;
use crate::parse::annotations::Policies;
use crate::parse::policy_file::PolicyFile;

/// The layers of `gw.yaml` and the files that it extends, for every document alike.
#[derive(Debug)]
pub(super) struct ProjectLayers {
    pub(super) selectors: Selectors,
    pub(super) defaults: Arc<Effective>,
}

impl ProjectLayers {
    /// Those of a chain of files, weakest first. The `defaults` of all files are weaker than any `apply`.
    pub(super) fn new(chain: &[&PolicyFile<'_>], selectors: Selectors) -> Self {
        let lay = |policy: Arc<Effective>, file: &&PolicyFile<'_>| {
            policy.under(LayerKind::Defaults, &file.defaults)
        };
        ProjectLayers { selectors, defaults: chain.iter().fold(Effective::built_in(), lay) }
    }
}

/// The layers of `gw.yaml` and of a document's root.
#[derive(Debug)]
pub(super) struct Inherited<'a> {
    project: &'a ProjectLayers,
    root: Policies,
    known: BTreeMap<Arc<[AppliedIndex]>, Arc<Effective>>,
}

impl<'a> Inherited<'a> {
    /// For a document with this root.
    pub(super) fn new(project: &'a ProjectLayers, root: Policies) -> Self {
        Inherited { project, root, known: BTreeMap::new() }
    }

    /// What holds for the operations that these entries of `apply` select, before their paths speak.
    pub(super) fn policy(&mut self, applied: &Arc<[AppliedIndex]>) -> Arc<Effective> {
        if let Some(known) = self.known.get(applied) {
            return Arc::clone(known);
        }
        let selected = applied.iter().map(|index| self.project.selectors.policies(*index));
        let policy = selected.fold(Arc::clone(&self.project.defaults), |policy, applied| {
            policy.under(LayerKind::Apply, applied)
        });
        let policy = policy.under(LayerKind::Root, &self.root);
        self.known.insert(Arc::clone(applied), Arc::clone(&policy));
        policy
    }
}
