//! Rules for callers and the workflows that they call, taken together.
use serde_json::{Map, Value};
use tests::yaml;

use super::files::File;

/// Where callers live, and where what they call lives.
const CALLERS: &str = "fixtures/monorepo/.github/workflows/";
const CALLED: &str = ".github/workflows/";
/// How a caller names what it calls, up to the file's name.
const PREFIX: &str = "dataflow/tools/.github/workflows/";

/// Words of a stored key to a cloud.
const CLOUD_KEYS: [&str; 8] = ["GCP", "GOOGLE", "GCLOUD", "SERVICE_ACCOUNT", "SA_KEY", "CREDENTIALS", "AWS", "AZURE"];
/// Steps that exchange the identity token for something.
const EXCHANGES: [&str; 3] =
    ["google-github-actions/auth@", "dataflow/tools/.github/actions/cluster@", "actions/attest-build-provenance@"];

struct Workflow<'a> {
    name: &'a str,
    path: &'a str,
    document: Value,
}

/// What only shows between files: who calls what with which rights, where identities and secrets are used, and what may be
/// cancelled.
pub(crate) fn rules(files: &[File]) -> Vec<String> {
    let read = |folder: &str| -> Vec<Workflow> {
        let of =
            |file: &File| file.path.starts_with(folder) && file.is_yaml() && !file.path[folder.len()..].contains('/');
        let parsed = |file: &'_ File| yaml::parse(&file.text).ok();
        files
            .iter()
            .filter(|file| of(file))
            .filter_map(|file| {
                let name = file.path[folder.len()..].rsplit_once('.').map_or("", |(name, _)| name);
                Some(Workflow { name, path: &file.path, document: parsed(file)? })
            })
            .collect()
    };
    let (callers, called) = (read(CALLERS), read(CALLED));
    let mut problems = Vec::new();
    for caller in &callers {
        problems.extend(self::caller(caller, &called).into_iter().map(|problem| format!("{}: {problem}", caller.path)));
    }
    for workflow in called.iter().filter(|workflow| workflow.document["on"].get("workflow_call").is_some()) {
        problems.extend(self::called(workflow).into_iter().map(|problem| format!("{}: {problem}", workflow.path)));
        if !callers.iter().any(|caller| calls(caller).any(|(_, _, name)| name == workflow.name)) {
            problems.push(format!("{}: nobody calls it", workflow.path));
        }
    }
    problems
}

fn jobs<'a>(workflow: &'a Workflow<'_>) -> impl Iterator<Item = (&'a String, &'a Value)> {
    workflow.document["jobs"].as_object().into_iter().flatten()
}

/// The jobs that call one of our workflows: id, job, name of the workflow.
fn calls<'a>(caller: &'a Workflow<'_>) -> impl Iterator<Item = (&'a String, &'a Value, &'a str)> {
    jobs(caller).filter_map(|(id, job)| {
        let file = job["uses"].as_str()?.strip_prefix(PREFIX)?.split('@').next()?;
        Some((id, job, file.strip_suffix(".yml")?))
    })
}

