//! The command `demo`.
use action::{Answer, Failure, Report};

use crate::inputs::DemoInputs;

pub(crate) fn run(_inputs: DemoInputs, _report: &mut Report) -> Result<Answer, Failure> {
    Err(Failure::inputs("demo", "this build has no such command"))
}
