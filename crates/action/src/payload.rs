//! The parts of event payloads that our tools look into. What GitHub leaves out or sets to null is `None`; so is an
//! object id of zeros, which GitHub sends for "no commit".
use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A repository.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Repository {
    /// `owner/name`.
    pub full_name: Option<String>,
    /// Name of the default branch, without `refs/heads/`.
    pub default_branch: Option<String>,
    /// Whether it is a fork.
    #[serde(default, deserialize_with = "null_is_default")]
    pub fork: bool,
    /// Whether it is private.
    #[serde(default, deserialize_with = "null_is_default")]
    pub private: bool,
}

/// A push of a branch or tag, or its deletion.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Push {
    /// The commit that the ref had before; `None` for a new ref.
    #[serde(default, deserialize_with = "object_id")]
    pub before: Option<String>,
    /// The commit that the ref has now; `None` for a deleted ref. An annotated tag has the id of the tag object here.
    #[serde(default, deserialize_with = "object_id")]
    pub after: Option<String>,
    /// The full ref, for example `refs/heads/main`.
    #[serde(rename = "ref")]
    pub full_ref: Option<String>,
    /// The full ref that a new ref was made from, as far as GitHub knows.
    pub base_ref: Option<String>,
    /// Whether the ref is new.
    #[serde(default, deserialize_with = "null_is_default")]
    pub created: bool,
    /// Whether the ref was deleted.
    #[serde(default, deserialize_with = "null_is_default")]
    pub deleted: bool,
    /// Whether history was rewritten.
    #[serde(default, deserialize_with = "null_is_default")]
    pub forced: bool,
}

/// The pull request of `pull_request`, `pull_request_target`, and reviews.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PullRequest {
    /// Its number.
    pub number: Option<u64>,
    /// Its title: untrusted text.
    pub title: Option<String>,
    /// Its text: untrusted.
    pub body: Option<String>,
    /// Where it goes.
    #[serde(default, deserialize_with = "null_is_default")]
    pub base: Side,
    /// Where it comes from.
    #[serde(default, deserialize_with = "null_is_default")]
    pub head: Side,
    /// The trial merge when open, the real one when merged; `None` while GitHub has not made it.
    #[serde(default, deserialize_with = "object_id")]
    pub merge_commit_sha: Option<String>,
    /// How many files it changes; reviews do not tell.
    pub changed_files: Option<u64>,
    /// How many commits it has; reviews do not tell.
    pub commits: Option<u64>,
    /// Whether it is a draft.
    #[serde(default, deserialize_with = "null_is_default")]
    pub draft: bool,
    /// Whether it is merged.
    #[serde(default, deserialize_with = "null_is_default")]
    pub merged: bool,
}

impl PullRequest {
    /// Whether it comes from another repository than it goes to. `None` when the payload does not tell: a deleted fork
    /// leaves no name, and must not pass as "the same repository".
    pub fn from_fork(&self) -> Option<bool> {
        let name = |side: &Side| side.repo.as_ref().and_then(|repo| repo.full_name.clone());
        Some(name(&self.base)? != name(&self.head)?)
    }
}

/// One side of a pull request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Side {
    /// The commit.
    #[serde(default, deserialize_with = "object_id")]
    pub sha: Option<String>,
    /// The branch, without `refs/heads/`. On the head side it is untrusted text.
    #[serde(rename = "ref")]
    pub branch: Option<String>,
    /// The repository; a deleted fork has none.
    pub repo: Option<Repository>,
}

/// A merge queue's group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct MergeGroup {
    /// The commit that would be merged.
    #[serde(default, deserialize_with = "object_id")]
    pub head_sha: Option<String>,
    /// The full ref of the queue's branch.
    pub head_ref: Option<String>,
    /// The commit of the target branch that the group is built on.
    #[serde(default, deserialize_with = "object_id")]
    pub base_sha: Option<String>,
    /// The full ref of the target branch.
    pub base_ref: Option<String>,
}

/// A run started by hand or through the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct WorkflowDispatch {
    /// What was filled in; booleans and numbers as text, null left out.
    #[serde(default, deserialize_with = "texts")]
    pub inputs: BTreeMap<String, String>,
    /// The full ref that the run was started on.
    #[serde(rename = "ref")]
    pub full_ref: Option<String>,
    /// Path of the workflow file.
    pub workflow: Option<String>,
}

/// A run started by the clock.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Schedule {
    /// The cron line that fired.
    pub schedule: Option<String>,
}

/// A release.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Release {
    /// Number that the API knows it by.
    pub id: Option<u64>,
    /// Its tag, without `refs/tags/`.
    pub tag_name: Option<String>,
    /// Branch or commit that the tag is made on, if it does not exist yet.
    pub target_commitish: Option<String>,
    /// Its title: untrusted text.
    pub name: Option<String>,
    /// Whether it is a draft.
    #[serde(default, deserialize_with = "null_is_default")]
    pub draft: bool,
    /// Whether it is a prerelease.
    #[serde(default, deserialize_with = "null_is_default")]
    pub prerelease: bool,
}

/// Another workflow's run that started or ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct WorkflowRun {
    /// Number of that run.
    pub id: Option<u64>,
    /// The commit it ran on.
    #[serde(default, deserialize_with = "object_id")]
    pub head_sha: Option<String>,
    /// The branch it ran on, without `refs/heads/`: untrusted text.
    pub head_branch: Option<String>,
    /// The event that started it.
    pub event: Option<String>,
    /// How it ended; `None` while it runs.
    pub conclusion: Option<String>,
    /// The repository that its commit came from.
    pub head_repository: Option<Repository>,
    /// The pull requests it belongs to; none for those from forks.
    #[serde(default, deserialize_with = "null_is_default")]
    pub pull_requests: Vec<PullRequest>,
}

fn null_is_default<'de, T, D>(from: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Default,
    D: Deserializer<'de>,
{
    Option::deserialize(from).map(Option::unwrap_or_default)
}

fn object_id<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let id = Option::<String>::deserialize(from)?;
    Ok(id.filter(|id| id.bytes().any(|digit| digit != b'0')))
}

fn texts<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, String>, D::Error> {
    let values = Option::<BTreeMap<String, Value>>::deserialize(from)?.unwrap_or_default();
    let text = |value| match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    };
    Ok(values.into_iter().filter_map(|(name, value)| Some((name, text(value)?))).collect())
}
