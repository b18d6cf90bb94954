//! The base paths of each operation with their hosts: every list of places is read once, equal sets of hosts are one,
//! and there are no more of them than can be compiled in moments.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gw_artifact::model::HostPattern;
use gw_syntax::{Diagnostic, Sink};

use crate::check::wording::line_of;
use crate::resolve::codes::SERVER_COMBINATIONS;
use crate::resolve::resolved::{Operation, Publication};

/// A set of hosts; `None` is any host.
pub(super) type Hosts = Arc<BTreeSet<Option<HostPattern>>>;

/// How many rows there may be beside the first of each operation.
const MAX_MORE_ROWS: usize = 20_000;

/// How many hosts all different sets may have together: sets are compared with each other.
const MAX_HOSTS: usize = 4096;

/// What was read so far.
#[derive(Default)]
pub(super) struct Places<'r> {
    by_list: BTreeMap<*const Publication, Vec<(&'r str, Hosts)>>,
    sets: BTreeSet<Hosts>,
    more_rows: usize,
    hosts: usize,
    spent: bool,
}

impl<'r> Places<'r> {
    /// The operation's base paths in order. Once there are too many, one finding and nothing more.
    pub(super) fn of(&mut self, operation: &'r Operation, sink: &mut Sink) -> Vec<(&'r str, Hosts)> {
        if self.spent {
            return Vec::new();
        }
        let list = operation.publications.as_ptr();
        if !self.by_list.contains_key(&list) {
            let bases = self.read(operation);
            self.by_list.insert(list, bases);
        }
        let bases = self.by_list[&list].clone();
        self.more_rows += bases.len().saturating_sub(1);
        if self.more_rows > MAX_MORE_ROWS || self.hosts > MAX_HOSTS {
            self.spent = true;
            sink.push(too_many(operation));
        }
        bases
    }

    /// Whether there are too many: comparing what there is would take its time for nothing.
    pub(super) fn is_spent(&self) -> bool {
        self.spent
    }

    fn read(&mut self, operation: &'r Operation) -> Vec<(&'r str, Hosts)> {
        let mut bases: BTreeMap<&str, BTreeSet<Option<HostPattern>>> = BTreeMap::new();
        for publication in operation.publications.iter() {
            bases.entry(&publication.base).or_default().insert(publication.host.clone());
        }
        bases.into_iter().map(|(base, hosts)| (base, self.shared(hosts))).collect()
    }

    fn shared(&mut self, hosts: BTreeSet<Option<HostPattern>>) -> Hosts {
        if let Some(known) = self.sets.get(&hosts) {
            return Arc::clone(known);
        }
        self.hosts += hosts.len();
        let hosts = Arc::new(hosts);
        self.sets.insert(Arc::clone(&hosts));
        hosts
    }
}

fn too_many(operation: &Operation) -> Diagnostic {
    let message = format!(
        "the project has too many public places: with `{}` there are more than {MAX_MORE_ROWS} further base paths of \
         operations, or more than {MAX_HOSTS} hosts",
        line_of(operation)
    );
    let at = operation.publications.iter().find_map(|place| place.span).unwrap_or(operation.span);
    Diagnostic::new(&SERVER_COMBINATIONS, message)
        .at(at)
        .with_label(operation.span, "this operation")
        .about("servers")
        .with_help("publish under fewer hosts and base paths, or split the project into several")
}
