//! Which parts of the monorepo does this change touch?
//!
//! gather (what changed, from git or the API) → decide (which filters that raises) → report; nothing is applied.
pub mod decide;
pub mod filters;
mod gather;
mod inputs;
pub mod report;

mod commands {
    //! One story a command.
    pub(crate) mod answer;
    pub(crate) mod explain;
    pub(crate) mod gen_action;
    pub(crate) mod lint;
    pub(crate) mod match_lines;
}

use action::{Answer, Failure, Report, Tool};

pub use commands::match_lines::answer as match_line;
use inputs::Command;
pub use inputs::Inputs;

/// The tool.
pub static TOOL: Tool = Tool {
    name: "paths-filter",
    about: "Which parts of the monorepo does this change touch?",
    version: env!("CARGO_PKG_VERSION"),
    homepage: "https://github.com/dataflow/paths-filter",
    icon: "filter",
    color: "blue",
    outputs: inputs::OUTPUTS,
};

/// The story of a run; each command tells its own.
///
/// # Errors
/// Inputs that make no sense (exit 2) and failures outside (exit 3).
pub fn run(inputs: Inputs, report: &mut Report) -> Result<Answer, Failure> {
    match inputs.command {
        None => commands::answer::run(inputs.filter, report),
        Some(Command::Explain(explain)) => commands::explain::run(explain, report),
        Some(Command::Lint(lint)) => commands::lint::run(lint, report),
        Some(Command::GenAction(target)) => commands::gen_action::run(target, report),
        Some(Command::Match(_)) => commands::match_lines::run(report),
    }
}
