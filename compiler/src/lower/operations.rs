//! Operations with their whole effective policy, in the order of API, template and method.

use std::collections::BTreeMap;

use gw_artifact::model::{
    ApiId, Forward, HostEdit, Operation as Row, OperationId, PathEdit, Timeouts as Deadlines, UpstreamId,
};

use super::access::AccessTables;
use super::access_lists::AccessLists;
use crate::check::{Published, Understood};
use crate::resolve::resolved::{ApiIndex, Layered, Operation, Timeouts};

/// The operation table.
pub(super) struct OperationTable {
    /// Operations, one for each base path under which one is published.
    pub(super) rows: Vec<Row>,
    /// For each row of `Routes::published`, its row here.
    pub(super) ids: Vec<OperationId>,
}

pub(super) fn lower(
    checked: &Understood,
    apis: &[ApiId],
    access: &AccessTables,
    lists: &AccessLists,
) -> OperationTable {
    let published = &checked.routes().published;
    let names = names(checked);
    let mut rows: Vec<(Row, usize)> = published
        .iter()
        .enumerate()
        .map(|(index, row)| (lower_one(checked, row, apis, (access, lists), names[index].clone()), index))
        .collect();
    rows.sort_by(|(a, _), (b, _)| {
        (a.api, &a.template, a.method, &a.name).cmp(&(b.api, &b.template, b.method, &b.name))
    });
    let mut ids = vec![OperationId(0); published.len()];
    for (position, (_, index)) in rows.iter().enumerate() {
        ids[*index] = OperationId(position as u32);
    }
    OperationTable { rows: rows.into_iter().map(|(row, _)| row).collect(), ids }
}

fn lower_one(
    checked: &Understood,
    published: &Published,
    apis: &[ApiId],
    (access, lists): (&AccessTables, &AccessLists),
    name: String,
) -> Row {
    let operation = &checked.resolved().operations[published.operation];
    Row {
        api: apis[operation.api],
        name,
        method: operation.method,
        template: published.template.to_string(),
        parameters: published.template.names().to_vec(),
        access_list: lists.ids[published.operation],
        access: access.ids[published.operation],
        forward: forward(checked, published, operation),
        timeouts: deadlines(&operation.policy.timeouts),
        body_max: *operation.policy.body_max.value(),
    }
}

fn forward(checked: &Understood, published: &Published, operation: &Operation) -> Forward {
    let upstream = checked
        .upstreams()
        .service_of(published.operation)
        .expect("each has a service, if only a placeholder");
    let using = operation.policy.upstream.as_deref().map(Layered::value);
    let prefix = using.and_then(|using| using.path.as_ref()).map(|path| path.value.as_str());
    let path = match prefix {
        Some(prefix) if prefix != published.base => {
            PathEdit::ReplaceBase { base: published.base.len() as u16, prefix: prefix.to_owned() }
        }
        Some(_) | None => PathEdit::Unchanged,
    };
    let host = using.and_then(|using| using.host.as_ref());
    Forward {
        upstream: UpstreamId(upstream as u32),
        path,
        host: host.map_or(HostEdit::Endpoint, |host| HostEdit::Fixed(host.value.clone())),
    }
}

fn deadlines(timeouts: &Timeouts) -> Deadlines {
    Deadlines {
        connect: *timeouts.connect.value(),
        request_body: *timeouts.request_body.value(),
        response_head: *timeouts.response_head.value(),
        total: *timeouts.total.value(),
        idle: *timeouts.idle.value(),
    }
}

/// A name for each row of `Routes::published`, unique within its API.
///
/// An operation under several base paths has one row for each: the base stands behind the name.
fn names(checked: &Understood) -> Vec<String> {
    let published = &checked.routes().published;
    let mut rows_of: BTreeMap<usize, usize> = BTreeMap::new();
    for row in published {
        *rows_of.entry(row.operation).or_default() += 1;
    }
    let wished = |row: &Published| {
        let name = &checked.resolved().operations[row.operation].name;
        if rows_of[&row.operation] > 1 { format!("{name} {}/", row.base) } else { name.clone() }
    };
    let mut taken: BTreeMap<(ApiIndex, String), usize> = BTreeMap::new();
    let api = |row: &Published| checked.resolved().operations[row.operation].api;
    for row in published {
        *taken.entry((api(row), wished(row))).or_default() += 1;
    }
    let name = |row: &Published| {
        let wished = wished(row);
        let method = checked.resolved().operations[row.operation].method;
        if taken[&(api(row), wished.clone())] > 1 { format!("{method} {}", row.template) } else { wished }
    };
    published.iter().map(name).collect()
}
