//! Changed lines, as git tells them.

use git::{FileChange, Hunk, Mode, Newer, Status};

use crate::support::Sandbox;

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
    check_work_tree(sandbox, "HEAD^1", Newer::Commit(sandbox.id("HEAD")), expected);
}

fn check_work_tree(sandbox: &Sandbox, base: &str, newer: Newer, expected: &str) {
    let changes = sandbox.open().line_changes(Some(sandbox.id(base)), newer).expect("compares");
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
