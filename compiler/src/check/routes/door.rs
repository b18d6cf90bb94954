//! One site with its path items, and the requests that lead to them: what witnesses are made of.

use std::cell::OnceCell;

use gw_artifact::canonical_path::twin;
use gw_artifact::model::{HostPattern, Method};
use gw_artifact::path_trie::{Captures, PathTrie, Segment, Template};
use gw_syntax::{Declaration, Shows, Witness};

use super::{PathItem, Published, operation_of};
use crate::check::{Context, witness};
use crate::resolve::resolved::Operation;

/// What one site answers, and how a request gets there.
pub(super) struct Door<'c> {
    pub(super) context: &'c Context<'c>,
    pub(super) published: &'c [Published],
    pub(super) items: &'c [PathItem],
    /// The hosts of every site.
    sites: &'c [&'c [HostPattern]],
    /// Which of them this is.
    at: usize,
    trie: OnceCell<Option<PathTrie>>,
}

impl<'c> Door<'c> {
    pub(super) fn new(
        context: &'c Context<'c>,
        published: &'c [Published],
        items: &'c [PathItem],
        sites: &'c [&'c [HostPattern]],
        at: usize,
    ) -> Self {
        Self { context, published, items, sites, at, trie: OnceCell::new() }
    }

    /// The operation of a row of `published`.
    pub(super) fn operation(&self, row: usize) -> &'c Operation {
        operation_of(self.context, &self.published[row])
    }

    /// The same, as a witness names it.
    pub(super) fn declaration(&self, row: usize) -> Declaration {
        witness::declaration(self.context, &self.published[row])
    }

    /// The item that has a path. The trie is built for the first question.
    pub(super) fn item_of(&self, path: &str) -> Option<usize> {
        let trie = self.trie.get_or_init(|| {
            let templates = self.items.iter().zip(0..).map(|(item, at)| (item.template.clone(), at));
            PathTrie::build(&templates.collect::<Vec<_>>()).ok()
        });
        trie.as_ref()?.find(path, &mut Captures::new()).map(|item| item as usize)
    }

    /// A path that this item has and no other; `None` when more special ones have all that were tried.
    pub(super) fn path_to(&self, item: usize) -> Option<String> {
        let template = &self.items[item].template;
        FILLERS.iter().map(|filler| filled(template, filler)).find(|path| self.item_of(path) == Some(item))
    }

    /// A request through this door. `None` where no host leads here alone, or readers may differ about the path.
    pub(super) fn witness(&self, method: Method, path: &str, shows: Shows) -> Option<Witness> {
        let authority = witness::authority(self.sites, self.at)?;
        twin(path).is_none().then(|| Witness::new(method.as_str(), path, shows).to(authority.host()))
    }
}

/// What stands for a variable: no hexadecimal digits behind which an escape could end, and no dots.
pub(super) const FILLERS: [&str; 4] = ["x", "xyz", "some-thing", "other-thing"];

fn filled(template: &Template, filler: &str) -> String {
    let text = |segment: &Segment| segment.literals().join(filler);
    template.segments().iter().flat_map(|segment| ["/".to_owned(), text(segment)]).collect()
}
