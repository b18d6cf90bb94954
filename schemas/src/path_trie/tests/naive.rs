//! The oracles: each template tried on its own, segment by segment; and wayfind.

use super::super::*;

/// The first of each shape.
pub(super) fn without_conflicts(texts: Vec<String>) -> Vec<(Template, u32)> {
    let mut shapes = std::collections::BTreeSet::new();
    let parsed =
        texts.into_iter().map(|text| Template::parse(&text).unwrap_or_else(|e| panic!("{text}: {e}")));
    parsed.filter(|template| shapes.insert(template.shape())).zip(0..).collect()
}

/// Among all templates that match, the one whose segments go first.
pub(super) fn find<'p>(templates: &[(Template, u32)], path: &'p str) -> Option<(u32, Vec<&'p str>)> {
    let all =
        templates.iter().filter_map(|(template, value)| Some((template, *value, captures(template, path)?)));
    all.min_by_key(|(template, ..)| template.segments()).map(|(_, value, captures)| (value, captures))
}

fn captures<'p>(template: &Template, path: &'p str) -> Option<Vec<&'p str>> {
    let path: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
    if path.len() != template.segments().len() {
        return None;
    }
    let mut captures = Vec::new();
    for (segment, text) in template.segments().iter().zip(path) {
        match segment {
            Segment::Literal(literal) if literal == text => {}
            Segment::Variable if !text.is_empty() => captures.push(text),
            Segment::Partial(partial) => captures.extend(partial_captures(partial.literals(), text)?),
            Segment::Literal(_) | Segment::Variable => return None,
        }
    }
    Some(captures)
}

/// Tries every way, shortest first variable first: exponential, and obviously right.
fn partial_captures<'p>(literals: &[String], text: &'p str) -> Option<Vec<&'p str>> {
    let rest = text.strip_prefix(literals[0].as_str())?;
    if literals.len() == 1 {
        return rest.is_empty().then(Vec::new);
    }
    for end in 1..=rest.len() {
        let (variable, behind) = rest.split_at(end);
        let is_whole = !variable.ends_with('%') && !variable[..end - 1].ends_with('%');
        if let (true, Some(others)) = (is_whole, partial_captures(&literals[1..], behind)) {
            return Some([vec![variable], others].concat());
        }
    }
    None
}

pub(super) fn wayfind(templates: &[(Template, u32)], path: &str) -> Option<u32> {
    let mut builder = ::wayfind::RouterBuilder::new();
    for (template, value) in templates {
        builder.insert(&template.to_string().replace('{', "<").replace('}', ">"), *value).unwrap();
    }
    builder.build().search(path).map(|found| *found.data())
}
