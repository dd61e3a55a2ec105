//! The command `judge`.
use action::{Answer, Failure, Report};

use crate::inputs::JudgeInputs;

pub(crate) fn run(_inputs: JudgeInputs, _report: &mut Report) -> Result<Answer, Failure> {
    Err(Failure::inputs("judge", "this build has no such command"))
}
