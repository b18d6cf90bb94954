//! Which templates go before others because their authors say so.
//!
//! Overlapping templates stand in an order of pairs: the declared one where there is one, else that of the trie. It is
//! taken only when it goes in no circle; then it is a part of an order of all templates, and each path has one winner:
//! the first of those that match it. A circle is refused even if no single path meets all of it.
//!
//! Cost: one comparison for each pair of candidates, and only where anything is declared.

use std::collections::{BTreeMap, BTreeSet};

use gw_artifact::path_trie::{MAX_BEFORE, Precedence as Rule, Relation, compare};

use super::{PathItem, Published, operation_of};
use crate::check::Context;
use crate::check::routes::wishes::{Fate, Wishes};

/// A declared pair of items of one site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    /// The item that is to go first.
    pub(super) winner: usize,
    /// The item that gives way.
    pub(super) loser: usize,
    /// Who says so: a position among the wishes.
    pub(super) wish: usize,
}

/// What is declared for one site, and what follows from it.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// Each pair of winner and loser that is declared, whether it changes anything or not.
    declared: BTreeMap<(usize, usize), usize>,
    /// For the trie, in positions of items.
    pub(super) rules: Vec<Rule>,
}

/// Why there is no order.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Disorder {
    /// Each of these items goes before the next, and the last before the first.
    Circle(Vec<usize>),
    /// More than [`MAX_BEFORE`] templates go before this item.
    TooMany(usize),
}

impl Order {
    /// What the trie needs to know, without who says so.
    pub(super) fn of_rules(rules: Vec<Rule>) -> Self {
        Self { rules, ..Self::default() }
    }

    /// Who says that the first of two items goes before the second.
    pub(super) fn wish(&self, winner: usize, loser: usize) -> Option<usize> {
        self.declared.get(&(winner, loser)).copied()
    }

    /// Whether an author decided between two items.
    pub(super) fn decides(&self, a: usize, b: usize) -> bool {
        self.wish(a, b).or(self.wish(b, a)).is_some()
    }
}

/// The order of a site's items; `pairs` are those that may overlap. Says of each wish what became of it.
///
/// # Errors
/// Why there is none; the declared pairs are kept then, and rule nothing.
pub(super) fn order(
    context: &Context<'_>,
    published: &[Published],
    (members, items): (&[usize], &[PathItem]),
    pairs: &[(u32, u32)],
    wishes: &mut Wishes<'_>,
) -> (Order, Option<Disorder>) {
    if wishes.is_empty() {
        return (Order::default(), None);
    }
    let rows = members.iter().map(|&row| (operation_of(context, &published[row]), &published[row]));
    let edges = wishes.edges(rows, items);
    let declared: BTreeMap<(usize, usize), usize> =
        edges.iter().map(|edge| ((edge.winner, edge.loser), edge.wish)).collect();
    if edges.is_empty() {
        return (Order::default(), None);
    }
    let goes_first = |a: usize, b: usize| items[a].template.segments() < items[b].template.segments();
    // Pairs that overlap, the trie's winner first, and whether people may expect either.
    let mut order = BTreeMap::new();
    for &(a, b) in pairs {
        let (a, b) = (a as usize, b as usize);
        let relation = compare(&items[a].template, &items[b].template);
        if relation != Relation::Disjoint {
            let pair = if goes_first(a, b) { (a, b) } else { (b, a) };
            order.insert(pair, matches!(relation, Relation::Ambiguous { .. }));
        }
    }
    for edge in &edges {
        let (winner, loser) = (edge.winner, edge.loser);
        let fate = match (order.get(&(winner, loser)), order.get(&(loser, winner))) {
            (Some(true), _) | (_, Some(_)) => Fate::Granted,
            (Some(false), None) => Fate::Already,
            (None, None) => Fate::Disjoint,
        };
        wishes.tell(edge.wish, fate);
    }
    let turned = |(first, second): &(usize, usize)| declared.contains_key(&(*second, *first));
    let kept: Vec<(usize, usize)> = order.keys().copied().filter(|pair| !turned(pair)).collect();
    let declared_here =
        declared.keys().filter(|(a, b)| order.contains_key(&(*a, *b)) || order.contains_key(&(*b, *a)));
    let before: BTreeSet<(usize, usize)> = kept.into_iter().chain(declared_here.copied()).collect();
    match ranks(items, &before) {
        Err(circle) => (Order { declared, rules: Vec::new() }, Some(Disorder::Circle(circle))),
        Ok(ranks) => match rules(&declared, &order, &ranks) {
            Ok(rules) => (Order { declared, rules }, None),
            Err(loser) => (Order { declared, rules: Vec::new() }, Some(Disorder::TooMany(loser))),
        },
    }
}

/// For each item that gives way against the trie's order, those that go before it, the strongest first.
///
/// INVARIANT: `ranks` holds all pairs. So the winner of a path, if it is not the trie's own choice, is declared to go
/// before that choice, and no other item of its list that matches is stronger.
fn rules(
    declared: &BTreeMap<(usize, usize), usize>,
    natural: &BTreeMap<(usize, usize), bool>,
    ranks: &[usize],
) -> Result<Vec<Rule>, usize> {
    let mut rules: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &(winner, loser) in declared.keys().filter(|(winner, loser)| natural.contains_key(&(*loser, *winner)))
    {
        rules.entry(loser).or_default().push(winner);
    }
    let rule = |(gives_way, mut before): (usize, Vec<usize>)| {
        before.sort_by_key(|&item| ranks[item]);
        if before.len() > MAX_BEFORE { Err(gives_way) } else { Ok(Rule { gives_way, before }) }
    };
    rules.into_iter().map(rule).collect()
}

/// A position for each item in one order that holds every pair, the trie's own where pairs leave it open.
///
/// # Errors
/// The items of a circle of pairs.
fn ranks(items: &[PathItem], before: &BTreeSet<(usize, usize)>) -> Result<Vec<usize>, Vec<usize>> {
    let mut behind: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
    let mut waiting = vec![0_usize; items.len()];
    for &(first, second) in before {
        behind[first].push(second);
        waiting[second] += 1;
    }
    let mut free: BTreeSet<_> = (0..items.len())
        .filter(|&item| waiting[item] == 0)
        .map(|item| (items[item].template.segments(), item))
        .collect();
    let (mut ranks, mut next) = (vec![usize::MAX; items.len()], 0);
    while let Some((_, item)) = free.pop_first() {
        ranks[item] = next;
        next += 1;
        for &other in &behind[item] {
            waiting[other] -= 1;
            if waiting[other] == 0 {
                free.insert((items[other].template.segments(), other));
            }
        }
    }
    if next == items.len() { Ok(ranks) } else { Err(circle(before, &ranks)) }
}

/// A circle among the items without rank: each of them waits for another one.
fn circle(before: &BTreeSet<(usize, usize)>, ranks: &[usize]) -> Vec<usize> {
    let unranked = |item: usize| ranks[item] == usize::MAX;
    let waits_for: BTreeMap<usize, usize> = before
        .iter()
        .filter(|(first, second)| unranked(*first) && unranked(*second))
        .map(|&(first, second)| (second, first))
        .collect();
    let mut way: Vec<usize> = Vec::new();
    let mut seen = BTreeMap::new();
    let mut item = waits_for.keys().next().copied();
    while let Some(at) = item {
        if let Some(&start) = seen.get(&at) {
            way.drain(..start);
            break;
        }
        seen.insert(at, way.len());
        way.push(at);
        item = waits_for.get(&at).copied();
    }
    way.reverse();
    way
}
