//! The JSON of pull requests and of their files.
use serde_json::{Value, json};

use crate::http::encode;
use crate::pages::Page;
use crate::state::{File, Pull, Repository};

/// GitHub lists no more files of a pull request than this.
const LISTED: usize = 3_000;

/// GitHub's published example of a pull request, cut by `examples/cut.rs`.
const EXAMPLE: &str = include_str!("../../../fixtures/github/pull-request.json");

/// One pull request: the published example with the names and numbers of this one.
pub(crate) fn pull(repository: &Repository, pull: &Pull) -> Value {
    let mut value: Value = serde_json::from_str(EXAMPLE).expect("the fixture is JSON, as a test shows");
    rename(&mut value, repository, pull);
    value["number"] = json!(pull.number);
    value["changed_files"] = json!(pull.said_changed_files());
    for (side, branch, sha) in [("base", &pull.base_ref, &pull.base_sha), ("head", &pull.head_ref, &pull.head_sha)] {
        value[side]["ref"] = json!(branch);
        value[side]["sha"] = json!(sha);
        value[side]["label"] = json!(format!("{}:{branch}", repository.owner));
        value[side]["repo"]["id"] = json!(repository.id);
        value[side]["repo"]["private"] = json!(repository.private);
        value[side]["repo"]["name"] = json!(repository.name);
    }
    // The example's team lacks a field that the description requires.
    value["requested_teams"] = json!([]);
    value
}

/// The example's repository and number, wherever an address names them.
fn rename(value: &mut Value, repository: &Repository, pull: &Pull) {
    match value {
        Value::String(text) if text.contains("octocat/Hello-World") => {
            let named = text.replace("octocat/Hello-World", &repository.full_name());
            *text = named.replace("/1347", &format!("/{}", pull.number));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, repository, pull)),
        Value::Object(fields) => fields.values_mut().for_each(|field| rename(field, repository, pull)),
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
