//! A plain table for people: columns as wide as their longest cell.

use std::fmt;

/// Rows of `N` cells below their titles.
#[derive(Clone, Debug)]
pub(crate) struct Table<const N: usize> {
    rows: Vec<[String; N]>,
}

/// A cell is padded to at most this many characters; a longer one pushes only its own row.
const WIDEST: usize = 48;

impl<const N: usize> Table<N> {
    /// A table with titles and no rows.
    pub(crate) fn new(titles: [&str; N]) -> Self {
        Self { rows: vec![titles.map(str::to_uppercase)] }
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: [String; N]) {
        self.rows.push(row);
    }

    fn widths(&self) -> [usize; N] {
        let mut widths = [0; N];
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count().min(WIDEST));
            }
        }
        widths
    }
}

impl<const N: usize> fmt::Display for Table<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        for row in &self.rows {
            let cells: Vec<String> =
                row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            writeln!(f, "{}", cells.join("  ").trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_longest_cell() {
        let mut table = Table::new(["method", "path"]);
        table.push(["GET".into(), "/orders".into()]);
        table.push(["DELETE".into(), "/".into()]);
        assert_eq!(table.to_string(), "METHOD  PATH\nGET     /orders\nDELETE  /\n");
    }
}
