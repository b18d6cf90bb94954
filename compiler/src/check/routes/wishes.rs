//! What path items say about going first, and what became of it.

use std::collections::BTreeMap;

use gw_artifact::path_trie::{MAX_BEFORE, Template};
use gw_syntax::{Diagnostic, Pointer, Sink, Span, nearest};

use super::door::Door;
use super::precedence::{Disorder, Edge};
use super::{PathItem, Published, Said};
use crate::check::Context;
use crate::check::codes::{
    PATHS_ENTANGLED, PRECEDENCE_CIRCULAR, PRECEDENCE_UNKNOWN, PRECEDENCE_WITHOUT_EFFECT,
};
use crate::resolve::resolved::{ApiIndex, Operation, Precedence};

/// Everything that is declared, and what became of it so far.
pub(super) struct Wishes<'r> {
    wishes: Vec<Wish<'r>>,
    by_path: BTreeMap<(ApiIndex, Span), usize>,
}

struct Wish<'r> {
    said: &'r Precedence,
    /// The shape of the template that gives way, without a base.
    over: String,
    fate: Fate,
}

/// What became of a wish, the best of all places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    /// The two paths are not published in one place.
    Apart,
    /// No request matches both.
    Disjoint,
    /// It goes first anyway, and nobody would expect the other.
    Already,
    /// It says who wins.
    Granted,
}

impl<'r> Wishes<'r> {
    /// What the documents say; a template that is not there is a finding and no wish.
    pub(super) fn read(context: &Context<'r>, sink: &mut Sink) -> Self {
        let mut wishes = Self { wishes: Vec::new(), by_path: BTreeMap::new() };
        if context.resolved.precedence.is_empty() {
            return wishes;
        }
        let mut paths: BTreeMap<ApiIndex, BTreeMap<String, &str>> = BTreeMap::new();
        for operation in &context.resolved.operations {
            if let Ok(template) = Template::parse(&operation.path) {
                paths.entry(operation.api).or_default().insert(template.shape(), &operation.path);
            }
        }
        for said in &context.resolved.precedence {
            let declared = paths.get(&said.api);
            let over = Template::parse(&said.over.value).ok().map(|template| template.shape());
            if let Some(over) = over.filter(|over| declared.is_some_and(|paths| paths.contains_key(over))) {
                wishes.by_path.insert((said.api, said.path_span), wishes.wishes.len());
                wishes.wishes.push(Wish { said, over, fate: Fate::Apart });
            } else {
                let paths = declared.into_iter().flat_map(BTreeMap::values).copied();
                let paths = paths.filter(|path| *path != said.path);
                sink.push_with(&PRECEDENCE_UNKNOWN, || unknown(said, paths));
            }
        }
        wishes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.wishes.is_empty()
    }

    /// Who says something.
    pub(super) fn said(&self, wish: usize) -> &'r Precedence {
        self.wishes[wish].said
    }

    /// The wishes among the rows of one site, as pairs of its items.
    pub(super) fn edges<'p>(
        &self,
        rows: impl Iterator<Item = (&'p Operation, &'p Published)>,
        items: &[PathItem],
    ) -> Vec<Edge> {
        let at: BTreeMap<String, usize> =
            items.iter().enumerate().map(|(at, item)| (item.template.shape(), at)).collect();
        let edge = |(operation, row): (&Operation, &Published)| {
            let wish = *self.by_path.get(&(operation.api, operation.path_span))?;
            let winner = *at.get(&row.template.shape())?;
            let loser = *at.get(&format!("{}{}", row.base, self.wishes[wish].over))?;
            Some(Edge { winner, loser, wish })
        };
        rows.filter_map(edge).collect()
    }

    /// Keeps what became of a wish at one place.
    pub(super) fn tell(&mut self, wish: usize, fate: Fate) {
        let best = &mut self.wishes[wish].fate;
        *best = fate.max(*best);
    }

    /// Reports wishes that change nothing anywhere.
    pub(super) fn report(&self, sink: &mut Sink) {
        for wish in &self.wishes {
            if let Some(why) = wish.fate.why() {
                sink.push_with(&PRECEDENCE_WITHOUT_EFFECT, || without_effect(wish.said, why));
            }
        }
    }
}

