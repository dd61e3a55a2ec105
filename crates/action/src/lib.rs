//! The GitHub Actions contract: inputs, outputs, annotations, summary, events, cancellation, exit codes.
//!
//! A tool is a struct of inputs, a [`Tool`] that says what it is, and a `run` that answers [`Answer::Yes`] or
//! [`Answer::No`] or could not tell. The same binary is a step of a workflow and a command on a terminal:
//!
//! ```no_run
//! use action::{Annotation, Answer, Failure, OrFail, Output, Report, Tool};
//!
//! static TOOL: Tool = Tool {
//!     name: "todo-gate",
//!     about: "Are there few enough TODOs?",
//!     version: env!("CARGO_PKG_VERSION"),
//!     homepage: "https://github.com/dataflow/todo-gate",
//!     icon: "check-square",
//!     color: "green",
//!     outputs: &[Output::new("count", "How many there are"), Output::or_file("files", "JSON array of the files")],
//! };
//!
//! #[derive(clap::Parser)]
//! struct Inputs {
//!     /// Files to look into; one a line
//!     #[arg(long)]
//!     files: Vec<String>,
//!     /// How many TODOs are fine
//!     #[arg(long, default_value_t = 0)]
//!     max_count: usize,
//!     /// Say what would be the answer, but always answer yes
//!     #[arg(long)]
//!     dry_run: bool,
//! }
//!
//! fn run(inputs: Inputs, report: &mut Report) -> Result<Answer, Failure> {
//!     let mut count = 0;
//!     for file in &inputs.files {
//!         let text = std::fs::read_to_string(file).or_fail(|| format!("read the file {file}"))?;
//!         count += text.matches("TODO").count();
//!     }
//!     report.output("count", count.to_string());
//!     report.line(format!("{count} in {} files", inputs.files.len()));
//!     if count > inputs.max_count {
//!         report.annotate(Annotation::error(format!("{count} TODOs, {} are fine", inputs.max_count)));
//!     }
//!     Ok(Answer::from(inputs.dry_run || count <= inputs.max_count))
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     action::main(&TOOL, run)
//! }
//! ```
//!
//! # Inputs
//! The clap struct is the only place where an input is named. In a workflow (`GITHUB_ACTIONS=true`) the input `max-count`
//! is read from `INPUT_MAX_COUNT`, or from `INPUT_MAX-COUNT` as the runner spells it for JavaScript actions; arguments
//! beat it. Empty is absent, and so is a value that is just the default. A `bool` is `true` or `false`, nothing else, and
//! on a terminal `--dry-run` is `--dry-run=true`. A `Vec` is one item a line. Line breaks at the end of a value are
//! dropped. Subcommands are the values of the input `command`. Arguments that are hidden, or under the help heading
//! `Terminal`, are no inputs. A [`Secret`] is masked before anything is printed, and one called `token` is the job's
//! own token by default. Linux starts no process with a longer environment string than 128 KiB, so the runner cannot
//! hand over a longer input; such a thing travels in a file.
//!
//! # Generated files
//! `<tool> --action-yml` prints the action.yml and `<tool> --readme-tables` the tables of the README. `--show-outputs`
//! prints the outputs on a terminal.
//!
//! # Untrusted text
//! [`Report`] escapes whatever it is given. Text that is put into a bigger one goes through [`neutral`] (logs) or
//! [`markdown`] (summaries, comments) first.
//!
//! # Cancellation
//! The runner sends SIGINT to the entry process of a step, after 7.5 s SIGTERM, and kills everything 2.5 s later. Both
//! signals end a tool at once unless it listens (as tools that change something do, with tokio's `signal`): such a tool
//! rolls back within those ten seconds, and ends with a [`Failure`] of [`Kind::Outside`], exit code 3. Outputs and the
//! summary are written when they are said, so what was said before a kill counts.
mod annotation;
mod answer;
mod budget;
mod command;
mod complaint;
mod entry;
mod event;
mod failure;
mod file_command;
mod inputs;
mod line;
mod location;
mod manual;
pub mod markdown;
mod neutral;
pub mod oracle;
mod outputs;
pub mod payload;
mod render;
mod report;
mod secret;
mod streams;
mod summary;
mod tool;
mod workflow;

pub use annotation::{Annotation, Level};
pub use answer::{Answer, exit};
pub use entry::{World, drive, main, main_with};
pub use event::{Event, Payload};
pub use failure::{Failure, Kind, OrFail};
pub use line::Line;
pub use location::Location;
pub use neutral::neutral;
pub use report::Report;
pub use secret::Secret;
pub use streams::{Captured, Streams};
pub use tool::{Output, Tool};
pub use workflow::Workflow;
