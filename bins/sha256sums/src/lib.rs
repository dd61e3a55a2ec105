//! Checksums and provenance for a release; verify them.
//!
//! gather (the list, the folder, the digests) → decide (what they say together, purely) → apply (the list or statement is
//! written) → report. Plain sums stream as they are hashed, so there the four steps are one loop.
//!
//! | file | step | what it does |
//! |---|---|---|
//! | `command_line.rs` | – | names that the parser of options need not see |
//! | `engine.rs`, `engine/read.rs` | gather | hashes on all cores, tells results in the order of the files; reads, never maps |
//! | `gather/` | gather | the list, the folder (`tree`), which file an entry means (`resolve`) |
//! | `decide.rs`, `decide/record.rs` | decide | list, folder and release record → findings with an outcome; the greatest outcome wins |
//! | `apply.rs` | apply | whole files or none |
//! | `gnu/`, `commands/gnu.rs` | all | GNU's options, quotes, words and exit codes; shares the engine and the reader of lists |
//! | `statement.rs` | decide | in-toto statement from the run's environment |
mod apply;
mod command_line;
mod decide;
pub mod engine;
mod gather;
mod gnu;
mod inputs;
mod release;
mod report;
mod statement;

mod commands {
    //! One story a command.
    pub(crate) mod check;
    pub(crate) mod create;
    pub(crate) mod gnu;
    pub(crate) mod provenance;
    pub(crate) mod sums;
}

use std::ffi::OsString;

use action::{Answer, Failure, Report, Tool};

pub use command_line::parted;
pub use gnu::quote::quoted;
use inputs::Command;
pub use inputs::Inputs;
pub use release::assets;

/// The tool.
pub static TOOL: Tool = Tool {
    name: "sha256sums",
    about: "Checksums and provenance for a release; verify them",
    version: env!("CARGO_PKG_VERSION"),
    homepage: "https://github.com/dataflow/sha256sums",
    icon: "hash",
    color: "purple",
    outputs: inputs::OUTPUTS,
};

/// The story of a run; each command tells its own. `more` are files besides those of the inputs, as [`parted`] keeps them back.
///
/// # Errors
/// Inputs and lists that make no sense (exit 2) and failures outside (exit 3).
pub fn run(inputs: Inputs, more: Vec<OsString>, report: &mut Report) -> Result<Answer, Failure> {
    let mut sums = inputs.sums;
    match inputs.command {
        Some(_) if !more.is_empty() => {
            let cause = format!("there are {} arguments more than the command takes", more.len());
            Err(Failure::inputs("read the command line", cause).hint("name one folder or one list"))
        }
        None => {
            sums.also(more);
            commands::sums::run(sums, report)
        }
        Some(Command::Create(create)) => commands::create::run(create, report),
        Some(Command::Check(check)) => commands::check::run(check, report),
        Some(Command::Provenance(provenance)) => commands::provenance::run(provenance, report),
    }
}
