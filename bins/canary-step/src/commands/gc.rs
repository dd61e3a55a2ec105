//! The command `gc`.
use action::{Answer, Failure, Report};

use crate::inputs::GcInputs;

pub(crate) fn run(_inputs: GcInputs, _report: &mut Report) -> Result<Answer, Failure> {
    Err(Failure::inputs("gc", "this build has no such command"))
}
