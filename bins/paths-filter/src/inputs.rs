//! Every input, once: named, typed, defaulted and explained; and the settings that they make.
use std::num::NonZeroU32;
use std::path::PathBuf;

use action::{Failure, Output, Secret, Workflow};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use clap::{Args, Parser, Subcommand, ValueEnum};
use git::Credentials;

use crate::filters::{Dialect, Quantifier};
use crate::gather::Fetching;
use crate::report::lists::ListFormat;
use crate::report::outputs::Names;

/// What the action gives on. Per-filter answers travel in `result`, since a composite declares its outputs beforehand.
pub(crate) const OUTPUTS: &[Output] = &[
    Output::new("changes", "JSON array with the names of the true filters"),
    Output::or_file("result", "JSON object: `<filter>` (boolean), `<filter>_count`, `<filter>_files`, `<filter>_hash`"),
    Output::new("any", "`true` if any filter is true"),
    Output::new(
        "matrix",
        "JSON for `strategy.matrix`: `{include: [{name, dir, files, hash, …}]}` of the true filters; gate the job on `any`",
    ),
    Output::new("base", "Id of the commit that was compared with; empty when every file counts as added"),
    Output::new("head", "Id of the commit that was looked at; empty for the work tree"),
    Output::new("uncertain", "`true` if more may have changed than is known; every filter is then true"),
];

/// The action's inputs and the terminal's arguments.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Inputs {
    #[command(flatten)]
    pub(crate) filter: FilterInputs,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What can be done beside answering.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Tell for a file, or for all that changed, which rule of which filter decides
    Explain(ExplainInputs),
    /// Find mistakes in the filters file and in the workflows that use it
    Lint(LintInputs),
    /// Write a local action whose outputs are the names of the filters
    GenAction(GenActionInputs),
    /// Answer JSON lines {"patterns", "file", "status", "quantifier"} on standard input
    Match(MatchInputs),
}

/// Where the filters are and how they are read.
#[derive(Args, Clone)]
pub(crate) struct Source {
    /// Path of the filters file, or the filters themselves as YAML
    #[arg(long, value_name = "FILE or YAML")]
    filters: Option<String>,
    /// Folder to work in; file names stay relative to the root of the repository
    #[arg(long, value_name = "DIR")]
    working_directory: Option<PathBuf>,
    /// How the patterns of a filter combine: any of them, all of them, or any without `!` and none with it
    #[arg(long, value_enum, default_value_t)]
    predicate_quantifier: Quantifier,
    /// Dialect of the patterns: picomatch as in dorny/paths-filter, or ordered lists as in `on.push.paths` and .gitignore
    #[arg(long, value_enum, default_value_t)]
    syntax: SyntaxInput,
}

/// The inputs of the main job.
#[derive(Args, Clone)]
pub(crate) struct FilterInputs {
    #[command(flatten)]
    pub(crate) source: Source,
    /// Branch, tag or commit to compare with; by default what the event replaces. `HEAD` shows local changes
    #[arg(long, value_name = "REVISION")]
    base: Option<String>,
    /// Branch, tag or commit to look at; by default what is checked out
    #[arg(long = "ref", value_name = "REVISION")]
    head: Option<String>,
    /// Tag to compare a pushed tag with; by default the one before it
    #[arg(long, value_name = "TAG")]
    tag_base: Option<String>,
    /// Format of the file lists in `result`
    #[arg(long, value_enum, ignore_case = true, default_value_t)]
    list_files: ListFormat,
    /// File names with control characters and the like: escaped in lists, left out of them, or a reason to fail
    #[arg(long, value_enum, default_value_t)]
    names: Names,
    /// When more may have changed than is known: all filters are true, or the step fails with exit code 2
    #[arg(long, value_enum, default_value_t)]
    on_uncertain: OnUncertain,
    /// Whether GitHub's API may be asked about a pull request that is not checked out
    #[arg(long, value_enum, default_value_t)]
    use_api: UseApi,
    /// Token for that, and to fetch missing history of a private repository
    #[arg(long, value_name = "TOKEN")]
    token: Option<Secret>,
    /// Fetch this many commits instead of the whole history (without file contents) when history is missing
    #[arg(long, value_name = "COMMITS")]
    initial_fetch_depth: Option<NonZeroU32>,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t, help_heading = "Terminal")]
    format: Format,
}

/// The inputs of `explain`.
#[derive(Args, Clone)]
pub(crate) struct ExplainInputs {
    /// File to explain, relative to the root of the repository; without one, everything that changed
    pub(crate) file: Option<String>,
    #[command(flatten)]
    pub(crate) filter: FilterInputs,
}

/// The inputs of `lint`.
#[derive(Args, Clone)]
pub(crate) struct LintInputs {
    #[command(flatten)]
    pub(crate) source: Source,
    /// How the findings are printed
    #[arg(long, value_enum, default_value_t, help_heading = "Terminal")]
    pub(crate) format: Format,
}

/// The inputs of `gen-action`.
#[derive(Args, Clone)]
pub(crate) struct GenActionInputs {
    #[command(flatten)]
    pub(crate) source: Source,
    /// File to write, relative to the root of the repository; `-` prints it
    #[arg(long, value_name = "FILE", default_value = ".github/actions/paths-filter/action.yml")]
    pub(crate) out: String,
    /// The action that the written one calls; pin it by commit id
    #[arg(long, value_name = "ACTION", default_value = "dataflow/paths-filter@v1")]
    pub(crate) uses: String,
}

