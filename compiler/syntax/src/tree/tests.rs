use super::*;
use crate::{Sink, SourceMap, parse};

fn tree(path: &str, text: &str) -> Tree {
    let mut sources = SourceMap::new();
    let id = sources.add(path, text);
    let mut sink = Sink::new();
    let tree = parse(&sources, id, &mut sink).expect("the text is well formed");
    assert!(sink.is_empty(), "{:?}", sink.diagnostics());
    tree
}

fn at<'t>(tree: &'t Tree, pointer: &str) -> NodeRef<'t> {
    let pointer = Pointer::parse(pointer).expect("it is a pointer");
    tree.root().at_pointer(&pointer).expect("the node is there")
}

fn source(node: NodeRef<'_>) -> &str {
    node.source_text()
}

const DOCUMENT: &str = "\
paths:
  /orders/{id}:
    get:
      responses:
        200: {description: 'found it'}
        default:
          description: |
            Two
            lines
      parameters:
      - name: id
      - in: path
        required: true
    put:
servers: []
";

#[test]
fn yaml_nodes_know_their_bytes() {
    let tree = tree("a.yaml", DOCUMENT);
    assert_eq!(source(at(&tree, "/paths/~1orders~1{id}/get/responses/200/description")), "'found it'");
    assert_eq!(source(at(&tree, "/paths/~1orders~1{id}/get/responses/200")), "{description: 'found it'}");
    assert_eq!(
        source(at(&tree, "/paths/~1orders~1{id}/get/parameters/1")),
        "in: path\n        required: true"
    );
    assert_eq!(source(at(&tree, "/servers")), "[]");
    assert!(at(&tree, "/paths/~1orders~1{id}/put").is_null());
    assert!(source(at(&tree, "/paths")).ends_with("put:"), "{}", source(at(&tree, "/paths")));
}

#[test]
fn a_key_has_the_text_of_any_scalar() {
    let tree = tree("a.yaml", DOCUMENT);
    let responses = at(&tree, "/paths/~1orders~1{id}/get/responses");
    let (key, value) = responses.entry("200").expect("the key is there");
    assert_eq!((key.kind(), key.scalar_text(), key.as_u64()), (Kind::Integer, Some("200"), Some(200)));
    assert_eq!(value.get("description").and_then(NodeRef::as_str), Some("found it"));
    assert_eq!(responses.get("default").and_then(|r| r.get("description")?.as_str()), Some("Two\nlines\n"));
}

#[test]
fn a_null_that_is_left_out_stands_after_its_key() {
    let tree = tree("a.yaml", "a:\n\n\nb: 1\n");
    let null = at(&tree, "/a");
    assert_eq!((null.span().start, null.span().end), (2, 2));
    assert_eq!((null.kind(), null.scalar_text()), (Kind::Null, Some("")));
}

#[test]
fn a_block_scalar_of_blank_lines_keeps_them() {
    let tree = tree("a.yaml", "? |+\n\n: 1\n");
    assert_eq!(tree.root().get("\n").and_then(NodeRef::as_i64), Some(1));
}

#[test]
fn every_node_has_a_path_and_a_key_that_of_its_value() {
    let tree = tree("a.yaml", DOCUMENT);
    let mut open = vec![(tree.root(), Pointer::root())];
    while let Some((node, pointer)) = open.pop() {
        assert_eq!(node.pointer(), pointer);
        open.extend(node.items().enumerate().map(|(index, item)| (item, pointer.item(index))));
        for (key, value) in node.entries() {
            let below = pointer.child(key.scalar_text().expect("keys are scalars here"));
            assert_eq!(key.pointer(), below);
            open.push((value, below));
        }
    }
}

#[test]
fn pointers_lead_to_where_a_node_is_written() {
    let tree = tree("a.yaml", DOCUMENT);
    for pointer in ["", "/paths", "/paths/~1orders~1{id}/get/parameters/1/required", "/servers"] {
        assert_eq!(at(&tree, pointer).pointer().as_str(), pointer);
    }
    let (key, _) = at(&tree, "/paths").entries().next().expect("there is an entry");
    assert_eq!(key.pointer().as_str(), "/paths/~1orders~1{id}");
}

