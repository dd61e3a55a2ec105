//! Changed lines, as git tells them.

use git::{FileChange, Hunk, Id, Mode, Newer, Status};

use crate::support::{Sandbox, id};

/// Each change on a line: letter, modes, names, hunks as git writes them, and whether it is binary.
pub(crate) fn told(changes: &[FileChange]) -> String {
    let hunk = |hunk: &Hunk| {
        let Hunk { old_start, old_lines, new_start, new_lines } = *hunk;
        format!(" -{old_start},{old_lines}+{new_start},{new_lines}")
    };
    let mut text = String::new();
    for change in changes {
        let letter = match (change.status, &change.renamed) {
            (Status::Modified, Some(renamed)) => format!("R{} {}", renamed.similarity, renamed.from.escape_ascii()),
            (Status::Added, None) => "A".to_owned(),
            (Status::Modified, None) => "M".to_owned(),
            (Status::Deleted, None) => "D".to_owned(),
            (Status::TypeChanged, None) => "T".to_owned(),
            other => panic!("{other:?}"),
        };
        let mode = |mode: Option<Mode>| mode.unwrap_or(Mode(0)).to_string();
        if change.old_mode != change.new_mode && change.status == Status::Modified {
            text.push_str(&format!("{}>{} ", mode(change.old_mode), mode(change.new_mode)));
        }
        let hunks: String = change.hunks.iter().map(hunk).collect();
        let binary = if change.binary { " binary" } else { "" };
        text.push_str(&format!("{letter} {}{hunks}{binary}\n", change.path.escape_ascii()));
    }
    text
}

/// What is told of the last commit, compared with its first parent.
fn check(sandbox: &Sandbox, expected: &str) {
    let (base, head) = (sandbox.id("HEAD^1"), sandbox.id("HEAD"));
    let changes = sandbox.open().line_changes(Some(base), Newer::Commit(head)).expect("compares");
    assert_eq!(told(&changes), expected);
}

/// What is told of the work tree, compared with the last commit.
fn check_work_tree(sandbox: &Sandbox, expected: &str) {
    let changes = sandbox.open().line_changes(Some(sandbox.id("HEAD")), Newer::WorkTree).expect("compares");
    assert_eq!(told(&changes), expected);
}

/// The numbers from 1 on, a line each, with these lines replaced.
fn numbers(count: usize, replaced: &[usize]) -> String {
    (1..=count).map(|n| if replaced.contains(&n) { format!("changed {n}\n") } else { format!("line {n}\n") }).collect()
}

#[test]
fn every_kind_of_change() {
    let inner = Sandbox::new("sha1");
    inner.commit_all("one");
    let sandbox = Sandbox::new("sha1");
    for name in ["edited", "moved", "moved and edited", "gone", "mode", "type"] {
        sandbox.write(name, &numbers(20, &[]).replace("line", name));
    }
    sandbox.write("binary", "a\0b\n");
    std::os::unix::fs::symlink("edited", sandbox.path().join("link")).expect("links");
    std::os::unix::fs::symlink("edited", sandbox.path().join("link to file")).expect("links");
    sandbox.git(["submodule", "--quiet", "add", inner.path().to_str().expect("text"), "sub"]);
    sandbox.commit_all("one");
    sandbox.write("edited", &numbers(20, &[3, 4, 20]).replace("line", "edited"));
    sandbox.git(["mv", "moved", "moved2"]);
    sandbox.git(["mv", "moved and edited", "dir"]);
    sandbox.write("dir", &numbers(20, &[7, 9]).replace("line", "moved and edited"));
    sandbox.git(["rm", "-q", "gone", "type", "link", "link to file"]);
    std::os::unix::fs::symlink("mode", sandbox.path().join("link")).expect("links");
    std::os::unix::fs::symlink("mode", sandbox.path().join("type")).expect("links");
    sandbox.write("link to file", "1\n2");
    sandbox.write("binary", "a\0c\n");
    sandbox.write("empty", "");
    sandbox.write("new", "1\n2\n3\n");
    sandbox.git(["update-index", "--chmod=+x", "mode"]);
    sandbox.git(["config", "core.fileMode", "false"]);
    sandbox.git(["-C", "sub", "commit", "-q", "--allow-empty", "-m", "two"]);
    sandbox.commit_all("two");
    let expected = "M binary -1,1+1,1 binary
R90 moved and edited dir -7,1+7,1 -9,1+9,1
M edited -3,2+3,2 -20,1+20,1
A empty
D gone -1,20+0,0
M link
T link to file -0,0+1,2
100644>100755 M mode
R100 moved moved2
A new -0,0+1,3
M sub
T type -1,20+0,0
";
    check(&sandbox, expected);
}

