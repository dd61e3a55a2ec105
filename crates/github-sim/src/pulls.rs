//! The JSON of pull requests and of their files.
use serde_json::{Value, json};

use crate::accounts::account;
use crate::http::encode;
use crate::pages::Page;
use crate::state::{File, Pull, Repository};

/// GitHub lists no more files of a pull request than this.
const LISTED: usize = 3_000;

/// Fields of a pull request that a list of them lacks.
const UNLISTED: [&str; 12] = [
    "additions",
    "changed_files",
    "comments",
    "commits",
    "deletions",
    "maintainer_can_modify",
    "mergeable",
    "mergeable_state",
    "merged",
    "merged_by",
    "rebaseable",
    "review_comments",
];

/// GitHub's published example of a pull request, cut by `examples/cut.rs`.
const EXAMPLE: &str = include_str!("../../../fixtures/github/pull-request.json");

/// One pull request: the published example with the names and numbers of this one.
pub(crate) fn pull(repository: &Repository, pull: &Pull) -> Value {
    let mut value: Value = serde_json::from_str(EXAMPLE).expect("the fixture is JSON, as a test shows");
    value["number"] = json!(pull.number);
    value["changed_files"] = json!(pull.said_changed_files());
    value["state"] = json!(if pull.closed { "closed" } else { "open" });
    value["locked"] = json!(pull.locked);
    let own = (repository.owner.as_str(), repository.name.as_str());
    set_side(&mut value["base"], own, (&pull.base_ref, &pull.base_sha));
    set_side(&mut value["head"], pull.head_repository(repository), (&pull.head_ref, &pull.head_sha));
    let of_fork = pull.fork.is_some();
    for (side, id) in [("base", repository.id), ("head", repository.id + u64::from(of_fork))] {
        value[side]["repo"]["id"] = json!(id);
        value[side]["repo"]["private"] = json!(repository.private);
    }
    value["head"]["repo"]["fork"] = json!(of_fork);
    if pull.fork_deleted {
        value["head"]["repo"] = Value::Null;
    }
    rename(&mut value, &repository.full_name(), Some(pull.number));
    // The example's team lacks a field that the description requires.
    value["requested_teams"] = json!([]);
    value
}

/// The same as a list has it: without what only the answer for one pull request says.
pub(crate) fn listed(repository: &Repository, one: &Pull) -> Value {
    let mut value = pull(repository, one);
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|name, _| !UNLISTED.contains(&name.as_str()));
    }
    value
}

/// One side of a pull request: which branch of which repository.
fn set_side(side: &mut Value, (owner, name): (&str, &str), (branch, sha): (&str, &str)) {
    rename(side, &format!("{owner}/{name}"), None);
    side["ref"] = json!(branch);
    side["sha"] = json!(sha);
    side["label"] = json!(format!("{owner}:{branch}"));
    side["user"] = account(owner, "");
    side["repo"]["owner"] = account(owner, "");
    side["repo"]["name"] = json!(name);
}

/// The example's repository and number, wherever an address names them.
fn rename(value: &mut Value, repository: &str, number: Option<u64>) {
    match value {
        Value::String(text) if text.contains("octocat/Hello-World") => {
            *text = text.replace("octocat/Hello-World", repository);
            if let Some(number) = number {
                *text = text.replace("/1347", &format!("/{number}"));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, repository, number)),
        Value::Object(fields) => fields.values_mut().for_each(|field| rename(field, repository, number)),
        _ => {}
    }
}

/// One page of the files, and how many can be listed.
pub(crate) fn files(repository: &Repository, pull: &Pull, page: Page) -> (Value, usize) {
    let listed = (pull.files.len() + pull.generated_files).min(LISTED);
    let entries = page.range(listed).filter_map(|index| pull.file(index)).map(|file| entry(repository, pull, &file));
    (entries.collect(), listed)
}

fn entry(repository: &Repository, pull: &Pull, file: &File) -> Value {
    let (name, path, sha) = (repository.full_name(), encode(&file.filename), &pull.head_sha);
    let mut entry = json!({
        "sha": "bbcd538c8e72b8c175046e27cc8f907076331401",
        "filename": file.filename,
        "status": file.status,
        "additions": 1,
        "deletions": 0,
        "changes": 1,
        "blob_url": format!("https://github.com/{name}/blob/{sha}/{path}"),
        "raw_url": format!("https://github.com/{name}/raw/{sha}/{path}"),
        "contents_url": format!("https://api.github.com/repos/{name}/contents/{path}?ref={sha}"),
        "patch": "@@ -0,0 +1 @@\n+line",
    });
    if let Some(previous) = &file.previous_filename {
        entry["previous_filename"] = json!(previous);
    }
    entry
}
