//! The command `rollout`.
use action::{Answer, Failure, Report};

use crate::inputs::RolloutInputs;

pub(crate) fn run(_inputs: RolloutInputs, _report: &mut Report) -> Result<Answer, Failure> {
    Err(Failure::inputs("rollout", "this build has no such command"))
}
