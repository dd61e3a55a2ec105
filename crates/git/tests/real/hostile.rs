//! Repositories that were made to do harm.

use git::{Id, Newer, Repository, Scope};

use crate::support::{Import, Sandbox, id};

/// Reads everything there is to read.
fn read_all(repository: &Repository) {
    let head = repository.head().expect("reads").expect("has a commit");
    repository.resolve("HEAD~1").expect("resolves");
    repository.diff(None, head, &Scope::everything()).expect("compares");
    repository.tracked(head, &Scope::everything(), |_, _, _| ()).expect("lists");
    repository.index(&Scope::everything(), |_, _, _| ()).expect("lists");
    repository.local_changes().expect("compares");
    for newer in [Newer::Commit(head), Newer::WorkTree] {
        repository.line_changes(None, newer).expect("compares");
    }
    repository.blob(head, b"a").expect("reads");
    repository.attributes(&["filter"], ["a"]).expect("looks");
    repository.previous_tag(head, None).expect("looks");
    repository.merge_base(head, head).expect("looks");
    assert!(repository.has(head));
}

#[test]
fn nothing_that_the_repository_names_is_run() {
    let sandbox = Sandbox::new("sha1");
    sandbox.write("a", "one\n");
    sandbox.write(".gitattributes", "* filter=evil diff=evil\n");
    sandbox.commit_all("one");
    sandbox.commit_all("two");
    let proof = sandbox.path().join("ran");
    let script = sandbox.path().join(".git/evil");
    std::fs::write(&script, format!("#!/bin/sh\necho \"$0 $*\" >> '{}'\ncat\n", proof.display())).expect("writes");
    std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("is a program");
    let evil = script.to_str().expect("text");
    let keys = [
        "core.fsmonitor",
        "core.sshCommand",
        "core.pager",
        "core.askPass",
        "credential.helper",
        "diff.external",
        "diff.evil.command",
        "diff.evil.textconv",
        "filter.evil.clean",
        "filter.evil.process",
        "pager.diff",
        "uploadpack.packObjectsHook",
    ];
    for key in keys {
        sandbox.git(["config", key, evil]);
    }
    sandbox.git(["config", "filter.evil.required", "true"]);
    let hooks = sandbox.path().join(".git/hooks");
    std::fs::create_dir_all(&hooks).expect("a folder");
    for hook in ["post-index-change", "reference-transaction", "fsmonitor-watchman"] {
        std::fs::copy(&script, hooks.join(hook)).expect("copies");
    }
    // Its time gives no proof that it is unchanged, so git reads it.
    let file = std::fs::File::options().write(true).open(sandbox.path().join("a")).expect("opens");
    file.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("touches");
    read_all(&sandbox.open());
    sandbox.git(["config", "core.repositoryFormatVersion", "1"]);
    sandbox.git(["config", "extensions.noop-v1", "true"]);
    let _ = std::fs::remove_file(&proof);
    let by_git = sandbox.open();
    assert!(by_git.fell_back().is_some());
    read_all(&by_git);
    assert!(!proof.exists(), "ran: {}", std::fs::read_to_string(&proof).unwrap_or_default());
    // The script would have left its proof.
    sandbox.succeeds(&["diff", "HEAD"]);
    assert!(proof.exists());
}

#[test]
fn ten_thousand_folders_in_each_other_are_walked() {
    let sandbox = Sandbox::new("sha1");
    let mut tree = sandbox.feed(&["hash-object", "-w", "--stdin"], b"content");
    let mut root = entry("100644", "file", &id(std::str::from_utf8(&tree).expect("text").trim_end()));
    let mut import = Import::default();
    let mut known: Vec<Vec<u8>> = Vec::new();
    for _ in 0..10_000 {
        known.push(root.clone());
        root = entry("40000", "d", &tree_id(&root));
    }
    known.push(root.clone());
    // One process writes them all.
    let mut paths = String::new();
    let folder = tempfile::tempdir().expect("a folder");
    for (at, bytes) in known.iter().enumerate() {
        let path = folder.path().join(at.to_string());
        std::fs::write(&path, bytes).expect("writes");
        paths.push_str(&format!("{}\n", path.display()));
    }
    tree = sandbox.feed(&["hash-object", "-w", "-t", "tree", "--stdin-paths"], paths.as_bytes());
    let root = std::str::from_utf8(&tree).expect("text").lines().last().expect("a tree").to_owned();
    let commit = id(&sandbox.text(["commit-tree", "-m", "deep", &root]));
    import.commit("empty", 1, 1_700_000_000);
    let empty = import.run(&sandbox)[&1];
    let repository = sandbox.open();
    for (base, head) in [(empty, commit), (commit, empty)] {
        let found = repository.diff(Some(base), head, &Scope::everything()).expect("compares");
        assert_eq!((found.len(), found[0].path.len()), (1, 20_004));
    }
    let mut longest = 0;
    repository.tracked(commit, &Scope::everything(), |_, _, path| longest = path.len()).expect("lists");
    assert_eq!(longest, 20_004);
}

fn entry(mode: &str, name: &str, id: &Id) -> Vec<u8> {
    [mode.as_bytes(), b" ", name.as_bytes(), b"\0", id.as_slice()].concat()
}

