//! One site with its path items, and the requests that lead to them: what witnesses are made of.

use std::cell::OnceCell;

use gw_artifact::canonical_path::twin;
use gw_artifact::model::{HostPattern, Method};
use gw_artifact::path_trie::{Captures, PathTrie, Segment, Template};
use gw_syntax::{Declaration, Shows, Witness};

use super::precedence::Order;
use super::{PathItem, Published, operation_of};
use crate::check::{Context, witness};
use crate::resolve::resolved::Operation;

/// What one site answers, and how a request gets there.
pub(super) struct Door<'c> {
    pub(super) context: &'c Context<'c>,
    pub(super) published: &'c [Published],
    pub(super) items: &'c [PathItem],
    /// Which items go before others against the trie's own order.
    pub(super) order: &'c Order,
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
        (items, order): (&'c [PathItem], &'c Order),
        sites: &'c [&'c [HostPattern]],
        at: usize,
    ) -> Self {
        Self { context, published, items, order, sites, at, trie: OnceCell::new() }
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
            PathTrie::build_with(&templates.collect::<Vec<_>>(), &self.order.rules).ok()
        });
        trie.as_ref()?.find(path, &mut Captures::new()).map(|item| item as usize)
    }

    /// A path that this item has and no other; `None` when more special ones have all that were tried.
    pub(super) fn path_to(&self, item: usize) -> Option<String> {
        let template = &self.items[item].template;
        self.path_between(template, item)
    }

    /// A path that matches the template and that the item has.
    pub(super) fn path_between(&self, template: &Template, item: usize) -> Option<String> {
        FILLERS.iter().map(|filler| filled(template, filler)).find(|path| self.item_of(path) == Some(item))
    }

    /// A request through this door. `None` where no host leads here alone, or readers may differ about the path.
    pub(super) fn witness(&self, method: Method, path: &str, shows: Shows) -> Option<Witness> {
        let authority = witness::authority(self.sites, self.at)?;
        twin(path).is_none().then(|| Witness::new(method.as_str(), path, shows).to(authority.host()))
    }

    /// What a request that both items match shows: that `loser` does not have it. `methods` are tried first.
    pub(super) fn lost_by<'m>(
        &self,
        loser: &PathItem,
        winner: &PathItem,
        methods: impl Iterator<Item = &'m Method> + Clone,
    ) -> Option<(Method, Shows)> {
        let methods = methods.copied().chain(loser.methods.keys().copied());
        let shared = methods.clone().find(|method| winner.answer(*method).is_some());
        let method = shared.or_else(|| methods.clone().next())?;
        let rather_than = loser.answer(method).map(|row| self.declaration(row));
        let shows = match winner.answer(method) {
            Some(row) => Shows::Reaches { operation: self.declaration(row), rather_than },
            // gw answers `OPTIONS` by itself where the winner does not declare it.
            None if method == Method::Options => Shows::Answers { status: 204, rather_than },
            None => Shows::Answers { status: 405, rather_than },
        };
        Some((method, shows))
    }

    /// The first operation of an item: where findings about its path point.
    pub(super) fn first_operation(&self, item: &PathItem) -> &'c Operation {
        self.operation(*item.methods.values().next().expect("a path item is made with its first method"))
    }
}

/// What stands for a variable: no hexadecimal digits behind which an escape could end, and no dots.
pub(super) const FILLERS: [&str; 4] = ["x", "xyz", "some-thing", "other-thing"];

fn filled(template: &Template, filler: &str) -> String {
    let text = |segment: &Segment| segment.literals().join(filler);
    template.segments().iter().flat_map(|segment| ["/".to_owned(), text(segment)]).collect()
}
