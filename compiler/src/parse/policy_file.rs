//! The policy that a project file and the files it extends have in common: `extends`, `defaults`, `apply`,
//! `guardrails`, `security-schemes`.

use std::sync::Arc;

use gw_syntax::{Diagnostic, Kind, NodeRef, Sink, SourceId, Span, nearest};

use super::annotations::{Policies, Spelling, policies};
use super::codes;
use super::conform::Conformity;
use super::finding::{finding_at, found};
use super::selection::{Selection, selection};
use crate::load::SourceSet;
use crate::vocabulary::Presence;
use crate::vocabulary::project::{EXTENDED, PROJECT};

/// The policy of one file.
#[derive(Debug)]
pub struct PolicyFile<'t> {
    /// The file's root, for what is read in later stages.
    pub root: NodeRef<'t>,
    /// The files that it extends, weakest first; those that could not be read are left out.
    pub extends: Vec<(NodeRef<'t>, SourceId)>,
    /// What `defaults` says.
    pub defaults: Policies,
    /// The entries of `apply`, weakest first; those whose selector does not read are left out.
    pub apply: Vec<Apply>,
    /// The entries of `security-schemes`: name and declaration.
    pub security_schemes: Vec<(NodeRef<'t>, NodeRef<'t>)>,
}

/// One entry of `apply`.
#[derive(Debug)]
pub struct Apply {
    /// Which operations.
    pub select: Selection,
    /// What holds for them.
    pub set: Arc<Policies>,
    /// The keys of `set`, by name and place.
    pub keys: Vec<(String, Span)>,
}

/// How many entries `apply` of one file may have.
pub const MAX_APPLY: usize = 256;

/// Reads the policy of a file. Shapes have been checked.
pub fn policy_file<'t>(root: NodeRef<'t>, sources: &SourceSet<'_>, sink: &mut Sink) -> PolicyFile<'t> {
    let file = root.tree().source();
    let extends = root.get("extends").into_iter().flat_map(NodeRef::items);
    let apply = root.get("apply").into_iter().flat_map(NodeRef::items);
    if let Some(entry) = apply.clone().nth(MAX_APPLY) {
        sink.push_with(&codes::VALUE_MALFORMED, || {
            finding_at(&codes::VALUE_MALFORMED, entry, format!("`apply` has more than {MAX_APPLY} entries"))
                .with_help("select by tag or path what is now selected one by one")
        });
    }
    PolicyFile {
        root,
        extends: extends.filter_map(|node| Some((node, sources.find_from(file, node.as_str()?)?))).collect(),
        defaults: root.get("defaults").map(|node| policies(node, Spelling::Bare, sink)).unwrap_or_default(),
        apply: apply.take(MAX_APPLY).filter_map(|entry| applied(entry, sink)).collect(),
        security_schemes: root.get("security-schemes").into_iter().flat_map(NodeRef::entries).collect(),
    }
}

fn applied(entry: NodeRef<'_>, sink: &mut Sink) -> Option<Apply> {
    let set = entry.get("set")?;
    let name = |key: NodeRef<'_>| Some((key.scalar_text()?.to_owned(), key.span()));
    Some(Apply {
        set: Arc::new(policies(set, Spelling::Bare, sink)),
        keys: set.entries().filter_map(|(key, _)| name(key)).collect(),
        select: selection(entry.entry("select")?, sink)?,
    })
}

/// Checks the shape of a file that is extended: policy and nothing else.
pub(super) fn conform_extended<'t>(root: NodeRef<'t>, conformity: &mut Conformity<'t, '_>) {
    if root.kind() != Kind::Mapping {
        conformity.sink.push_with(&codes::VALUE_MALFORMED, || {
            let message = format!("a file that is extended is a mapping, and this is {}", found(root));
            finding_at(&codes::VALUE_MALFORMED, root, message)
        });
        return;
    }
    for (key, value) in root.entries() {
        let name = key.scalar_text().unwrap_or_default();
        match EXTENDED.iter().find(|row| row.name == name) {
            Some(row) => conformity.key(row, name, key, value),
            None => conformity.sink.push_with(&codes::KEY_UNKNOWN, || stranger(name, key)),
        }
    }
    let is_missing = |row: &&_| is_required(row) && root.get(row.name).is_none();
    for row in EXTENDED.iter().filter(is_missing) {
        conformity.sink.push_with(&codes::KEY_MISSING, || {
            let message = format!("a file that is extended has no `{}`", row.name);
            finding_at(&codes::KEY_MISSING, root, message).with_help(format!(
                "add `{}:` with {}",
                row.name,
                row.shape.described()
            ))
        });
    }
}

fn is_required(row: &crate::vocabulary::Key) -> bool {
    row.presence == Presence::Required
}

fn stranger(name: &str, key: NodeRef<'_>) -> Diagnostic {
    let message = format!("`{name}` is not a key of a file that is extended");
    let known = EXTENDED.iter().map(|row| row.name);
    let help = match nearest(name, known.clone()) {
        _ if PROJECT.iter().any(|row| row.name == name) => {
            "only policy is extended; this belongs to the project's own gw.yaml".to_owned()
        }
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            let known: Vec<String> = known.map(|name| format!("`{name}`")).collect();
            format!("it takes {}", known.join(", "))
        }
    };
    finding_at(&codes::KEY_UNKNOWN, key, message).with_help(help)
}
