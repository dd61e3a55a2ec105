//! What has not been committed, and the index.

use git::{Change, Mode, Scope, Status};

use crate::support::{Sandbox, name_status};

/// Compares with what `git diff HEAD` says, each name once.
fn check(sandbox: &Sandbox, expected: &[(Status, &str)]) {
    let found = sandbox.open().local_changes().expect("compares");
    let expected: Vec<Change> =
        expected.iter().map(|(status, path)| Change { status: *status, path: path.as_bytes().to_vec() }).collect();
    assert_eq!(found, expected);
    let said = name_status(&sandbox.git(["diff", "--no-renames", "--name-status", "-z", "HEAD"]));
    assert_eq!(found, said);
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new("sha1");
    for name in ["a", "dir/b", "c", "gone", "link", "staged"] {
        sandbox.write(name, "one\n");
    }
    sandbox.commit_all("one");
    sandbox
}

#[test]
fn staged_and_unstaged_changes_count() {
    let sandbox = sandbox();
    check(&sandbox, &[]);
    sandbox.write("dir/b", "two\n");
    sandbox.write("staged", "two\n");
    sandbox.write("new", "new\n");
    sandbox.write("untracked", "new\n");
    sandbox.git(["add", "staged", "new"]);
    std::fs::remove_file(sandbox.path().join("gone")).expect("removes");
    std::fs::remove_file(sandbox.path().join("link")).expect("removes");
    std::os::unix::fs::symlink("a", sandbox.path().join("link")).expect("links");
    let expected = [
        (Status::Modified, "dir/b"),
        (Status::Deleted, "gone"),
        (Status::TypeChanged, "link"),
        (Status::Added, "new"),
        (Status::Modified, "staged"),
    ];
    check(&sandbox, &expected);
}

#[test]
fn a_touched_file_is_no_change() {
    let sandbox = sandbox();
    let file = std::fs::File::options().write(true).open(sandbox.path().join("a")).expect("opens");
    file.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("touches");
    check(&sandbox, &[]);
}

#[test]
fn a_conflict_is_told_once_as_git_tells_it() {
    let sandbox = sandbox();
    sandbox.git(["checkout", "-q", "-b", "side"]);
    sandbox.write("a", "side\n");
    sandbox.commit_all("side");
    sandbox.git(["checkout", "-q", "main"]);
    sandbox.write("a", "main\n");
    sandbox.write("c", "main\n");
    sandbox.commit_all("main");
    assert!(!sandbox.succeeds(&["merge", "-q", "side"]), "there is a conflict");
    check(&sandbox, &[(Status::Modified, "a")]);
    let mut stages = 0;
    let count = |_: Mode, _: &git::Id, path: &[u8]| stages += usize::from(path == b"a");
    sandbox.open().index(&Scope::everything(), count).expect("lists");
    assert_eq!(stages, 3, "both sides and their base");
}

#[test]
fn before_the_first_commit_everything_staged_is_added() {
    for format in ["sha1", "sha256"] {
        let sandbox = Sandbox::new(format);
        sandbox.write("a", "1");
        assert_eq!(sandbox.open().local_changes().expect("compares"), []);
        sandbox.git(["add", "a"]);
        let expected = [Change { status: Status::Added, path: b"a".to_vec() }];
        assert_eq!(sandbox.open().local_changes().expect("compares"), expected);
    }
}

#[test]
fn a_dirty_submodule_is_modified() {
    let inner = sandbox();
    let outer = sandbox();
    outer.git(["submodule", "--quiet", "add", inner.path().to_str().expect("text"), "sub"]);
    outer.commit_all("with a submodule");
    check(&outer, &[]);
    outer.write("sub/untracked", "1");
    check(&outer, &[]);
    outer.write("sub/a", "dirty\n");
    check(&outer, &[(Status::Modified, "sub")]);
    outer.git(["-C", "sub", "checkout", "-q", "."]);
    outer.git(["-C", "sub", "commit", "-q", "--allow-empty", "-m", "moved"]);
    check(&outer, &[(Status::Modified, "sub")]);
}

#[test]
fn the_index_is_listed_in_its_order() {
    let sandbox = sandbox();
    let mut listed = Vec::new();
    let visit = |mode: Mode, id: &git::Id, path: &[u8]| {
        listed.extend_from_slice(format!("{mode} {id} 0\t").as_bytes());
        listed.extend_from_slice(path);
        listed.push(0);
    };
    sandbox.open().index(&Scope::everything(), visit).expect("lists");
    assert_eq!(listed, sandbox.git(["ls-files", "-z", "--stage"]));
    let mut names = Vec::new();
    let visit = |_: Mode, _: &git::Id, path: &[u8]| names.push(path.to_vec());
    sandbox.open().index(&Scope::prefixes(["dir/", "g"]), visit).expect("lists");
    assert_eq!(names, [b"dir/b".to_vec(), b"gone".to_vec()]);
}

#[test]
fn an_empty_repository_has_an_empty_index() {
    let sandbox = Sandbox::new("sha1");
    let visit = |_: Mode, _: &git::Id, path: &[u8]| panic!("{path:?}");
    sandbox.open().index(&Scope::everything(), visit).expect("lists");
}

#[test]
fn a_sparse_index_is_listed_in_full() {
    let sandbox = sandbox();
    sandbox.git(["sparse-checkout", "set", "--cone", "--sparse-index", "nothing"]);
    let mut names = Vec::new();
    let repository = sandbox.open();
    let visit = |_: Mode, _: &git::Id, path: &[u8]| names.push(path.to_vec());
    repository.index(&Scope::everything(), visit).expect("lists");
    let expected =
        [b"a".to_vec(), b"c".to_vec(), b"dir/b".to_vec(), b"gone".to_vec(), b"link".to_vec(), b"staged".to_vec()];
    assert_eq!(names, expected);
    assert_eq!(repository.local_changes().expect("compares"), []);
}

#[test]
fn untracked_files_are_those_that_nobody_added_or_ignores() {
    let sandbox = sandbox();
    assert_eq!(sandbox.open().untracked().expect("lists"), Vec::<Vec<u8>>::new());
    sandbox.write(".gitignore", "out\n");
    sandbox.write("out/a", "x\n");
    sandbox.write("dir/new", "x\n");
    sandbox.write("b\nc", "x\n");
    let found = sandbox.open().untracked().expect("lists");
    assert_eq!(found, [b".gitignore".to_vec(), b"b\nc".to_vec(), b"dir/new".to_vec()]);
}
