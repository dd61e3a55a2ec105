//! An in-toto statement with SLSA provenance, from what a workflow run says of itself.
//!
//! <https://in-toto.io/Statement/v1>, <https://slsa.dev/provenance/v1>,
//! <https://actions.github.io/buildtypes/workflow/v1>
use action::{Failure, Workflow, neutral};
use formats::sums::{Digest, Entry, hex};
use serde::Serialize;

/// The most subjects that actions/attest takes in one statement.
pub(crate) const MOST_SUBJECTS: usize = 1024;
/// The most bytes that it takes in its input subject-checksums.
pub(crate) const MOST_BYTES: usize = 512 << 10;

/// One subject: a name that is text, and its digest.
pub(crate) type Subject<'a> = (&'a str, &'a Digest);

/// The subjects of a list, sorted by name.
///
/// # Errors
/// None at all, more than fit, or a name that cannot be one.
pub(crate) fn subjects(entries: &[Entry]) -> Result<Vec<Subject<'_>>, Failure> {
    const DOING: &str = "name the files of the list as subjects";
    let mut subjects = Vec::with_capacity(entries.len());
    for entry in entries {
        let text = std::str::from_utf8(&entry.name).ok().filter(|name| !name.contains(['\n', '\r', '\\']));
        let Some(name) = text else {
            let cause = format!("{} has line breaks, backslashes or bytes that are no UTF-8", neutral(&entry.name));
            return Err(Failure::inputs(DOING, cause).hint("rename the file"));
        };
        subjects.push((name, &entry.digest));
    }
    subjects.sort_unstable();
    match subjects.len() {
        0 => Err(Failure::inputs(DOING, "the list is empty").hint("make it with `sha256sums create`")),
        count if count > MOST_SUBJECTS => {
            let cause = format!("there are {count}, and actions/attest takes {MOST_SUBJECTS}");
            Err(Failure::inputs(DOING, cause).hint("split the list, or attest the list itself as the one subject"))
        }
        _ => Ok(subjects),
    }
}

/// The statement.
#[derive(Serialize)]
pub(crate) struct Statement {
    #[serde(rename = "_type")]
    kind: &'static str,
    subject: Vec<Artifact>,
    #[serde(rename = "predicateType")]
    predicate_type: &'static str,
    predicate: Predicate,
}

#[derive(Serialize)]
struct Artifact {
    name: String,
    digest: Sha256,
}

#[derive(Serialize)]
struct Sha256 {
    sha256: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Predicate {
    build_definition: BuildDefinition,
    run_details: RunDetails,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BuildDefinition {
    build_type: &'static str,
    external_parameters: External,
    internal_parameters: Internal,
    resolved_dependencies: [Dependency; 1],
}

#[derive(Serialize)]
struct External {
    workflow: File,
}

#[derive(Serialize)]
struct File {
    #[serde(rename = "ref")]
    version: String,
    repository: String,
    path: String,
}

#[derive(Serialize)]
struct Internal {
    github: Runner,
}

#[derive(Serialize)]
struct Runner {
    event_name: String,
    repository_id: String,
    repository_owner_id: String,
    runner_environment: String,
}

#[derive(Serialize)]
struct Dependency {
    uri: String,
    digest: Commit,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Commit {
    git_commit: String,
}

#[derive(Serialize)]
struct RunDetails {
    builder: Builder,
    metadata: Metadata,
}

#[derive(Serialize)]
struct Builder {
    id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    invocation_id: String,
}

/// Puts subjects and run together.
///
/// # Errors
/// The run does not say enough of itself, as outside of a workflow.
pub(crate) fn statement(subjects: &[Subject<'_>], workflow: &Workflow) -> Result<Statement, Failure> {
    let artifact =
        |(name, digest): &Subject<'_>| Artifact { name: (*name).to_owned(), digest: Sha256 { sha256: hex(digest) } };
    Ok(Statement {
        kind: "https://in-toto.io/Statement/v1",
        subject: subjects.iter().map(artifact).collect(),
        predicate_type: "https://slsa.dev/provenance/v1",
        predicate: predicate(workflow)?,
    })
}

fn predicate(workflow: &Workflow) -> Result<Predicate, Failure> {
    let repository = said(workflow.repository.clone(), "GITHUB_REPOSITORY")?;
    let url = format!("{}/{repository}", workflow.server_url);
    let file = said(workflow.workflow_ref.clone(), "GITHUB_WORKFLOW_REF")?;
    let within = file.strip_prefix(&repository).and_then(|rest| rest.strip_prefix('/')).unwrap_or(&file);
    let (path, version) =
        within.split_once('@').ok_or_else(|| unfit(format!("GITHUB_WORKFLOW_REF is {}", neutral(&file))))?;
    let run = said(workflow.run_id, "GITHUB_RUN_ID")?;
    let attempt = said(workflow.run_attempt, "GITHUB_RUN_ATTEMPT")?;
    let uri = format!("git+{url}@{}", said(workflow.ref_full.clone(), "GITHUB_REF")?);
    let digest = Commit { git_commit: said(workflow.sha.clone(), "GITHUB_SHA")? };
    let invocation_id = format!("{url}/actions/runs/{run}/attempts/{attempt}");
    let workflow_file = File { version: version.to_owned(), repository: url, path: path.to_owned() };
    Ok(Predicate {
        build_definition: BuildDefinition {
            build_type: "https://actions.github.io/buildtypes/workflow/v1",
            external_parameters: External { workflow: workflow_file },
            internal_parameters: Internal { github: runner(workflow)? },
            resolved_dependencies: [Dependency { uri, digest }],
        },
        run_details: RunDetails {
            builder: Builder { id: format!("{}/{file}", workflow.server_url) },
            metadata: Metadata { invocation_id },
        },
    })
}

fn runner(workflow: &Workflow) -> Result<Runner, Failure> {
    Ok(Runner {
        event_name: said(workflow.event_name.clone(), "GITHUB_EVENT_NAME")?,
        repository_id: said(workflow.repository_id.clone(), "GITHUB_REPOSITORY_ID")?,
        repository_owner_id: said(workflow.repository_owner_id.clone(), "GITHUB_REPOSITORY_OWNER_ID")?,
        runner_environment: said(workflow.runner_environment.clone(), "RUNNER_ENVIRONMENT")?,
    })
}

fn said<T>(value: Option<T>, variable: &str) -> Result<T, Failure> {
    value.ok_or_else(|| unfit(format!("{variable} is not set")))
}

fn unfit(cause: String) -> Failure {
    Failure::inputs("say where the files come from", cause).hint("run it as a step of a GitHub Actions workflow")
}
