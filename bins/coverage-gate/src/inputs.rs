//! Every input, once: named, typed, defaulted and explained; and the settings that they make.
use std::path::PathBuf;

use action::{Output, Secret};
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::record::Metric;
use crate::report::Icons;
use crate::settings::{Check, Commenting, Rules, Settings, Sinks, Sources, Thresholds};

/// What the action gives on.
pub(crate) const OUTPUTS: &[Output] = &[
    Output::new("verdict", "`pass`, `fail` or `unknown`"),
    Output::new(
        "all",
        "Coverage of all measured lines in percent, cut off after two decimals; empty when nothing was measured",
    ),
    Output::new("patch", "The same of the changed lines; empty when none of them is measured"),
    Output::new("new-files", "The same of all lines of added files; empty when there are none"),
    Output::or_file("record", "The verdict record as JSON; its schema is `record.schema.json` beside this action"),
    Output::new("badge", "JSON for a shields.io endpoint badge"),
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
    /// Tell for a line which reports, hunk and rule decide about it
    Explain(Box<ExplainInputs>),
    /// Post the comment of a record that another run made: the second stage for pull requests from forks
    Comment(CommentInputs),
}

/// The inputs of the main job.
#[derive(Args, Clone)]
pub(crate) struct GateInputs {
    /// Reports, beside those of --reports
    #[arg(value_name = "REPORT", help_heading = "Terminal")]
    files: Vec<String>,
    /// Coverage reports: paths or globs
    #[arg(long, value_name = "GLOB", visible_alias = "coverageFile")]
    reports: Vec<String>,
    /// Least coverage of all measured lines: `0.7`, `70` or `70%`. Not judged when absent, as the three below
    #[arg(long, value_name = "RATIO", visible_alias = "thresholdAll")]
    threshold_all: Option<String>,
    /// Least coverage of the changed lines
    #[arg(long, value_name = "RATIO")]
    threshold_patch: Option<String>,
    /// Least coverage of added files
    #[arg(long, value_name = "RATIO", visible_alias = "thresholdNew")]
    threshold_new: Option<String>,
    /// Least coverage of modified files
    #[arg(long, value_name = "RATIO", visible_alias = "thresholdModified")]
    threshold_modified: Option<String>,
    /// Whether added (and modified) files are judged as one, or each by itself
    #[arg(long, value_enum, default_value_t)]
    new_files_rule: FilesRule,
    /// What is counted: executed lines, lines and branches as pytest prints them, or only lines that are executed in full
    #[arg(long, value_enum, default_value_t)]
    metric: Metric,
    /// Branch, tag or commit to compare with; by default what the pull request or push goes on top of
    #[arg(long, value_name = "REVISION")]
    base: Option<String>,
    /// Globs of the files that count; all source files when empty
    #[arg(long, value_name = "GLOB")]
    include: Vec<String>,
    /// Globs of files that do not count
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,
    /// A changed source file that no report names: the step cannot tell (exit 2), fails (exit 1), or says so and goes on
    #[arg(long, value_enum, default_value_t)]
    unmeasured: Unmeasured,
    /// `from=to`: a beginning of names in reports and the folder of the repository that it means
    #[arg(long, value_name = "FROM=TO")]
    path_map: Vec<String>,
    /// Folders that a checkout was at where the tests ran, such as an image's
    #[arg(long, value_name = "DIR")]
    path_roots: Vec<String>,
    /// Folder that names in reports may be relative to
    #[arg(long, value_name = "DIR", visible_alias = "sourceDir")]
    source_dir: Option<String>,
    /// `name:path-glob:report-glob[:all=R,patch=R,new=R,modified=R]`: a part with its own reports and thresholds
    #[arg(long, value_name = "GROUP")]
    groups: Vec<String>,
    /// Names of groups whose tests did not run: their lines come from the baseline
    #[arg(long, value_name = "NAME")]
    carry_forward: Vec<String>,
    /// A file that an earlier run wrote by baseline-out: lines that lost their coverage are found with it
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// File to write this run's lines to, for later runs
    #[arg(long, value_name = "FILE")]
    baseline_out: Option<PathBuf>,
    /// By how much coverage may fall below the baseline's, less removed lines: `0`, `0.5%`. Not judged when absent
    #[arg(long, value_name = "RATIO")]
    allow_drop: Option<String>,
    /// What a missing or unreadable baseline means for allow-drop: it is skipped and said so, or fails
    #[arg(long, value_enum, default_value_t)]
    no_baseline: NoBaseline,
    /// File with lines that cannot be covered: `2027-01-31 path:lines reason`, and `budget N`
    #[arg(long, value_name = "FILE")]
    waivers: Option<PathBuf>,
    /// Today, for waivers: `2026-11-27`; by default the clock's day in UTC
    #[arg(long, value_name = "DATE")]
    now: Option<String>,
    /// Heading of comment and summary; there is one comment a title
    #[arg(long, value_name = "TEXT", default_value = "Coverage")]
    title: String,
    /// Whether the pull request gets a comment: where there is one and the token may write it, or never
    #[arg(long, value_enum, default_value_t)]
    comment: Comment,
    /// Who the comment is by, when the token is not the job's own
    #[arg(long, value_name = "LOGIN", default_value = "github-actions[bot]")]
    comment_author: String,
    /// Token for the comment; no verdict needs it
    #[arg(long, value_name = "TOKEN")]
    token: Option<Secret>,
    /// Mark of what passes
    #[arg(long, value_name = "TEXT", default_value = "🟢", visible_alias = "passIcon")]
    pass_icon: String,
    /// Mark of what fails
    #[arg(long, value_name = "TEXT", default_value = "🔴", visible_alias = "failIcon")]
    fail_icon: String,
    /// File for the report as one HTML page
    #[arg(long, value_name = "FILE")]
    html_out: Option<PathBuf>,
    /// File for the record
    #[arg(long, value_name = "FILE")]
    record_out: Option<PathBuf>,
    /// File for the badge as SVG
    #[arg(long, value_name = "FILE")]
    badge_out: Option<PathBuf>,
    /// How the verdict is printed
    #[arg(long, value_enum, default_value_t, help_heading = "Terminal")]
    format: Format,
    /// Reports read at a time; the answer is the same with any number
    #[arg(long, value_name = "COUNT", default_value_t = 2, help_heading = "Terminal")]
    threads: usize,
}

