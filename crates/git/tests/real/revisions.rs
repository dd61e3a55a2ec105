//! Names of revisions.

use git::{Id, Repository};

use crate::support::Sandbox;

fn check(repository: &Repository, revision: &str, expected: Option<Id>) {
    assert_eq!(repository.resolve(revision).expect("resolves"), expected, "{revision}");
}

fn sandbox(format: &str) -> Sandbox {
    let sandbox = Sandbox::new(format);
    for at in 0..4 {
        sandbox.write("f", &format!("{at}"));
        sandbox.commit_all(&format!("commit number {at}"));
    }
    sandbox.git(["tag", "-a", "-m", "tag", "v1.0.0", "HEAD~2"]);
    sandbox.git(["update-ref", "refs/remotes/origin/main", "HEAD~1"]);
    sandbox.git(["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
    sandbox.git(["branch", "feature/x", "HEAD~3"]);
    sandbox.git(["branch", "config", "HEAD~3"]);
    sandbox.git(["branch", "deadbee", "HEAD~3"]);
    sandbox
}

const NAMES: [&str; 22] = [
    "HEAD",
    "@",
    "main",
    "heads/main",
    "refs/heads/main",
    "v1.0.0",
    "tags/v1.0.0",
    "refs/tags/v1.0.0",
    "v1.0.0^{}",
    "v1.0.0~1",
    "origin/main",
    "origin",
    "HEAD~3",
    "HEAD^",
    "HEAD^^",
    "HEAD@{1}",
    "main@{0}",
    "feature/x",
    "deadbee",
    ":/number 1",
    ":/n.mber [12]",
    "HEAD^{/number [01]}",
];

/// Text after `:/` goes on to the end.
fn peeled(name: &str) -> String {
    if name.starts_with(':') { name.to_owned() } else { format!("{name}^{{commit}}") }
}

#[test]
fn names_resolve_as_git_does() {
    for format in ["sha1", "sha256"] {
        let sandbox = sandbox(format);
        for packed in [false, true] {
            if packed {
                sandbox.git(["pack-refs", "--all"]);
                sandbox.git(["repack", "-q", "-a", "-d"]);
            }
            let repository = sandbox.open();
            for name in NAMES {
                check(&repository, name, Some(sandbox.id(&peeled(name))));
            }
            check(&repository, "config", Some(sandbox.id("refs/heads/config")));
            let head = sandbox.text(["rev-parse", "HEAD"]);
            check(&repository, &head, Some(sandbox.id("HEAD")));
            check(&repository, &head[..9], Some(sandbox.id("HEAD")));
            check(&repository, &sandbox.text(["rev-parse", "v1.0.0"]), Some(sandbox.id("v1.0.0^{}")));
        }
    }
}

#[test]
fn unknown_names_are_none() {
    let sandbox = sandbox("sha1");
    let repository = sandbox.open();
    let strange =
        ["", "nothing", "refs/heads/nothing", "-rf", "--all", "a..b", "HEAD~99", "HEAD^9", "v1.0.0^{x", "a b", "a\0b"];
    for name in strange {
        check(&repository, name, None);
    }
    check(&repository, "0123456789012345678901234567890123456789", None);
    check(&repository, "0000000000000000000000000000000000000000", None);
    check(&repository, "abcdefg", None);
    check(&repository, "", None);
}

#[test]
fn only_hex_of_full_length_is_an_id_and_only_when_it_is_there() {
    let sandbox = sandbox("sha1");
    let letters = "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz";
    let digits = "0123456789012345678901234567890123456789";
    sandbox.git(["branch", letters, "HEAD~1"]);
    sandbox.git(["update-ref", &format!("refs/heads/{digits}"), "HEAD~2"]);
    let repository = sandbox.open();
    check(&repository, letters, Some(sandbox.id("HEAD~1")));
    check(&repository, digits, Some(sandbox.id("HEAD~2")));
}

#[test]
fn an_ambiguous_short_id_is_an_error() {
    let sandbox = Sandbox::new("sha1");
    // With this many commits two of them share their first four digits.
    let mut import = crate::support::Import::default();
    for mark in 1..=2000 {
        import.commit("main", mark, 1_700_000_000);
    }
    let ids = import.run(&sandbox);
    let mut shorts: Vec<String> = ids.values().map(|id| id.to_string()[..4].to_owned()).collect();
    shorts.sort_unstable();
    let twice = shorts.windows(2).find(|pair| pair[0] == pair[1]).expect("two start alike");
    let error = sandbox.open().resolve(&twice[0]).expect_err("cannot tell which");
    assert!(error.to_string().starts_with(&format!("could not resolve '{}': ", twice[0])), "{error}");
}

#[test]
fn a_name_of_something_else_is_an_error() {
    let sandbox = sandbox("sha1");
    let repository = sandbox.open();
    assert!(repository.resolve("HEAD^{tree}").is_err());
    assert!(repository.resolve("HEAD:f").is_err());
    assert!(repository.resolve(&sandbox.text(["rev-parse", "HEAD^{tree}"])).is_err());
}

#[test]
fn head_is_a_branch_or_a_commit_or_nothing_yet() {
    let sandbox = Sandbox::new("sha1");
    let check = |head: Option<Id>, name: Option<&str>| {
        let repository = sandbox.open();
        assert_eq!(repository.head().expect("reads"), head);
        assert_eq!(repository.head_name().expect("reads").as_deref(), name);
    };
    check(None, Some("refs/heads/main"));
    let id = sandbox.commit_all("one");
    check(Some(id), Some("refs/heads/main"));
    sandbox.git(["checkout", "-q", "--detach"]);
    check(Some(id), None);
}