fn caller(caller: &Workflow<'_>, called: &[Workflow<'_>]) -> Vec<String> {
    let mut problems = Vec::new();
    let deploys = caller.name.starts_with("deploy-") || caller.name == "release";
    let cancels = caller.document["concurrency"]["cancel-in-progress"] == "true";
    if deploys == cancels {
        problems.push("what deploys or releases is never cancelled by a newer run, and everything else is".to_owned());
    }
    for (id, job) in jobs(caller) {
        if !calls(caller).any(|(other, ..)| other == id) {
            problems.push(format!("job {id}: it calls no workflow of ours; logic does not live in callers"));
        }
        for key in ["environment", "concurrency"] {
            if !job[key].is_null() {
                problems.push(format!("job {id}: {key} does not belong to a job that calls a workflow"));
            }
        }
    }
    for (id, job, name) in calls(caller) {
        let Some(target) = called.iter().find(|workflow| workflow.name == name) else {
            problems.push(format!("job {id}: there is no workflow {name}"));
            continue;
        };
        let union = union(target);
        if job["permissions"].as_object() != Some(&union) {
            problems.push(format!(
                "job {id}: it grants {}, and the called jobs need {}",
                job["permissions"],
                Value::from(union)
            ));
        }
        let on = &caller.document["on"];
        let strangers = on.get("pull_request").is_some() || on == "pull_request";
        if strangers && text(&target.document).contains("id-token") {
            problems.push(format!("job {id}: an identity token beside a pull request's code"));
        }
        for (secret, value) in job["secrets"].as_object().into_iter().flatten() {
            if value != &Value::from(format!("${{{{ secrets.{secret} }}}}")) {
                problems.push(format!("job {id}: the secret {secret} is not passed by its name"));
            }
            if target.document["on"]["workflow_call"]["secrets"].get(secret).is_none() {
                problems.push(format!("job {id}: {name} declares no secret {secret}"));
            }
        }
    }
    problems
}

/// What the jobs of a workflow need together; `write` outweighs `read`.
fn union(workflow: &Workflow<'_>) -> Map<String, Value> {
    let mut union = Map::new();
    for (scope, access) in jobs(workflow).filter_map(|(_, job)| job["permissions"].as_object()).flatten() {
        if union.get(scope).is_none_or(|known| known == "read") {
            union.insert(scope.clone(), access.clone());
        }
    }
    union
}

fn called(workflow: &Workflow<'_>) -> Vec<String> {
    let mut problems = Vec::new();
    let publishes = workflow.name.starts_with("deploy-") || workflow.name == "release";
    for (secret, _) in workflow.document["on"]["workflow_call"]["secrets"].as_object().into_iter().flatten() {
        if CLOUD_KEYS.iter().any(|key| secret.contains(key)) {
            problems.push(format!("the secret {secret} is a stored key for the cloud"));
        }
    }
    for (id, job) in jobs(workflow) {
        let text = text(job);
        let uses: Vec<&str> =
            job["steps"].as_array().into_iter().flatten().filter_map(|step| step["uses"].as_str()).collect();
        let exchanges = uses.iter().any(|uses| EXCHANGES.iter().any(|exchange| uses.starts_with(exchange)));
        let mut expect = |fine: bool, what: &str| {
            problems.extend((!fine).then(|| format!("job {id}: {what}")));
        };
        expect(
            (job["permissions"]["id-token"] == "write") == exchanges,
            "`id-token: write` belongs to the jobs that exchange the token, and to no others",
        );
        expect(
            !text.contains("secrets.") || job["environment"].is_string(),
            "a secret in a job without an environment",
        );
        expect(!text.contains("credentials_json"), "a stored key for the cloud");
        expect(job["concurrency"].is_null(), "concurrency belongs to the caller");
        expect(
            job["outputs"].as_object().is_none_or(|outputs| !self::text(&outputs.clone().into()).contains("token")),
            "a token as an output",
        );
        let restores = |step: &Value| {
            let uses = step["uses"].as_str().unwrap_or_default();
            uses.starts_with("actions/cache")
                || (uses.starts_with("actions/setup-go@") && step["with"]["cache"] != "false")
        };
        expect(
            !(publishes && job["steps"].as_array().into_iter().flatten().any(restores)),
            "a cache is restored where something is published",
        );
        if job["if"] == "always()" || job["if"].as_str().is_some_and(|text| text.starts_with("always() && (contains")) {
            let others: Vec<&String> =
                jobs(workflow).map(|(other, _)| other).take_while(|other| *other != id).collect();
            let needs = |other: &String| match &job["needs"] {
                Value::Array(names) => names.iter().any(|name| name == other.as_str()),
                name => name == other.as_str(),
            };
            expect(
                others.into_iter().all(needs),
                "what always runs must need every job before it, or it misses how one ended",
            );
        }
    }
    problems
}

