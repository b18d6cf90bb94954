//! How much work the comparison of paths may be: real projects need a fraction, and no project can ask for more.

/// Steps that are left: one for each operation of each site, each node of a walk and each pair.
#[derive(Debug)]
pub(super) struct Budget(usize);

/// Nothing is left.
#[derive(Debug)]
pub(super) struct Spent;

impl Budget {
    /// Forty times what the largest public document needs (14,000 paths).
    pub(super) fn new() -> Self {
        Self(STEPS)
    }

    /// Takes some steps.
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), Spent> {
        self.0 = self.0.checked_sub(steps).ok_or(Spent)?;
        Ok(())
    }
}

const STEPS: usize = 10_000_000;
