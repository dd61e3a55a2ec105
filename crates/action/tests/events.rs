//! Event payloads: each typed field is compared with the same place of the raw JSON, over GitHub's own examples and ours.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

use action::payload::{MergeGroup, PullRequest, Push, Release, Schedule, WorkflowDispatch, WorkflowRun};
use action::{Event, Payload, Workflow};
use proptest::prelude::*;
use serde_json::{Value, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/action/payloads")
}

/// What we read, as JSON: pairs of a place in the payload and our value.
fn read(payload: &Payload) -> Vec<(&'static str, Value)> {
    match payload {
        Payload::Push(push) => of_push(push),
        Payload::PullRequest(pull) => of_pull_request(pull),
        Payload::MergeGroup(MergeGroup { head_sha, head_ref, base_sha, base_ref, .. }) => vec![
            ("/merge_group/head_sha", json!(head_sha)),
            ("/merge_group/head_ref", json!(head_ref)),
            ("/merge_group/base_sha", json!(base_sha)),
            ("/merge_group/base_ref", json!(base_ref)),
        ],
        Payload::WorkflowDispatch(WorkflowDispatch { full_ref, workflow, .. }) => {
            vec![("/ref", json!(full_ref)), ("/workflow", json!(workflow))]
        }
        Payload::Schedule(Schedule { schedule, .. }) => vec![("/schedule", json!(schedule))],
        Payload::Release(release) => of_release(release),
        Payload::WorkflowRun(run) => of_workflow_run(run),
        Payload::Other => vec![],
    }
}

fn of_push(push: &Push) -> Vec<(&'static str, Value)> {
    vec![
        ("/before", json!(push.before)),
        ("/after", json!(push.after)),
        ("/ref", json!(push.full_ref)),
        ("/base_ref", json!(push.base_ref)),
        ("/created", json!(push.created)),
        ("/deleted", json!(push.deleted)),
        ("/forced", json!(push.forced)),
    ]
}

fn of_pull_request(pull: &PullRequest) -> Vec<(&'static str, Value)> {
    let name = |side: &action::payload::Side| json!(side.repo.as_ref().and_then(|repo| repo.full_name.clone()));
    vec![
        ("/pull_request/number", json!(pull.number)),
        ("/pull_request/title", json!(pull.title)),
        ("/pull_request/body", json!(pull.body)),
        ("/pull_request/base/sha", json!(pull.base.sha)),
        ("/pull_request/base/ref", json!(pull.base.branch)),
        ("/pull_request/base/repo/full_name", name(&pull.base)),
        ("/pull_request/head/sha", json!(pull.head.sha)),
        ("/pull_request/head/ref", json!(pull.head.branch)),
        ("/pull_request/head/repo/full_name", name(&pull.head)),
        ("/pull_request/merge_commit_sha", json!(pull.merge_commit_sha)),
        ("/pull_request/changed_files", json!(pull.changed_files)),
        ("/pull_request/commits", json!(pull.commits)),
        ("/pull_request/draft", json!(pull.draft)),
        ("/pull_request/merged", json!(pull.merged)),
    ]
}

fn of_release(release: &Release) -> Vec<(&'static str, Value)> {
    vec![
        ("/release/id", json!(release.id)),
        ("/release/tag_name", json!(release.tag_name)),
        ("/release/target_commitish", json!(release.target_commitish)),
        ("/release/name", json!(release.name)),
        ("/release/draft", json!(release.draft)),
        ("/release/prerelease", json!(release.prerelease)),
    ]
}

fn of_workflow_run(run: &WorkflowRun) -> Vec<(&'static str, Value)> {
    let numbers: Vec<_> = run.pull_requests.iter().map(|pull| pull.number).collect();
    let from = run.head_repository.as_ref().and_then(|repo| repo.full_name.clone());
    let mut read = vec![
        ("/workflow_run/id", json!(run.id)),
        ("/workflow_run/head_sha", json!(run.head_sha)),
        ("/workflow_run/head_branch", json!(run.head_branch)),
        ("/workflow_run/event", json!(run.event)),
        ("/workflow_run/conclusion", json!(run.conclusion)),
        ("/workflow_run/head_repository/full_name", json!(from)),
    ];
    if let [first, ..] = numbers.as_slice() {
        read.push(("/workflow_run/pull_requests/0/number", json!(first)));
    }
    read
}

/// Reads a payload and compares it with its own JSON; what is missing counts as null, no commit too, and no flag as false.
fn check(name: &str, json: &Value) -> Event {
    let event = Event::parse(name, json.to_string().as_bytes()).unwrap();
    let shared = [
        ("/repository/default_branch", json!(event.default_branch())),
        ("/repository/full_name", json!(event.repository.as_ref().and_then(|repository| repository.full_name.clone()))),
        ("/action", json!(event.action)),
    ];
    for (place, ours) in read(&event.payload).into_iter().chain(shared) {
        let raw = json.pointer(place).cloned().unwrap_or_default();
        let zeros = raw.as_str().is_some_and(|text| !text.is_empty() && text.bytes().all(|byte| byte == b'0'));
        let expected = match &ours {
            Value::Bool(_) if raw.is_null() => json!(false),
            _ if zeros => Value::Null,
            _ => raw,
        };
        assert_eq!(ours, expected, "{name} {place}");
    }
    event
}