/// A pull request that changes line 20 of a file and brings a new one, merged after its base has gained five lines.
fn merged() -> Sandbox {
    let sandbox = Sandbox::new("sha1");
    sandbox.write("f.py", &numbers(40, &[]));
    sandbox.commit_all("one");
    sandbox.git(["checkout", "-q", "-b", "request"]);
    sandbox.write("f.py", &numbers(40, &[20]));
    sandbox.write("new.py", "1\n");
    sandbox.commit_all("request");
    sandbox.git(["checkout", "-q", "main"]);
    sandbox.write("f.py", &format!("{}{}", numbers(5, &[]).replace("line", "top"), numbers(40, &[])));
    sandbox.write("base.py", "1\n");
    sandbox.commit_all("base");
    sandbox.git(["merge", "-q", "--no-ff", "-m", "merged", "request"]);
    sandbox
}

#[test]
fn a_merge_is_compared_with_its_first_parent() {
    let sandbox = merged();
    check(&sandbox, "M f.py -25,1+25,1\nA new.py -0,0+1,1\n");
    let [base, head] = ["HEAD^1", "HEAD"].map(|revision| sandbox.id(revision));
    let changes = sandbox.open().line_changes(Some(base), Newer::Commit(head)).expect("compares");
    assert_eq!([24, 25, 26].map(|old| changes[0].new_line(old)), [Some(24), None, Some(26)]);
}

#[test]
fn a_clone_of_depth_two_is_enough_and_of_depth_one_an_error() {
    let origin = merged();
    check(&Sandbox::clone_of(&origin.path(), &["--depth=2"]), "M f.py -25,1+25,1\nA new.py -0,0+1,1\n");
    let shallow = Sandbox::clone_of(&origin.path(), &["--depth=1"]);
    let repository = shallow.open();
    let head = repository.head().expect("reads").expect("has a commit");
    let parent = repository.commit(head).expect("reads").first_parent().expect("recorded");
    for (base, newer) in [(parent, Newer::Commit(head)), (parent, Newer::WorkTree), (head, Newer::Commit(parent))] {
        let error = repository.line_changes(Some(base), newer).expect_err("cut off");
        assert_eq!(error.to_string(), format!("could not read commit {parent}: it is not in this clone"));
    }
}

#[test]
fn a_lost_file_is_an_error_with_what_git_says() {
    let sandbox = merged();
    let blob = sandbox.text(["rev-parse", "HEAD:f.py"]);
    std::fs::remove_file(sandbox.path().join(".git/objects").join(&blob[..2]).join(&blob[2..])).expect("removes");
    let newer = Newer::Commit(sandbox.id("HEAD"));
    let error = sandbox.open().line_changes(Some(sandbox.id("HEAD^1")), newer).expect_err("is lost").to_string();
    assert!(error.starts_with("could not run git diff ") && error.contains(&blob), "{error}");
}

#[test]
fn the_first_commit_is_compared_with_nothing() {
    for format in ["sha1", "sha256"] {
        let sandbox = Sandbox::new(format);
        sandbox.write("dir/a", "1\n2");
        let head = sandbox.commit_all("one");
        sandbox.git(["tag", "-a", "-m", "tag", "v1"]);
        sandbox.write("dir/a", "1\n2\n3\n");
        let repository = sandbox.open();
        for newer in [head, sandbox.id("v1")] {
            let changes = repository.line_changes(None, Newer::Commit(newer)).expect("compares");
            assert_eq!(told(&changes), "A dir/a -0,0+1,2\n");
        }
        assert_eq!(repository.line_changes(Some(head), Newer::Commit(head)).expect("compares"), []);
        let changes = repository.line_changes(None, Newer::WorkTree).expect("compares");
        assert_eq!(told(&changes), "A dir/a -0,0+1,3\n");
        check_work_tree(&sandbox, "M dir/a -2,1+2,2\n");
    }
}

