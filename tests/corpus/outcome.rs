//! What became of one document.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// What became of one document. A good one is served or refused, and nothing is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// Whether there was an artifact.
    pub(crate) compiled: bool,
    /// How often each code was found.
    pub(crate) errors: BTreeMap<String, u64>,
    /// Operations of the artifact.
    pub(crate) operations: u64,
    /// Operations that the upstream confirmed.
    pub(crate) confirmed: u64,
    /// Operations that no client can call, and that were denied.
    pub(crate) denied: u64,
    /// Operations for which no request could be built.
    pub(crate) unbuilt: u64,
    /// What must not happen.
    pub(crate) wrong: Vec<String>,
}

impl Outcome {
    /// A document that could not be run at all.
    pub(crate) fn broken(why: String) -> Self {
        Self { wrong: vec![why], ..Self::default() }
    }

    /// One line for the parent process.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "compiled": self.compiled,
            "errors": self.errors,
            "operations": self.operations,
            "confirmed": self.confirmed,
            "denied": self.denied,
            "unbuilt": self.unbuilt,
            "wrong": self.wrong,
        })
    }

    /// Reads what [`Outcome::to_json`] wrote.
    pub(crate) fn from_json(told: &Value) -> Option<Self> {
        let count = |key: &str| told[key].as_u64();
        let errors = told["errors"].as_object()?;
        let wrong = told["wrong"].as_array()?.iter();
        Some(Self {
            compiled: told["compiled"].as_bool()?,
            errors: errors
                .iter()
                .map(|(code, count)| Some((code.clone(), count.as_u64()?)))
                .collect::<Option<_>>()?,
            operations: count("operations")?,
            confirmed: count("confirmed")?,
            denied: count("denied")?,
            unbuilt: count("unbuilt")?,
            wrong: wrong.map(|text| text.as_str().map(str::to_owned)).collect::<Option<_>>()?,
        })
    }
}
