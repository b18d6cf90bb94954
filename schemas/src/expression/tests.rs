use serde_json::json;

use super::*;

fn id(index: usize) -> NodeId {
    NodeId(index as u16)
}

fn input(name: &str, kind: Type) -> Input {
    Input { name: name.into(), kind }
}

fn made(inputs: Vec<Input>, nodes: Vec<Node>) -> Expression {
    Expression::new(inputs, nodes).expect("the table of a test keeps its promises")
}

/// `1 / 0 == 0` in four nodes: the smallest fault.
fn fault_at(first: usize) -> Vec<Node> {
    vec![
        Node::Integer(1),
        Node::Integer(0),
        Node::Arithmetic { how: Arithmetic::Divide, left: id(first), right: id(first + 1) },
        Node::Compare { how: Comparison::Equal, left: id(first + 2), right: id(first + 1) },
    ]
}

#[test]
fn a_side_that_decides_absorbs_the_fault_of_the_other_one() {
    for (truth, absorbed) in [(true, Node::Or as fn(_, _) -> _), (false, Node::And)] {
        for fault_is_left in [true, false] {
            let mut nodes = fault_at(0);
            nodes.push(Node::Bool(truth));
            nodes.push(if fault_is_left { absorbed(id(3), id(4)) } else { absorbed(id(4), id(3)) });
            assert_eq!(made(vec![], nodes.clone()).evaluate(&[]), Ok(truth));
            nodes[4] = Node::Bool(!truth);
            assert_eq!(made(vec![], nodes).evaluate(&[]), Err(Fault::DivisionByZero));
        }
    }
}

#[test]
fn a_fault_holds_neither_plain_nor_negated() {
    let plain = made(vec![], fault_at(0));
    assert!(!plain.holds(&[]));
    let mut nodes = fault_at(0);
    nodes.push(Node::Not(id(3)));
    assert!(!made(vec![], nodes).holds(&[]));
}

#[test]
fn what_does_not_fit_is_an_overflow() {
    let sum = |how, left, right| {
        let nodes = vec![
            Node::Integer(left),
            Node::Integer(right),
            Node::Arithmetic { how, left: id(0), right: id(1) },
            Node::Compare { how: Comparison::Equal, left: id(2), right: id(2) },
        ];
        made(vec![], nodes).evaluate(&[])
    };
    assert_eq!(sum(Arithmetic::Add, i64::MAX, 1), Err(Fault::Overflow));
    assert_eq!(sum(Arithmetic::Subtract, i64::MIN, 1), Err(Fault::Overflow));
    assert_eq!(sum(Arithmetic::Multiply, i64::MAX, 2), Err(Fault::Overflow));
    assert_eq!(sum(Arithmetic::Divide, i64::MIN, -1), Err(Fault::Overflow));
    assert_eq!(sum(Arithmetic::Add, i64::MAX - 1, 1), Ok(true));
}

/// `tags.exists(t, t == "a")`, or with `all`.
fn over_tags(how: Quantifier) -> Expression {
    let nodes = vec![
        Node::Input(0),
        Node::Text("a".into()),
        Node::Each { list: id(0), end: id(4) },
        Node::Compare { how: Comparison::Equal, left: id(2), right: id(1) },
        Node::Quantify { how, each: id(2), holds: id(3) },
    ];
    made(vec![input("tags", Type::List(Scalar::Text))], nodes)
}

