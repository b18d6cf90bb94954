//! Step 12, cache: has somebody asked the same just now.
//!
//! This version stores nothing, and the compiler refuses a project that declares a cache (`x-gw-cache`): every
//! look-up is a miss, and the step says that nothing is declared.

use gw_artifact::model::Step;

use super::validate::Checked;
use crate::trace::{Finding, Record};
use crate::world::World;

pub(crate) fn look_up<'x, W: World>(checked: Checked<'x>, world: &W) -> Checked<'x> {
    world.passed(Step::Cache, Finding::NotDeclared);
    checked
}
