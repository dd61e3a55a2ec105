//! What is in this release, and what is its version?
//!
//! gather (history, tags) → decide (one ledger, purely) → apply (changelog file, release) → report.
mod apply;
mod inputs;

use action::{Answer, Failure, Report, Tool};
pub use inputs::Inputs;

/// The tool.
pub static TOOL: Tool = Tool {
    name: "release-changelog",
    about: "What is in this release, and what is its version?",
    version: env!("CARGO_PKG_VERSION"),
    homepage: "https://github.com/dataflow/release-changelog",
    icon: "list",
    color: "purple",
    outputs: inputs::OUTPUTS,
};

/// The story of a run; each command tells its own.
///
/// # Errors
/// Inputs that make no sense (exit 2) and failures outside (exit 3).
pub fn run(inputs: Inputs, report: &mut Report) -> Result<Answer, Failure> {
    let publishing =
        apply::Publishing { mode: inputs.notes.release, assets: inputs.notes.assets, api: None, repository: None };
    let notes = apply::Notes {
        tag: String::new(),
        commit: String::new(),
        title: String::new(),
        body: String::new(),
        full: None,
        prerelease: false,
    };
    let mut tell = |line: String| report.progress(line);
    let released = apply::release(&publishing, &notes, &mut tell)?;
    Ok(Answer::from(!matches!(released, apply::Released::Refused(_))))
}
