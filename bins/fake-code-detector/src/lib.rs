//! Does this change contain code that only pretends to work?
//!
//! gather (files, changed lines) → decide, per file inside the parallel loop (parse, analyse, rules) and then over all of them
//! (suppressions, baseline, mode) → report.
#![allow(
    clippy::too_many_arguments,
    reason = "a walk over a tree carries the place, the depth and what it looks for; a struct for each walk would say less"
)]
#![allow(clippy::nonminimal_bool, reason = "a condition that names each excuse reads better than its shortest form")]
mod analysis;
pub mod baseline;
mod cases;
mod config;
mod decide;
mod depth;
mod engine;
mod finding;
mod fingerprint;
mod gather;
mod guards;
mod inputs;
mod lexicon;
mod lines;
mod model;
mod names;
mod phrases;
pub mod record;
mod report;
mod rules;
mod settings;
mod suppress;
mod syntax;

mod commands {
    //! One story a command.
    pub(crate) mod baseline;
    pub(crate) mod check;
    pub(crate) mod explain;
}

use action::{Answer, Failure, Report, Tool};
pub use engine::Seen;
pub use finding::{Evidence, Severity};
use inputs::Command;
pub use inputs::Inputs;

/// The tool.
pub static TOOL: Tool = Tool {
    name: "fake-code-detector",
    about: "Does this change contain code that only pretends to work?",
    version: env!("CARGO_PKG_VERSION"),
    homepage: "https://github.com/dataflow/fake-code-detector",
    icon: "eye",
    color: "red",
    outputs: inputs::OUTPUTS,
};

/// The story of a run; each command tells its own.
///
/// # Errors
/// Inputs and files that make no sense (exit 2) and failures outside (exit 3).
pub fn run(inputs: Inputs, report: &mut Report) -> Result<Answer, Failure> {
    match inputs.command {
        None => commands::check::run(inputs.check, report),
        Some(Command::Explain(explain)) => commands::explain::run(explain, report),
        Some(Command::Baseline(baseline)) => commands::baseline::run(*baseline, report),
    }
}

/// Looks at one text as a file of that name, on a stack of its own; for tests, fuzzing and benches.
///
/// # Errors
/// Why it could not be read as a program.
pub fn look(name: &str, text: &str) -> Result<Vec<Seen>, String> {
    look_at_change(name, None, text)
}

/// The same of a file that changed together with production code, with its text before the change.
///
/// # Errors
/// Why it could not be read as a program.
pub fn look_at_change(name: &str, before: Option<&str>, text: &str) -> Result<Vec<Seen>, String> {
    let source = engine::Source { name, class: model::PathClass::of(name), text, before };
    let work = || {
        engine::examine(source, &syntax::Allocator::default())
            .map(|examined| examined.findings)
            .map_err(|error| error.message)
    };
    std::thread::scope(|scope| {
        let spawned = std::thread::Builder::new()
            .stack_size(depth::STACK)
            .spawn_scoped(scope, work)
            .map_err(|error| error.to_string())?;
        spawned.join().map_err(|_| "a bug: the thread panicked".to_owned())?
    })
}

/// Id, name and page of every rule.
pub fn pages() -> impl Iterator<Item = (&'static str, &'static str, String)> {
    rules::ALL.iter().map(|rule| (rule.id, rule.name, commands::explain::page(rule)))
}

/// The clock's day; the one place where it is read.
fn today() -> jiff::civil::Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}
