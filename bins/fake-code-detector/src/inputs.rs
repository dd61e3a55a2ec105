//! Every input, once: named, typed, defaulted and explained; and the settings that they make.
use std::path::PathBuf;

use action::{Failure, Output};
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::decide::Mode;
use crate::finding::Severity;
use crate::settings::{self, Globs, Settings};

/// What the action gives on.
pub(crate) const OUTPUTS: &[Output] = &[
    Output::new("verdict", "`pass`, `fail` or `unknown`"),
    Output::or_file("findings", "The findings as JSON; its schema is `findings.schema.json` beside this action"),
    Output::new("errors", "How many errors"),
    Output::new("warnings", "How many warnings"),
    Output::new("files", "How many files were looked into"),
    Output::new("sarif", "Path of the SARIF file, where one was asked for"),
];

/// The action's inputs and the terminal's arguments.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Inputs {
    #[command(flatten)]
    pub(crate) check: CheckInputs,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What can be done beside judging.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Print the page of a rule, or the list of all rules
    Explain(ExplainInputs),
    /// Write the findings of today to the baseline, so that only new ones fail
    Baseline(Box<BaselineInputs>),
}

/// The inputs of the main job.
#[derive(Args, Clone)]
pub(crate) struct CheckInputs {
    /// Files and folders, beside those of --paths
    #[arg(value_name = "PATH", help_heading = "Terminal")]
    files: Vec<PathBuf>,
    /// Files and folders to look into; all of the current folder when empty
    #[arg(long, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Branch, tag or commit to compare with; by default what the pull request or push goes on top of
    #[arg(long, value_name = "REVISION")]
    base: Option<String>,
    /// What is judged: functions or files that the change touches, or everything. By default changed functions on pull requests and
    /// pushes and with a base, everything otherwise
    #[arg(long, value_enum, value_name = "MODE")]
    mode: Option<Mode>,
    /// Configuration file; `fake-code-detector.toml` by default, where there is one
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The least severity that fails the step
    #[arg(long, value_enum, default_value_t)]
    fail_on: FailOn,
    /// File with the findings that are known, which `baseline` writes: only new ones count
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// File for the findings as SARIF 2.1.0, for GitHub's code scanning
    #[arg(long, value_name = "FILE")]
    sarif: Option<PathBuf>,
    /// Severities by rule: `FK104=warning`, `FK503=off`
    #[arg(long, value_name = "RULE=SEVERITY")]
    rules: Vec<String>,
    /// Globs of files that are not looked into, beside what .gitignore says
    #[arg(long, value_name = "GLOB")]
    ignore: Vec<String>,
    /// What a file that cannot be parsed means: the step cannot tell (exit 2), or says so and goes on
    #[arg(long, value_enum, default_value_t)]
    unparsable: Unparsable,
    /// Today, for suppressions: `2026-11-27`; by default the clock's day in UTC
    #[arg(long, value_name = "DATE")]
    now: Option<String>,
    /// Read one file from standard input, under this name
    #[arg(long, value_name = "NAME", help_heading = "Terminal")]
    pub(crate) stdin_filename: Option<String>,
    /// How the findings are printed
    #[arg(long, value_enum, default_value_t, help_heading = "Terminal")]
    format: Format,
    /// Files read at a time; the answer is the same with any number. As many as there are cores when absent
    #[arg(long, value_name = "COUNT", help_heading = "Terminal")]
    threads: Option<usize>,
}

/// The inputs of `explain`.
#[derive(Args, Clone)]
pub(crate) struct ExplainInputs {
    /// Id or name of a rule, such as FK201 or random-as-data; without one, all rules
    pub(crate) rule: Option<String>,
    /// Print Markdown
    #[arg(long)]
    pub(crate) markdown: bool,
}

/// The inputs of `baseline`.
#[derive(Args, Clone)]
pub(crate) struct BaselineInputs {
    /// Only take out what is gone; nothing new becomes known
    #[arg(long)]
    pub(crate) prune: bool,
    #[command(flatten)]
    pub(crate) check: CheckInputs,
}

/// What fails.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum FailOn {
    /// Errors.
    #[default]
    Error,
    /// Warnings and errors.
    Warning,
}

/// What a file that is no program means.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Unparsable {
    /// Exit 2.
    #[default]
    Error,
    /// A notice.
    Warn,
}

/// How the answer is printed.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For code scanning.
    Sarif,
    /// As annotations of a workflow.
    Github,
}

impl CheckInputs {
    /// Takes the inputs apart and checks them.
    pub(crate) fn settings(self, today: Date) -> Result<Settings, Failure> {
        let Self {
            files,
            paths,
            base,
            mode,
            config,
            fail_on,
            baseline,
            sarif,
            rules,
            ignore,
            unparsable,
            now,
            stdin_filename: _,
            format,
            threads,
        } = self;
        let config = settings::configuration(config.as_deref())?;
        let today = match now {
            None => today,
            Some(day) => day.trim().parse().map_err(|_| {
                Failure::inputs(
                    "read the input now",
                    format!("`{}` is no day such as 2026-11-27", action::neutral(&day)),
                )
            })?,
        };
        let ignored: Vec<String> = ignore.into_iter().chain(config.ignore.iter().cloned()).collect();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Settings {
            paths: paths.into_iter().chain(files).collect(),
            base,
            mode,
            fail_on: match fail_on {
                FailOn::Error => Severity::Error,
                FailOn::Warning => Severity::Warning,
            },
            unparsable_passes: unparsable == Unparsable::Warn,
            baseline,
            sarif,
            format,
            threads: threads.unwrap_or(cores).clamp(1, 64),
            severities: settings::severities(&config, &rules)?,
            longest: settings::longest(&config),
            today,
            globs: Globs {
                ignore: settings::globs("the ignored globs", &ignored)?,
                production: settings::globs("production of the configuration", &config.production)?,
                tests: settings::globs("tests of the configuration", &config.tests)?,
                support: settings::globs("support of the configuration", &config.support)?,
            },
        })
    }
}