/// The example called `<event>.<case>`.
fn example(file: &str) -> Event {
    let json: Value = serde_json::from_slice(&fs::read(folder().join(file)).unwrap()).unwrap();
    check(file.split('.').next().unwrap(), &json)
}

#[test]
fn every_example_is_read_as_it_is() {
    let mut kinds = std::collections::BTreeMap::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".json") {
            let event = example(&name);
            assert_eq!(event.payload == Payload::Other, name.starts_with("issue_comment"), "{name}");
            *kinds.entry(event.name).or_insert(0) += 1;
        }
    }
    assert_eq!(kinds.len(), 11, "{kinds:?}");
}

fn pull_request(file: &str) -> PullRequest {
    match example(file).payload {
        Payload::PullRequest(pull) => *pull,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_fork_is_known_and_a_deleted_one_is_not_taken_for_ours() {
    assert_eq!(pull_request("pull_request.opened.json").from_fork(), Some(false));
    assert_eq!(pull_request("pull_request_target.fork.ours.json").from_fork(), Some(true));
    assert_eq!(pull_request("pull_request_target.fork-deleted.ours.json").from_fork(), None);
}

#[test]
fn no_commit_is_none() {
    let push = |file| match example(file).payload {
        Payload::Push(push) => (push.before.is_some(), push.after.is_some()),
        other => panic!("{other:?}"),
    };
    assert_eq!(push("push.branch-created.json"), (false, true));
    assert_eq!(push("push.tag-deleted.json"), (true, false));
    assert_eq!(push("push.forced.ours.json"), (true, true));
}

#[test]
fn dispatch_inputs_are_text() {
    let Payload::WorkflowDispatch(dispatch) = example("workflow_dispatch.typed-inputs.ours.json").payload else {
        panic!("no dispatch")
    };
    let inputs: Vec<_> = dispatch.inputs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(inputs, ["canary_weight_step1=10", "image_tag=v1.2.3", "skip_canary=true"]);
}

/// The complaint about a payload file with this text.
fn complaint(name: &str, text: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("event.json");
    fs::write(&path, text).unwrap();
    let workflow = Workflow::from_lookup(|variable| match variable {
        "GITHUB_EVENT_NAME" => Some(name.into()),
        "GITHUB_EVENT_PATH" => Some(path.clone().into()),
        _ => None,
    });
    let failure = workflow.event().unwrap_err();
    assert_eq!(failure.code(), 3);
    failure.to_string().replace(folder.path().to_str().unwrap(), "")
}

#[test]
fn a_bad_payload_is_a_failure_that_names_the_file() {
    let start = "could not read the event payload /event.json: ";
    assert_eq!(complaint("push", b"{"), format!("{start}EOF while parsing an object at line 1 column 1"));
    assert_eq!(complaint("release", b"{}"), format!("{start}missing field `release` at line 1 column 2"));
    let wrong = complaint("push", br#"{"before": 7}"#);
    assert_eq!(wrong, format!("{start}invalid type: integer `7`, expected a string at line 1 column 12"));
    let huge = [br#"{"before": ""#.as_slice(), &vec![b'a'; 33 << 20], br#""}"#].concat();
    assert_eq!(complaint("push", &huge), format!("{start}it is bigger than 32 MiB"));
    let deep = [b"{\"a\": ".as_slice(), &vec![b'['; 100_000]].concat();
    assert_eq!(complaint("push", &deep), format!("{start}EOF while parsing a list at line 1 column 100006"));
}

#[test]
fn no_event_is_a_failure() {
    let failure = Workflow::from_lookup(|_| None).event().unwrap_err();
    assert_eq!(failure.to_string(), "could not read the event that started the run: GITHUB_EVENT_NAME is not set");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-f0-9]{0,4}".prop_map(Value::from)
    ];
    let keys = [
        "before",
        "after",
        "ref",
        "repository",
        "pull_request",
        "base",
        "head",
        "repo",
        "sha",
        "number",
        "inputs",
        "release",
        "merge_group",
        "workflow_run",
        "pull_requests",
        "draft",
        "default_branch",
        "x",
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(prop::sample::select(keys.to_vec()), inner, 0..6)
                .prop_map(|map| map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_payload_panics(json in any_json(), bytes: Vec<u8>, name in prop::sample::select(vec![
        "push", "pull_request", "merge_group", "workflow_dispatch", "schedule", "release", "workflow_run", "other",
    ])) {
        let _ = Event::parse(name, json.to_string().as_bytes());
        let _ = Event::parse(name, &bytes);
    }
}
