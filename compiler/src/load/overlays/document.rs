//! An Overlay document, read into actions. What is wrong with its shape is GW0119, or GW0118 in a JSONPath.

use gw_syntax::json_path::JsonPath;
use gw_syntax::{Diagnostic, Kind, NodeRef, Severity, Sink, nearest};

use crate::load::locator::Locator;
use crate::parse::codes as shapes;
use crate::parse::finding::{finding_at, found};
use crate::parse::survey::is_ours;
use crate::resolve::codes;

/// How many actions an overlay may have.
const MAX_ACTIONS: usize = 10_000;

/// The specification that an overlay follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// 1.0: targets are objects and arrays, and a value is appended to an array whole.
    Old,
    /// 1.1: also primitives; an array is appended item by item; `copy`.
    New,
}

/// An overlay, as far as it could be understood.
pub(super) struct Overlay<'t> {
    pub(super) version: Version,
    pub(super) actions: Vec<Action<'t>>,
}

/// One action that can be done.
pub(super) struct Action<'t> {
    /// The whole action.
    pub(super) node: NodeRef<'t>,
    pub(super) target: Path<'t>,
    pub(super) change: Change<'t>,
}

/// What an action does to its target.
pub(super) enum Change<'t> {
    Remove,
    /// Merges this value.
    Update(NodeRef<'t>),
    /// Merges the value that this selects.
    Copy(Path<'t>),
}

/// A JSONPath and where it stands.
pub(super) struct Path<'t> {
    pub(super) node: NodeRef<'t>,
    pub(super) path: JsonPath,
}

/// Reads an overlay that stands in the file `from` and is laid over the file `over`.
pub(super) fn read<'t>(root: NodeRef<'t>, (from, over): (&str, &str), sink: &mut Sink) -> Overlay<'t> {
    let mut reader = Reader { sink };
    let mut overlay = Overlay { version: Version::New, actions: Vec::new() };
    if root.kind() != Kind::Mapping {
        reader.malformed(root, format!("an overlay is a mapping, and this is {}", found(root)), OVERLAY_HELP);
        return overlay;
    }
    let Some(version) = reader.version(root) else { return overlay };
    overlay.version = version;
    reader.keys(root, &["overlay", "info", "extends", "actions"]);
    reader.info(root, version);
    if let Some(extends) = root.get("extends") {
        reader.extends(extends, (from, over));
    }
    match root.get("actions") {
        Some(actions) if actions.kind() == Kind::Sequence && !actions.is_empty() => {
            if actions.len() > MAX_ACTIONS {
                reader.too_many(actions);
            }
            let read = actions.items().take(MAX_ACTIONS).filter_map(|node| reader.action(node, version));
            overlay.actions = read.collect();
        }
        Some(actions) if actions.kind() == Kind::Sequence => {
            reader.malformed(actions, "`actions` lists no action".to_owned(), ACTION_HELP);
        }
        Some(actions) => {
            let message = format!("`actions` takes a list of actions, and this is {}", found(actions));
            reader.malformed(actions, message, ACTION_HELP);
        }
        None => reader.malformed(root, "the overlay has no `actions`".to_owned(), ACTION_HELP),
    }
    overlay
}

const OVERLAY_HELP: &str = "an overlay begins with `overlay: 1.1.0`, and has `info` and `actions`";
const ACTION_HELP: &str =
    "an action is written `{target: $.paths['/orders'].get, update: {x-gw-timeout: 2s}}`";

struct Reader<'s> {
    sink: &'s mut Sink,
}

