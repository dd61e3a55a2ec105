//! Histories that real projects have made, by way of the repositories that go-git tests with: the ledger against
//! `git rev-list --count`, for every branch and every tag.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A program that looks at no configuration but the repository's.
fn quiet(program: &str, folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(folder).env_clear().stdin(Stdio::null());
    command.env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", folder).env("GIT_CONFIG_NOSYSTEM", "1");
    command
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What git says, or nothing where it fails.
fn asked(folder: &Path, args: &[&str]) -> Option<String> {
    let output = quiet("git", folder, args).output().unwrap();
    output.status.success().then(|| text(&output))
}

/// The same where it cannot fail.
fn git(folder: &Path, args: &[&str]) -> String {
    asked(folder, args).unwrap_or_else(|| panic!("git {args:?} in {}", folder.display()))
}

/// The files of a folder with this beginning and ending, sorted.
fn files(folder: &Path, start: &str, end: &str) -> Vec<PathBuf> {
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    let all = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> =
        all.filter(|path| name(path).starts_with(start) && name(path).ends_with(end)).collect();
    found.sort();
    found
}

/// A repository around a pack, with a branch for each commit that has no child, and the tags whose objects are there.
/// Nothing for a pack that is no whole by itself.
fn of_pack(pack: &Path) -> Option<tempfile::TempDir> {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let sha256 = pack.file_stem().unwrap().len() > 64;
    git(folder, &["init", "-q", "--bare", if sha256 { "--object-format=sha256" } else { "--object-format=sha1" }]);
    let copy = folder.join("objects/pack").join(pack.file_name().unwrap());
    fs::copy(pack, &copy).unwrap();
    asked(folder, &["index-pack", copy.to_str().unwrap()])?;
    let objects = git(folder, &["cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectname)"]);
    let ids = |kind: &str| -> Vec<String> {
        objects.lines().filter_map(|line| Some(line.strip_prefix(kind)?.trim().to_owned())).collect()
    };
    let commits = ids("commit");
    let mut tips: BTreeSet<&str> = commits.iter().map(String::as_str).collect();
    let raw: Vec<String> = commits.iter().map(|id| git(folder, &["cat-file", "commit", id])).collect();
    for line in raw.iter().flat_map(|raw| raw.lines().take_while(|line| !line.is_empty())) {
        line.strip_prefix("parent ").map(|parent| tips.remove(parent));
    }
    for tip in tips {
        git(folder, &["update-ref", &format!("refs/heads/{tip}"), tip]);
    }
    for id in ids("tag") {
        let tag = git(folder, &["cat-file", "tag", &id]);
        let name = tag.lines().find_map(|line| line.strip_prefix("tag ")).unwrap();
        git(folder, &["update-ref", &format!("refs/tags/{name}"), &id]);
    }
    Some(place)
}

/// An unpacked archive: of a whole folder, or of what is in `.git`.
fn of_archive(archive: &Path) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    let into = match archive.file_name().unwrap().to_string_lossy().starts_with("git-") {
        true => place.path().join(".git"),
        false => place.path().to_path_buf(),
    };
    fs::create_dir_all(&into).unwrap();
    let status = quiet("tar", &into, &["--no-same-owner", "-xzf", archive.to_str().unwrap()]).status().unwrap();
    assert!(status.success(), "{}", archive.display());
    place
}

/// What was looked at.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    repositories: usize,
    /// Branches and tags whose history is there.
    ends: usize,
    /// Commits of the ledgers, some of them several times.
    commits: u64,
    /// Commits of the longest history.
    longest: u64,
}

fn ours(folder: &Path, args: &[&str]) -> Value {
    let output = quiet(env!("CARGO_BIN_EXE_release-changelog"), folder, args).output().unwrap();
    let said = || format!("{args:?}: {}{}", text(&output), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{}", said());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said()))
}

/// The ledger of a record sums up, and is as long as git says.
fn adds_up(record: &Value, counted: u64, what: &str) {
    let ledger = &record["ledger"];
    let sum: u64 = ledger["buckets"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    let listed = ledger["commits"].as_array().unwrap().len() as u64;
    assert_eq!((ledger["total"].as_u64(), sum, listed), (Some(counted), counted, counted), "{what}");
}

/// All branches and tags of a repository: the whole history of each, and the one release of each tag.
fn look(folder: &Path, seen: &mut Seen) {
    let refs = git(folder, &["for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes", "refs/tags"]);
    let count = |range: &str| asked(folder, &["rev-list", "--count", range, "--"])?.trim().parse::<u64>().ok();
    let before = seen.ends;
    for end in refs.lines() {
        // Some fixtures lack objects or point at a tree on purpose.
        let Some(counted) = count(end).filter(|count| *count > 0) else { continue };
        let all = ours(folder, &["--all", "--to", end, "--first-version", "0.1.0", "--format", "json"]);
        adds_up(&all, counted, end);
        let parts =
            all["releases"].as_array().unwrap().iter().map(|release| release["ledger"]["total"].as_u64().unwrap());
        assert_eq!(parts.sum::<u64>(), counted, "{end}");
        if let Some(tag) = end.strip_prefix("refs/tags/") {
            let one = ours(folder, &["--to", tag, "--first-version", "0.1.0", "--format", "json"]);
            let range = one["from"].as_str().map_or(tag.to_owned(), |from| format!("{from}..{tag}"));
            adds_up(&one, count(&range).unwrap(), &range);
        }
        seen.ends += 1;
        seen.commits += counted;
        seen.longest = seen.longest.max(counted);
    }
    seen.repositories += usize::from(seen.ends > before);
}

#[test]
fn the_ledger_of_every_real_history_is_as_long_as_git_says() {
    let Some(module) = tests::parts::needed("go-git-fixtures") else { return };
    let data = module.join("data");
    let mut seen = Seen::default();
    for pack in files(&data, "pack-", ".pack") {
        if let Some(repository) = of_pack(&pack) {
            look(repository.path(), &mut seen);
        }
    }
    for archive in files(&data, "", ".tgz") {
        let place = of_archive(&archive);
        // Some hold several repositories, such as one and what borrows from it.
        let folders = [place.path().to_path_buf()].into_iter().chain(files(place.path(), "", ""));
        folders.filter(|folder| folder.join(".git").is_dir()).for_each(|folder| look(&folder, &mut seen));
    }
    // The version is pinned, so these are always the same; fewer would be a history that was passed over.
    assert_eq!(seen, Seen { repositories: 41, ends: 164, commits: 13_127, longest: 906 });
}
