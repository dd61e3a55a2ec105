//! The command `rehearse`.
use action::{Answer, Failure, Report};

use crate::inputs::RehearseInputs;

pub(crate) fn run(_inputs: RehearseInputs, _report: &mut Report) -> Result<Answer, Failure> {
    Err(Failure::inputs("rehearse", "this build has no such command"))
}
