//! The table that a run prints.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

use crate::outcome::Outcome;

/// Outcomes added up by folder and by code.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Row>,
    /// For each code, in how many documents it was found.
    codes: BTreeMap<String, u64>,
    /// Documents with something wrong, and what it is.
    wrong: Vec<(PathBuf, Vec<String>)>,
}

#[derive(Debug, Default)]
struct Row {
    folder: String,
    documents: u64,
    served: u64,
    refused: u64,
    operations: u64,
    confirmed: u64,
    denied: u64,
    unbuilt: u64,
    wrong: u64,
}

impl Table {
    /// Adds up.
    pub(crate) fn of(outcomes: &[(String, Vec<(PathBuf, Outcome)>)]) -> Self {
        let mut table = Self::default();
        for (folder, outcomes) in outcomes {
            let mut row = Row { folder: folder.clone(), ..Row::default() };
            for (document, outcome) in outcomes {
                row.add(outcome);
                for code in outcome.errors.keys() {
                    *table.codes.entry(code.clone()).or_default() += 1;
                }
                if !outcome.wrong.is_empty() {
                    table.wrong.push((short(document), outcome.wrong.clone()));
                }
            }
            table.rows.push(row);
        }
        table
    }

    /// Whether every document was served or refused as it must be.
    pub(crate) fn holds(&self) -> bool {
        self.wrong.is_empty()
    }
}

impl Row {
    fn add(&mut self, outcome: &Outcome) {
        self.documents += 1;
        self.served += u64::from(outcome.compiled && outcome.wrong.is_empty());
        self.refused += u64::from(!outcome.compiled && outcome.wrong.is_empty());
        self.wrong += u64::from(!outcome.wrong.is_empty());
        self.operations += outcome.operations;
        self.confirmed += outcome.confirmed;
        self.denied += outcome.denied;
        self.unbuilt += outcome.unbuilt;
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "package     documents  served  refused  wrong   operations  confirmed  denied  unbuilt"
        )?;
        for row in &self.rows {
            writeln!(
                f,
                "{:<11} {:>9} {:>7} {:>8} {:>6} {:>12} {:>10} {:>7} {:>8}",
                row.folder,
                row.documents,
                row.served,
                row.refused,
                row.wrong,
                row.operations,
                row.confirmed,
                row.denied,
                row.unbuilt
            )?;
        }
        let mut codes: Vec<_> = self.codes.iter().collect();
        codes.sort_by_key(|(code, documents)| (u64::MAX - **documents, (*code).clone()));
        for (code, documents) in codes {
            writeln!(f, "{code} refuses {documents} documents")?;
        }
        for (document, wrong) in &self.wrong {
            writeln!(f, "{}", document.display())?;
            for text in wrong.iter().take(5) {
                writeln!(f, "    {text}")?;
            }
        }
        Ok(())
    }
}

/// The document below the cache.
fn short(document: &Path) -> PathBuf {
    document.strip_prefix(gw_tests::repository().join("target/corpus")).unwrap_or(document).to_owned()
}
