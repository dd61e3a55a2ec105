//! Is this release what it says, from tag to attestation?
//!
//! gather (files, list, bundles, tag, record) → decide (link by link, purely) → report. Nothing is changed, so there is
//! nothing to apply.
//!
//! | file | step | what it does |
//! |---|---|---|
//! | `inputs.rs`, `settings/read.rs` | – | the only place where inputs and outputs are named; repositories, refs, commits and the signer become whole strings here |
//! | `crypto.rs` | – | ring under sigstore-verify, and RustCrypto's curves where only a digest is at hand |
//! | `seal.rs`, `seal/refused.rs` | gather | whether a bundle is genuine, by trusted roots: the only place that knows sigstore-verify; its refusals in words that say what was changed |
//! | `claims.rs`, `statement.rs` | – | what a certificate says of its run; an in-toto statement |
//! | `gather/` | gather | files and digests, the list, bundles, the tag's commit, the release's record, the roots; `api` asks for what is not given |
//! | `decide/` | decide | one link of the chain a file: `tag`, `notes`, `release`, `sums`, `assets`, `attestation` (which bundle covers which file), `policy` |
//! | `record.rs` | – | the record with its published schema |
//! | `report/` | report | the chain as text, summary, annotations |
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
