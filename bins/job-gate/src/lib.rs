//! Did every job that had to run succeed?
//!
//! gather (the `needs` of the gate's job, and where its runs are) → decide (which result each job may have, purely) → report;
//! nothing is applied. `check` proves by the workflow's file that the gate cannot be gone around.
mod check;
mod decide;
mod gather;
mod inputs;
pub mod json;
pub mod lists;
pub mod needs;
pub mod record;
mod report;
pub mod verdict;
pub mod workflow;

mod commands {
    //! One story a command.
    pub(crate) mod check;
    pub(crate) mod gate;
}

use action::{Answer, Failure, Report, Tool};
use inputs::Command;
pub use inputs::Inputs;

/// The tool.
pub static TOOL: Tool = Tool {
    name: "job-gate",
    about: "Did every job that had to run succeed?",
    version: env!("CARGO_PKG_VERSION"),
    homepage: "https://github.com/dataflow/job-gate",
    icon: "check-circle",
    color: "green",
    outputs: inputs::OUTPUTS,
};

/// The story of a run; each command tells its own.
///
/// # Errors
/// Inputs that make no sense or prove nothing (exit 2) and failures outside (exit 3).
pub fn run(inputs: Inputs, report: &mut Report) -> Result<Answer, Failure> {
    match inputs.command {
        None => commands::gate::run(inputs.gate, report),
        Some(Command::Check(check)) => commands::check::run(&check, report),
    }
}