/// The inputs of `explain`.
#[derive(Args, Clone)]
pub(crate) struct ExplainInputs {
    /// `FILE:LINE`, relative to the root of the repository
    pub(crate) place: String,
    #[command(flatten)]
    pub(crate) gate: GateInputs,
}

/// The inputs of `comment`.
#[derive(Args, Clone)]
pub(crate) struct CommentInputs {
    /// The record of the other run, from its artifact: untrusted, and only shown
    #[arg(long, value_name = "FILE")]
    pub(crate) record: PathBuf,
    /// Who the comment is by, when the token is not the job's own
    #[arg(long, value_name = "LOGIN", default_value = "github-actions[bot]")]
    pub(crate) comment_author: String,
    /// Token for the comment
    #[arg(long, value_name = "TOKEN")]
    pub(crate) token: Option<Secret>,
    /// Mark of what passes
    #[arg(long, value_name = "TEXT", default_value = "🟢", visible_alias = "passIcon")]
    pub(crate) pass_icon: String,
    /// Mark of what fails
    #[arg(long, value_name = "TEXT", default_value = "🔴", visible_alias = "failIcon")]
    pub(crate) fail_icon: String,
}

/// How several files are judged.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum FilesRule {
    /// All lines of all of them as one.
    #[default]
    Together,
    /// Each file has to reach the threshold.
    Each,
}

/// What a changed file in no report means.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Unmeasured {
    /// Exit 2.
    #[default]
    Unknown,
    /// Exit 1.
    Fail,
    /// Exit 0, and it is printed.
    Ignore,
}

/// What a missing baseline means.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum NoBaseline {
    /// Delta rules are not judged.
    #[default]
    Skip,
    /// Exit 1.
    Fail,
}

/// Whether to comment.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Comment {
    /// Where it can be done.
    #[default]
    Auto,
    /// Never.
    Never,
}

/// How the answer is printed.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs: the record.
    Json,
}

impl GateInputs {
    /// Takes the inputs apart and checks them; a problem is kept for the record and ends nothing yet.
    pub(crate) fn settings(self, today: Date) -> Settings {
        let GateInputs {
            files,
            reports,
            threshold_all,
            threshold_patch,
            threshold_new,
            threshold_modified,
            new_files_rule,
            metric,
            base,
            include,
            exclude,
            unmeasured,
            path_map,
            path_roots,
            source_dir,
            groups,
            carry_forward,
            baseline,
            baseline_out,
            allow_drop,
            no_baseline,
            waivers,
            now,
            title,
            comment,
            comment_author,
            token,
            pass_icon,
            fail_icon,
            html_out,
            record_out,
            badge_out,
            format,
            threads,
        } = self;
        let mut check = Check::default();
        let thresholds = Thresholds {
            all: check.threshold("threshold-all", threshold_all.as_deref()),
            patch: check.threshold("threshold-patch", threshold_patch.as_deref()),
            new: check.threshold("threshold-new", threshold_new.as_deref()),
            modified: check.threshold("threshold-modified", threshold_modified.as_deref()),
        };
        let groups = check.groups(&groups, (thresholds, &carry_forward));
        let reports: Vec<String> = reports.into_iter().chain(files).collect();
        let icons = Icons { pass: pass_icon, fail: fail_icon };
        Settings {
            rules: Rules {
                title,
                metric,
                thresholds,
                files_rule: new_files_rule,
                include: check.globs("include", &include),
                exclude: check.globs("exclude", &exclude),
                unmeasured,
                groups,
                allow_drop: check.threshold("allow-drop", allow_drop.as_deref()),
                no_baseline,
                today: check.date(now.as_deref()).unwrap_or(today),
            },
            sources: Sources {
                reports,
                base,
                path_map: check.path_map(&path_map),
                path_roots: path_roots.into_iter().map(String::into_bytes).collect(),
                source_dir: source_dir.map(String::into_bytes),
                baseline,
                waivers,
                threads: threads.clamp(1, 64),
            },
            sinks: Sinks {
                baseline: baseline_out,
                html: html_out,
                record: record_out,
                badge: badge_out,
                icons: icons.clone(),
                format,
            },
            commenting: Commenting { wished: comment, author: comment_author, token, icons },
            problems: check.problems,
        }
    }
}
