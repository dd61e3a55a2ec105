//! An in-toto statement with SLSA provenance, from what a workflow run says of itself.
//!
//! <https://in-toto.io/Statement/v1>, <https://slsa.dev/provenance/v1>,
//! <https://actions.github.io/buildtypes/workflow/v1>
use action::{Failure, Workflow, neutral};
use formats::sums::{Digest, Entry, hex};
use serde_json::{Value, json};

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
///
/// # Errors
/// The run does not say enough of itself, as outside of a workflow.
pub(crate) fn statement(subjects: &[Subject<'_>], workflow: &Workflow) -> Result<Value, Failure> {
    let subject = |(name, digest): &Subject<'_>| json!({ "name": name, "digest": { "sha256": hex(digest) } });
    Ok(json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subjects.iter().map(subject).collect::<Vec<_>>(),
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": predicate(workflow)?,
    }))
}

fn predicate(workflow: &Workflow) -> Result<Value, Failure> {
    let repository = said(workflow.repository.as_deref(), "GITHUB_REPOSITORY")?;
    let url = format!("{}/{repository}", workflow.server_url);
    let file_and_ref = said(workflow.workflow_ref.as_deref(), "GITHUB_WORKFLOW_REF")?;
    let within = file_and_ref.strip_prefix(repository).and_then(|rest| rest.strip_prefix('/')).unwrap_or(file_and_ref);
    let (path, workflow_ref) =
        within.split_once('@').ok_or_else(|| unfit(format!("GITHUB_WORKFLOW_REF is {}", neutral(file_and_ref))))?;
    let run = said(workflow.run_id, "GITHUB_RUN_ID")?;
    let attempt = said(workflow.run_attempt, "GITHUB_RUN_ATTEMPT")?;
    Ok(json!({
        "buildDefinition": {
            "buildType": "https://actions.github.io/buildtypes/workflow/v1",
            "externalParameters": { "workflow": { "ref": workflow_ref, "repository": url, "path": path } },
            "internalParameters": { "github": {
                "event_name": said(workflow.event_name.as_deref(), "GITHUB_EVENT_NAME")?,
                "repository_id": said(workflow.repository_id.as_deref(), "GITHUB_REPOSITORY_ID")?,
                "repository_owner_id": said(workflow.repository_owner_id.as_deref(), "GITHUB_REPOSITORY_OWNER_ID")?,
                "runner_environment": said(workflow.runner_environment.as_deref(), "RUNNER_ENVIRONMENT")?,
            } },
            "resolvedDependencies": [{
                "uri": format!("git+{url}@{}", said(workflow.ref_full.as_deref(), "GITHUB_REF")?),
                "digest": { "gitCommit": said(workflow.sha.as_deref(), "GITHUB_SHA")? },
            }],
        },
        "runDetails": {
            "builder": { "id": format!("{}/{file_and_ref}", workflow.server_url) },
            "metadata": { "invocationId": format!("{url}/actions/runs/{run}/attempts/{attempt}") },
        },
    }))
}

fn said<T>(value: Option<T>, variable: &str) -> Result<T, Failure> {
    value.ok_or_else(|| unfit(format!("{variable} is not set")))
}

fn unfit(cause: String) -> Failure {
    Failure::inputs("say where the files come from", cause).hint("run it as a step of a GitHub Actions workflow")
}
