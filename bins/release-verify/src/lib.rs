//! Is this release what it says, from tag to attestation?
//!
//! gather (files, list, bundles, tag, record) → decide (link by link, purely) → report. Nothing is changed, so there is
//! nothing to apply.
mod claims;
mod crypto;
pub mod decide;
pub mod gather;
mod inputs;
pub mod record;
mod report;
pub mod seal;
pub mod settings;
pub mod statement;

use action::{Answer, Failure, Report, Tool};
pub use inputs::Inputs;

/// The tool.
pub static TOOL: Tool = Tool {
    name: "release-verify",
    about: "Is this release what it says, from tag to attestation?",
    version: env!("CARGO_PKG_VERSION"),
    homepage: "https://github.com/dataflow/release-verify",
    icon: "shield",
    color: "green",
    outputs: inputs::OUTPUTS,
};

/// The story of a run.
///
/// # Errors
/// Inputs and evidence that make no sense (exit 2) and failures outside (exit 3).
pub fn run(inputs: Inputs, report: &mut Report) -> Result<Answer, Failure> {
    let settings = inputs.settings(report.workflow(), jiff::Timestamp::now())?;
    let facts = gather::facts(&settings)?;
    let record = decide::verdict(&facts, &settings.expected);
    report::write(report, &record, &settings.sinks)?;
    report::answer(&record)
}
