//! The cloud that the workflows sign in at: which of their jobs get an identity, and what each may become.
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use tests::identity::{Cloud, Job, Trust};
use tests::yaml;

/// The provider that the repository is set up with.
pub(crate) const PROVIDER: &str = "projects/1/locations/global/workloadIdentityPools/github/providers/monorepo";
const REPOSITORY: &str = "dataflow/monorepo";
/// How a caller names what it calls, up to the file's name.
const PREFIX: &str = "dataflow/tools/.github/workflows/";

/// The account that deploys to an environment.
pub(crate) fn account(environment: &str) -> String {
    format!("deploy-{environment}@shop.iam.gserviceaccount.com")
}

/// A cloud in which each environment has an account of its own.
pub(crate) fn cloud() -> Cloud {
    let subjects = [
        ("development", vec!["development"]),
        ("staging", vec!["staging"]),
        ("production", vec!["production", "production-rollback"]),
        ("release", vec!["release"]),
    ];
    let subject = |environment: &&str| format!("repo:{REPOSITORY}:environment:{environment}");
    let accounts: BTreeMap<String, Vec<String>> =
        subjects.iter().map(|(name, known)| (account(name), known.iter().map(subject).collect())).collect();
    Cloud::start(Trust { provider: PROVIDER.to_owned(), repository: REPOSITORY.to_owned(), accounts }).unwrap()
}

/// What is run: the event with its payload, and the caller's name and text.
pub(crate) struct Started<'a> {
    pub(crate) event: &'a str,
    pub(crate) payload: &'a str,
    pub(crate) caller: &'a str,
    pub(crate) text: &'a str,
}

/// Writes the workflows that a caller calls so that those jobs know where to ask for a token to which GitHub's runner would tell
/// it: both the caller's job and the job itself have `id-token: write`.
pub(crate) fn identify(cloud: &Cloud, (from, to): (&Path, &Path), started: &Started<'_>) {
    let caller = yaml::parse(started.text).unwrap();
    for job in caller["jobs"].as_object().unwrap().values() {
        let Some(name) = job["uses"].as_str().and_then(|uses| uses.strip_prefix(PREFIX)?.split('@').next()) else {
            continue;
        };
        let whole = fs::read_to_string(from.join(name)).unwrap();
        let granted = job["permissions"]["id-token"] == "write";
        let text = if granted { with_identities(cloud, (name, whole), started) } else { whole };
        fs::write(to.join(name), text).unwrap();
    }
}

fn with_identities(cloud: &Cloud, (name, whole): (&str, String), started: &Started<'_>) -> String {
    let payload: Value = serde_json::from_str(started.payload).unwrap();
    let reference = payload["ref"].as_str().unwrap_or("refs/pull/7/merge");
    let document = yaml::parse(&whole).unwrap();
    let mut text = whole;
    for (id, job) in document["jobs"].as_object().unwrap() {
        if job["permissions"]["id-token"] != "write" {
            continue;
        }
        assert!(job["env"].is_null(), "{name}: the job {id} has an `env` already");
        let (url, token) = cloud.grants(Job {
            repository: REPOSITORY.to_owned(),
            reference: reference.to_owned(),
            environment: job["environment"].as_str().unwrap_or_default().to_owned(),
            workflow: format!("{REPOSITORY}/.github/workflows/{}@{reference}", started.caller),
            job_workflow: format!("{PREFIX}{name}@refs/tags/v1"),
            event: started.event.to_owned(),
            run: "1".to_owned(),
        });
        let start = format!("\n  {id}:\n");
        assert_eq!(text.matches(&start).count(), 1, "{name}: {id}");
        let env = format!(
            "{start}    env:\n      ACTIONS_ID_TOKEN_REQUEST_URL: {url}\n      ACTIONS_ID_TOKEN_REQUEST_TOKEN: \"{token}\"\n"
        );
        text = text.replace(&start, &env);
    }
    text
}
