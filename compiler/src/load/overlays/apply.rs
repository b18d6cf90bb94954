//! The table on which a document lies while overlays are laid over it, and what an action does there.

use std::collections::BTreeSet;

use gw_syntax::json_path::{Budget, Exploded};
use gw_syntax::{CodeEntry, Diagnostic, Edit, EditId, Kind, NodeRef, Severity, Sink, Tree};

use super::document::{Action, Change, Path, Version};
use super::merge::{Refused, merge};
use crate::compile::Options;
use crate::parse::finding::finding_at;
use crate::resolve::codes;

/// How many nodes one query may look at.
const STEPS_OF_A_QUERY: u64 = 10_000_000;

/// How many nodes all the actions on one document may look at.
const STEPS: u64 = 100_000_000;

/// How many nodes overlays may add to a document.
const MAX_ADDED: usize = 1_000_000;

/// A document under its overlays.
pub(super) struct Table {
    pub(super) edit: Edit,
    pub(super) budget: Budget,
    /// How many nodes there may be.
    most: usize,
    empty_target: Severity,
    /// An action asked for too much: what follows would be laid over something else than its author saw.
    exploded: bool,
}

impl Table {
    /// Puts a document on the table.
    pub(super) fn new(document: &Tree, options: &Options) -> Self {
        let edit = Edit::new(document);
        let most = edit.node_count() + MAX_ADDED;
        let empty_target =
            if options.strict { Severity::Error } else { codes::OVERLAY_TARGET_EMPTY.severity };
        Table { edit, budget: Budget::new(STEPS), most, empty_target, exploded: false }
    }

    /// Does what an action says.
    pub(super) fn act(&mut self, action: &Action<'_>, version: Version, sink: &mut Sink) {
        if self.exploded {
            return;
        }
        if let Err(refused) = self.try_act(action, version, sink) {
            self.exploded = matches!(refused, Refused::Exploded | Refused::Oversized);
            let entry = refused.entry();
            sink.push_with(entry, || self.described(refused, action));
        }
    }

    /// The document as it lies there now.
    pub(super) fn finish(self, sink: &mut Sink) -> Option<Tree> {
        match self.edit.finish() {
            Ok(tree) => Some(tree),
            Err(deep) => {
                sink.push_with(&codes::OVERLAY_EXPLODES, || {
                    let message = "the overlays nest the document deeper than gw reads";
                    Diagnostic::new(&codes::OVERLAY_EXPLODES, message).at(deep.0).about("depth")
                });
                None
            }
        }
    }

    fn try_act(&mut self, action: &Action<'_>, version: Version, sink: &mut Sink) -> Result<(), Refused> {
        let targets = self.select(&action.target)?;
        if targets.is_empty() {
            self.report_empty(&action.target, sink);
            return Ok(());
        }
        let value = match &action.change {
            Change::Remove if targets.contains(&self.edit.root()) => return Err(Refused::RemovesRoot),
            Change::Remove => {
                self.edit.remove(&targets.into_iter().collect());
                return Ok(());
            }
            Change::Update(value) => {
                self.make_room(value.tree().node_count())?;
                self.edit.import(*value)
            }
            Change::Copy(path) => self.source(path)?,
        };
        self.check_alike(&targets, version)?;
        for target in targets {
            self.lay(target, value, version)?;
        }
        Ok(())
    }

    /// The nodes that a query selects, each once, in the order of the document.
    fn select(&mut self, path: &Path<'_>) -> Result<Vec<EditId>, Refused> {
        let given = STEPS_OF_A_QUERY.min(self.budget.left());
        let mut budget = Budget::new(given);
        let found = path.path.select(&self.edit, &mut budget);
        self.budget.spend((given - budget.left()) as usize)?;
        let mut seen = BTreeSet::new();
        Ok(found?.into_iter().filter(|id| seen.insert(*id)).collect())
    }

    /// A copy of the one node that `copy` selects, as it is before the action.
    fn source(&mut self, path: &Path<'_>) -> Result<EditId, Refused> {
        match self.select(path)?.as_slice() {
            [only] => {
                self.make_room_for(*only)?;
                Ok(self.edit.copy(*only))
            }
            several => Err(Refused::Source { count: several.len() }),
        }
    }

    /// Overlay 1.1 wants targets of one sort; in 1.0 each is judged for itself.
    fn check_alike(&self, targets: &[EditId], version: Version) -> Result<(), Refused> {
        let sort = |id: &EditId| match self.edit.kind(*id) {
            Kind::Mapping => Kind::Mapping,
            Kind::Sequence => Kind::Sequence,
            _ => Kind::Null,
        };
        let other = targets.iter().find(|id| targets.first().map(sort) != Some(sort(id)));
        match (other, targets.first()) {
            (Some(other), Some(first)) if version == Version::New => {
                Err(Refused::Mixed { first: *first, other: *other })
            }
            _ => Ok(()),
        }
    }

