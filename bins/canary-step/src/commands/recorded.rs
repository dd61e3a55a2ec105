//! The command `recorded`.
use action::{Answer, Failure, Report};

use crate::inputs::RecordInputs;

pub(crate) fn run(_inputs: RecordInputs, _report: &mut Report) -> Result<Answer, Failure> {
    Err(Failure::inputs("recorded", "this build has no such command"))
}
