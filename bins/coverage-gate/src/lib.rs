//! Is coverage high enough, in all and on the changed lines?
//!
//! gather (reports, change, tracked files) → decide (count and compare, purely) → apply (the sticky comment) → report.
mod apply;
pub mod baseline;
mod decide;
pub mod formats;
mod gather;
mod inputs;
pub mod lines;
pub mod record;
pub mod report;
mod settings;
mod source;
pub mod threshold;
pub mod waivers;

mod commands {
    //! One story a command.
    pub(crate) mod comment;
    pub(crate) mod explain;
    pub(crate) mod gate;
}

use action::{Answer, Failure, Report, Tool};
use inputs::Command;
pub use inputs::Inputs;

/// The tool.
pub static TOOL: Tool = Tool {
    name: "coverage-gate",
    about: "Is coverage high enough, in all and on the changed lines?",
    version: env!("CARGO_PKG_VERSION"),
    homepage: "https://github.com/dataflow/coverage-gate",
    icon: "check-circle",
    color: "green",
    outputs: inputs::OUTPUTS,
};

/// The story of a run; each command tells its own.
///
/// # Errors
/// Inputs and reports that make no sense (exit 2) and failures outside (exit 3).
pub fn run(inputs: Inputs, report: &mut Report) -> Result<Answer, Failure> {
    match inputs.command {
        None => commands::gate::run(inputs.gate, report),
        Some(Command::Explain(explain)) => commands::explain::run(*explain, report),
        Some(Command::Comment(comment)) => commands::comment::run(comment, report),
    }
}

/// The clock's day; the one place where it is read.
fn today() -> jiff::civil::Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}
