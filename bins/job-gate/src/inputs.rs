//! Every input, once: named, typed, defaulted and explained; and the settings that they make.
use std::path::PathBuf;

use action::{Failure, Output, Secret};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::decide::Rules;
use crate::lists::{self, FilteredJob};
use crate::verdict::Given;

/// What the action gives on.
pub(crate) const OUTPUTS: &[Output] = &[
    Output::new("result", "`success`, `failure` or `unknown`"),
    Output::new("success", "`true` when the result is success, else `false`"),
    Output::new("failure", "`false` when the result is success, else `true`"),
    Output::new("failing", "JSON array with the ids of the jobs that the gate cannot pass with"),
    Output::new(
        "counts",
        "JSON object: how many jobs succeeded, allowed, failed, cancelled, skipped, missing, unknown",
    ),
    Output::or_file(
        "jobs",
        "JSON array, one object a job: `job`, `result`, `state`, `reason`, and where there is one `hint` and `url`",
    ),
];

/// The action's inputs and the terminal's arguments.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Inputs {
    #[command(flatten)]
    pub(crate) gate: GateInputs,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What can be done beside judging.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Prove by the workflow's file that the gate always runs and that no job goes around it
    Check(CheckInputs),
}

/// The inputs of the main job.
#[derive(Args, Clone)]
pub(crate) struct GateInputs {
    /// The results of all jobs: `${{ toJSON(needs) }}`
    #[arg(long, value_name = "JSON", visible_alias = "jobs")]
    needs: Option<String>,
    /// Instead of needs, where outputs make it too long: lines `job: ${{ needs.job.result }}`; one a line
    #[arg(long, value_name = "JOB: RESULT", hide_possible_values = true)]
    results: Option<String>,
    /// Instead of needs: a file with that JSON
    #[arg(long, value_name = "FILE")]
    needs_file: Option<PathBuf>,
    /// Jobs that may be skipped, whatever changed; one a line, with commas between, or a JSON array
    #[arg(long, value_name = "JOBS")]
    allowed_skips: Option<String>,
    /// Jobs that may fail; one a line, with commas between, or a JSON array
    #[arg(long, value_name = "JOBS")]
    allowed_failures: Option<String>,
    /// Jobs that have to be among the results; one a line, with commas between, or a JSON array
    #[arg(long, value_name = "JOBS")]
    expected_jobs: Option<String>,
    /// Jobs that may be skipped when paths-filter says that none of their filters is true: lines `job: filter | filter`
    #[arg(long, value_name = "JOB: FILTERS")]
    filtered_jobs: Option<String>,
    /// The job that runs paths-filter, whose outputs `result` and `uncertain` are its verdict
    #[arg(long, value_name = "JOB")]
    filter_job: Option<String>,
    /// The verdict, where it is not among that job's outputs: paths-filter's output `result`
    #[arg(long, value_name = "JSON")]
    verdict: Option<String>,
    /// paths-filter's output `uncertain`, where it is not among that job's outputs
    #[arg(long, value_name = "true or false")]
    uncertain: Option<String>,
    /// Token with `actions: read`, for links to each job; without it the links lead to the run. No answer needs it
    #[arg(long, value_name = "TOKEN")]
    token: Option<Secret>,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t, help_heading = "Terminal")]
    pub(crate) format: Format,
}

/// The inputs of `check`.
#[derive(Args, Clone)]
pub(crate) struct CheckInputs {
    /// Workflow files; all in .github/workflows that have a gate when none is named
    #[arg(value_name = "FILE")]
    pub(crate) workflows: Vec<String>,
    /// The gate's job; the one with a step that uses job-gate when none is named
    #[arg(long, value_name = "JOB")]
    pub(crate) gate_job: Option<String>,
    /// Jobs that the gate need not wait for; one a line, with commas between, or a JSON array
    #[arg(long, value_name = "JOBS")]
    pub(crate) except: Option<String>,
    /// Also take `if: ${{ !cancelled() }}`, with which the gate of a cancelled run is skipped
    #[arg(long)]
    pub(crate) allow_not_cancelled: bool,
    /// How the findings are printed
    #[arg(long, value_enum, default_value_t, help_heading = "Terminal")]
    pub(crate) format: Format,
}

/// How the answer is printed.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs: one JSON object.
    Json,
}

/// Where the results come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The `needs` context as JSON.
    Json(String),
    /// Lines `job: result`.
    Lines(String),
    /// A file with the JSON.
    File(PathBuf),
}

/// The inputs, checked.
pub(crate) struct Settings {
    pub(crate) source: Source,
    pub(crate) rules: Rules,
    /// For links.
    pub(crate) token: Option<Secret>,
}

impl GateInputs {
    /// Takes the inputs apart.
    pub(crate) fn settings(self) -> Result<Settings, Failure> {
        let GateInputs {
            needs,
            results,
            needs_file,
            allowed_skips,
            allowed_failures,
            expected_jobs,
            filtered_jobs,
            filter_job,
            verdict,
            uncertain,
            token,
            format: _,
        } = self;
        let rules = Rules {
            allowed_failures: names("allowed-failures", allowed_failures)?.into_iter().collect(),
            allowed_skips: names("allowed-skips", allowed_skips)?.into_iter().collect(),
            expected: names("expected-jobs", expected_jobs)?.into_iter().collect(),
            filtered: lists::filtered_jobs(&filtered_jobs.unwrap_or_default())
                .map_err(|what| Failure::inputs("read the input filtered-jobs", action::neutral(what)))?
                .into_iter()
                .map(|FilteredJob { job, filters }| (job, filters))
                .collect(),
            filter_job: filter_job.map(|name| name.trim().to_owned()),
            given: Given { result: verdict, uncertain },
        };
        if let Some(name) = rules.filter_job.as_deref().filter(|name| !lists::is_job_id(name)) {
            let cause = format!("`{}` is no id of a job", action::neutral(name));
            return Err(Failure::inputs("read the input filter-job", cause).hint("name the job that runs paths-filter"));
        }
        Ok(Settings { source: source(needs, results, needs_file)?, rules, token })
    }
}

/// Names of jobs from an input that may be absent.
pub(crate) fn names(input: &str, text: Option<String>) -> Result<Vec<String>, Failure> {
    let hint = "write ids of jobs, one a line or with commas between";
    let read = lists::job_names(&text.unwrap_or_default());
    read.map_err(|what| Failure::inputs(format!("read the input {input}"), action::neutral(what)).hint(hint))
}

fn source(needs: Option<String>, results: Option<String>, file: Option<PathBuf>) -> Result<Source, Failure> {
    let hint = "give one of needs (`${{ toJSON(needs) }}`), results and needs-file";
    match (needs, results, file) {
        (Some(text), None, None) => Ok(Source::Json(text)),
        (None, Some(text), None) => Ok(Source::Lines(text)),
        (None, None, Some(path)) => Ok(Source::File(path)),
        (None, None, None) => Err(Failure::inputs("tell how the jobs ended", "no results were given").hint(hint)),
        _ => Err(Failure::inputs("tell how the jobs ended", "results were given in more than one way").hint(hint)),
    }
}
