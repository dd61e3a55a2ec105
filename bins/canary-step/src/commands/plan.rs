//! The command `plan`.
use action::{Answer, Failure, Report};

use crate::inputs::RolloutInputs;

pub(crate) fn run(_inputs: RolloutInputs, _report: &mut Report) -> Result<Answer, Failure> {
    Err(Failure::inputs("plan", "this build has no such command"))
}

pub(crate) fn preflight(_inputs: RolloutInputs, _report: &mut Report) -> Result<Answer, Failure> {
    Err(Failure::inputs("preflight", "this build has no such command"))
}
