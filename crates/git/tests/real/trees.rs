//! Comparing and listing trees: the same answers as git's on generated histories.

use crate::support::{Import, Numbers, Sandbox, name_status};
use git::{Change, Id, Repository, Scope, Status};

/// Names whose order and nesting are easy to get wrong.
const NAMES: [&[u8]; 12] =
    [b"a", b"a.b", b"a0", b"a-", b"ab", b"b", b"src", b"src.rs", b"x\ny", b"\xff\xfe", "é😀".as_bytes(), b"-rf"];

/// Writes `count` commits on one branch, each with a few random changes of any kind.
fn history(seed: u64, count: usize, id_digits: usize) -> Import {
    let mut numbers = Numbers(seed);
    let mut import = Import::default();
    for mark in 1..=count {
        import.commit("main", mark, 1_700_000_000);
        if mark > 1 {
            import.parents(&[mark - 1]);
        }
        for _ in 0..=numbers.below(if mark == 1 { 60 } else { 8 }) {
            change(&mut import, &mut numbers, id_digits);
        }
    }
    import
}

fn change(import: &mut Import, numbers: &mut Numbers, id_digits: usize) {
    let depth = 1 + numbers.below(4);
    let parts: Vec<&[u8]> = (0..depth).map(|_| *numbers.pick(&NAMES)).collect();
    let path = parts.join(&b'/');
    let content = format!("{}\n", numbers.below(5)).repeat(1 + numbers.below(40));
    match numbers.below(10) {
        0..=2 => import.delete(&path),
        3 => import.file("100755", &path, content.as_bytes()),
        4 => import.file("120000", &path, content.as_bytes()),
        5 => import.submodule(&path, &format!("{:01$x}", 1 + numbers.below(3), id_digits)),
        _ => import.file("100644", &path, content.as_bytes()),
    }
}

/// What git says about all pairs, in one process.
fn expected(sandbox: &Sandbox, pairs: &[(Id, Id)]) -> Vec<Vec<Change>> {
    let input: String = pairs.iter().map(|(a, b)| format!("{a}^{{tree}} {b}^{{tree}}\n")).collect();
    let options = ["cat-file", "--batch-check=%(objectname)"];
    let trees = sandbox.feed(&options, input.replace(' ', "\n").as_bytes());
    let trees: Vec<&str> = std::str::from_utf8(&trees).expect("ids").lines().collect();
    let input: String = trees.chunks_exact(2).map(|pair| format!("{} {}\n", pair[0], pair[1])).collect();
    let options = ["diff-tree", "--stdin", "-r", "-z", "--no-renames", "--name-status"];
    let mut rest = sandbox.feed(&options, input.as_bytes());
    let mut answers = Vec::new();
    for pair in input.lines() {
        let head = format!("{pair}\n");
        assert!(rest.starts_with(head.as_bytes()), "the answer starts with its question");
        rest.drain(..head.len());
        // A question starts with a digit or letter of hex and is longer than any status.
        let mut fields = rest.split_inclusive(|&byte| byte == 0);
        let mut len = 0;
        while let (Some(status), Some(path)) = (fields.next(), fields.next()) {
            if status.len() != 2 {
                break;
            }
            len += status.len() + path.len();
        }
        answers.push(name_status(&rest.drain(..len).collect::<Vec<u8>>()));
    }
    answers
}

fn check(repository: &Repository, (base, head): (Id, Id), scope: &Scope, expected: &[Change]) {
    let found = repository.diff(Some(base), head, scope).expect("compares");
    assert_eq!(found, expected, "{base} {head} {scope:?}");
}

fn check_history(format: &str, seed: u64, pack: &[&str]) {
    let sandbox = Sandbox::new(format);
    let id_digits = if format == "sha1" { 40 } else { 64 };
    let commits = history(seed, 120, id_digits).run(&sandbox);
    if !pack.is_empty() {
        sandbox.git(pack.iter().copied());
    }
    let repository = sandbox.open();
    let mut numbers = Numbers(seed);
    let mut pairs: Vec<(Id, Id)> = (2..=120).map(|mark| (commits[&(mark - 1)], commits[&mark])).collect();
    pairs.extend((0..800).map(|_| (commits[&(1 + numbers.below(120))], commits[&(1 + numbers.below(120))])));
    pairs.retain(|(a, b)| tree_of(&repository, *a) != tree_of(&repository, *b));
    let answers = expected(&sandbox, &pairs);
    assert!(answers.iter().flatten().count() > 5000, "there is something to compare");
    for (pair, answer) in pairs.iter().zip(&answers) {
        check(&repository, *pair, &Scope::everything(), answer);
        let prefixes: Vec<Vec<u8>> = (0..numbers.below(4)).map(|_| prefix(&mut numbers)).collect();
        let scope = Scope::prefixes(prefixes.iter().cloned());
        let within = |change: &&Change| prefixes.iter().any(|prefix| change.path.starts_with(prefix));
        let answer: Vec<Change> = answer.iter().filter(within).cloned().collect();
        check(&repository, *pair, &scope, &answer);
    }
    assert_eq!(repository.fell_back(), None);
}

