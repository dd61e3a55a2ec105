//! What is in this release, and what is its version?
//!
//! gather (history, tags) → decide (one ledger, purely) → apply (changelog file, release) → report.
//!
//! | file | step | what it does |
//! |---|---|---|
//! | `message/`, `told.rs` | – | Conventional Commits, borrowed from the text; what the ledger keeps of a message |
//! | `gather/history.rs`, `gather/target.rs` | gather | commits, each read once; both ends of a release by tags, event and history; the sum held against git's |
//! | `decide/` | decide | one bucket a commit: `reverts` in pairs, `releases`, `paint` (which tag a commit came with), `version` |
//! | `made.rs`, `record.rs` | – | from ledgers to records, with a published schema |
//! | `changelog.rs`, `files.rs` | apply | the changelog file, as a whole or not at all |
//! | `apply.rs`, `apply/plan.rs` | apply | the release: the loop over looks and steps, and the next step from what is wanted and seen, purely; published last |
//! | `apply/server.rs`, `apply/files.rs`, `apply/latest.rs` | apply | the server looked at and changed; files hashed and held against `SHA256SUMS`; which release is the latest |
//! | `report/` | report | Markdown with limits and stages, text, outputs, each a function of the record |
mod apply;
pub mod changelog;
pub mod decide;
mod files;
mod gather;
mod inputs;
mod logins;
mod made;
pub mod message;
pub mod record;
pub mod report;
pub mod sections;
mod settings;
pub mod tag;
mod template;
pub mod told;

mod commands {
    //! One story a command.
    pub(crate) mod all;
    pub(crate) mod bump;
    pub(crate) mod check;
    pub(crate) mod explain;
    pub(crate) mod lint;
    pub(crate) mod notes;
    pub(crate) mod parse;
}

use action::{Answer, Failure, Report, Tool};
pub use commands::parse::answer as parse_line;
pub use gather::overrides::read as read_overrides;
use inputs::Command;
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
    match inputs.command {
        None => commands::notes::run(inputs.notes, report),
        Some(Command::Bump(notes)) => commands::bump::run(*notes, report),
        Some(Command::Check(notes)) => commands::check::run(*notes, report),
        Some(Command::Lint(lint)) => commands::lint::run(lint, report),
        Some(Command::Parse(_)) => commands::parse::run(report),
        Some(Command::Explain(explain)) => commands::explain::run(*explain, report),
    }
}
