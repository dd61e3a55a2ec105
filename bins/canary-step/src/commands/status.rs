//! The command `status`.
use action::{Answer, Failure, Report};

use crate::inputs::StatusInputs;

pub(crate) fn run(_inputs: StatusInputs, _report: &mut Report) -> Result<Answer, Failure> {
    Err(Failure::inputs("status", "this build has no such command"))
}
