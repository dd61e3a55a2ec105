//! Changed lines where names, contents, attributes and configuration are made to mislead.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::Command;

use git::{FileChange, Newer, parse_patch};
use proptest::prelude::*;

use crate::lines::told;
use crate::support::{Import, Sandbox};

/// What changed between two commits.
fn changes(sandbox: &Sandbox, base: &str, head: &str) -> Vec<FileChange> {
    let (base, head) = (sandbox.id(base), sandbox.id(head));
    sandbox.open().line_changes(Some(base), Newer::Commit(head)).expect("compares")
}

/// Two commits with a file of each name, of which the second line changes.
fn check_names(names: &[Vec<u8>]) {
    let sandbox = Sandbox::new("sha1");
    let mut import = Import::default();
    for (mark, content) in [(1, "one\ntwo\n"), (2, "one\nchanged\nand more\n")] {
        import.commit("names", mark, 1_700_000_000);
        for name in names {
            import.file("100644", name, content.as_bytes());
        }
    }
    import.run(&sandbox);
    let found = changes(&sandbox, "names~1", "names");
    let mut sorted = names.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(found.iter().map(|change| change.path.clone()).collect::<Vec<_>>(), sorted);
    for change in found {
        assert_eq!([1, 2, 3].map(|line| change.new_line(line)), [Some(1), None, Some(4)], "{change:?}");
    }
}

#[test]
fn names_survive_whatever_is_in_them() {
    let names: [&[u8]; 14] = [
        b"d b/q.py",
        b"a b/a b",
        "za\u{17c}\u{f3}\u{142}\u{107}.py".as_bytes(),
        b"a\"b.py",
        b"new\nline",
        b"tab\t",
        b"space ",
        b"\xff\xfe",
        b"back\\slash\\",
        b"\x01\x07\x08\x0b\x0c\r\x1b\x7f",
        b"\"quoted\"",
        b"* Unmerged path x",
        b"x b/x b/x",
        b"-- /dev/null",
    ];
    check_names(&names.map(<[u8]>::to_vec));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn any_name_survives(names in prop::collection::vec(prop::collection::vec(1u8..=255, 1..12), 1..60)) {
        // Slashes would make folders, and git takes no name that it uses itself.
        let names = names.into_iter().map(|name| [b"x".to_vec(), name].concat());
        let names: Vec<Vec<u8>> = names.filter(|name| !name.contains(&b'/')).collect();
        check_names(&names);
    }
}

#[test]
fn a_renamed_file_keeps_both_its_names() {
    let sandbox = Sandbox::new("sha1");
    let mut import = Import::default();
    let content: String = (0..20).map(|n| format!("line {n}\n")).collect();
    import.commit("main", 1, 1_700_000_000);
    import.file("100644", b"a b/\"old\"\n", content.as_bytes());
    import.commit("main", 2, 1_700_000_000);
    import.delete(b"a b/\"old\"\n");
    import.file("100644", b"new b/\xff ", content.replace("line 7", "changed").as_bytes());
    import.run(&sandbox);
    let found = changes(&sandbox, "main~1", "main");
    assert_eq!(told(&found), "R94 a b/\\\"old\\\"\\n new b/\\xff  -8,1+8,1\n");
    assert_eq!(found[0].old_path(), b"a b/\"old\"\n");
}

#[test]
fn no_content_passes_for_a_header() {
    let sandbox = Sandbox::new("sha1");
    let old = "keep\n-- a/covered.py\n-- /dev/null\n@@ -1 +1 @@\ndiff --git a/x b/x\nkeep\n";
    sandbox.write("f.py", old);
    sandbox.write("g.py", "1\n");
    sandbox.commit_all("one");
    let new = "keep\n++ b/covered.py\n@@ -9,0 +12 @@\ndiff --git a/x b/x\r\n\\ No newline at end of file\n\0\nkeep";
    sandbox.write("f.py", new);
    sandbox.write("g.py", "2\n");
    sandbox.commit_all("two");
    assert_eq!(told(&changes(&sandbox, "HEAD~1", "HEAD")), "M f.py -2,5+2,6 binary\nM g.py -1,1+1,1\n");
}

#[test]
fn a_line_may_be_longer_than_any_buffer() {
    let sandbox = Sandbox::new("sha1");
    sandbox.write("f", "1\n2\n3\n");
    sandbox.commit_all("one");
    sandbox.write("f", &format!("1\n{}\n3\n", "+@-\\".repeat(500_000)));
    sandbox.commit_all("two");
    assert_eq!(told(&changes(&sandbox, "HEAD~1", "HEAD")), "M f -2,1+2,1\n");
}

