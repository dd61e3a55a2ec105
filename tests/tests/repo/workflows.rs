//! Rules for workflows and actions.
use serde_json::{Map, Value};
use tests::yaml;

use super::files::File;

/// No expression is put into a script: values travel by `env`.
pub(crate) fn no_expression_in_run(files: &[File]) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| file.is_yaml()) {
        match yaml::parse(&file.text) {
            Ok(document) => {
                let mut runs = Vec::new();
                values_of("run", &document, &mut runs);
                let bad = runs.iter().filter(|run| run.as_str().is_some_and(|script| script.contains("${{")));
                problems.extend(bad.map(|run| format!("{}: an expression in run: {run}", file.path)));
            }
            // Fixtures may hold what is not YAML, to see what happens.
            Err(e) if !file.path.starts_with("fixtures/") => problems.push(format!("{}: {e}", file.path)),
            Err(_) => {}
        }
    }
    for file in files.iter().filter(|file| file.path.ends_with(".md")) {
        let bad = file
            .text
            .lines()
            .filter(|line| line.trim_start().trim_start_matches("- ").starts_with("run:") && line.contains("${{"));
        problems.extend(bad.map(|line| format!("{}: an expression in run: {line}", file.path)));
    }
    problems
}

/// What every workflow of the project keeps to.
pub(crate) fn rules(files: &[File]) -> Vec<String> {
    let is_workflow = |file: &&File| {
        file.is_yaml()
            && (file.path.starts_with(".github/workflows/")
                || (file.path.starts_with("fixtures/") && file.path.contains("/.github/workflows/")))
    };
    let mut problems = Vec::new();
    for file in files.iter().filter(is_workflow) {
        let found = match yaml::parse(&file.text) {
            Ok(document) => workflow(&document).into_iter().chain(lines(&file.text)).collect(),
            Err(e) => vec![e],
        };
        problems.extend(found.into_iter().map(|problem| format!("{}: {problem}", file.path)));
    }
    problems
}

fn workflow(document: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    let mut expect = |fine: bool, problem: &str| problems.extend((!fine).then(|| problem.to_owned()));
    let on = |event: &str| match &document["on"] {
        Value::String(name) => name == event,
        Value::Array(names) => names.iter().any(|name| name == event),
        events => events.get(event).is_some(),
    };
    expect(document["name"].is_string(), "the workflow has no name");
    expect(document["permissions"].as_object().is_some_and(Map::is_empty), "the top does not say `permissions: {}`");
    expect(!on("pull_request_target"), "pull_request_target runs strangers' code with our secrets");
    let called = on("workflow_call");
    expect(
        called != document["concurrency"].is_object(),
        if called { "concurrency belongs to the caller" } else { "no concurrency" },
    );
    for (id, job) in document["jobs"].as_object().into_iter().flatten() {
        problems.extend(self::job(job, on("pull_request")).into_iter().map(|problem| format!("job {id}: {problem}")));
    }
    problems
}

fn job(job: &Value, pull_request: bool) -> Vec<String> {
    let mut problems = Vec::new();
    let mut expect = |fine: bool, problem: &str| problems.extend((!fine).then(|| problem.to_owned()));
    expect(job["name"].is_string(), "no name");
    expect(job["secrets"] != "inherit", "secrets are passed one by one");
    expect(
        !(pull_request && job["permissions"]["id-token"] == "write"),
        "an identity token beside a pull request's code",
    );
    let Some(steps) = job["steps"].as_array() else {
        expect(job["environment"].is_null(), "a job that calls a workflow has no environment");
        return problems;
    };
    expect(job["timeout-minutes"].is_string(), "no timeout-minutes");
    expect(job["runs-on"] == "ubuntu-24.04", "runs-on is not ubuntu-24.04");
    for step in steps {
        expect(step["name"].is_string(), "a step without a name");
        let uses = step["uses"].as_str().unwrap_or_default();
        if uses.starts_with("actions/checkout@") {
            expect(step["with"]["persist-credentials"] == "false", "checkout without persist-credentials: false");
        }
        let script = step["run"].as_str().unwrap_or_default();
        let piped =
            (script.contains("curl ") || script.contains("wget ")) && script.split('|').skip(1).any(starts_a_shell);
        expect(!piped, "a download is piped into a shell");
    }
    problems
}

