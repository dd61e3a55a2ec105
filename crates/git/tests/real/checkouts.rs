//! When a work tree is looked at without git, and that nothing which changes in it goes unseen.

use std::os::unix::fs::MetadataExt as _;

use git::Newer;

use crate::lines::told;
use crate::own_lines::{check, settle};
use crate::support::Sandbox;

/// A settled repository of one commit on top of another, in which nothing is renamed.
fn settled() -> Sandbox {
    let sandbox = Sandbox::new("sha1");
    sandbox.write("dir/a.ts", "one\ntwo\n");
    sandbox.write("b.ts", "b\r\n");
    sandbox.commit_all("old");
    sandbox.write("dir/a.ts", "one\n2\n");
    sandbox.commit_all("new");
    settle(&sandbox);
    sandbox
}

/// Does something to a settled repository; says whether the work tree is still looked at without git.
fn looks_itself(change: impl Fn(&Sandbox)) -> bool {
    let sandbox = settled();
    change(&sandbox);
    let repository = sandbox.open();
    let bases = ["HEAD", "HEAD~1"].map(|base| check(&repository, Some(sandbox.id(base)), Newer::WorkTree));
    assert_eq!(bases[0], bases[1]);
    bases[0]
}

#[test]
fn a_work_tree_that_is_not_the_index_for_sure_is_left_to_git() {
    assert!(looks_itself(|_| {}));
    assert!(looks_itself(|sandbox| sandbox.write("new.ts", "new\n")), "what is not in the index does not count");
    let git: [&[&str]; 6] = [
        &["update-index", "--assume-unchanged", "b.ts"],
        &["update-index", "--skip-worktree", "b.ts"],
        &["update-index", "--chmod=+x", "b.ts"],
        &["rm", "-q", "--cached", "dir/a.ts"],
        &["mv", "b.ts", "c.ts"],
        &["update-index", "--add", "--cacheinfo", "160000,1111111111111111111111111111111111111111,sub"],
    ];
    for args in git {
        let staged = looks_itself(|sandbox| drop(sandbox.git(args.iter().copied())));
        // What is staged is in the index, which the work tree still agrees with.
        assert_eq!(staged, args[0] == "rm", "{args:?}");
    }
    assert!(!looks_itself(|sandbox| sandbox.write("b.ts", "c\r\n")));
    assert!(!looks_itself(|sandbox| std::fs::remove_file(sandbox.path().join("b.ts")).expect("removes")));
    assert!(!looks_itself(|sandbox| {
        let path = sandbox.path();
        std::fs::rename(path.join("dir"), path.join("moved")).expect("moves");
        std::os::unix::fs::symlink("moved", path.join("dir")).expect("links");
    }));
    // A submodule counts by what is checked out in it, if anything is.
    let submodule = |sandbox: &Sandbox| {
        let inner = sandbox.path().join("sub");
        std::fs::create_dir(&inner).expect("a folder");
        let head = sandbox.text(["rev-parse", "HEAD"]);
        sandbox.git(["update-index", "--add", "--cacheinfo", &format!("160000,{head},sub")]);
    };
    assert!(looks_itself(submodule));
    assert!(!looks_itself(|sandbox| {
        submodule(sandbox);
        sandbox.git(["init", "-q", "sub"]);
    }));
}

#[test]
fn a_change_in_the_moment_of_the_commit_is_seen() {
    let sandbox = Sandbox::new("sha1");
    for round in 0..30 {
        sandbox.write("a.ts", &format!("old {round:02}\n"));
        sandbox.write("b.ts", "b\n");
        let head = sandbox.commit_all("old");
        let path = sandbox.path().join("a.ts");
        let recorded = std::fs::metadata(&path).and_then(|data| data.modified()).expect("has a time");
        sandbox.write("a.ts", &format!("new {round:02}\n"));
        if round % 2 == 0 {
            let file = std::fs::File::options().write(true).open(&path).expect("opens");
            file.set_modified(recorded).expect("dates");
        }
        let changes = sandbox.open().line_changes(Some(head), Newer::WorkTree).expect("compares");
        assert_eq!(told(&changes), "M a.ts -1,1+1,1\n", "round {round}");
    }
}

/// Has the first entry of the index say that its file was last changed when it was, whatever is in it by now.
fn vouch(sandbox: &Sandbox, file: &str) {
    let index = sandbox.path().join(".git/index");
    let data = std::fs::metadata(sandbox.path().join(file)).expect("is there");
    let mut bytes = std::fs::read(&index).expect("reads");
    let times = [data.ctime(), data.ctime_nsec(), data.mtime(), data.mtime_nsec()];
    // Behind the header of twelve bytes: changed and modified, each in seconds and their parts.
    for (at, time) in times.into_iter().enumerate() {
        bytes[12 + 4 * at..][..4].copy_from_slice(&u32::try_from(time).expect("fits").to_be_bytes());
    }
    let end = bytes.len() - 20;
    let mut hasher = gix::hash::hasher(gix::hash::Kind::Sha1);
    hasher.update(&bytes[..end]);
    bytes[end..].copy_from_slice(hasher.try_finalize().expect("hashes").as_slice());
    std::fs::write(&index, bytes).expect("writes");
    let index = std::fs::File::options().append(true).open(&index).expect("opens");
    index.set_modified(data.modified().expect("has a time")).expect("dates");
}

#[test]
fn what_is_as_young_as_the_index_is_read() {
    let sandbox = Sandbox::new("sha1");
    sandbox.write("a.ts", "old\n");
    let head = sandbox.commit_all("old");
    // As if both had been written in the same moment: all that is recorded is still so, and only the content tells.
    sandbox.write("a.ts", "new\n");
    vouch(&sandbox, "a.ts");
    let repository = sandbox.open();
    assert!(!check(&repository, Some(head), Newer::WorkTree));
    let changes = repository.line_changes(Some(head), Newer::WorkTree).expect("compares");
    assert_eq!(told(&changes), "M a.ts -1,1+1,1\n");
    sandbox.write("a.ts", "old\n");
    vouch(&sandbox, "a.ts");
    assert!(check(&sandbox.open(), Some(head), Newer::WorkTree), "what was read and is the same is no change");
}