#[test]
fn names_in_conflict_are_told_where_git_tells_them() {
    let sandbox = Sandbox::new("sha1");
    let name = "un\nmerged \u{e9}";
    sandbox.write("a", "1\n");
    sandbox.write(name, "1\n");
    sandbox.commit_all("one");
    sandbox.git(["checkout", "-q", "-b", "side"]);
    sandbox.write(name, "side\n");
    sandbox.commit_all("side");
    sandbox.git(["checkout", "-q", "main"]);
    sandbox.write(name, "main\n");
    sandbox.commit_all("main");
    assert!(!sandbox.succeeds(&["merge", "-q", "side"]), "there is a conflict");
    sandbox.write("a", "2\n");
    sandbox.git(["add", "a"]);
    let printed = sandbox.git(["diff", "--cached", "--raw", "-z", "--patch", "--unified=0", "--text", "HEAD"]);
    let found = parse_patch(printed.as_slice()).expect("reads");
    assert_eq!(found[1].path, name.as_bytes());
    assert_eq!(found[1].status, git::Status::Unmerged);
    assert_eq!(told(&found[..1]), "M a -1,1+1,1\n");
}

/// Settings that change what `git diff` prints, or make it run something.
const MISLEADING: [(&str, &str); 34] = [
    ("color.diff", "always"),
    ("color.ui", "always"),
    ("core.abbrev", "4"),
    ("core.attributesFile", "@attributes"),
    ("core.pager", "@script"),
    ("core.quotePath", "false"),
    ("core.safecrlf", "true"),
    ("core.whitespace", "tab-in-indent,cr-at-eol"),
    ("diff.algorithm", "histogram"),
    ("diff.autoRefreshIndex", "false"),
    ("diff.colorMoved", "zebra"),
    ("diff.context", "5"),
    ("diff.dstPrefix", "y/"),
    ("diff.evil.algorithm", "patience"),
    ("diff.evil.binary", "true"),
    ("diff.evil.command", "@script"),
    ("diff.evil.textconv", "@script"),
    ("diff.evil.wordRegex", "."),
    ("diff.evil.xfuncname", "^(.*)$"),
    ("diff.external", "@script"),
    ("diff.ignoreSubmodules", "all"),
    ("diff.indentHeuristic", "false"),
    ("diff.interHunkContext", "9"),
    ("diff.mnemonicPrefix", "true"),
    ("diff.noprefix", "true"),
    ("diff.orderFile", "@missing"),
    ("diff.relative", "true"),
    ("diff.renameLimit", "1"),
    ("diff.renames", "copies"),
    ("diff.submodule", "log"),
    ("diff.suppressBlankEmpty", "true"),
    ("diff.wsErrorHighlight", "all"),
    ("i18n.logOutputEncoding", "UTF-16"),
    ("submodule.sub.ignore", "all"),
];

/// Something for each setting to act upon.
fn misled() -> Sandbox {
    let inner = Sandbox::new("sha1");
    inner.commit_all("one");
    let sandbox = Sandbox::new("sha1");
    let lines =
        |start: usize, count: usize| (start..start + count).map(|n| format!("\tline {n}\n")).collect::<String>();
    for name in ["edited", "z\u{e9}", "touched", "dir/moved", "dir/moved too"] {
        sandbox.write(name, &lines(name.len() * 100, 20));
    }
    // Histogram keeps other lines, and without the heuristic other lines count as added.
    sandbox.write("algorithm", "a\nb\nc\na\nb\nb\na\n");
    sandbox.write("indent", "    x\n\n    # c\n");
    sandbox.write(".gitattributes", "* diff=evil -text\n*.bin -diff\nz* binary\n");
    sandbox.write("x.bin", "1\n");
    sandbox.git(["submodule", "--quiet", "add", inner.path().to_str().expect("text"), "sub"]);
    sandbox.commit_all("one");
    sandbox.write("edited", &format!("{}\n\n{}", lines(600, 9), lines(612, 8)));
    sandbox.write("z\u{e9}", &format!("{}new\n\u{e9}\n", lines(300, 20)));
    sandbox.write("copied", &lines(600, 20));
    for (old, new) in [("dir/moved", "new one"), ("dir/moved too", "new two")] {
        sandbox.write(new, &format!("first\n{}", lines(old.len() * 100, 20)));
        std::fs::remove_file(sandbox.path().join(old)).expect("removes");
    }
    sandbox.write("algorithm", "c\nb\na\nb\na\nc\n");
    sandbox.write("indent", "    x\n    # c\n\n    x\n\n    # c\n");
    sandbox.write("x.bin", "2\n");
    sandbox.git(["-C", "sub", "commit", "-q", "--allow-empty", "-m", "two"]);
    sandbox.commit_all("two");
    let file = std::fs::File::options().write(true).open(sandbox.path().join("touched")).expect("opens");
    file.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("touches");
    sandbox
}

