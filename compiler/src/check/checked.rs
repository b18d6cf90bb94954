//! The proof that a project may be published.

use std::ops::Deref;

use gw_syntax::Sink;

use super::understood::Understood;

/// A project that passed the gate, with what the checks worked out about it.
///
/// INVARIANT: no stage found an error; every operation has its access; every path is servable and no two operations
/// claim the same method of the same path; every operation has an upstream.
#[derive(Debug)]
pub(crate) struct Checked(Understood);

impl Checked {
    /// The only way through the gate.
    ///
    /// # Errors
    /// When any stage found an error, or something is not settled: then the project stays what it is, merely understood.
    pub(super) fn pass(understood: Understood, is_total: bool, sink: &Sink) -> Result<Self, Box<Understood>> {
        if sink.has_errors() || !is_total || !understood.contested().is_empty() {
            return Err(Box::new(understood));
        }
        Ok(Self(understood))
    }
}

impl Deref for Checked {
    type Target = Understood;

    fn deref(&self) -> &Understood {
        &self.0
    }
}