impl Reader<'_> {
    fn malformed(&mut self, node: NodeRef<'_>, message: String, help: &str) {
        self.sink.push_with(&shapes::OVERLAY_MALFORMED, || {
            finding_at(&shapes::OVERLAY_MALFORMED, node, message).with_help(help)
        });
    }

    fn version(&mut self, root: NodeRef<'_>) -> Option<Version> {
        let Some(node) = root.get("overlay") else {
            self.malformed(root, "the file is no overlay: it has no `overlay`".to_owned(), OVERLAY_HELP);
            return None;
        };
        let text = node.as_str().unwrap_or_default();
        let patch = |minor: &str| text.strip_prefix(minor).is_some_and(is_number);
        if patch("1.0.") {
            return Some(Version::Old);
        }
        if patch("1.1.") {
            return Some(Version::New);
        }
        let message = format!("{} is not a version of overlays that gw reads", found(node));
        self.malformed(node, message, "gw reads `1.0.0` and `1.1.0`");
        None
    }

    fn info(&mut self, root: NodeRef<'_>, version: Version) {
        let Some(info) = root.get("info") else {
            return self.malformed(root, "the overlay has no `info`".to_owned(), INFO_HELP);
        };
        if info.kind() != Kind::Mapping {
            return self.malformed(
                info,
                format!("`info` takes a mapping, and this is {}", found(info)),
                INFO_HELP,
            );
        }
        let known: &[&str] = match version {
            Version::Old => &["title", "version"],
            Version::New => &["title", "version", "description"],
        };
        self.keys(info, known);
        for name in ["title", "version"] {
            match info.get(name) {
                None => self.malformed(info, format!("`info` has no `{name}`"), INFO_HELP),
                Some(value) if value.is_null() || value.kind().is_container() => {
                    let message = format!("`{name}` takes a text, and this is {}", found(value));
                    self.malformed(value, message, INFO_HELP);
                }
                Some(_) => {}
            }
        }
    }

    /// Reports keys that the specification does not know there.
    fn keys(&mut self, node: NodeRef<'_>, known: &[&str]) {
        for (key, _) in node.entries() {
            let name = key.scalar_text().unwrap_or_default();
            if is_ours(name) {
                let message = format!("`{name}` has no effect here: it is about the overlay itself");
                self.sink.push_with(&shapes::KEY_MISPLACED, || {
                    finding_at(&shapes::KEY_MISPLACED, key, message)
                        .with_help("what goes into the document stands in an action, below `update`")
                });
            } else if !known.contains(&name) && !name.starts_with("x-") {
                let help = match nearest(name, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if name == "copy" => {
                        "`copy` came with Overlay 1.1: write `overlay: 1.1.0`".to_owned()
                    }
                    None => format!("its keys are `{}`", known.join("`, `")),
                };
                self.malformed(key, format!("`{name}` is not a key of overlays here"), &help);
            }
        }
    }

    /// Holds `extends` against the file that the overlay is laid over; what names another machine cannot be held.
    fn extends(&mut self, node: NodeRef<'_>, (from, over): (&str, &str)) {
        let Some(text) = node.as_str() else {
            let message = format!("`extends` takes a path, and this is {}", found(node));
            return self.malformed(node, message, "it names the document that the overlay is made for");
        };
        let named = Locator::parse(text, from).ok().and_then(|locator| locator.file);
        if named.as_ref().is_some_and(|named| named != over) {
            self.sink.push_with(&codes::OVERLAY_EXTENDS, || {
                let message = format!("the overlay is made for `{text}` and is laid over `{over}`");
                finding_at(&codes::OVERLAY_EXTENDS, node, message).with_help(
                    "name the document in `extends`, relative to the overlay; or take `extends` out",
                )
            });
        }
    }

    fn action<'t>(&mut self, node: NodeRef<'t>, version: Version) -> Option<Action<'t>> {
        if node.kind() != Kind::Mapping {
            self.malformed(node, format!("an action is a mapping, and this is {}", found(node)), ACTION_HELP);
            return None;
        }
        let known: &[&str] = match version {
            Version::Old => &["target", "description", "update", "remove"],
            Version::New => &["target", "description", "update", "remove", "copy"],
        };
        self.keys(node, known);
        let target = if let Some(target) = node.get("target") {
            self.path("target", target)
        } else {
            self.malformed(node, "the action has no `target`".to_owned(), ACTION_HELP);
            None
        };
        let change = self.change(node, version);
        Some(Action { node, target: target?, change: change? })
    }

    fn change<'t>(&mut self, node: NodeRef<'t>, version: Version) -> Option<Change<'t>> {
        let update = node.entry("update");
        let copy = node.entry("copy").filter(|_| version == Version::New);
        let removes = match node.get("remove") {
            Some(value) if value.as_bool().is_none() => {
                let message = format!("`remove` takes `true` or `false`, and this is {}", found(value));
                self.malformed(value, message, "left out, nothing is removed");
                return None;
            }
            value => value.and_then(NodeRef::as_bool).unwrap_or(false),
        };
        match (removes, update, copy) {
            (true, None, None) => Some(Change::Remove),
            (false, Some((_, value)), None) => Some(Change::Update(value)),
            (false, None, Some((_, path))) => Some(Change::Copy(self.path("copy", path)?)),
            (true, Some((key, _)), _) | (true, _, Some((key, _))) => {
                let message = format!("{} has no effect beside `remove`", found(key));
                let finding = finding_at(&codes::OVERLAY_ACTION_UNDECIDED, key, message);
                let help =
                    "an action that removes does nothing else (Overlay 1.1.0 section 4.4.3): make it two";
                self.sink.push(finding.with_severity(Severity::Warning).with_help(help));
                Some(Change::Remove)
            }
            (false, Some(_), Some((key, _))) => {
                let help = "neither has an effect beside the other (Overlay 1.1.0 section 4.4.3): make it two actions";
                self.undecided(key, "the action has `update` and `copy`".to_owned(), help);
                None
            }
            // That `copy` came later has been said.
            (false, None, None) if node.get("copy").is_some() => None,
            (false, None, None) => {
                let what = if version == Version::New {
                    "`update`, `copy` or `remove`"
                } else {
                    "`update` or `remove`"
                };
                self.undecided(node, "the action says nothing to do".to_owned(), &format!("add {what}"));
                None
            }
        }
    }

    fn undecided(&mut self, node: NodeRef<'_>, message: String, help: &str) {
        self.sink.push_with(&codes::OVERLAY_ACTION_UNDECIDED, || {
            finding_at(&codes::OVERLAY_ACTION_UNDECIDED, node, message).with_help(help)
        });
    }

    fn path<'t>(&mut self, key: &str, node: NodeRef<'t>) -> Option<Path<'t>> {
        let Some(text) = node.as_str() else {
            let message = format!("`{key}` takes a JSONPath, and this is {}", found(node));
            self.malformed(node, message, "a JSONPath begins with `$`: `$.paths['/orders'].get`");
            return None;
        };
        match JsonPath::parse(text) {
            Ok(path) => Some(Path { node, path }),
            Err(fault) => {
                self.sink.push_with(&shapes::JSON_PATH_MALFORMED, || {
                    let place = node.span_of(fault.place);
                    let finding = finding_at(&shapes::JSON_PATH_MALFORMED, node, fault.message).at(place);
                    if place == node.span() {
                        return finding.with_help("targets are JSONPaths as RFC 9535 has them");
                    }
                    finding.with_label(node.span(), "in this JSONPath (RFC 9535)")
                });
                None
            }
        }
    }

    fn too_many(&mut self, actions: NodeRef<'_>) {
        self.sink.push_with(&codes::OVERLAY_EXPLODES, || too_many(actions));
    }
}

fn too_many(actions: NodeRef<'_>) -> Diagnostic {
    let message = format!("the overlay has {} actions, more than {MAX_ACTIONS}", actions.len());
    finding_at(&codes::OVERLAY_EXPLODES, actions, message).with_help("select several nodes with one target")
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

const INFO_HELP: &str = "write `info: {title: for the edge, version: 1.0.0}`";