#[test]
fn an_alias_is_the_node_it_names() {
    let tree =
        tree("a.yaml", "a: &x {k: [1, 2]}\nb: *x\nc: [*x, *x]\n*x2 : 1\n".replace("*x2 ", "d").as_str());
    assert_eq!(at(&tree, "/b").id(), at(&tree, "/a").id());
    assert_eq!(at(&tree, "/c/1/k/1").as_i64(), Some(2));
    assert_eq!(at(&tree, "/c").len(), 2);
    assert_eq!(at(&tree, "/d").as_i64(), Some(1));
}

#[test]
fn an_alias_can_be_a_key() {
    let tree = tree("a.yaml", "- &name id\n- *name : 1\n");
    assert_eq!(at(&tree, "/1/id").as_i64(), Some(1));
}

#[test]
fn long_mappings_find_every_key() {
    let lines: Vec<String> = (0..1000).rev().map(|n| format!("key{n}: {n}")).collect();
    let tree = tree("a.yaml", &lines.join("\n"));
    for n in 0..1000 {
        assert_eq!(tree.root().get(&format!("key{n}")).and_then(NodeRef::as_i64), Some(n));
    }
    assert!(tree.root().get("key").is_none() && tree.root().get("zzz").is_none());
    let first = tree.root().entries().next().expect("there is an entry").0;
    assert_eq!(first.as_str(), Some("key999"), "entries keep the order of the text");
}

#[test]
fn numbers_keep_their_text_and_give_their_value() {
    let tree = tree("a.yaml", "[3.0, 0x1F, 0o17, -7, +8, 18446744073709551615, .inf, -.inf, 1e3, 1_000]");
    let texts: Vec<_> = tree.root().items().map(|item| item.scalar_text().expect("scalar")).collect();
    assert_eq!(texts[0], "3.0");
    let integers: Vec<_> = tree.root().items().map(NodeRef::as_i64).collect();
    assert_eq!(&integers[..6], [None, Some(31), Some(15), Some(-7), Some(8), None]);
    assert_eq!(tree.root().item(5).and_then(NodeRef::as_u64), Some(u64::MAX));
    let floats: Vec<_> = tree.root().items().filter_map(NodeRef::as_f64).collect();
    assert_eq!(
        floats,
        [3.0, 31.0, 15.0, -7.0, 8.0, 18_446_744_073_709_551_615.0, f64::INFINITY, f64::NEG_INFINITY, 1000.0]
    );
    assert_eq!(tree.root().item(9).and_then(NodeRef::as_str), Some("1_000"));
}

#[test]
fn json_and_yaml_give_the_same_nodes() {
    let text = "{\"a\\u00e9\": [1, 2.5, true, null, \"x\\ny\"], \"b\": {}}";
    let (json, yaml) = (tree("a.json", text), tree("a.yaml", &format!("# yaml\n{text}")));
    let json_item = at(&json, "/aé/4");
    assert_eq!(json_item.as_str(), Some("x\ny"));
    assert_eq!(json_item.as_str(), at(&yaml, "/aé/4").as_str());
    assert_eq!(source(at(&json, "/aé")), source(at(&yaml, "/aé")));
}

#[test]
fn views_of_other_kinds_are_empty_handed() {
    let tree = tree("a.json", "[1, {}]");
    let one = at(&tree, "/0");
    assert!(
        one.get("x").is_none() && one.item(0).is_none() && one.as_str().is_none() && one.as_bool().is_none()
    );
    assert_eq!((one.len(), tree.root().entries().count(), at(&tree, "/1").items().count()), (0, 0, 0));
    assert!(tree.root().at_pointer(&Pointer::parse("/00").expect("pointer")).is_none());
}
