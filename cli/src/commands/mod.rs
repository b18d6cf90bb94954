//! The verbs, one file each.

pub(crate) mod compile;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod dry_run;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod init;
pub(crate) mod inspect;
pub(crate) mod key;
pub(crate) mod lint;
pub(crate) mod lock;
pub(crate) mod schema;
pub(crate) mod serve;
pub(crate) mod test;
pub(crate) mod validate;
