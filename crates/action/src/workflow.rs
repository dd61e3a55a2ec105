//! Where a tool runs: the `GITHUB_*` environment as a value.
use std::ffi::OsString;
use std::path::PathBuf;

use crate::event::Event;
use crate::{Failure, Secret};

/// What GitHub Actions says about the run. Made from a lookup, so that tests need no process environment; a variable
/// that is empty is absent, one that is not UTF-8 is read with replacement characters (paths are kept exactly).
#[derive(Clone, Default)]
pub struct Workflow {
    /// Whether this is a step of a workflow (`GITHUB_ACTIONS=true`).
    pub in_actions: bool,
    /// `push`, `pull_request`, …
    pub event_name: Option<String>,
    /// The file with the event's payload; see [`Workflow::event`].
    pub event_path: Option<PathBuf>,
    /// `owner/name`.
    pub repository: Option<String>,
    /// Number of the repository, which stays when it is renamed.
    pub repository_id: Option<String>,
    /// Number of its owner.
    pub repository_owner_id: Option<String>,
    /// The commit that started the run.
    pub sha: Option<String>,
    /// The full ref, for example `refs/heads/main`.
    pub ref_full: Option<String>,
    /// The short ref, for example `main` or `12/merge`.
    pub ref_name: Option<String>,
    /// Target branch of a pull request.
    pub base_ref: Option<String>,
    /// Source branch of a pull request.
    pub head_ref: Option<String>,
    /// Where the REST API is; on GitHub Enterprise Server not `https://api.github.com`.
    pub api_url: String,
    /// Where the website is.
    pub server_url: String,
    /// The checkout.
    pub workspace: Option<PathBuf>,
    /// Folder for files that later steps of the job may read.
    pub runner_temp: Option<PathBuf>,
    /// Number of the run.
    pub run_id: Option<u64>,
    /// Attempt, counted from 1.
    pub run_attempt: Option<u32>,
    /// Id of the job in the workflow file.
    pub job: Option<String>,
    /// Name of the workflow.
    pub workflow: Option<String>,
    /// The workflow's file and ref, `owner/name/.github/workflows/file.yml@refs/…`; of a reusable workflow the caller's.
    pub workflow_ref: Option<String>,
    /// `github-hosted` or `self-hosted`.
    pub runner_environment: Option<String>,
    /// Who started the run.
    pub actor: Option<String>,
    /// Whether debug logging is on (`RUNNER_DEBUG=1`).
    pub debug: bool,
    pub(crate) output: Option<PathBuf>,
    pub(crate) step_summary: Option<PathBuf>,
    pub(crate) env: Option<PathBuf>,
    pub(crate) path: Option<PathBuf>,
    pub(crate) state: Option<PathBuf>,
    token: Option<Secret>,
}

impl Workflow {
    /// Reads the environment of this process.
    pub fn from_env() -> Self {
        Self::from_lookup(|name| std::env::var_os(name))
    }

    /// Reads an environment given as a lookup.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<OsString>) -> Self {
        let raw = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let text = |name: &str| raw(name).map(|value| value.to_string_lossy().into_owned());
        let path = |name: &str| raw(name).map(PathBuf::from);
        let url = |name: &str, otherwise: &str| {
            text(name).map_or_else(|| otherwise.to_owned(), |url| url.trim_end_matches('/').to_owned())
        };
        Self {
            in_actions: text("GITHUB_ACTIONS").as_deref() == Some("true"),
            event_name: text("GITHUB_EVENT_NAME"),
            event_path: path("GITHUB_EVENT_PATH"),
            repository: text("GITHUB_REPOSITORY"),
            repository_id: text("GITHUB_REPOSITORY_ID"),
            repository_owner_id: text("GITHUB_REPOSITORY_OWNER_ID"),
            sha: text("GITHUB_SHA"),
            ref_full: text("GITHUB_REF"),
            ref_name: text("GITHUB_REF_NAME"),
            base_ref: text("GITHUB_BASE_REF"),
            head_ref: text("GITHUB_HEAD_REF"),
            api_url: url("GITHUB_API_URL", "https://api.github.com"),
            server_url: url("GITHUB_SERVER_URL", "https://github.com"),
            workspace: path("GITHUB_WORKSPACE"),
            runner_temp: path("RUNNER_TEMP"),
            run_id: text("GITHUB_RUN_ID").and_then(|id| id.parse().ok()),
            run_attempt: text("GITHUB_RUN_ATTEMPT").and_then(|attempt| attempt.parse().ok()),
            job: text("GITHUB_JOB"),
            workflow: text("GITHUB_WORKFLOW"),
            workflow_ref: text("GITHUB_WORKFLOW_REF"),
            runner_environment: text("RUNNER_ENVIRONMENT"),
            actor: text("GITHUB_ACTOR"),
            debug: text("RUNNER_DEBUG").as_deref() == Some("1"),
            output: path("GITHUB_OUTPUT"),
            step_summary: path("GITHUB_STEP_SUMMARY"),
            env: path("GITHUB_ENV"),
            path: path("GITHUB_PATH"),
            state: path("GITHUB_STATE"),
            token: text("GITHUB_TOKEN").or_else(|| text("GH_TOKEN")).map(Secret::new),
        }
    }

    /// The token of the environment (`GITHUB_TOKEN`, else `GH_TOKEN`), for a tool that was given none as an input.
    pub fn token(&self) -> Option<&Secret> {
        self.token.as_ref()
    }

    /// Reads the payload of the event that started the run.
    ///
    /// # Errors
    /// No event, a payload that cannot be read, is no JSON or is bigger than GitHub sends.
    pub fn event(&self) -> Result<Event, Failure> {
        let doing = "read the event that started the run";
        let name = self.event_name.as_deref();
        let name = name.ok_or_else(|| Failure::outside(doing, "GITHUB_EVENT_NAME is not set"))?;
        let path = self.event_path.as_deref();
        let path = path.ok_or_else(|| Failure::outside(doing, "GITHUB_EVENT_PATH is not set"))?;
        Event::read(name, path)
    }
}
