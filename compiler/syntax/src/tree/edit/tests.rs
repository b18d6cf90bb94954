use super::*;
use crate::{Pointer, Sink, SourceMap, parse};

/// A document and what is laid into it, as two files of one map.
fn two(document: &str, other: &str) -> (SourceMap, Tree, Tree) {
    let mut sources = SourceMap::new();
    let mut sink = Sink::new();
    let ids = [sources.add("a.yaml", document), sources.add("b.yaml", other)];
    let [first, second] = ids.map(|id| parse(&sources, id, &mut sink).expect("the text is well formed"));
    (sources, first, second)
}

fn at<'t>(tree: &'t Tree, pointer: &str) -> NodeRef<'t> {
    let pointer = Pointer::parse(pointer).expect("it is a pointer");
    tree.root().at_pointer(&pointer).unwrap_or_else(|| panic!("{pointer} is there"))
}

fn entry(edit: &Edit, mapping: EditId, key: &str) -> EditId {
    let found = edit.entries(mapping).iter().find(|(name, _)| edit.text(*name) == key);
    found.unwrap_or_else(|| panic!("{key} is there")).1
}

#[test]
fn a_tree_without_changes_stays_what_it_is() {
    let text = "a: [1, \"t\\u0077o\", {b: null}]\nlong:\n  k1: 1\n  k2: 2\nx: \"q\"\n";
    let (_, tree, _) = two(text, "z: 1");
    let again = Edit::new(&tree).finish().expect("it is as deep as before");
    assert_eq!(again.node_count(), tree.node_count());
    for id in 0..tree.node_count() as u32 {
        let (before, after) = (tree.node(NodeId(id)), again.node(NodeId(id)));
        assert_eq!((before.kind(), before.span()), (after.kind(), after.span()));
        assert_eq!((before.scalar_text(), before.len()), (after.scalar_text(), after.len()));
        assert_eq!(before.pointer(), after.pointer());
    }
}

#[test]
fn a_node_keeps_the_file_that_it_comes_from() {
    let (sources, tree, other) = two("a: {one: 1}\n", "b: \"t\\u0077o\"\nc: [three]\n");
    let mut edit = Edit::new(&tree);
    let mapping = entry(&edit, edit.root(), "a");
    let taken = edit.import(other.root());
    for (key, value) in edit.entries(taken).to_vec() {
        edit.push_entry(mapping, key, value);
    }
    let tree = edit.finish().expect("it is flat");
    assert_eq!(at(&tree, "/a/one").scalar_text(), Some("1"));
    assert_eq!(at(&tree, "/a/b").as_str(), Some("two"));
    let item = at(&tree, "/a/c/0");
    assert_eq!((item.as_str(), item.source_text()), (Some("three"), "three"));
    assert_eq!((sources.path(item.span().source), sources.path(tree.source())), ("b.yaml", "a.yaml"));
    assert_eq!(item.pointer().as_str(), "/a/c/0");
    assert_eq!(tree.origins().map(|id| sources.path(id)).collect::<Vec<_>>(), ["a.yaml", "b.yaml"]);
}

#[test]
fn keys_are_found_in_long_mappings_of_two_files() {
    let many = |from: u32| (from..from + 20).map(|n| format!("k{n:02}: {n}")).collect::<Vec<_>>().join("\n");
    let (_, tree, other) = two(&many(20), &many(0));
    let mut edit = Edit::new(&tree);
    let taken = edit.import(other.root());
    for (key, value) in edit.entries(taken).to_vec() {
        edit.push_entry(edit.root(), key, value);
    }
    let tree = edit.finish().expect("it is flat");
    for n in 0..40 {
        assert_eq!(tree.root().get(&format!("k{n:02}")).and_then(NodeRef::as_u64), Some(n));
    }
}

#[test]
fn what_is_overwritten_is_remembered() {
    let (_, tree, other) = two("a: 1s\n", "over: 2s\n");
    let mut edit = Edit::new(&tree);
    let (old, new) = (entry(&edit, edit.root(), "a"), edit.import(at(&other, "/over")));
    edit.overwrite(old, new);
    let edited = edit.finish().expect("it is flat");
    let value = at(&edited, "/a");
    assert_eq!((value.as_str(), value.span()), (Some("2s"), at(&other, "/over").span()));
    assert_eq!(value.beneath(), Some(at(&tree, "/a").span()));
    assert_eq!(edited.root().beneath(), None);
}

#[test]
fn a_change_behind_an_alias_shows_at_one_place() {
    let (_, tree, _) = two("a: &x {one: 1, two: 2}\nb: *x\n", "z: 1");
    let mut edit = Edit::new(&tree);
    let mapping = entry(&edit, edit.root(), "b");
    let one = entry(&edit, mapping, "one");
    edit.remove(&BTreeSet::from([one]));
    let tree = edit.finish().expect("it is flat");
    assert_eq!((at(&tree, "/a").len(), at(&tree, "/b").len()), (2, 1));
}

#[test]
fn removing_the_root_and_parts_of_what_is_removed_does_no_harm() {
    let (_, tree, _) = two("a: [1, {b: 2}]\nc: 3\n", "z: 1");
    let mut edit = Edit::new(&tree);
    let list = entry(&edit, edit.root(), "a");
    let inner = edit.items(list)[1];
    edit.remove(&BTreeSet::from([edit.root(), list, inner]));
    let tree = edit.finish().expect("it is flat");
    assert_eq!(tree.root().entries().map(|(key, _)| key.scalar_text()).collect::<Vec<_>>(), [Some("c")]);
}

#[test]
fn what_would_be_too_deep_is_refused() {
    let (_, tree, _) = two("a: {}\n", "z: 1");
    let mut edit = Edit::new(&tree);
    let mut innermost = entry(&edit, edit.root(), "a");
    let template = edit.import(tree.root());
    for _ in 0..crate::MAX_DEPTH {
        let twin = edit.copy(template);
        let (key, value) = edit.entries(twin)[0];
        edit.push_entry(innermost, key, value);
        innermost = value;
    }
    let end = edit.span(innermost);
    assert_eq!(edit.finish().map(|_| ()), Err(TooDeepAt(end)));
}

#[test]
fn a_copy_is_counted_before_it_is_made() {
    let (_, tree, _) = two("a: {b: [1, 2]}\n", "z: 1");
    let edit = Edit::new(&tree);
    assert_eq!(edit.size(edit.root(), 100), tree.node_count());
    assert_eq!(edit.size(edit.root(), 3), 3);
}
