//! Every input, once: named, typed, defaulted and explained.
use std::path::PathBuf;

use action::{Output, Secret};
use clap::{Args, Parser, Subcommand, ValueEnum};

/// What the action gives on.
pub(crate) const OUTPUTS: &[Output] = &[
    Output::new(
        "notes-file",
        "Path of the notes as Markdown, in full even where the body of a release has to be shorter",
    ),
    Output::new("version", "The version without prefix: that of the tag, or the next one by the ledger"),
    Output::new("bump", "What the ledger demands: `major`, `minor`, `patch` or `none`"),
    Output::new("tag-class", "`final`, `rc` or `other`; empty where no tag is released"),
    Output::new("prerelease", "`true` if the version is a pre-release"),
    Output::or_file(
        "ledger",
        "JSON: `total`, `buckets` and `commits`; its schema is part of `record.schema.json` beside this action",
    ),
    Output::new("total", "How many commits the range has, as `git rev-list --count` counts them"),
    Output::new("listed", "How many of them are listed in a section"),
    Output::new("hidden", "How many are left out by the rules for their type"),
    Output::new("merge", "How many are merges"),
    Output::new("reverted", "How many are reverted in the range, or revert in it"),
    Output::new("release", "How many only make a release"),
    Output::new("other", "How many are not conventional, and listed as other changes"),
    Output::new("outside-paths", "How many touch none of `paths`"),
    Output::new("release-url", "Address of the release that was made; empty where none was"),
];

/// The action's inputs and the terminal's arguments.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Inputs {
    #[command(flatten)]
    pub(crate) notes: NotesInputs,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What can be done beside writing notes.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Print the next version; exit code 1 where nothing asks for one
    Bump(Box<NotesInputs>),
    /// Try the release on a pull request: notes, version and limits, changing nothing
    Check(Box<NotesInputs>),
    /// Judge the commit messages of a range, with the reason
    Lint(LintInputs),
    /// Read JSON lines {"message"} on standard input and print what each message says
    Parse(ParseInputs),
    /// Tell for a commit which release and bucket it is in, and why
    Explain(Box<ExplainInputs>),
}

/// Which commits, and how they are read.
#[derive(Args, Clone)]
pub(crate) struct SourceInputs {
    /// `FROM..TO` or `TO`, beside --from and --to
    #[arg(value_name = "RANGE", help_heading = "Terminal")]
    pub(crate) range: Option<String>,
    /// Tag or revision that the notes begin after; by default the tag before `to`
    #[arg(long, value_name = "REVISION")]
    pub(crate) from: Option<String>,
    /// Tag or revision that the notes end with; by default the tag of the event, or what is checked out
    #[arg(long, value_name = "REVISION")]
    pub(crate) to: Option<String>,
    /// Globs of the part of a monorepo that this is about; commits that touch none of it are counted as outside
    #[arg(long, value_name = "GLOB")]
    pub(crate) paths: Vec<String>,
    /// What stands in front of the version in tags, such as `cli/` or `cli/v`; by default that of `to`, or nothing but `v`
    #[arg(long, value_name = "TEXT")]
    pub(crate) tag_prefix: Option<String>,
    /// Whether missing history and tags may be fetched, without files and folders, instead of ending with exit code 2
    #[arg(long)]
    pub(crate) deepen: bool,
    /// Tracked file with corrections by commit id: `[<id>]`, then `message`, `type`, `scope`, `description`, `breaking` or `bucket`
    #[arg(long, value_name = "FILE")]
    pub(crate) overrides: Option<String>,
    /// Version of the first release; with it a repository may have no tag yet
    #[arg(long, value_name = "VERSION")]
    pub(crate) first_version: Option<String>,
}

/// The inputs of the main job.
#[derive(Args, Clone)]
pub(crate) struct NotesInputs {
    #[command(flatten)]
    pub(crate) source: SourceInputs,
    /// One section for every release instead of one release: the whole changelog
    #[arg(long)]
    pub(crate) all: bool,
    /// `type=Title` in the order of the notes, `type=` hides; types that are not named keep their place
    #[arg(long, value_name = "TYPE=TITLE")]
    pub(crate) sections: Vec<String>,
    /// File with the form of the notes: named placeholders by part; see the README
    #[arg(long, value_name = "FILE")]
    pub(crate) template: Option<PathBuf>,
    /// Changelog to put the release into, in the form of Keep a Changelog; a release that is there is replaced
    #[arg(long, value_name = "FILE")]
    pub(crate) changelog_file: Option<PathBuf>,
    /// File for the notes; by default one in the runner's temporary folder
    #[arg(long, value_name = "FILE")]
    pub(crate) notes_out: Option<PathBuf>,
    /// Whether a tag below what the ledger demands is refused with exit code 1
    #[arg(long)]
    pub(crate) require_bump: bool,
    /// What 0.x means: breaking changes raise the minor and all else the patch, or the same rules as from 1.0 on
    #[arg(long, value_enum, default_value_t)]
    pub(crate) zero: Zero,
    /// Identifier of a pre-release to start or to go on with, such as `rc`, where `to` is no tag
    #[arg(long, value_name = "IDENTIFIER")]
    pub(crate) pre: Option<String>,
    /// Whether the logins of contributors are looked up, one call for a hundred of them; without it nothing is asked of GitHub
    #[arg(long)]
    pub(crate) logins: bool,
    /// Whether contributors are notified by a mention, where their logins are known
    #[arg(long)]
    pub(crate) mentions: bool,
    /// Token for logins, and for the release; no ledger needs it
    #[arg(long, value_name = "TOKEN")]
    pub(crate) token: Option<Secret>,
    /// Whether a GitHub release is made: none, a draft, or one that is published last
    #[arg(long, value_enum, default_value_t)]
    pub(crate) release: ReleaseMode,
    /// Globs of the files that the release carries
    #[arg(long, value_name = "GLOB")]
    pub(crate) assets: Vec<String>,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t, help_heading = "Terminal")]
    pub(crate) format: Format,
}

/// The inputs of `lint`.
#[derive(Args, Clone)]
pub(crate) struct LintInputs {
    #[command(flatten)]
    pub(crate) source: SourceInputs,
    /// File with one message to judge instead of a range, such as the one that git gives its commit-msg hook
    #[arg(long, value_name = "FILE", help_heading = "Terminal")]
    pub(crate) message_file: Option<PathBuf>,
    /// How the findings are printed
    #[arg(long, value_enum, default_value_t, help_heading = "Terminal")]
    pub(crate) format: LintFormat,
}

/// The inputs of `parse`: none.
#[derive(Args, Clone)]
pub(crate) struct ParseInputs {}

/// The inputs of `explain`.
#[derive(Args, Clone)]
pub(crate) struct ExplainInputs {
    /// Commit to explain
    pub(crate) commit: String,
    #[command(flatten)]
    pub(crate) notes: NotesInputs,
}

/// What version 0 means.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Zero {
    /// One step lower: breaking → minor, features and fixes → patch.
    #[default]
    Shifted,
    /// As from 1.0 on: breaking → 1.0.0.
    Strict,
}

/// Whether a GitHub release is made.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ReleaseMode {
    /// No.
    #[default]
    None,
    /// A draft with all its assets.
    Draft,
    /// Published when everything is in place.
    Publish,
}

/// How the answer is printed.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Format {
    /// Markdown: the notes.
    #[default]
    Md,
    /// For programs: the record.
    Json,
    /// For people: version, counts, and one line a commit.
    Text,
}

/// How findings are printed.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LintFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}
