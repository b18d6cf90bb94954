//! What an artifact was made from: no time, no host, no absolute path, so that equal sources give equal bytes.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;

/// The compiler and its inputs.
///
/// INVARIANT: inputs are sorted by path, each path once; every path is relative, with `/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "Unchecked")]
pub struct Provenance {
    compiler: String,
    inputs: Vec<Input>,
}

/// One file that was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Where it stands, relative to the project's folder, with `/` between names.
    pub path: String,
    /// The digest of its bytes.
    pub digest: Digest,
}

/// Why a list of inputs says too much or too little.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadInput {
    /// An absolute path, or one with backslashes: it would tell where the project was compiled.
    #[error("input `{0}` is not a relative path with `/`")]
    NotRelative(String),
    /// One path with two digests, or twice in a stored list.
    #[error("input `{0}` stands there twice")]
    Twice(String),
    /// A stored list that is not sorted.
    #[error("the inputs are not sorted")]
    NotSorted,
}

impl Provenance {
    /// Puts the inputs in order. `compiler` is the compiler's version: `0.1.0`.
    ///
    /// # Errors
    /// When a path is not relative or has two digests.
    pub fn new(compiler: &str, inputs: impl IntoIterator<Item = Input>) -> Result<Self, BadInput> {
        let mut inputs: Vec<Input> = inputs.into_iter().collect();
        inputs.sort();
        inputs.dedup();
        Unchecked { compiler: compiler.to_owned(), inputs }.try_into()
    }

    /// The compiler's version.
    pub fn compiler(&self) -> &str {
        &self.compiler
    }

    /// The files that were read, sorted by path.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    compiler: String,
    inputs: Vec<Input>,
}

impl TryFrom<Unchecked> for Provenance {
    type Error = BadInput;

    fn try_from(Unchecked { compiler, inputs }: Unchecked) -> Result<Self, BadInput> {
        if let Some(input) = inputs.iter().find(|input| !is_relative(&input.path)) {
            return Err(BadInput::NotRelative(input.path.clone()));
        }
        for pair in inputs.windows(2) {
            match pair[0].path.cmp(&pair[1].path) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal => return Err(BadInput::Twice(pair[0].path.clone())),
                std::cmp::Ordering::Greater => return Err(BadInput::NotSorted),
            }
        }
        Ok(Self { compiler, inputs })
    }
}

/// Whether a path can be an input's: neither absolute nor in the form of another system (`C:\`, `\\host`);
/// `../shared.yaml` is relative.
pub fn is_relative(path: &str) -> bool {
    let has_drive = matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    !path.is_empty() && !path.starts_with('/') && !path.contains('\\') && !has_drive
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(path: &str, content: &str) -> Input {
        Input { path: path.into(), digest: Digest::of(content.as_bytes()) }
    }

    #[test]
    fn the_order_of_the_inputs_makes_no_difference() {
        let (a, b) = (input("a.yaml", "a"), input("../b.yaml", "b"));
        let one = Provenance::new("0.1.0", [a.clone(), b.clone()]).unwrap();
        assert_eq!(one, Provenance::new("0.1.0", [b.clone(), a.clone(), b.clone()]).unwrap());
        assert_eq!(one.inputs(), [b, a]);
    }

    #[test]
    fn a_path_that_tells_about_the_machine_is_refused() {
        for path in ["/etc/gw.yaml", "C:/gw.yaml", "a\\b.yaml", "", "\\\\host\\b.yaml"] {
            let refusal = Provenance::new("0.1.0", [input(path, "")]);
            assert_eq!(refusal, Err(BadInput::NotRelative(path.into())), "{path}");
        }
    }

    #[test]
    fn a_path_with_two_contents_is_refused() {
        let refusal = Provenance::new("0.1.0", [input("a", "1"), input("a", "2")]);
        assert_eq!(refusal, Err(BadInput::Twice("a".into())));
    }

    #[test]
    fn a_stored_list_must_be_in_order() {
        let sorted =
            serde_json::to_string(&Provenance::new("1", [input("a", ""), input("b", "")]).unwrap()).unwrap();
        assert!(serde_json::from_str::<Provenance>(&sorted).is_ok());
        let unsorted = sorted.replace("\"a\"", "\"c\"");
        assert!(serde_json::from_str::<Provenance>(&unsorted).is_err());
    }
}