fn starts_a_shell(command: &str) -> bool {
    let words = command.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word));
    words.take(2).any(|word| matches!(word, "sh" | "bash" | "dash" | "zsh"))
}

/// What only the text shows: comments.
fn lines(text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let mut grants = None;
    for (at, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let trimmed = line.trim_start().trim_start_matches("- ");
        grants = grants.filter(|outer| indent > *outer || trimmed.is_empty());
        if let Some(uses) = trimmed.strip_prefix("uses:").map(str::trim) {
            let (action, comment) = uses.split_once(" # ").unwrap_or((uses, ""));
            if !pinned(action.trim(), comment) {
                problems.push(format!("line {}: not pinned as `owner/name@<40 hex digits> # vX.Y.Z`: {uses}", at + 1));
            }
        } else if grants.is_some() && !trimmed.is_empty() && !trimmed.starts_with('#') && !line.contains(" # ") {
            problems.push(format!("line {}: a permission without a comment that says what for", at + 1));
        }
        if trimmed.trim_end() == "permissions:" {
            grants = Some(indent);
        }
    }
    problems
}

fn pinned(action: &str, comment: &str) -> bool {
    let hex = |id: &str, length: usize| id.len() == length && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if let Some(image) = action.strip_prefix("docker://") {
        return image.split_once("@sha256:").is_some_and(|(_, digest)| hex(digest, 64));
    }
    let version = comment.strip_prefix('v').is_some_and(|version| {
        let parts: Vec<&str> = version.split('.').collect();
        parts.len() == 3 && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    });
    action.starts_with("./") || (version && action.split_once('@').is_some_and(|(_, id)| hex(id, 40)))
}

/// Every value under a key, in any depth.
fn values_of<'a>(key: &str, value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(entries) => {
            found.extend(entries.get(key));
            entries.values().for_each(|value| values_of(key, value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| values_of(key, value, found)),
        _ => {}
    }
}

/// Shows that each rule finds what it is for.
pub(crate) fn catches_careless_workflows() {
    let careful = "name: a\non: push\npermissions: {}\nconcurrency:\n  group: a\njobs:\n  b:\n    name: b\n    runs-on: ubuntu-24.04\n    \
                   timeout-minutes: 5\n    permissions:\n      contents: read # the checkout\n    steps:\n      - name: c\n        \
                   uses: actions/checkout@0123456789012345678901234567890123456789 # v1.2.3\n        with:\n          \
                   persist-credentials: false\n      - name: d\n        run: curl -f x | tar x\n";
    let found = |text: &str| rules(&[File::new(".github/workflows/a.yml", text)]);
    assert_eq!(found(careful), Vec::<String>::new());
    let called = careful.replace("on: push", "on: workflow_call").replace("concurrency:\n  group: a\n", "");
    assert_eq!(found(&called), Vec::<String>::new());
    for (good, bad) in [
        ("name: a\n", ""),
        ("permissions: {}\n", ""),
        ("permissions: {}\n", "permissions:\n  contents: read # x\n"),
        ("on: push", "on: [push, pull_request_target]"),
        ("on: push", "on: {workflow_call: {}}"),
        ("concurrency:\n  group: a\n", ""),
        ("    name: b\n", ""),
        ("ubuntu-24.04", "ubuntu-latest"),
        ("    timeout-minutes: 5\n", ""),
        (" # the checkout", ""),
        ("- name: c\n        uses", "- uses"),
        (" # v1.2.3", ""),
        (" # v1.2.3", " # v1"),
        ("0123456789012345678901234567890123456789", "v1"),
        ("persist-credentials: false", "fetch-depth: 0"),
        ("| tar x", "| sudo bash"),
        ("    permissions:\n      contents", "    secrets: inherit\n    permissions:\n      contents"),
    ] {
        assert_eq!(
            found(&careful.replacen(good, bad, 1)).len(),
            1,
            "{good:?} → {bad:?}: {:?}",
            found(&careful.replacen(good, bad, 1))
        );
    }
    let identity = careful.replace("on: push", "on: pull_request").replace("contents: read", "id-token: write");
    assert_eq!(found(&identity).len(), 1);
}