/// The inputs of `match`: none.
#[derive(Args, Clone)]
pub(crate) struct MatchInputs {}

#[derive(ValueEnum, Clone, Copy, Default, PartialEq, Eq)]
enum SyntaxInput {
    #[default]
    Picomatch,
    Github,
    Gitignore,
}

/// What to do about doubt.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum OnUncertain {
    /// Every filter is true.
    #[default]
    All,
    /// Exit 2.
    Fail,
}

/// Whether the API may be asked.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum UseApi {
    /// Where there is no checkout.
    #[default]
    Auto,
    /// Never.
    Never,
}

/// How an answer is printed.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs: one JSON object with the outputs' names.
    Json,
}

/// Where the filters are and how they are read, checked.
#[derive(Clone)]
pub(crate) struct SourceSettings {
    /// Path or YAML.
    pub(crate) filters: Option<String>,
    /// Folder to work in.
    pub(crate) folder: PathBuf,
    pub(crate) quantifier: Quantifier,
    pub(crate) dialect: Dialect,
    /// Whether a workflow runs this: then filters have to be given.
    pub(crate) in_actions: bool,
}

/// The inputs, checked and put together with what the run offers.
pub(crate) struct Settings {
    pub(crate) source: SourceSettings,
    pub(crate) base: Option<String>,
    pub(crate) head: Option<String>,
    pub(crate) tag_base: Option<String>,
    pub(crate) list: ListFormat,
    pub(crate) names: Names,
    pub(crate) on_uncertain: OnUncertain,
    pub(crate) use_api: UseApi,
    /// How to reach the API; `None` without a token.
    pub(crate) api: Option<github::Settings>,
    /// `owner/name`.
    pub(crate) repository: Option<String>,
    pub(crate) fetching: Fetching,
    pub(crate) format: Format,
    /// Whether anything shows the tree hashes.
    pub(crate) hashes: bool,
}

impl FilterInputs {
    /// Puts the inputs together with the run. `hashes` says whether anything will show the tree hashes.
    pub(crate) fn settings(self, workflow: &Workflow) -> Result<Settings, Failure> {
        let FilterInputs {
            source,
            base,
            head,
            tag_base,
            list_files,
            names,
            on_uncertain,
            use_api,
            token,
            initial_fetch_depth,
            format,
        } = self;
        let in_actions = is_workflow(workflow);
        let secret = token.as_ref().map(|token| github::Token::new(token.expose()));
        let fetching = Fetching {
            allowed: in_actions,
            remote: "origin".to_owned(),
            depth: initial_fetch_depth.map(NonZeroU32::get),
            credentials: token.as_ref().map(|token| credentials(token, &workflow.server_url)),
        };
        Ok(Settings {
            base,
            head,
            tag_base,
            list: list_files,
            names,
            on_uncertain,
            use_api,
            api: secret
                .map(|token| github::Settings::from_env("paths-filter", Some(token), |name| std::env::var(name).ok())),
            repository: workflow.repository.clone(),
            fetching,
            format,
            hashes: in_actions || format == Format::Json,
            source: source.settings(workflow)?,
        })
    }
}

impl Source {
    /// Checks that the parts fit.
    pub(crate) fn settings(self, workflow: &Workflow) -> Result<SourceSettings, Failure> {
        let Source { filters, working_directory, predicate_quantifier, syntax } = self;
        let quantifier = match (predicate_quantifier, syntax) {
            (Quantifier::Some, SyntaxInput::Picomatch) => Quantifier::Some,
            (Quantifier::Every, SyntaxInput::Picomatch) => Quantifier::Every,
            (Quantifier::SomeWithExcludes, SyntaxInput::Picomatch) => Quantifier::SomeWithExcludes,
            (Quantifier::Some, _) => Quantifier::Last,
            _ => {
                let cause = "in the github and gitignore syntax the last pattern that matches decides";
                return Err(Failure::inputs("use predicate-quantifier", cause).hint("leave one of the two inputs out"));
            }
        };
        let dialect = match syntax {
            SyntaxInput::Picomatch => Dialect::Picomatch,
            SyntaxInput::Github => Dialect::GitHub,
            SyntaxInput::Gitignore => Dialect::Gitignore,
        };
        let folder = working_directory.unwrap_or_else(|| PathBuf::from("."));
        Ok(SourceSettings { filters, folder, quantifier, dialect, in_actions: is_workflow(workflow) })
    }
}

/// The header that GitHub takes a token in for git over HTTPS.
fn credentials(token: &Secret, server: &str) -> Credentials {
    let basic = BASE64_STANDARD.encode(format!("x-access-token:{}", token.expose()));
    Credentials {
        server: format!("{}/", server.trim_end_matches('/')),
        header: format!("AUTHORIZATION: basic {basic}"),
    }
}

/// Whether this is a step of a workflow; an event's name alone is enough, for runners that set little else.
pub(crate) fn is_workflow(workflow: &Workflow) -> bool {
    workflow.in_actions || workflow.event_name.is_some()
}
