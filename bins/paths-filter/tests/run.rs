//! Whole runs beside the event table: exit codes, hashes, the API instead of a checkout, hostile names, lint, gen-action.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod world;

use std::fs;
use std::path::{Path, PathBuf};

use github_sim::{Sim, State};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use world::{Ran, Run, World};

fn inputs(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// A push of main from m2 to m4 with these inputs.
fn push(world: &World, with: Value) -> Ran {
    let clone = world.clone_for("m4", ("main", "refs/heads/main"), 0);
    push_in(world, &clone, with)
}

fn push_in(world: &World, clone: &Path, with: Value) -> Ran {
    let payload = json!({ "ref": "refs/heads/main", "before": "@m2", "repository": { "default_branch": "main" } });
    Run::new(world, clone).event("push", "refs/heads/main", &payload).with(&inputs(with)).run()
}

fn check_exit(ran: &Ran, exit: i32, said: &str) {
    assert_eq!(ran.exit, exit, "{}", ran.log);
    assert!(ran.log.contains(said), "`{said}` is not in:\n{}", ran.log);
}

fn result(ran: &Ran) -> Value {
    serde_json::from_str(&ran.outputs["result"]).unwrap()
}

#[test]
fn inputs_that_make_no_sense_end_with_two() {
    let world = World::new();
    let all = "f: '**'\n";
    check_exit(&push(&world, json!({ "filters": all, "list-files": "xml" })), 2, "list-files");
    check_exit(&push(&world, json!({ "filters": all, "predicate-quantifier": "all" })), 2, "predicate-quantifier");
    check_exit(&push(&world, json!({ "filters": ".github/none.yml" })), 2, ".github/none.yml");
    check_exit(&push(&world, json!({ "filters": "a:b\n\n" })), 2, "expected a mapping");
    check_exit(&push(&world, json!({ "filters": "" })), 2, "`filters` is empty");
    check_exit(
        &push(&world, json!({ "filters": all, "syntax": "github", "predicate-quantifier": "every" })),
        2,
        "last pattern",
    );
    check_exit(&push(&world, json!({ "filters": all, "working-directory": "nowhere" })), 2, "nowhere");
    check_exit(&push(&world, json!({ "filters": all, "list-files": "JSON" })), 0, "true");
    for row in world::fixture("config.json")["rows"].as_array().unwrap() {
        if let Some(filters) = row["filters"].as_str() {
            let exit = i32::try_from(row["our_exit"].as_i64().unwrap()).unwrap();
            check_exit(&push(&world, json!({ "filters": filters })), exit, "");
        }
    }
}

#[test]
fn outputs_are_the_declared_ones() {
    let world = World::new();
    let filters = "docs: ['docs/**']\nsrc: {paths: 'src/**', matrix: {node: 20}}\nall: {paths: none, depends: docs}\n";
    let ran = push(&world, json!({ "filters": filters, "list-files": "csv" }));
    assert_eq!(ran.exit, 0, "{}", ran.log);
    assert_eq!(ran.outputs["changes"], r#"["docs","all"]"#);
    assert_eq!((ran.outputs["any"].as_str(), ran.outputs["uncertain"].as_str()), ("true", "false"));
    assert_eq!((ran.outputs["base"].as_str(), ran.outputs["head"].as_str()), (world.id("m2"), world.id("m4")));
    let result = result(&ran);
    assert_eq!(result["docs_files"], "docs/m3.md,docs/m4.md");
    assert_eq!((&result["docs_count"], &result["src"], &result["all"]), (&json!(2), &json!(false), &json!(true)));
    let matrix: Value = serde_json::from_str(&ran.outputs["matrix"]).unwrap();
    let names: Vec<&Value> = matrix["include"].as_array().unwrap().iter().map(|entry| &entry["name"]).collect();
    assert_eq!(names, ["docs", "all"]);
    assert_eq!((&matrix["include"][0]["dir"], &matrix["include"][0]["hash"]), (&json!("docs"), &result["docs_hash"]));
    assert!(ran.summary.contains("2 of 3 filters true"), "{}", ran.summary);
    let quiet = push(&world, json!({ "filters": filters }));
    assert!(self::result(&quiet).get("docs_files").is_none());
}

#[test]
fn nothing_true_leaves_an_empty_matrix_and_any_false() {
    let ran = push(&World::new(), json!({ "filters": "f: nothing/**" }));
    assert_eq!((ran.outputs["any"].as_str(), ran.outputs["matrix"].as_str()), ("false", r#"{"include":[]}"#));
}

#[test]
fn a_hash_is_over_the_sorted_records_of_git() {
    let world = World::new();
    let clone = world.clone_for("t", ("t", "refs/heads/main"), 0);
    let ran = push_in(&world, &clone, json!({ "filters": "all: '**'\ndocs: [{added: 'docs/**'}]\nnone: 'x/**'\n" }));
    let listed = world.git(&clone, &["ls-tree", "-r", "HEAD"]);
    let record = |line: &str| {
        let (head, path) = line.split_once('\t').unwrap();
        let [mode, _, id] = head.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        format!("{mode} {id} {path}\0")
    };
    let expected = |prefix: &str| {
        let mut records: Vec<String> =
            listed.lines().map(record).filter(|r| r.split(' ').nth(2).unwrap().starts_with(prefix)).collect();
        records.sort();
        Sha256::digest(records.concat()).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let result = result(&ran);
    assert_eq!(result["all_hash"], expected(""));
    assert_eq!(result["docs_hash"], expected("docs/"));
    assert_eq!(result["none_hash"], expected("no such"));
}

/// A folder outside every repository, and a pull request that a local GitHub knows.
fn without_checkout(world: &World, files: Value, changed_files: u64) -> (PathBuf, Sim, Value) {
    let folder = tempfile::tempdir_in(world.folder.path()).unwrap().keep();
    let ids = ["1".repeat(40), "2".repeat(40)];
    let pull = json!({ "number": 7, "base_ref": "main", "base_sha": ids[0], "head_ref": "feature", "head_sha": ids[1],
        "files": files, "changed_files": changed_files });
    let state = json!({
        "repositories": [{ "id": 1, "owner": "dataflow", "name": "monorepo", "pulls": [pull] }],
        "tokens": [{ "secret": "good", "permissions": { "pull_requests": "read" } }],
    });
    let sim = Sim::start(State::from_json(&state.to_string()).unwrap()).unwrap();
    let payload = json!({ "number": 7, "repository": { "default_branch": "main" }, "pull_request": {
        "number": 7, "changed_files": changed_files, "base": { "sha": ids[0] }, "head": { "sha": ids[1] } } });
    (folder, sim, payload)
}

fn api_run(files: Value, changed_files: u64, with: Value) -> Ran {
    let world = World::new();
    let (folder, sim, payload) = without_checkout(&world, files, changed_files);
    let run = Run::new(&world, &folder).event("pull_request", "refs/pull/7/merge", &payload).with(&inputs(with));
    run.env("GITHUB_API_URL", &sim.url()).run()
}

#[test]
fn a_pull_request_without_a_checkout_is_answered_by_the_api() {
    for row in world::fixture("api-status.json")["rows"].as_array().unwrap() {
        let status = row["api_status"].as_str().unwrap();
        let mut file = json!({ "filename": "new name", "status": status });
        if matches!(status, "renamed" | "copied") {
            file["previous_filename"] = json!("old name");
        }
        let words = ["added", "copied", "deleted", "modified", "renamed", "unmerged", "changed", "unchanged"];
        let filters: String = words.iter().map(|word| format!("{word}: [{{{word}: '**'}}]\n")).collect();
        let ran = api_run(json!([file]), 1, json!({ "filters": filters, "token": "good", "list-files": "json" }));
        assert_eq!(ran.exit, 0, "{}", ran.log);
        let result = result(&ran);
        let mut expected: Vec<(String, &str)> = Vec::new();
        for becomes in row["becomes"].as_array().unwrap() {
            let becomes = becomes.as_str().unwrap();
            let name = if becomes.contains("previous") { "old name" } else { "new name" };
            expected.push((becomes.split(' ').next().unwrap().to_owned(), name));
        }
        for word in words {
            let files: Vec<&str> = expected.iter().filter(|(known, _)| known == word).map(|(_, name)| *name).collect();
            // A mode or type change is a modification; upstream's word for it stays as well.
            let files = if word == "modified" && status == "changed" { vec!["new name"] } else { files };
            assert_eq!(result[format!("{word}_files")], json!(files), "{status}: {word}");
        }
    }
}

#[test]
fn a_short_list_from_the_api_makes_every_filter_true() {
    let files = json!([{ "filename": "a", "status": "added" }]);
    let ran = api_run(files.clone(), 5000, json!({ "filters": "a: a\nb: b\n", "token": "good" }));
    assert_eq!((ran.outputs["changes"].as_str(), ran.outputs["uncertain"].as_str()), (r#"["a","b"]"#, "true"));
    let ran = api_run(files.clone(), 5000, json!({ "filters": "a: a\n", "token": "good", "on-uncertain": "fail" }));
    check_exit(&ran, 2, "5000");
    let ran = api_run(files, 1, json!({ "filters": "a: a\nb: b\n", "token": "good" }));
    assert_eq!((ran.outputs["changes"].as_str(), ran.outputs["uncertain"].as_str()), (r#"["a"]"#, "false"));
}

#[test]
fn neither_checkout_nor_token_is_told_with_the_remedy() {
    let files = json!([{ "filename": "a", "status": "added" }]);
    check_exit(&api_run(files.clone(), 1, json!({ "filters": "a: a" })), 2, "actions/checkout");
    check_exit(
        &api_run(files.clone(), 1, json!({ "filters": "a: a", "token": "good", "use-api": "never" })),
        2,
        "no git repository",
    );
    check_exit(&api_run(files, 1, json!({ "filters": "a: a", "token": "bad" })), 2, "401");
}

/// A clone whose newest commit adds these names.
fn with_names(world: &World, names: &[&[u8]]) -> PathBuf {
    let clone = world.clone_for("m4", ("main", "refs/heads/main"), 0);
    for name in names {
        use std::os::unix::ffi::OsStrExt as _;
        fs::write(clone.join(std::ffi::OsStr::from_bytes(name)), "x").unwrap();
    }
    world.git(&clone, &["add", "."]);
    world.git(&clone, &["commit", "-q", "-m", "names"]);
    clone
}

#[test]
fn hostile_names_stay_in_their_place() {
    let world = World::new();
    let names: [&[u8]; 7] = [
        b"a\n::error::pwned",
        b"b\r##[error]pwned",
        b"$(touch pwned)",
        b"-rf",
        b"\xff\xfe",
        b"c\nany=false",
        b"::warning::x",
    ];
    let clone = with_names(&world, &names);
    for format in ["json", "csv", "shell", "escape"] {
        let ran = push_in(&world, &clone, json!({ "filters": "f: '**'\nq: '?'\nqq: '??'\n", "list-files": format }));
        assert_eq!(ran.exit, 0, "{}", ran.log);
        assert_eq!(ran.outputs["any"], "true");
        assert_eq!(result(&ran)["f_count"], 9, "seven names and the two of m3 and m4");
        assert_eq!(result(&ran)["qq_count"], 1, "each broken byte is one character");
        let log = action::oracle::log(&ran.stdout);
        let commands: Vec<&str> = log.commands.iter().map(|command| command.name.as_str()).collect();
        assert!(commands.is_empty(), "{commands:?}\n{}", ran.log);
    }
    let ran = push_in(&world, &clone, json!({ "filters": "f: '**'", "list-files": "json", "names": "hide" }));
    assert_eq!((&result(&ran)["f_count"], result(&ran)["f_files"].as_array().unwrap().len()), (&json!(9), 5));
    let ran = push_in(&world, &clone, json!({ "filters": "f: '**'", "names": "fail" }));
    check_exit(&ran, 1, "hostile file name");
}

#[test]
fn a_written_action_is_current_until_the_filters_change() {
    let world = World::new();
    let clone = world.clone_for("m4", ("main", "refs/heads/main"), 0);
    fs::create_dir_all(clone.join(".github")).unwrap();
    let write = |text: &str| fs::write(clone.join(".github/filters.yml"), text).unwrap();
    write("docs: ['docs/**']\n\"with space\": ['src/**']\n");
    let command = |name: &str| push_in(&world, &clone, json!({ "command": name }));
    check_exit(&command("gen-action"), 0, "wrote");
    let text = fs::read_to_string(clone.join(".github/actions/paths-filter/action.yml")).unwrap();
    assert!(
        text.contains("fromJSON(steps.filter.outputs.result)['docs_files']") && !text.contains("with space"),
        "{text}"
    );
    check_exit(&command("lint"), 0, "no findings");
    write("docs: ['docs/**']\nsrc: ['src/**']\n");
    check_exit(&command("lint"), 1, "action-drift");
    check_exit(&push_in(&world, &clone, json!({ "command": "gen-action", "out": "../x.yml" })), 2, "outside");
}
