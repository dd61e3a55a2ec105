//! What the workflow run, or the terminal, tells about the change: the few facts that the choice of a base needs.
use action::{Failure, Payload, Workflow};
use git::Repository;

use super::failed;
use crate::inputs::is_workflow;

/// What set this run off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Any event with a pull request in its payload and the request's merge commit, head or base checked out.
    PullRequest(PullRequest),
    /// A push; `before` is `None` for the first push of a branch.
    Push { before: Option<String> },
    /// A merge queue's group.
    MergeGroup { base: String },
    /// Every other event.
    Other,
    /// No workflow at all: a terminal.
    Local,
}

/// What a payload says about its pull request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PullRequest {
    pub(crate) number: u64,
    pub(crate) base_sha: String,
    pub(crate) head_sha: String,
    pub(crate) changed_files: Option<u64>,
}

/// The facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Situation {
    pub(crate) kind: Kind,
    /// The event's name; empty in a terminal.
    pub(crate) event: String,
    /// `GITHUB_REF`, or the full name of the branch that is checked out in a terminal.
    pub(crate) git_ref: Option<String>,
    /// `GITHUB_SHA`.
    pub(crate) sha: Option<String>,
    pub(crate) default_branch: Option<String>,
}

impl Situation {
    /// Reads the event of the run; in a terminal, the branch that is checked out.
    pub(crate) fn new(workflow: &Workflow, repo: Option<&Repository>) -> Result<Situation, Failure> {
        if !is_workflow(workflow) {
            return local(repo);
        }
        let event = if workflow.event_path.is_some() { Some(workflow.event()?) } else { None };
        let kind = event.as_ref().map_or(Kind::Other, |event| kind(&event.payload));
        Ok(Situation {
            kind,
            event: workflow.event_name.clone().unwrap_or_else(|| "nameless".to_owned()),
            git_ref: workflow.ref_full.clone(),
            sha: workflow.sha.clone(),
            default_branch: event.as_ref().and_then(|event| event.default_branch()).map(ToOwned::to_owned),
        })
    }

    /// Whether a workflow runs this.
    pub(crate) fn is_workflow(&self) -> bool {
        self.kind != Kind::Local
    }

    pub(crate) fn is_push(&self) -> bool {
        matches!(self.kind, Kind::Push { .. })
    }

    /// The branch or tag of this run; a pull request's ref is neither.
    pub(crate) fn branch_or_tag(&self) -> Option<&str> {
        self.git_ref.as_deref().filter(|name| name.starts_with("refs/heads/") || name.starts_with("refs/tags/"))
    }
}

fn kind(payload: &Payload) -> Kind {
    match payload {
        Payload::PullRequest(pull) => Kind::PullRequest(PullRequest {
            number: pull.number.unwrap_or_default(),
            base_sha: pull.base.sha.clone().unwrap_or_default(),
            head_sha: pull.head.sha.clone().unwrap_or_default(),
            changed_files: pull.changed_files,
        }),
        Payload::Push(push) => Kind::Push { before: push.before.clone() },
        Payload::MergeGroup(group) => match &group.base_sha {
            Some(base) => Kind::MergeGroup { base: base.clone() },
            None => Kind::Other,
        },
        _ => Kind::Other,
    }
}

/// Names that default branches have, the commonest first.
const DEFAULT_BRANCHES: [&str; 4] = ["main", "master", "trunk", "develop"];

fn local(repo: Option<&Repository>) -> Result<Situation, Failure> {
    let mut situation =
        Situation { kind: Kind::Local, event: String::new(), git_ref: None, sha: None, default_branch: None };
    let Some(repo) = repo else { return Ok(situation) };
    situation.git_ref = repo.head_name().map_err(failed)?;
    for name in DEFAULT_BRANCHES {
        for full in [format!("refs/remotes/origin/{name}"), format!("refs/heads/{name}")] {
            if repo.resolve(&full).map_err(failed)?.is_some() {
                situation.default_branch = Some(name.to_owned());
                return Ok(situation);
            }
        }
    }
    Ok(situation)
}
