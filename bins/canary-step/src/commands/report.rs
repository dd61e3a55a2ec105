//! The command `report`.
use action::{Answer, Failure, Report};

use crate::inputs::StatusInputs;

pub(crate) fn run(_inputs: StatusInputs, _report: &mut Report) -> Result<Answer, Failure> {
    Err(Failure::inputs("report", "this build has no such command"))
}