#[test]
fn quantifiers_go_over_every_element() {
    let list = |texts: &[&'static str]| texts.iter().map(|text| Value::Text(text)).collect::<Vec<_>>();
    for (texts, exists, all) in [
        (vec![], false, true),
        (vec!["b", "a"], true, false),
        (vec!["a", "a"], true, true),
        (vec!["b"], false, false),
    ] {
        let values = list(&texts);
        let tags = [Some(Value::List(List::new(&values)))];
        assert_eq!(over_tags(Quantifier::Exists).evaluate(&tags), Ok(exists), "{texts:?}");
        assert_eq!(over_tags(Quantifier::All).evaluate(&tags), Ok(all), "{texts:?}");
    }
}

#[test]
fn quantifiers_inside_each_other_start_anew() {
    // [1, 2].all(x, [1, 2].exists(y, x == y))
    let nodes = |last| {
        vec![
            Node::Integer(1),
            Node::Integer(last),
            Node::Integer(2),
            Node::List(vec![id(0), id(2)]),
            Node::List(vec![id(0), id(1)]),
            Node::Each { list: id(3), end: id(9) },
            Node::Each { list: id(4), end: id(8) },
            Node::Compare { how: Comparison::Equal, left: id(5), right: id(6) },
            Node::Quantify { how: Quantifier::Exists, each: id(6), holds: id(7) },
            Node::Quantify { how: Quantifier::All, each: id(5), holds: id(8) },
        ]
    };
    assert_eq!(made(vec![], nodes(2)).evaluate(&[]), Ok(true));
    assert_eq!(made(vec![], nodes(3)).evaluate(&[]), Ok(false));
}

#[test]
fn a_list_beyond_the_bound_is_a_fault() {
    let values = vec![Value::Text("b"); MAX_LIST + 1];
    let expression = over_tags(Quantifier::Exists);
    assert_eq!(expression.evaluate(&[Some(Value::List(List::new(&values)))]), Err(Fault::TooLong));
    let values = &values[..MAX_LIST];
    assert_eq!(expression.evaluate(&[Some(Value::List(List::new(values)))]), Ok(false));
}

#[test]
fn what_is_missing_or_of_another_type_is_not_there() {
    let expression = over_tags(Quantifier::All);
    for inputs in [&[] as &[_], &[None], &[Some(Value::Bool(true))]] {
        assert_eq!(expression.evaluate(inputs), Err(Fault::Absent), "{inputs:?}");
    }
    let mixed = [Value::Text("a"), Value::Integer(1)];
    assert_eq!(expression.evaluate(&[Some(Value::List(List::new(&mixed)))]), Err(Fault::WrongType));
}

/// `token.role == "admin"`, or `!=`.
fn over_claims(how: Comparison) -> Expression {
    let nodes = vec![
        Node::Input(0),
        Node::Field { of: id(0), name: "role".into() },
        Node::Text("admin".into()),
        Node::Compare { how, left: id(1), right: id(2) },
    ];
    made(vec![input("token", Type::Json)], nodes)
}

#[test]
fn a_claim_of_another_type_is_neither_equal_nor_unequal() {
    let answer = |how, claims: &serde_json::Value| over_claims(how).evaluate(&[Some(Value::Json(claims))]);
    assert_eq!(answer(Comparison::Equal, &json!({"role": "admin"})), Ok(true));
    assert_eq!(answer(Comparison::NotEqual, &json!({"role": "user"})), Ok(true));
    assert_eq!(answer(Comparison::NotEqual, &json!({"role": ["admin"]})), Err(Fault::WrongType));
    assert_eq!(answer(Comparison::Equal, &json!({"role": 1.5})), Err(Fault::WrongType));
    assert_eq!(answer(Comparison::Equal, &json!({})), Err(Fault::Absent));
    assert_eq!(answer(Comparison::Equal, &json!("admin")), Err(Fault::WrongType));
}

#[test]
fn a_claim_that_is_a_list_can_be_searched() {
    let nodes = vec![
        Node::Text("a".into()),
        Node::Input(0),
        Node::Field { of: id(1), name: "groups".into() },
        Node::In { item: id(0), list: id(2) },
    ];
    let expression = made(vec![input("token", Type::Json)], nodes);
    let answer = |claims: &serde_json::Value| expression.evaluate(&[Some(Value::Json(claims))]);
    assert_eq!(answer(&json!({"groups": [1, "a"]})), Ok(true));
    assert_eq!(answer(&json!({"groups": ["b"]})), Ok(false));
    assert_eq!(answer(&json!({"groups": "a"})), Err(Fault::WrongType));
}

#[test]
fn only_the_sides_that_decided_are_named() {
    let names = ["a", "b", "c"];
    let inputs: Vec<Input> = names.iter().map(|name| input(name, Type::One(Scalar::Bool))).collect();
    // a && (b || c)
    let nodes =
        vec![Node::Input(0), Node::Input(1), Node::Input(2), Node::Or(id(1), id(2)), Node::And(id(0), id(3))];
    let expression = made(inputs, nodes);
    let decided = |values: [bool; 3]| expression.decided_by(&values.map(|value| Some(Value::Bool(value))));
    assert_eq!(decided([false, true, false]), [0]);
    assert_eq!(decided([true, false, false]), [1, 2]);
    assert_eq!(decided([false, false, false]), [0, 1, 2]);
    assert_eq!(decided([true, true, false]), [0, 1]);
    assert_eq!(expression.decided_by(&[None, Some(Value::Bool(true)), None]), [0]);
}

#[test]
fn broken_tables_are_refused() {
    let flag = || vec![input("a", Type::One(Scalar::Bool))];
    let each = |end| Node::Each { list: id(1), end: id(end) };
    let end = |each, holds| Node::Quantify { how: Quantifier::All, each: id(each), holds: id(holds) };
    let list = || vec![Node::Bool(true), Node::List(vec![id(0)])];
    let after_list = |rest: Vec<Node>| [list(), rest].concat();
    let tables: Vec<(Vec<Input>, Vec<Node>)> = vec![
        (vec![], vec![]),
        (vec![], vec![Node::Integer(1)]),
        (vec![], vec![Node::Input(0)]),
        (vec![], vec![Node::Not(id(0))]),
        (vec![], vec![Node::Not(id(1)), Node::Bool(true)]),
        (vec![], vec![Node::Integer(1), Node::Not(id(0))]),
        (vec![], vec![Node::List(vec![]), Node::Bool(true)]),
        (vec![], vec![Node::Bool(true), Node::Integer(1), Node::List(vec![id(0), id(1)]), Node::Bool(true)]),
        (vec![], vec![Node::Bool(true), Node::Compare { how: Comparison::Less, left: id(0), right: id(0) }]),
        (vec![], after_list(vec![each(9), Node::Bool(true)])),
        (vec![], after_list(vec![each(3), Node::Bool(true)])),
        (vec![], after_list(vec![end(1, 0)])),
        (vec![], after_list(vec![each(4), each(5), end(2, 3), end(3, 2)])),
        (vec![], after_list(vec![each(3), end(2, 2), Node::Not(id(2))])),
        (flag(), vec![Node::Bool(true); MAX_NODES + 1]),
        ((0..=MAX_INPUTS).map(|n| input(&n.to_string(), Type::Json)).collect(), vec![Node::Bool(true)]),
        ([flag(), flag()].concat(), vec![Node::Bool(true)]),
    ];
    for (inputs, nodes) in tables {
        let told = format!("{nodes:?}");
        assert!(Expression::new(inputs, nodes).is_err(), "{told}");
    }
}

#[test]
fn the_cost_of_loops_is_bounded() {
    let tags = || vec![input("tags", Type::List(Scalar::Text))];
    let once = vec![
        Node::Input(0),
        Node::Bool(true),
        Node::Each { list: id(0), end: id(3) },
        Node::Quantify { how: Quantifier::All, each: id(2), holds: id(1) },
    ];
    assert!(made(tags(), once).cost() >= MAX_LIST as u32);
    let thrice = vec![
        Node::Input(0),
        Node::Bool(true),
        Node::Each { list: id(0), end: id(7) },
        Node::Each { list: id(0), end: id(6) },
        Node::Each { list: id(0), end: id(5) },
        Node::Quantify { how: Quantifier::All, each: id(4), holds: id(1) },
        Node::Quantify { how: Quantifier::All, each: id(3), holds: id(5) },
        Node::Quantify { how: Quantifier::All, each: id(2), holds: id(6) },
    ];
    assert!(matches!(Expression::new(tags(), thrice), Err(Broken::TooLarge(_))));
}

#[test]
fn an_expression_reads_back_what_it_wrote() {
    let nodes = vec![
        Node::Input(0),
        Node::Rate("1000/min".parse().expect("a rate")),
        Node::Compare { how: Comparison::AtMost, left: id(0), right: id(1) },
    ];
    let expression = made(vec![input("rate_limit", Type::One(Scalar::Rate))], nodes);
    let bytes = postcard::to_stdvec(&expression).expect("plain data is written");
    assert_eq!(postcard::from_bytes::<Expression>(&bytes), Ok(expression));
}

#[test]
fn a_stored_table_that_is_broken_is_not_read() {
    let stored = Stored { inputs: vec![], nodes: vec![Node::Not(id(7))] };
    let bytes = postcard::to_stdvec(&stored).expect("plain data is written");
    assert!(postcard::from_bytes::<Expression>(&bytes).is_err());
}
