//! Event payloads: typed as far as our tools look into them, and tolerant of everything else.
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::Deserialize;

use crate::payload::{MergeGroup, PullRequest, Push, Release, Repository, Schedule, WorkflowDispatch, WorkflowRun};
use crate::{Failure, OrFail};

/// The biggest payload that is read: GitHub sends at most 25 MB.
const MAX_PAYLOAD: u64 = 32 << 20;

/// The event that started a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// `push`, `pull_request`, …
    pub name: String,
    /// What happened, for events that have several activities: `opened`, `published`, …
    pub action: Option<String>,
    /// The repository of the workflow; schedules have none in some versions of GitHub.
    pub repository: Option<Repository>,
    /// What only this kind of event has.
    pub payload: Payload,
}

/// What only one kind of event has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// `push`.
    Push(Push),
    /// `pull_request`, `pull_request_target`, `pull_request_review`, `pull_request_review_comment`.
    PullRequest(Box<PullRequest>),
    /// `merge_group`.
    MergeGroup(MergeGroup),
    /// `workflow_dispatch`.
    WorkflowDispatch(WorkflowDispatch),
    /// `schedule`.
    Schedule(Schedule),
    /// `release`.
    Release(Release),
    /// `workflow_run`.
    WorkflowRun(Box<WorkflowRun>),
    /// Any other event: only [`Event::repository`] is read.
    Other,
}

/// The two fields that all payloads share.
#[derive(Deserialize)]
struct Shared {
    action: Option<String>,
    repository: Option<Repository>,
}

#[derive(Deserialize)]
struct OfPullRequest {
    pull_request: PullRequest,
}

#[derive(Deserialize)]
struct OfMergeGroup {
    merge_group: MergeGroup,
}

#[derive(Deserialize)]
struct OfRelease {
    release: Release,
}

#[derive(Deserialize)]
struct OfWorkflowRun {
    workflow_run: WorkflowRun,
}

impl Event {
    /// Reads the payload file of an event called `name`.
    ///
    /// # Errors
    /// The file cannot be read, is bigger than 32 MiB, is no JSON, or lacks what this kind of event always has.
    pub fn read(name: &str, path: &Path) -> Result<Self, Failure> {
        let doing = || format!("read the event payload {}", path.display());
        let mut text = Vec::new();
        let file = File::open(path).or_fail(doing)?;
        file.take(MAX_PAYLOAD + 1).read_to_end(&mut text).or_fail(doing)?;
        if text.len() as u64 > MAX_PAYLOAD {
            return Err(Failure::outside(doing(), format!("it is bigger than {} MiB", MAX_PAYLOAD >> 20)));
        }
        Self::parse(name, &text).or_fail(doing)
    }

    /// Reads the payload of an event called `name`. Unknown fields and unknown events are fine.
    ///
    /// # Errors
    /// No JSON, or without what this kind of event always has.
    pub fn parse(name: &str, json: &[u8]) -> Result<Self, serde_json::Error> {
        use serde_json::from_slice as read;
        let Shared { action, repository } = read(json)?;
        let payload = match name {
            "push" => Payload::Push(read(json)?),
            "pull_request" | "pull_request_target" | "pull_request_review" | "pull_request_review_comment" => {
                Payload::PullRequest(Box::new(read::<OfPullRequest>(json)?.pull_request))
            }
            "merge_group" => Payload::MergeGroup(read::<OfMergeGroup>(json)?.merge_group),
            "workflow_dispatch" => Payload::WorkflowDispatch(read(json)?),
            "schedule" => Payload::Schedule(read(json)?),
            "release" => Payload::Release(read::<OfRelease>(json)?.release),
            "workflow_run" => Payload::WorkflowRun(Box::new(read::<OfWorkflowRun>(json)?.workflow_run)),
            _ => Payload::Other,
        };
        Ok(Self { name: name.to_owned(), action, repository, payload })
    }

    /// The default branch of the repository, where the payload tells it.
    pub fn default_branch(&self) -> Option<&str> {
        self.repository.as_ref()?.default_branch.as_deref()
    }
}