const TOLD: &str = "M algorithm -1,2+0,0 -4,1+1,0 -5,0+3,1 -7,0+6,1
A copied -0,0+1,20
M edited -10,3+10,2
M indent -0,0+1,3
R97 dir/moved new one -0,0+1,1
R97 dir/moved too new two -0,0+1,1
M sub
M x.bin -1,1+1,1
M z\\xc3\\xa9 -20,0+21,2
";

fn check_misled(folder: &Path) {
    let repository = git::Repository::discover(folder).expect("opens").expect("is a repository");
    let base = repository.resolve("HEAD~1").expect("resolves");
    let head = repository.head().expect("reads").expect("has a commit");
    for newer in [Newer::Commit(head), Newer::WorkTree] {
        assert_eq!(told(&repository.line_changes(base, newer).expect("compares")), TOLD, "{newer:?}");
    }
    assert!(!folder.join(".git/ran").exists(), "something was run");
}

/// Writes what the settings name; gives the settings.
fn settings(sandbox: &Sandbox) -> Vec<(&'static str, String)> {
    let folder = sandbox.path().join(".git");
    let script = format!("#!/bin/sh\ntouch '{}'\ncat\n", folder.join("ran").display());
    std::fs::write(folder.join("script"), script).expect("writes");
    std::fs::set_permissions(folder.join("script"), std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("runs");
    std::fs::write(folder.join("attributes"), "* -diff\n").expect("writes");
    let value = |value: &str| match value.strip_prefix('@') {
        Some(name) => folder.join(name).display().to_string(),
        None => value.to_owned(),
    };
    MISLEADING.iter().map(|(key, text)| (*key, value(text))).collect()
}

#[test]
fn configuration_of_the_repository_changes_nothing() {
    let sandbox = misled();
    check_misled(&sandbox.path());
    let settings = settings(&sandbox);
    for (key, value) in &settings {
        sandbox.git(["config", key, value]);
        check_misled(&sandbox.path());
    }
    // The settings would have made a difference.
    let plain = sandbox.git(["diff", "-O/dev/null", "--raw", "-z", "--patch", "HEAD~1", "HEAD"]);
    assert!(parse_patch(plain.as_slice()).is_err() && sandbox.path().join(".git/ran").exists());
}

#[test]
fn configuration_of_the_user_changes_nothing() {
    const FOLDER: &str = "MISLED_REPOSITORY";
    if let Some(folder) = std::env::var_os(FOLDER) {
        let said = Command::new("git").args(["config", "diff.noprefix"]).output().expect("git is installed");
        assert_eq!(said.stdout, b"true\n", "the configuration is in force");
        return check_misled(Path::new(&folder));
    }
    let sandbox = misled();
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join(".gitconfig");
    for (key, value) in settings(&sandbox) {
        sandbox.git(["config", "--file", file.to_str().expect("text"), key, &value]);
    }
    // The configuration comes with the environment, and nobody can change that of a running test.
    let mut again = Command::new(std::env::current_exe().expect("runs"));
    again.args(["--exact", "hostile_lines::configuration_of_the_user_changes_nothing"]).env(FOLDER, sandbox.path());
    again.env("HOME", home.path()).env("GIT_EXTERNAL_DIFF", sandbox.path().join(".git/script"));
    again.env("GIT_DIFF_OPTS", "--unified=7").env("GIT_PAGER_IN_USE", "1");
    again.env_remove("GIT_CONFIG_GLOBAL").env_remove("XDG_CONFIG_HOME").env_remove("GIT_CONFIG_COUNT");
    let output = again.output().expect("runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

#[test]
fn a_name_is_what_the_file_system_has() {
    let sandbox = Sandbox::new("sha1");
    sandbox.commit_all("one");
    let name = std::ffi::OsStr::from_bytes(b"a \"\xff\n b ");
    std::fs::write(sandbox.path().join(name), "1\n").expect("writes");
    sandbox.git(["add", "-A"]);
    let found = sandbox.open().line_changes(Some(sandbox.id("HEAD")), Newer::WorkTree).expect("compares");
    assert_eq!(found[0].path, name.as_bytes());
}
