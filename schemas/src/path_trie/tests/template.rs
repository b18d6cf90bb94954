//! What is a template and what is not.

use super::super::*;
use crate::canonical_path::NotCanonical;

fn refused(text: &str) -> TemplateDefect {
    Template::parse(text).expect_err(text)
}

#[test]
fn reads_literals_partials_and_variables() {
    let template = Template::parse("/a/{x}/{y}.json/pre{z}/").unwrap();
    assert_eq!(template.names(), ["x", "y", "z"]);
    assert_eq!(template.shape(), "/a/{}/{}.json/pre{}/");
    assert_eq!(template.to_string(), "/a/{x}/{y}.json/pre{z}/");
    let [a, x, y, z, end] = template.segments() else { panic!("{template:?}") };
    assert_eq!(
        [a, x, end],
        [&Segment::Literal("a".into()), &Segment::Variable, &Segment::Literal(String::new())]
    );
    let literals = |segment: &Segment| match segment {
        Segment::Partial(partial) => partial.literals().to_vec(),
        other => panic!("{other:?}"),
    };
    assert_eq!(literals(y), ["", ".json"]);
    assert_eq!(literals(z), ["pre", ""]);
    assert_eq!(template.segments().iter().map(Segment::variables).collect::<Vec<_>>(), [0, 1, 1, 1, 0]);
}

#[test]
fn the_root_is_a_template() {
    assert_eq!(Template::parse("/").unwrap().to_string(), "/");
}

#[test]
fn literals_are_made_canonical() {
    assert_eq!(Template::parse("/a b/x|{y}é/%7e").unwrap().to_string(), "/a%20b/x%7C{y}%C3%A9/~");
}

#[test]
fn a_dot_beside_a_variable_is_no_dot_segment() {
    assert_eq!(Template::parse("/{a}.{b}/.{c}").unwrap().shape(), "/{}.{}/.{}");
}

#[test]
fn names_may_be_any_text_without_braces_and_slashes() {
    assert_eq!(Template::parse("/{a b}/{é-1.x}").unwrap().names(), ["a b", "é-1.x"]);
}

#[test]
fn refuses_what_begins_without_a_slash() {
    assert_eq!(refused(""), TemplateDefect::NoLeadingSlash);
    assert_eq!(refused("a"), TemplateDefect::NoLeadingSlash);
    assert_eq!(refused("{a}/b"), TemplateDefect::NoLeadingSlash);
}

#[test]
fn refuses_braces_without_partner() {
    for (text, at) in
        [("/{a", 1), ("/a}", 2), ("/{a{b}", 1), ("/{a}}", 4), ("/{a/b}", 1), ("/a/}{", 3), ("/{{a}}", 1)]
    {
        assert_eq!(refused(text), TemplateDefect::UnbalancedBrace { at }, "{text}");
    }
}

#[test]
fn refuses_variables_that_nothing_tells_apart() {
    assert_eq!(refused("/x/{a}{b}"), TemplateDefect::AdjacentVariables { at: 6 });
    assert_eq!(refused("/x{a}{b}.c"), TemplateDefect::AdjacentVariables { at: 5 });
}

#[test]
fn refuses_empty_and_duplicate_names() {
    assert_eq!(refused("/a/{}"), TemplateDefect::EmptyName { at: 3 });
    assert_eq!(refused("/{a}/b-{a}"), TemplateDefect::DuplicateName { name: "a".into(), at: 7 });
}

#[test]
fn refuses_queries_and_fragments() {
    assert_eq!(refused("/a?b={c}"), TemplateDefect::QueryOrFragment { character: '?', at: 2 });
    assert_eq!(refused("/é#b"), TemplateDefect::QueryOrFragment { character: '#', at: 3 });
}

#[test]
fn refuses_literals_that_no_request_can_carry_where_they_stand() {
    let cases = [
        ("/a//b", NotCanonical::EmptySegment { at: 3 }),
        ("//", NotCanonical::EmptySegment { at: 1 }),
        ("/a/../b", NotCanonical::DotSegment { at: 3 }),
        ("/a/b;c", NotCanonical::Parameter { at: 4 }),
        ("/{x}/é{y};c", NotCanonical::Parameter { at: 10 }),
        ("/a/{x}%2F", NotCanonical::Separator { at: 6 }),
        ("/a/%zz{x}", NotCanonical::MalformedEscape { at: 3 }),
    ];
    for (text, offence) in cases {
        assert_eq!(refused(text), TemplateDefect::Unservable(offence), "{text}");
    }
}

#[test]
fn refuses_more_than_the_bounds() {
    let variables = |count: usize| (0..count).map(|n| format!("/{{v{n}}}")).collect::<Vec<_>>().concat();
    assert!(Template::parse(&variables(MAX_VARIABLES)).is_ok());
    assert_eq!(refused(&variables(MAX_VARIABLES + 1)), TemplateDefect::TooManyVariables);
    assert_eq!(refused(&format!("/{}", "a".repeat(MAX_TEMPLATE_BYTES))), TemplateDefect::TooLong);
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "/?[a{}/.%;é ?-]{0,24}") {
        if let Ok(template) = Template::parse(&text) {
            proptest::prop_assert_eq!(Template::parse(&template.to_string()).unwrap(), template);
        }
    }
}
