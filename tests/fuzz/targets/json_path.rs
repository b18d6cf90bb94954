//! A JSONPath, on the first line, over the document behind it: a fault lies on characters, and running ends.
#![no_main]

use gw_syntax::json_path::{Budget, JsonPath};
use gw_syntax::{Edit, Sink, SourceMap, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (query, document) = text.split_once('\n').unwrap_or((text, "{}"));
    let path = match JsonPath::parse(query) {
        Ok(path) => path,
        Err(fault) => return assert!(query.get(fault.place).is_some()),
    };
    let mut sources = SourceMap::new();
    let id = sources.add("a.yaml", document);
    let Some(tree) = parse(&sources, id, &mut Sink::new()) else { return };
    let edit = Edit::new(&tree);
    let _ = path.select(&edit, &mut Budget::new(100_000));
    let again = edit.finish().expect("it is as deep as before");
    assert!(again.node_count() >= tree.node_count());
});