    fn lay(&mut self, target: EditId, value: EditId, version: Version) -> Result<(), Refused> {
        let (below, above) = (self.edit.kind(target), self.edit.kind(value));
        match below {
            Kind::Mapping | Kind::Sequence
                if below == above && (below, version) != (Kind::Sequence, Version::Old) =>
            {
                merge(self, target, value)
            }
            Kind::Sequence => {
                let item = self.copy(value)?;
                self.edit.push_item(target, item);
                Ok(())
            }
            Kind::Mapping => Err(Refused::Unlike { target, value }),
            _ if version == Version::Old => Err(Refused::Primitive { target }),
            _ => merge(self, target, value),
        }
    }

    /// A copy of a value, to be put in a place.
    pub(super) fn copy(&mut self, value: EditId) -> Result<EditId, Refused> {
        self.make_room_for(value)?;
        Ok(self.edit.copy(value))
    }

    fn make_room_for(&mut self, value: EditId) -> Result<(), Refused> {
        let size = self.edit.size(value, self.most);
        self.make_room(size)
    }

    fn make_room(&self, nodes: usize) -> Result<(), Refused> {
        if self.edit.node_count() + nodes > self.most { Err(Refused::Oversized) } else { Ok(()) }
    }

    fn report_empty(&self, target: &Path<'_>, sink: &mut Sink) {
        let text = target.node.as_str().unwrap_or_default();
        let message = format!("`{text}` selects nothing in the document");
        sink.push(
            finding_at(&codes::OVERLAY_TARGET_EMPTY, target.node, message)
                .with_severity(self.empty_target)
                .with_help(
                    "the document may have changed since; a path has its slashes: `$.paths['/orders'].get`",
                ),
        );
    }

    fn described(&self, refused: Refused, action: &Action<'_>) -> Diagnostic {
        let entry = refused.entry();
        let kind = |id: EditId| self.edit.kind(id).described();
        let about = |node: NodeRef<'_>, message: String| finding_at(entry, node, message);
        let target = action.target.node;
        match refused {
            Refused::Exploded => about(target, "the JSONPath looks at too many nodes".to_owned())
                .with_help("name the way to the nodes instead of `..`, or make several actions"),
            Refused::Oversized => about(action.node, "the overlay makes the document too large".to_owned())
                .with_help(format!(
                    "overlays may add {MAX_ADDED} nodes; lay a smaller value over fewer targets"
                )),
            Refused::RemovesRoot => about(target, "the document itself cannot be removed".to_owned())
                .with_help("select what stands in it: `$.paths.*`"),
            Refused::Primitive { target: below } => about(
                target,
                format!("the target is {}, and Overlay 1.0 updates objects and arrays", kind(below)),
            )
            .with_label(self.edit.span(below), "this is selected")
            .with_help("write `overlay: 1.1.0`, or select the object that holds it"),
            Refused::Mixed { first, other } => {
                about(target, "the target selects nodes of different sorts".to_owned())
                    .with_label(self.edit.span(first), format!("{} is selected", kind(first)))
                    .with_label(self.edit.span(other), format!("so is {}", kind(other)))
                    .with_help("one action updates objects, or arrays, or primitive values: make it several")
            }
            Refused::Unlike { target: below, value } => {
                let message = format!("{} cannot be merged with {}", kind(value), kind(below));
                Diagnostic::new(entry, message)
                    .about(action.node.pointer().to_string())
                    .at(self.edit.span(value))
                    .with_label(self.edit.span(below), "this stands there")
                    .with_help("to replace it, remove it with an action before this one")
            }
            Refused::Source { count } => {
                let source = match &action.change {
                    Change::Copy(path) => path.node,
                    Change::Update(_) | Change::Remove => action.node,
                };
                let message = match count {
                    0 => "`copy` selects nothing in the document".to_owned(),
                    several => format!("`copy` selects {several} nodes, and takes one"),
                };
                about(source, message).with_help("it takes the one node that is copied to the target")
            }
        }
    }
}

impl Refused {
    fn entry(self) -> &'static CodeEntry {
        match self {
            Refused::Exploded | Refused::Oversized => &codes::OVERLAY_EXPLODES,
            Refused::RemovesRoot
            | Refused::Primitive { .. }
            | Refused::Mixed { .. }
            | Refused::Unlike { .. } => &codes::OVERLAY_UNLIKE,
            Refused::Source { .. } => &codes::OVERLAY_COPY_SOURCE,
        }
    }
}

impl From<Exploded> for Refused {
    fn from(_: Exploded) -> Self {
        Refused::Exploded
    }
}