#[test]
fn the_work_tree_counts_with_its_index() {
    let sandbox = Sandbox::new("sha1");
    for name in ["staged", "unstaged", "both", "touched", "gone", "moved", "stays"] {
        sandbox.write(name, &numbers(9, &[]).replace("line", name));
    }
    sandbox.commit_all("one");
    check_work_tree(&sandbox, "");
    let replaced = |name: &str, lines: &[usize]| sandbox.write(name, &numbers(9, lines).replace("line", name));
    replaced("staged", &[1]);
    replaced("both", &[2]);
    sandbox.write("added", "1\n");
    sandbox.git(["add", "staged", "both", "added"]);
    sandbox.git(["mv", "moved", "there"]);
    replaced("unstaged", &[3]);
    replaced("both", &[2, 8]);
    sandbox.write("untracked", "1\n");
    sandbox.write("intended", "1\n2\n");
    sandbox.git(["add", "--intent-to-add", "intended"]);
    std::fs::remove_file(sandbox.path().join("gone")).expect("removes");
    let file = std::fs::File::options().write(true).open(sandbox.path().join("touched")).expect("opens");
    file.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("touches");
    let expected = "A added -0,0+1,1
M both -2,1+2,1 -8,1+8,1
D gone -1,9+0,0
A intended -0,0+1,2
M staged -1,1+1,1
R100 moved there
M unstaged -3,1+3,1
";
    check_work_tree(&sandbox, expected);
}

#[test]
fn line_ends_are_compared_as_they_would_be_committed() {
    let sandbox = Sandbox::new("sha1");
    sandbox.git(["config", "core.autocrlf", "true"]);
    sandbox.write("same", &numbers(5, &[]));
    sandbox.write("other", &numbers(5, &[]));
    sandbox.commit_all("one");
    sandbox.write("same", &numbers(5, &[]).replace('\n', "\r\n"));
    sandbox.write("other", &numbers(5, &[4]).replace('\n', "\r\n"));
    check_work_tree(&sandbox, "M other -4,1+4,1\n");
    sandbox.git(["config", "core.autocrlf", "false"]);
    sandbox.write("same", &numbers(5, &[]));
    check_work_tree(&sandbox, "M other -1,5+1,5\n");
}

#[test]
fn a_conflict_is_compared_as_it_lies_in_the_work_tree() {
    let sandbox = Sandbox::new("sha1");
    sandbox.write("f", &numbers(5, &[]));
    sandbox.commit_all("one");
    sandbox.git(["checkout", "-q", "-b", "side"]);
    sandbox.write("f", "side\n");
    sandbox.commit_all("side");
    sandbox.git(["checkout", "-q", "main"]);
    sandbox.write("f", &numbers(5, &[3]));
    sandbox.commit_all("main");
    assert!(!sandbox.succeeds(&["merge", "-q", "side"]), "there is a conflict");
    check_work_tree(&sandbox, "M f -0,0+1,1 -5,0+7,3\n");
}

#[test]
fn a_submodule_counts_by_its_commit_alone() {
    let inner = Sandbox::new("sha1");
    inner.write("a", "1\n");
    inner.commit_all("one");
    let outer = Sandbox::new("sha1");
    outer.git(["submodule", "--quiet", "add", inner.path().to_str().expect("text"), "sub"]);
    outer.commit_all("one");
    outer.write("sub/a", "dirty\n");
    check_work_tree(&outer, "");
    outer.git(["-C", "sub", "commit", "-q", "--allow-empty", "-m", "moved"]);
    check_work_tree(&outer, "M sub\n");
}

#[test]
fn without_a_work_tree_there_is_none_to_compare() {
    let origin = merged();
    let bare = Sandbox::clone_of(&origin.path(), &["--bare"]);
    check(&bare, "M f.py -25,1+25,1\nA new.py -0,0+1,1\n");
    let error = bare.open().line_changes(Some(bare.id("HEAD")), Newer::WorkTree).expect_err("is bare");
    assert!(error.to_string().ends_with(" with the work tree: there is none"), "{error}");
}

#[test]
fn an_unknown_commit_is_an_error() {
    let sandbox = merged();
    let unknown: Id = id(&"1".repeat(40));
    let error = sandbox.open().line_changes(Some(unknown), Newer::WorkTree).expect_err("is unknown");
    assert_eq!(error.to_string(), format!("could not read commit {unknown}: it is not in this clone"));
}