/// The id that git gives to these bytes as a tree.
fn tree_id(bytes: &[u8]) -> Id {
    gix::objs::compute_hash(gix::hash::Kind::Sha1, gix::objs::Kind::Tree, bytes).expect("hashes")
}

/// Writes a tree as it is, however wrong.
fn write_tree(sandbox: &Sandbox, bytes: &[u8]) -> Id {
    let written = sandbox.feed(&["hash-object", "-w", "-t", "tree", "--literally", "--stdin"], bytes);
    id(std::str::from_utf8(&written).expect("text").trim_end())
}

fn commit(sandbox: &Sandbox, tree: &Id) -> Id {
    id(&sandbox.text(["commit-tree", "-m", "c", &tree.to_string()]))
}

#[test]
fn a_tree_that_holds_itself_many_times_over_is_given_up() {
    let sandbox = Sandbox::new("sha1");
    let mut tree = write_tree(&sandbox, b"");
    for _ in 0..12 {
        let entries: Vec<Vec<u8>> = (0..10).map(|at| entry("40000", &at.to_string(), &tree)).collect();
        tree = write_tree(&sandbox, &entries.concat());
    }
    let bomb = commit(&sandbox, &tree);
    let mut repository = sandbox.open();
    repository.set_folder_limit(5000);
    let error = repository.diff(None, bomb, &Scope::everything()).expect_err("does not end");
    assert!(error.to_string().contains("more folders than the limit"), "{error}");
    assert!(repository.tracked(bomb, &Scope::everything(), |_, _, _| ()).is_err());
    assert_eq!(repository.diff(None, bomb, &Scope::prefixes(["0/1/2/3/4/5/6/7/8"])).expect("compares"), []);
}

#[test]
fn unsorted_and_repeated_names_are_never_left_out() {
    let sandbox = Sandbox::new("sha1");
    let blob = |text: &str| {
        id(std::str::from_utf8(&sandbox.feed(&["hash-object", "-w", "--stdin"], text.as_bytes()))
            .expect("text")
            .trim_end())
    };
    let (one, two) = (blob("one"), blob("two"));
    let sorted = [entry("100644", "a", &one), entry("100644", "b", &one), entry("100644", "c", &one)].concat();
    let wrong = [
        entry("100644", "c", &one),
        entry("100644", "b", &two),
        entry("100644", "a", &one),
        entry("100644", "a", &two),
        entry("100644", "b", &one),
    ];
    let base = commit(&sandbox, &write_tree(&sandbox, &sorted));
    let head = commit(&sandbox, &write_tree(&sandbox, &wrong.concat()));
    let found = sandbox.open().diff(Some(base), head, &Scope::everything()).expect("compares");
    for name in ["a", "b"] {
        assert!(found.iter().any(|change| change.path == name.as_bytes()), "{name} in {found:?}");
    }
}

#[test]
fn old_modes_are_what_git_takes_them_for() {
    let sandbox = Sandbox::new("sha1");
    let blob = id(&sandbox.text(["hash-object", "-w", "-t", "blob", "/dev/null"]));
    let old = [entry("100664", "a", &blob), entry("100744", "b", &blob), entry("120777", "c", &blob)].concat();
    let new = [entry("100644", "a", &blob), entry("100755", "b", &blob), entry("100644", "c", &blob)].concat();
    let (old, new) = (write_tree(&sandbox, &old), write_tree(&sandbox, &new));
    let expected =
        sandbox.git(["diff-tree", "-r", "-z", "--no-renames", "--name-status", &old.to_string(), &new.to_string()]);
    let found = sandbox.open().diff(Some(commit(&sandbox, &old)), commit(&sandbox, &new), &Scope::everything());
    assert_eq!(found.expect("compares"), crate::support::name_status(&expected));
}

#[test]
fn bytes_that_are_no_tree_are_an_error() {
    let sandbox = Sandbox::new("sha1");
    let good = commit(&sandbox, &write_tree(&sandbox, b""));
    let blob = id(&sandbox.text(["hash-object", "-w", "-t", "blob", "/dev/null"]));
    let whole = entry("100644", "a", &blob);
    for bytes in
        [&whole[..whole.len() - 1], b"100644 ", b"x", b" a\0", b"100644 \0aaaaaaaaaaaaaaaaaaaa", b"10064444 a\0"]
    {
        let bad = commit(&sandbox, &write_tree(&sandbox, bytes));
        let repository = sandbox.open();
        assert!(repository.diff(Some(good), bad, &Scope::everything()).is_err(), "{bytes:?}");
        assert!(repository.tracked(bad, &Scope::everything(), |_, _, _| ()).is_err(), "{bytes:?}");
    }
}

#[test]
fn a_missing_tree_is_an_error_and_not_an_empty_one() {
    let sandbox = Sandbox::new("sha1");
    sandbox.write("dir/a", "1");
    let one = sandbox.commit_all("one");
    sandbox.write("dir/a", "2");
    let two = sandbox.commit_all("two");
    let tree = sandbox.text(["rev-parse", "HEAD~1:dir"]);
    std::fs::remove_file(sandbox.path().join(".git/objects").join(&tree[..2]).join(&tree[2..])).expect("removes");
    let error = sandbox.open().diff(Some(one), two, &Scope::everything()).expect_err("a tree is missing");
    assert_eq!(error.to_string(), format!("could not read tree {tree}: it is not in this clone"));
}
