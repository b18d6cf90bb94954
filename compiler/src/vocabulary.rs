//! The key table: every key that gw knows, in one place.
//!
//! One row says what a key is called, where it may stand, what its value looks like, what it means and whether
//! something enforces it yet. The same rows drive parsing and "did you mean" ([`crate::parse`]), the JSON
//! Schemas ([`json_schema`]), the reference page ([`mod@reference`]) and the gate's "not yet enforced".

pub(crate) mod address;
pub mod annotations;
pub mod json_schema;
pub mod lock;
pub mod project;
pub mod reference;
pub mod scalar;
pub mod selector;
pub mod shape;
pub mod units;

pub use shape::{Choice, Key, Place, Presence, Shape, Status};

#[cfg(test)]
mod tests {
    use super::annotations::{ANNOTATIONS, PREFIX};
    use super::project::PROJECT;
    use super::*;

    /// Every row of the table, with the path that people write.
    fn rows() -> Vec<(String, &'static Key)> {
        let annotations = ANNOTATIONS.iter().map(|key| (format!("{PREFIX}{}", key.name), key));
        let project = PROJECT.iter().map(|key| (key.name.to_owned(), key));
        let mut rows: Vec<(String, &'static Key)> = annotations.chain(project).collect();
        let mut next = 0;
        while let Some((path, key)) = rows.get(next).cloned() {
            rows.extend(keys_below(&key.shape).map(|key| (format!("{path}.{}", key.name), key)));
            next += 1;
        }
        rows
    }

    fn keys_below(shape: &Shape) -> Box<dyn Iterator<Item = &'static Key>> {
        match *shape {
            Shape::List(item) | Shape::Map(item) | Shape::MapBy(_, item) => keys_below(item),
            Shape::Object(keys) => Box::new(keys.iter()),
            Shape::Either(shapes) => Box::new(shapes.iter().flat_map(keys_below)),
            _ => Box::new(std::iter::empty()),
        }
    }

    #[test]
    fn every_row_says_what_it_means() {
        for (path, key) in rows() {
            assert!(key.doc.ends_with(['.', '`']) && !key.doc.contains('\n'), "{path}");
        }
    }

    #[test]
    fn no_key_has_two_rows() {
        let mut paths: Vec<String> = rows().into_iter().map(|(path, _)| path).collect();
        paths.sort();
        let twice: Vec<_> = paths.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }

    #[test]
    fn nothing_below_a_key_that_is_not_enforced_is_enforced() {
        for (path, key) in rows().into_iter().filter(|(_, key)| key.status == Status::NotYet) {
            assert!(keys_below(&key.shape).all(|below| below.status == Status::NotYet), "{path}");
        }
    }

    #[test]
    fn the_forms_of_a_value_can_be_told_apart() {
        for (path, key) in rows() {
            let Shape::Either(shapes) = key.shape else { continue };
            let mut forms: Vec<&str> = shapes
                .iter()
                .map(|shape| match shape {
                    Shape::List(_) => "list",
                    Shape::Map(_) | Shape::MapBy(..) | Shape::Object(_) | Shape::Policies(_) => "mapping",
                    _ => "scalar",
                })
                .collect();
            forms.sort_unstable();
            forms.dedup();
            assert_eq!(forms.len(), shapes.len(), "{path}");
        }
    }

    #[test]
    fn every_key_of_a_policy_has_a_place() {
        assert!(ANNOTATIONS.iter().all(|key| !key.places.is_empty()));
    }
}