fn text(value: &Value) -> String {
    value.to_string()
}

/// Shows that each rule finds what it is for.
pub(crate) fn catches_careless_wiring() {
    let caller = "on: push\npermissions: {}\nconcurrency:\n  group: a\n  cancel-in-progress: true\njobs:\n  a:\n    permissions:\n      \
                  contents: read # x\n    uses: dataflow/tools/.github/workflows/ci.yml@0 # v0.0.0\n    secrets:\n      SLACK: ${{ secrets.SLACK }}\n";
    let called = "on:\n  workflow_call:\n    secrets:\n      SLACK:\n        required: false\njobs:\n  one:\n    environment: x\n    permissions:\n      \
                  contents: read\n    steps:\n      - uses: actions/setup-go@0\n        env:\n          A: ${{ secrets.SLACK }}\n  two:\n    if: always()\n    \
                  needs: [one]\n    steps: []\n";
    let found = |caller: &str, called: &str| {
        rules(&[File::new(&format!("{CALLERS}ci.yml"), caller), File::new(&format!("{CALLED}ci.yml"), called)])
    };
    assert_eq!(found(caller, called), Vec::<String>::new());
    for (good, bad) in [
        ("  cancel-in-progress: true\n", ""),
        ("contents: read # x", "contents: write # x"),
        ("ci.yml@0", "cd.yml@0"),
        ("    uses: dataflow/tools/.github/workflows/ci.yml@0 # v0.0.0\n", "    uses: other/ci.yml@0\n"),
        ("secrets.SLACK }}", "secrets.OTHER }}"),
        ("      SLACK: ${{ secrets.SLACK }}\n", "      GONE: ${{ secrets.GONE }}\n"),
        ("    permissions:\n", "    environment: x\n    permissions:\n"),
    ] {
        assert!(!found(&caller.replacen(good, bad, 1), called).is_empty(), "{good:?} → {bad:?}");
    }
    for (good, bad) in [
        ("    environment: x\n", ""),
        ("      contents: read\n", "      contents: read\n      id-token: write\n"),
        ("      - uses: actions/setup-go@0\n", "      - uses: google-github-actions/auth@0\n"),
        ("      SLACK:\n", "      SLACK:\n      GCP_SA_KEY:\n"),
        ("    steps: []\n", "    concurrency: x\n    steps: []\n"),
        ("    needs: [one]\n", ""),
        ("    environment: x\n", "    environment: x\n    outputs:\n      a: ${{ steps.x.outputs.access_token }}\n"),
        (
            "      - uses: actions/setup-go@0\n",
            "      - uses: actions/setup-go@0\n        with:\n          credentials_json: x\n",
        ),
    ] {
        assert!(!found(caller, &called.replacen(good, bad, 1)).is_empty(), "{good:?} → {bad:?}");
    }
    // An identity beside strangers' code, and a cache where something is released.
    let identity = called
        .replace("      contents: read\n", "      contents: read\n      id-token: write\n")
        .replace("setup-go@0", "setup-go@0\n      - uses: google-github-actions/auth@0");
    let grants = caller.replace("      contents: read # x\n", "      contents: read # x\n      id-token: write # x\n");
    assert_eq!(found(&grants, &identity), Vec::<String>::new());
    assert_eq!(found(&grants.replace("on: push", "on: {pull_request: {}}"), &identity).len(), 1);
    let release = |text: &str, folder: &str| {
        File::new(&format!("{folder}release.yml"), &text.replace("workflows/ci.yml", "workflows/release.yml"))
    };
    let calm = caller.replace("  cancel-in-progress: true\n", "");
    assert_eq!(rules(&[release(&calm, CALLERS), release(called, CALLED)]).len(), 1);
    let fresh = called.replace("setup-go@0\n", "setup-go@0\n        with:\n          cache: false\n");
    assert_eq!(rules(&[release(&calm, CALLERS), release(&fresh, CALLED)]), Vec::<String>::new());
}