impl Fate {
    /// Why nothing changes; `None` where something does.
    fn why(self) -> Option<&'static str> {
        match self {
            Self::Apart => Some("they are not published under one host and base path"),
            Self::Disjoint => Some("no request matches both"),
            Self::Already => Some("it is the more special one, and goes first anyway"),
            Self::Granted => None,
        }
    }
}

fn at(said: &Precedence) -> Pointer {
    Pointer::root().child("paths").child(&said.path).child("x-gw-precedence").child("over")
}

fn unknown<'p>(said: &Precedence, paths: impl Iterator<Item = &'p str>) -> Diagnostic {
    let over = &said.over.value;
    let help = match nearest(over, paths) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write a path of this document as it stands below `paths`, without the base path".to_owned(),
    };
    let message = format!("`{}` is to go before `{over}`, which is not there", said.path);
    Diagnostic::new(&PRECEDENCE_UNKNOWN, message)
        .at(said.over.span)
        .with_pointer(at(said))
        .about(format!("{} over {over}", said.path))
        .with_help(help)
}

fn without_effect(said: &Precedence, why: &str) -> Diagnostic {
    let message = format!("that `{}` goes before `{}` changes nothing: {why}", said.path, said.over.value);
    Diagnostic::new(&PRECEDENCE_WITHOUT_EFFECT, message)
        .at(said.over.span)
        .with_pointer(at(said))
        .about(format!("{} over {}", said.path, said.over.value))
        .with_help("remove it")
}

/// Reports that declared pairs lead to no order.
pub(super) fn report_disorder(
    door: &Door<'_>,
    wishes: &Wishes<'_>,
    disorder: &Disorder,
    said: &mut Said,
    sink: &mut Sink,
) {
    let finding = match disorder {
        Disorder::TooMany(loser) => too_many(door, *loser, wishes),
        Disorder::Circle(circle) => circular(door, circle, wishes),
    };
    if let Some(finding) = finding
        && let Some(span) = finding.span
        && said.insert((finding.code, span, span))
    {
        sink.push(finding);
    }
}

fn circular(door: &Door<'_>, circle: &[usize], wishes: &Wishes<'_>) -> Option<Diagnostic> {
    let followed = circle.iter().zip(circle.iter().cycle().skip(1));
    let mut declared = followed.filter_map(|(&a, &b)| door.order.wish(a, b)).map(|wish| wishes.said(wish));
    // The trie's own order has no circle: one pair at least is declared.
    let first = declared.next()?;
    let name = |item: &usize| format!("`{}`", door.items[*item].template);
    let mut way: Vec<String> = circle.iter().take(LISTED).map(name).collect();
    match circle.len().saturating_sub(LISTED) {
        0 => way.extend(circle.first().map(name)),
        more => way.push(format!("{more} more")),
    }
    let message = format!("the order of paths goes in a circle: {}", way.join(" before "));
    let finding = Diagnostic::new(&PRECEDENCE_CIRCULAR, message)
        .at(first.over.span)
        .with_pointer(at(first))
        .about(format!("{} over {}", first.path, first.over.value))
        .with_help(
            "say `x-gw-precedence` for each pair of the circle that is meant the other way round, or remove this \
             one; where nothing is said, the path with the leftmost literal goes first",
        );
    Some(
        declared
            .take(LISTED)
            .fold(finding, |finding, said| finding.with_label(said.over.span, "this is said, too")),
    )
}

fn too_many(door: &Door<'_>, loser: usize, wishes: &Wishes<'_>) -> Option<Diagnostic> {
    let first = (0..door.items.len()).find_map(|winner| door.order.wish(winner, loser))?;
    let first = wishes.said(first);
    let message = format!("more than {MAX_BEFORE} paths are to go before `{}`", door.items[loser].template);
    Some(
        Diagnostic::new(&PATHS_ENTANGLED, message)
            .at(first.over.span)
            .with_pointer(at(first))
            .about(door.items[loser].template.shape())
            .with_help("let fewer paths overlap with it"),
    )
}

/// How much of a circle a finding shows.
const LISTED: usize = 6;
