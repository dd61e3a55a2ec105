//! Real repositories: the ledger against `git rev-list --count`, whatever the dates, the order of parents and the tags are.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use serde_json::Value;

fn git(folder: &Path, args: &[&str], input: &str) -> String {
    let mut command = Command::new("git");
    command.args(args).current_dir(folder).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "git {args:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn ours(folder: &Path, args: &[&str]) -> (i32, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_release-changelog"));
    command.args(args).args(["--format", "json"]).current_dir(folder).env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", folder);
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let value = serde_json::from_str(&text).unwrap_or_else(|error| {
        panic!("{args:?}: {error}: {text}{}", String::from_utf8_lossy(&output.stderr));
    });
    (output.status.code().unwrap(), value)
}

/// Parents by place, message, date and tags of each commit.
#[derive(Clone, Debug)]
struct Written {
    parents: Vec<usize>,
    message: String,
    date: u32,
    tags: Vec<String>,
}

fn repository(history: &[Written], turned: bool) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "-q", "-b", "main"], "");
    let mut stream = String::new();
    for (at, written) in history.iter().enumerate() {
        let Written { parents, message, date, .. } = written;
        let date = if turned { 2_000_000_000 - date } else { *date };
        let _ = write!(
            stream,
            "commit refs/heads/main\nmark :{}\ncommitter A <a@b> {date} +0000\ndata {}\n{message}\n",
            at + 1,
            message.len()
        );
        let mut parents: Vec<usize> = parents.clone();
        if turned {
            parents.reverse();
        }
        // Without a parent it would go on from the branch.
        match parents.first() {
            Some(first) => {
                let _ = writeln!(stream, "from :{}", first + 1);
            }
            None => stream.push_str("from 0000000000000000000000000000000000000000\n"),
        }
        for parent in parents.iter().skip(1) {
            let _ = writeln!(stream, "merge :{}", parent + 1);
        }
    }
    for (at, written) in history.iter().enumerate() {
        for tag in &written.tags {
            let _ = write!(stream, "reset refs/tags/{tag}\nfrom :{}\n\n", at + 1);
        }
    }
    git(folder.path(), &["fast-import", "--quiet", "--force"], &stream);
    folder
}

fn history() -> impl Strategy<Value = Vec<Written>> {
    let messages = vec![
        "feat: a",
        "fix: b (#3)",
        "docs: c",
        "chore!: d",
        "plain",
        "Revert \"fix: b\" (#4)\n\nReverts o/r#3",
        "chore(release): 1.0.0",
        "Revert \"Revert\" (#5)\n\nReverts o/r#4",
    ];
    let one = (
        prop::collection::vec(any::<prop::sample::Index>(), 1..4),
        prop::sample::select(messages),
        1_000_000_000..1_900_000_000_u32,
    );
    let tags = prop::collection::vec((any::<prop::sample::Index>(), 0..3_u8, 0..3_u8, any::<bool>()), 1..6);
    (prop::collection::vec(one, 2..12), tags).prop_map(|(commits, tags)| {
        let mut history: Vec<Written> = Vec::new();
        for (at, (parents, message, date)) in commits.into_iter().enumerate() {
            let mut parents: Vec<usize> =
                parents.iter().filter(|_| at > 0).map(|index| index.index(at.max(1))).collect();
            // Everything stays in the history of the last commit.
            parents.extend(at.checked_sub(1));
            // What the revert of a merge takes back depends on which parent is the first.
            if message.contains("(#") {
                parents = at.checked_sub(1).into_iter().collect();
            }
            parents.sort_unstable();
            parents.dedup();
            history.push(Written {
                parents,
                message: format!("{message} {at}").replace(" (#3) ", " (#3)  "),
                date,
                tags: Vec::new(),
            });
            let last = history.last_mut().unwrap();
            last.message = message.to_owned();
        }
        let count = history.len();
        for (at, minor, patch, pre) in tags {
            let name = format!("v1.{minor}.{patch}{}", if pre { "-rc.1" } else { "" });
            if !history.iter().any(|written| written.tags.contains(&name)) {
                history[at.index(count)].tags.push(name);
            }
        }
        history
    })
}

fn buckets(value: &Value) -> BTreeMap<String, u64> {
    let buckets = value["ledger"]["buckets"].as_object().unwrap();
    buckets.iter().map(|(name, count)| (name.clone(), count.as_u64().unwrap())).collect()
}

/// The ledger of a record sums up, and is as long as git says.
fn adds_up(value: &Value, counted: &str) {
    let total = value["ledger"]["total"].as_u64().unwrap();
    assert_eq!(total.to_string(), counted.trim(), "{value:#}");
    assert_eq!(buckets(value).values().sum::<u64>(), total, "{value:#}");
    assert_eq!(value["ledger"]["commits"].as_array().unwrap().len() as u64, total, "{value:#}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_range_is_as_long_as_git_says(history in history()) {
        let folder = repository(&history, false);
        let tags: Vec<String> = git(folder.path(), &["tag"], "").lines().map(str::to_owned).collect();
        for tag in &tags {
            let (exit, value) = ours(folder.path(), &["--to", tag]);
            assert_eq!(exit, 0);
            let range = value["from"].as_str().map_or(tag.clone(), |from| format!("{from}..{tag}"));
            adds_up(&value, &git(folder.path(), &["rev-list", "--count", &range], ""));
        }
        let (_, all) = ours(folder.path(), &["--all", "--to", "main"]);
        adds_up(&all, &git(folder.path(), &["rev-list", "--count", "main"], ""));
        let parts: u64 = all["releases"].as_array().unwrap().iter().map(|release| release["ledger"]["total"].as_u64().unwrap()).sum();
        assert_eq!(Some(parts), all["ledger"]["total"].as_u64());
    }

    #[test]
    fn dates_and_the_order_of_parents_change_nothing_but_order(history in history()) {
        let (folder, turned) = (repository(&history, false), repository(&history, true));
        let tags = git(folder.path(), &["tag"], "");
        for to in tags.lines().chain(["main"]) {
            let args = ["--to", to];
            let (one, other) = (ours(folder.path(), &args).1, ours(turned.path(), &args).1);
            assert_eq!(buckets(&one), buckets(&other), "{to}");
            assert_eq!((&one["version"], &one["bump"], &one["from"]), (&other["version"], &other["bump"], &other["from"]));
        }
    }
}

/// This very repository: its ledger sums up, or the clone is too short and that is said.
#[test]
fn the_history_of_this_repository_sums_up() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let inside = Command::new("git").args(["rev-parse", "HEAD"]).current_dir(&root).output();
    if !inside.is_ok_and(|output| output.status.success()) {
        return;
    }
    if git(&root, &["rev-parse", "--is-shallow-repository"], "").trim() == "true" {
        let output =
            Command::new(env!("CARGO_BIN_EXE_release-changelog")).arg("--all").current_dir(&root).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        return;
    }
    let (exit, all) = ours(&root, &["--all", "--to", "HEAD", "--first-version", "0.1.0"]);
    assert_eq!(exit, 0);
    adds_up(&all, &git(&root, &["rev-list", "--count", "HEAD"], ""));
}