fn tree_of(repository: &Repository, commit: Id) -> Id {
    repository.commit(commit).expect("a commit").tree
}

fn prefix(numbers: &mut Numbers) -> Vec<u8> {
    let mut parts: Vec<&[u8]> = (0..1 + numbers.below(3)).map(|_| *numbers.pick(&NAMES)).collect();
    if numbers.chance(50) {
        parts.push(b"");
    }
    let path = parts.join(&b'/');
    path[..path.len() - usize::from(numbers.chance(20))].to_vec()
}

#[test]
fn random_pairs_differ_as_git_says_from_a_fresh_pack() {
    check_history("sha1", 1, &[]);
}

#[test]
fn random_pairs_differ_as_git_says_from_a_repacked_pack() {
    check_history("sha1", 2, &["repack", "-q", "-a", "-d", "-f", "--depth=50", "--window=50"]);
}

#[test]
fn random_pairs_differ_as_git_says_with_sha256() {
    check_history("sha256", 3, &["gc", "-q"]);
}

#[test]
fn random_pairs_differ_as_git_says_from_loose_objects() {
    let sandbox = Sandbox::new("sha1");
    let source = Sandbox::new("sha1");
    let commits = history(4, 30, 40).run(&source);
    let packed = source.feed(&["pack-objects", "--all", "--stdout", "-q"], b"");
    sandbox.feed(&["unpack-objects", "-q"], &packed);
    let repository = sandbox.open();
    let pairs: Vec<(Id, Id)> = (2..=30).map(|mark| (commits[&1], commits[&mark])).collect();
    for (pair, answer) in pairs.iter().zip(expected(&source, &pairs)) {
        check(&repository, *pair, &Scope::everything(), &answer);
    }
}

#[test]
fn git_diff_itself_says_the_same() {
    let sandbox = Sandbox::new("sha1");
    let commits = history(5, 10, 40).run(&sandbox);
    for mark in 2..=10 {
        let (base, head) = (commits[&1], commits[&mark]);
        let options = ["diff", "--no-renames", "--name-status", "-z", "--ignore-submodules=none"];
        let printed = sandbox.git(options.into_iter().chain([base.to_string().as_str(), &head.to_string()]));
        check(&sandbox.open(), (base, head), &Scope::everything(), &name_status(&printed));
    }
}

#[test]
fn nothing_and_everything_are_compared_too() {
    let sandbox = Sandbox::new("sha1");
    sandbox.write("a/b", "1");
    sandbox.write("c", "1");
    let one = sandbox.commit_all("one");
    let repository = sandbox.open();
    let added = |path: &str| Change { path: path.into(), status: Status::Added };
    let found = repository.diff(None, one, &Scope::everything()).expect("compares");
    assert_eq!(found, [added("a/b"), added("c")]);
    check(&repository, (one, one), &Scope::everything(), &[]);
    assert_eq!(repository.diff(None, one, &Scope::prefixes(["a/"])).expect("compares"), [added("a/b")]);
    assert_eq!(repository.diff(None, one, &Scope::prefixes::<&str>([])).expect("compares"), []);
}

fn listed(repository: &Repository, commit: Id, scope: &Scope) -> Vec<u8> {
    let mut out = Vec::new();
    let visit = |mode: git::Mode, id: &Id, path: &[u8]| {
        let kind = if mode == git::Mode::SUBMODULE { "commit" } else { "blob" };
        out.extend_from_slice(format!("{mode} {kind} {id}\t").as_bytes());
        out.extend_from_slice(path);
        out.push(0);
    };
    repository.tracked(commit, scope, visit).expect("lists");
    out
}

#[test]
fn tracked_names_are_those_of_ls_tree() {
    for format in ["sha1", "sha256"] {
        let sandbox = Sandbox::new(format);
        let commits = history(6, 40, if format == "sha1" { 40 } else { 64 }).run(&sandbox);
        let repository = sandbox.open();
        for commit in commits.values() {
            let expected = sandbox.git(["ls-tree", "-r", "-z", "--full-tree", &commit.to_string()]);
            assert_eq!(listed(&repository, *commit, &Scope::everything()), expected);
            let within: Vec<&[u8]> = expected
                .split_inclusive(|&byte| byte == 0)
                .filter(|line| line.splitn(2, |&byte| byte == b'\t').nth(1).is_some_and(|path| path.starts_with(b"a")))
                .collect();
            assert_eq!(listed(&repository, *commit, &Scope::prefixes(["a"])), within.concat());
        }
    }
}
