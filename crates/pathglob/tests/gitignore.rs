//! Gitignore patterns against `git check-ignore` itself, on generated lists.

mod random;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use pathglob::{Decision, ErrorKind, Glob, GlobList, Syntax};
use random::Random;

const PIECES: [&str; 40] = [
    "a",
    "a",
    "b",
    "c",
    "ab",
    "x",
    "/",
    "/",
    "/",
    "*",
    "*",
    "**",
    "**/",
    "/**",
    "/**/",
    "***",
    "?",
    "[ab]",
    "[!a]",
    "[^b]",
    "[a-c]",
    "[c-a]",
    "[]a]",
    "[!]a]",
    "[a",
    "[-a]",
    "[a-]",
    "[\\a]",
    "[[:alpha:]]",
    "[[:nope:]]",
    "[[:x]",
    "[[-c]",
    "\\*",
    "\\a",
    "\\",
    "a/b",
    "*.b",
    "a*",
    " ",
    "[/]",
];
const PARTS: [&str; 14] = ["a", "b", "c", "ab", "x", "ba", "a.b", "*", " ", "]", "-", "[", "abc", "x "];

fn line(random: &mut Random) -> String {
    let mut line = String::new();
    if random.one_in(4) {
        line.push_str(random.pick(&["!", "/", "!/", "#", "\\#", "\\!", "**/", "!!"]));
    }
    for _ in 0..=random.below(4) {
        line.push_str(random.pick(&PIECES));
    }
    if random.one_in(4) {
        line.push_str(random.pick(&["/", "/", " ", "\\ ", "  ", "/ ", "//"]));
    }
    line
}

fn path(random: &mut Random) -> String {
    let parts: Vec<&str> = (0..=random.below(4)).map(|_| random.pick(&PARTS)).collect();
    parts.join("/")
}

/// What git says about each path: the line that decides, from 0.
fn ask(folder: &Path, lines: &[String], paths: &[String]) -> Vec<Option<usize>> {
    std::fs::write(folder.join(".gitignore"), lines.join("\n") + "\n").expect("written");
    let mut git = Command::new("git")
        .args(["-c", "core.excludesFile=", "check-ignore", "--no-index", "-v", "-n", "-z", "--stdin"])
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("git starts");
    let input: String = paths.iter().map(|path| format!("{path}\0")).collect();
    git.stdin.take().expect("an input").write_all(input.as_bytes()).expect("git reads");
    let output = git.wait_with_output().expect("git ends").stdout;
    let output = String::from_utf8(output).expect("the paths are UTF-8");
    let fields: Vec<&str> = output.split('\0').collect();
    // Four fields for each path: file, line, pattern, path.
    fields.chunks_exact(4).map(|fields| fields[1].parse::<usize>().ok().map(|line| line - 1)).collect()
}

/// Compares our decision on each path with git's; returns how many of the paths a line decided.
fn check(folder: &Path, lines: &[String], paths: &[String]) -> usize {
    let theirs = ask(folder, lines, paths);
    assert_eq!(theirs.len(), paths.len(), "{lines:?}");
    // A line that we refuse never matches in git; the others keep their places.
    let (places, globs): (Vec<usize>, Vec<Glob>) = lines
        .iter()
        .enumerate()
        .filter_map(|(place, line)| Some((place, Glob::new(line, Syntax::Gitignore).ok()?)))
        .unzip();
    let list = GlobList::new(globs);
    for (path, theirs) in paths.iter().zip(&theirs) {
        let decision = list.decides(path.as_bytes());
        let ours = decision.map(|Decision { index, .. }| places[index]);
        assert_eq!(ours, *theirs, "{path:?} in {lines:?}");
        let included = decision.map(|decision| decision.included);
        assert_eq!(included, theirs.map(|place| !lines[place].starts_with('!')), "{path:?} in {lines:?}");
    }
    theirs.iter().flatten().count()
}

#[test]
fn decides_as_git_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let init = Command::new("git").args(["init", "-q"]).current_dir(folder.path()).status().expect("git starts");
    assert!(init.success());
    let mut random = Random::new(3);
    let lists: usize = std::env::var("GITIGNORE_LISTS").ok().and_then(|value| value.parse().ok()).unwrap_or(250);
    let mut decided = 0;
    for _ in 0..lists {
        let lines: Vec<String> = (0..=random.below(5)).map(|_| line(&mut random)).collect();
        let paths: Vec<String> = (0..40).map(|_| path(&mut random)).collect();
        decided += check(folder.path(), &lines, &paths);
    }
    assert!(decided > lists * 10, "only {decided} paths were decided");
}

#[test]
fn one_pattern_takes_in_what_lies_below_a_folder() {
    let matches =
        |pattern: &str, path: &str| Glob::new(pattern, Syntax::Gitignore).expect("sound").is_match(path.as_bytes());
    for (pattern, yes, no) in [
        ("docs", ["docs", "docs/a", "x/docs/a/b"], ["docs2", "xdocs/a", "do"]),
        ("docs/", ["docs/a", "x/docs/a", "docs/docs/a"], ["docs", "x/docs", "a"]),
        ("/docs", ["docs", "docs/a", "docs/a/b"], ["x/docs", "x/docs/a", "d"]),
        ("a/*.md", ["a/x.md", "a/.md", "a/x.md/y"], ["x.md", "b/a/x.md", "a/b/x.md"]),
        ("a/**/b", ["a/b", "a/x/b", "a/x/y/b/c"], ["b", "ab", "a/bx"]),
    ] {
        for path in yes {
            assert!(matches(pattern, path), "{pattern} {path}");
        }
        for path in no {
            assert!(!matches(pattern, path), "{pattern} {path}");
        }
    }
}

#[test]
fn refuses_what_never_matches() {
    let kind = |pattern: &str| Glob::new(pattern, Syntax::Gitignore).map_err(|error| (error.kind, error.offset)).err();
    assert_eq!(kind("# a"), Some((ErrorKind::Empty, 0)));
    assert_eq!(kind("!"), Some((ErrorKind::Empty, 0)));
    assert_eq!(kind("/"), Some((ErrorKind::Empty, 0)));
    assert_eq!(kind("   "), Some((ErrorKind::Empty, 0)));
    assert_eq!(kind("!/a[b"), Some((ErrorKind::UnclosedClass, 3)));
    assert_eq!(kind("a\\"), Some((ErrorKind::TrailingBackslash, 1)));
    assert_eq!(kind("[[:nope:]]"), Some((ErrorKind::BadClass, 1)));
}
