//! Emit: tables become a sealed artifact, which is then read back as the runtime will read it.

mod provenance;
mod seal;

use gw_syntax::{Code, CodeEntry, Diagnostic, Severity, Sink, SourceMap};

use crate::compile::Sealed;
use crate::lower::Lowered;

/// Something that the gate should have caught: our bug.
pub(crate) const INTERNAL: CodeEntry = CodeEntry {
    code: Code(0),
    name: "internal",
    severity: Severity::Error,
    title: "gw broke its own promise",
};

/// The codes of this stage.
pub(crate) const CODES: &[CodeEntry] = &[INTERNAL];

/// Seals the tables; what goes wrong here is GW0000.
pub(crate) fn emit(lowered: Lowered, sources: &SourceMap, sink: &mut Sink) -> Option<Sealed> {
    match seal::seal(lowered, sources) {
        Ok(sealed) => Some(sealed),
        Err(broken) => {
            sink.push(internal(&format!("the tables of a checked project are broken: {broken}")));
            None
        }
    }
}

/// A finding about gw itself.
pub(crate) fn internal(what: &str) -> Diagnostic {
    Diagnostic::new(&INTERNAL, what)
        .about("gw")
        .with_help("this is a bug of gw: please report it with the files that show it")
}

#[cfg(test)]
mod tests {
    use gw_artifact::model::{Capacity, SourceMap as PolicySources, Tables, TrustedProxies};

    use super::*;

    #[test]
    fn tables_that_break_a_promise_are_our_bug_and_seal_nothing() {
        let tables = Tables {
            project: "shop".into(),
            apis: Vec::new(),
            listeners: Vec::new(),
            sites: Vec::new(),
            path_items: Vec::new(),
            operations: Vec::new(),
            access: Vec::new(),
            access_lists: Vec::new(),
            trusted_proxies: TrustedProxies::none(),
            schemes: Vec::new(),
            verifiers: Vec::new(),
            conditions: Vec::new(),
            key_sets: Vec::new(),
            capacity: Capacity::DEFAULT,
            upstreams: Vec::new(),
        };
        let mut sink = Sink::new();
        let lowered = Lowered { tables, source_map: PolicySources::default() };
        assert!(emit(lowered, &SourceMap::new(), &mut sink).is_none());
        assert_eq!(sink.diagnostics()[0].code, INTERNAL.code);
    }
}
