//! The inputs as types: what the release should be, where the evidence is, and what to write.
use std::path::PathBuf;

use action::Failure;
use clap::ValueEnum;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::gather::api::Api;
use crate::inputs::Format;

pub(crate) mod read;

/// All of them.
pub(crate) struct Settings {
    pub(crate) expected: Expected,
    pub(crate) sources: Sources,
    pub(crate) sinks: Sinks,
    pub(crate) now: Timestamp,
}

/// What the release should be.
#[derive(Clone, Debug)]
pub struct Expected {
    /// The tag, without `refs/tags/`.
    pub tag: String,
    /// The address of the repository, as certificates have it: `https://github.com/owner/name`.
    pub repository: String,
    /// Who signs.
    pub signer: Signer,
    /// The ref that the release is built from.
    pub source_ref: String,
    /// The commit that the release is built from, in lower-case hex; `None` when only a clone says it.
    pub commit: Option<String>,
    /// Who identified the signing workflow.
    pub issuer: String,
    /// Events that the signing run may have been started by.
    pub triggers: Vec<String>,
    /// Where the signing run may have run.
    pub runner: Runner,
    /// GitHub's number of the repository; `None` when it does not matter.
    pub repository_id: Option<String>,
    /// Predicate types that count.
    pub predicate_types: Vec<String>,
    /// Whether subjects are compared by name too.
    pub names: Names,
    /// The assets to look at; all of the folder when empty.
    pub only: Vec<String>,
    /// Links that may be without evidence.
    pub without: Vec<Link>,
}

/// Where the evidence is.
pub(crate) struct Sources {
    pub(crate) dir: PathBuf,
    pub(crate) clone: PathBuf,
    pub(crate) bundles: Vec<PathBuf>,
    pub(crate) sums: Option<PathBuf>,
    pub(crate) roots: Vec<PathBuf>,
    pub(crate) release: Option<PathBuf>,
    pub(crate) notes: Option<PathBuf>,
    pub(crate) api: Option<Api>,
}

/// What to write.
pub(crate) struct Sinks {
    pub(crate) record: Option<PathBuf>,
    pub(crate) format: Format,
}

/// The links of the chain, in its order; only three of them can be without evidence and leave anything to be told.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Link {
    /// The tag names the commit that the release is built from.
    Tag,
    /// The notes are the release's.
    #[value(skip)]
    Notes,
    /// GitHub's record of the release knows these files.
    #[value(skip)]
    Release,
    /// The list of checksums can be used.
    Sums,
    /// The files are those of the list, all and only they.
    #[value(skip)]
    Assets,
    /// Genuine attestations cover every file.
    Attestation,
    /// They were made by whom, from where and how it was expected.
    #[value(skip)]
    Policy,
}

impl Link {
    /// The word of the record and of the input.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Notes => "notes",
            Self::Release => "release",
            Self::Sums => "sums",
            Self::Assets => "assets",
            Self::Attestation => "attestation",
            Self::Policy => "policy",
        }
    }
}

/// Where a run may have run.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Runner {
    /// Anywhere.
    #[default]
    Any,
    /// On a machine of GitHub's.
    GithubHosted,
}

/// How subjects of a statement and files are matched.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Names {
    /// By digest, and the file's name is the last part of the subject's.
    #[default]
    Same,
    /// By digest alone: package managers name subjects otherwise, such as `pkg:npm/a@1.0.0`.
    Any,
}

/// Who signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signer {
    /// It was not said, so nothing can be told of it.
    Unsaid,
    /// No matter who.
    Any,
    /// One workflow, at one ref.
    Workflow {
        /// The address of its repository.
        repository: String,
        /// Its path in that repository.
        path: String,
        /// The full ref that it is taken from.
        reference: String,
    },
}

impl Signer {
    /// The one in a certificate's subject; `None` unless it is one workflow.
    pub fn uri(&self) -> Option<String> {
        match self {
            Self::Workflow { repository, path, reference } => Some(format!("{repository}/{path}@{reference}")),
            _ => None,
        }
    }

    /// Reads the two inputs, for a release of `repository` that is built from `source_ref`.
    pub(crate) fn read(
        (workflow, reference): (Option<&str>, Option<String>),
        (own, source_ref): (&str, &str),
    ) -> Result<Self, Failure> {
        let doing = "read the input signer-workflow";
        let unused = |this: Self| match reference {
            Some(_) => Err(Failure::inputs("read the input signer-ref", "no signer-workflow is given that it is of")),
            None => Ok(this),
        };
        let workflow = match workflow {
            None => return unused(Self::Unsaid),
            Some("any") => return unused(Self::Any),
            Some(workflow) => workflow,
        };
        let Some(at) = workflow.find(".github/workflows/") else {
            return Err(Failure::inputs(doing, format!("'{workflow}' is no path of a workflow"))
                .hint("write `.github/workflows/<file>`, or `owner/name/.github/workflows/<file>`"));
        };
        let (owner, path) = workflow.split_at(at);
        let file = &path[".github/workflows/".len()..];
        let odd = |c: char| c.is_whitespace() || c.is_control() || c == '/' || c == '@';
        if file.is_empty() || file.contains(odd) {
            return Err(Failure::inputs(doing, format!("'{workflow}' is no path of a workflow"))
                .hint("without a ref: that is the input signer-ref"));
        }
        let repository = match owner.strip_suffix('/') {
            None if owner.is_empty() => own.to_owned(),
            None => return Err(Failure::inputs(doing, format!("'{workflow}' is no path of a workflow"))),
            Some(name) => read::address(name, host(own)).ok_or_else(|| {
                Failure::inputs(doing, format!("'{name}' is no repository")).hint("write `owner/name`")
            })?,
        };
        let default = || (repository == own).then(|| source_ref.to_owned());
        let reference = read::reference("signer-ref", reference, default)?;
        Ok(Self::Workflow { repository, path: path.to_owned(), reference })
    }
}

/// `https://github.com` of `https://github.com/owner/name`.
fn host(repository: &str) -> &str {
    let ends = repository.match_indices('/').nth(2).map_or(repository.len(), |(at, _)| at);
    &repository[..ends]
}
