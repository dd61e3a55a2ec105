//! Every input, once: named, typed, defaulted and explained; and the settings that they make.
use std::path::PathBuf;

use action::{Failure, Output, Secret, Workflow};
use clap::{Parser, ValueEnum};
use jiff::Timestamp;

use crate::gather::api;
use crate::settings::{Expected, Link, Names, Runner, Settings, Signer, Sinks, Sources, read};

/// What the action gives on.
pub(crate) const OUTPUTS: &[Output] = &[
    Output::new("verdict", "`pass`, `fail` or `unknown`"),
    Output::new("verified", "How many assets are attested as expected"),
    Output::new(
        "commit",
        "Id of the commit that the tag names, or that the attestations were made from; empty when unknown",
    ),
    Output::or_file("record", "The verdict record as JSON; its schema is `record.schema.json` beside this action"),
];

/// The action's inputs and the terminal's arguments.
#[derive(Parser)]
pub struct Inputs {
    /// Folder of the release's files as they were downloaded or will be uploaded; it has no folders in it
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// The release's tag; by default the tag that started the workflow
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// `owner/name` (or its `https://` address, elsewhere than on github.com) that the release is built from, in GitHub's own spelling; by default the workflow's
    #[arg(long, value_name = "REPOSITORY")]
    repository: Option<String>,
    /// Workflow that signs: `.github/workflows/release.yml`, or `owner/name/.github/workflows/build.yml` for a reusable one of another repository; `any` for no matter which
    #[arg(long, value_name = "PATH")]
    signer_workflow: Option<String>,
    /// Ref that the signing workflow's file is taken from; by default `source-ref`, when the workflow is of the same repository
    #[arg(long, value_name = "REF")]
    signer_ref: Option<String>,
    /// Ref that the release is built from; by default `refs/tags/` and the tag
    #[arg(long, value_name = "REF")]
    source_ref: Option<String>,
    /// Commit that the release has to be built from, where no clone says it: 40 hex digits
    #[arg(long, value_name = "ID")]
    commit: Option<String>,
    /// Folder of a clone in which the tag is looked up
    #[arg(long, value_name = "DIR", default_value = ".")]
    clone: PathBuf,
    /// Who identified the signing workflow
    #[arg(long, value_name = "URL", default_value = "https://token.actions.githubusercontent.com")]
    issuer: String,
    /// Events that a signing run may have been started by
    #[arg(long, value_name = "EVENT", default_values_t = ["push", "release", "workflow_dispatch"].map(str::to_owned))]
    triggers: Vec<String>,
    /// Where the signing run may have run
    #[arg(long, value_enum, default_value_t)]
    runner: Runner,
    /// GitHub's number of the repository, which stays when it is renamed
    #[arg(long, value_name = "NUMBER")]
    repository_id: Option<String>,
    /// Predicate types that count as an attestation of the release
    #[arg(long, value_name = "URL", default_values_t = ["https://slsa.dev/provenance/v1".to_owned()])]
    predicate_types: Vec<String>,
    /// Whether an attestation has to name an asset as the file is named, or only its digest counts
    #[arg(long, value_enum, default_value_t)]
    subject_names: Names,
    /// Attestation bundles: files of one bundle, of one a line, or an answer of the API; by default those in `dir`
    #[arg(long, value_name = "FILE")]
    bundles: Vec<PathBuf>,
    /// List of checksums; by default the one in `dir`
    #[arg(long, value_name = "FILE")]
    sums: Option<PathBuf>,
    /// Names of the assets to look at, when not all of the release was downloaded; the others may be missing
    #[arg(long, value_name = "NAME")]
    assets: Vec<String>,
    /// Trusted roots: JSON, or one a line as `gh attestation trusted-root` prints them; by default Sigstore's and GitHub's, built in
    #[arg(long, value_name = "FILE")]
    trusted_root: Vec<PathBuf>,
    /// The release as GitHub's API gives it, saved: tag, notes, and the digest of every file are compared
    #[arg(long, value_name = "FILE")]
    release_json: Option<PathBuf>,
    /// Ask GitHub for what is not given as files: the commit of the tag, the release's record, and the attestations of every file
    #[arg(long)]
    online: bool,
    /// Token for asking; public repositories need none, but GitHub answers more often with one, and shows drafts to one that may write
    #[arg(long, value_name = "TOKEN")]
    token: Option<Secret>,
    /// File with the release notes: it has to be the release's text, or one of the attested files
    #[arg(long, value_name = "FILE")]
    notes: Option<PathBuf>,
    /// Links that may be without evidence; what there is evidence of is judged all the same
    #[arg(long, value_enum, value_name = "LINK")]
    without: Vec<Link>,
    /// Now, for the age of the trusted root: `2026-11-27T12:00:00Z`; by default the clock's time
    #[arg(long, value_name = "TIME")]
    now: Option<String>,
    /// File for the record
    #[arg(long, value_name = "FILE")]
    record_out: Option<PathBuf>,
    /// How the verdict is printed
    #[arg(long, value_enum, default_value_t, help_heading = "Terminal")]
    format: Format,
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

impl Inputs {
    /// Takes the inputs apart and checks them.
    pub(crate) fn settings(self, workflow: &Workflow, clock: Timestamp) -> Result<Settings, Failure> {
        let Inputs {
            dir,
            tag,
            repository,
            signer_workflow,
            signer_ref,
            source_ref,
            commit,
            clone,
            issuer,
            triggers,
            runner,
            repository_id,
            predicate_types,
            subject_names,
            bundles,
            sums,
            assets,
            trusted_root,
            release_json,
            online,
            token,
            notes,
            without,
            now,
            record_out,
            format,
        } = self;
        let tag = read::tag(tag.as_deref(), workflow)?;
        let repository = read::repository(repository.as_deref(), workflow)?;
        let source_ref = read::reference("source-ref", source_ref, || Some(format!("refs/tags/{tag}")))?;
        let signer = Signer::read((signer_workflow.as_deref(), signer_ref), (&repository, &source_ref))?;
        let token = token.map(|token| github::Token::new(token.expose()));
        let asked = github::Settings::from_env("release-verify", token, |name| std::env::var(name).ok());
        let api = online.then(|| api::at(&repository, asked)).transpose()?;
        Ok(Settings {
            expected: Expected {
                tag,
                repository,
                signer,
                source_ref,
                commit: commit.map(|id| read::commit(&id)).transpose()?,
                issuer,
                triggers,
                runner,
                repository_id,
                predicate_types,
                names: subject_names,
                only: assets,
                without,
            },
            sources: Sources { dir, clone, bundles, sums, roots: trusted_root, release: release_json, notes, api },
            sinks: Sinks { record: record_out, format },
            now: read::time(now.as_deref(), clock)?,
        })
    }
}
