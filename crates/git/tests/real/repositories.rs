//! Every kind of repository and checkout is found and read.

use std::path::Path;

use git::{Format, Repository, Scope};

use crate::support::Sandbox;

/// Opens it and reads something of everything.
fn check(folder: &Path, work_tree: Option<&Path>, format: Format) -> Repository {
    let repository = Repository::discover(folder).expect("opens").expect("is a repository");
    assert_eq!(repository.work_tree(), work_tree);
    assert_eq!(repository.format(), format);
    assert!(repository.git_dir().is_absolute());
    let head = repository.head().expect("reads").expect("has a commit");
    assert!(repository.has(head));
    let mut names = Vec::new();
    repository.tracked(head, &Scope::everything(), |_, _, path| names.push(path.to_vec())).expect("lists");
    assert_eq!(names, [b"dir/file".to_vec(), b"file".to_vec()]);
    assert_eq!(repository.diff(None, head, &Scope::prefixes(["dir/"])).expect("compares").len(), 1);
    repository
}

fn sandbox(format: &str) -> Sandbox {
    let sandbox = Sandbox::new(format);
    sandbox.write("file", "1");
    sandbox.write("dir/file", "1");
    sandbox.commit_all("one");
    sandbox
}

#[test]
fn from_any_folder_of_the_work_tree() {
    for (name, format) in [("sha1", Format::Sha1), ("sha256", Format::Sha256)] {
        let sandbox = sandbox(name);
        let root = sandbox.path();
        let repository = check(&root, Some(&root), format);
        assert_eq!(repository.git_dir(), root.join(".git"));
        check(&root.join("dir"), Some(&root), format);
        check(&root.join("dir/../dir"), Some(&root), format);
    }
}

#[test]
fn a_bare_repository_has_no_work_tree() {
    let origin = sandbox("sha256");
    let bare = Sandbox::clone_of(&origin.path(), &["--bare"]);
    let repository = check(&bare.path(), None, Format::Sha256);
    assert_eq!(repository.git_dir(), bare.path());
}

#[test]
fn a_linked_work_tree_reads_the_shared_objects() {
    let sandbox = sandbox("sha1");
    let other = tempfile::tempdir().expect("a folder");
    let path = other.path().canonicalize().expect("is there").join("linked");
    sandbox.git(["worktree", "add", "-q", "--detach", path.to_str().expect("text")]);
    let repository = check(&path, Some(&path), Format::Sha1);
    assert_eq!(repository.head_name().expect("reads"), None);
    assert!(!repository.is_shallow().expect("reads"));
}

#[test]
fn a_linked_work_tree_that_was_moved_is_where_it_is() {
    let sandbox = sandbox("sha1");
    let other = tempfile::tempdir().expect("a folder");
    let place = other.path().canonicalize().expect("is there");
    let (old, new) = (place.join("old"), place.join("new"));
    sandbox.git(["worktree", "add", "-q", "--detach", old.to_str().expect("text")]);
    std::fs::rename(&old, &new).expect("moves");
    check(&new, Some(&new), Format::Sha1);
    // Whatever stands at the old place meanwhile.
    std::fs::create_dir(&old).expect("a folder");
    check(&new.join("dir"), Some(&new), Format::Sha1);
}

#[test]
fn a_submodule_is_a_repository_of_its_own() {
    let inner = sandbox("sha1");
    let outer = sandbox("sha1");
    outer.git(["submodule", "--quiet", "add", inner.path().to_str().expect("text"), "sub"]);
    let path = outer.path().join("sub");
    check(&path.join("dir"), Some(&path), Format::Sha1);
}

#[test]
fn objects_of_alternates_are_found() {
    let origin = sandbox("sha1");
    origin.git(["gc", "-q"]);
    let clone = Sandbox::clone_of(&origin.path(), &["--reference", origin.path().to_str().expect("text")]);
    check(&clone.path(), Some(&clone.path()), Format::Sha1);
}

#[test]
fn a_multi_pack_index_does_not_disturb() {
    let sandbox = sandbox("sha1");
    sandbox.git(["repack", "-q", "-d"]);
    sandbox.git(["commit", "-q", "--allow-empty", "-m", "two"]);
    sandbox.git(["repack", "-q", "-d"]);
    sandbox.git(["multi-pack-index", "write"]);
    check(&sandbox.path(), Some(&sandbox.path()), Format::Sha1);
}

#[test]
fn a_replaced_object_is_read_as_its_replacement() {
    let sandbox = sandbox("sha1");
    let one = sandbox.id("HEAD");
    sandbox.write("more", "1");
    let two = sandbox.commit_all("two");
    sandbox.git(["gc", "-q"]);
    sandbox.git([
        "replace",
        &sandbox.text(["rev-parse", "HEAD^{tree}"]),
        &sandbox.text(["rev-parse", "HEAD~1^{tree}"]),
    ]);
    let repository = sandbox.open();
    assert_eq!(sandbox.git(["diff", "--name-status", &one.to_string(), &two.to_string()]), b"");
    assert_eq!(repository.fell_back(), Some("the repository replaces objects"));
    assert_eq!(repository.diff(Some(one), two, &Scope::everything()).expect("compares"), []);
    let mut names = 0;
    repository.tracked(two, &Scope::everything(), |_, _, _| names += 1).expect("lists");
    assert_eq!(names, 2);
}

#[test]
fn no_repository_is_none_and_no_folder_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(Repository::discover(folder.path()).expect("looks").is_none());
    assert!(Repository::discover(&folder.path().join("missing")).is_err());
}

#[test]
fn what_gix_does_not_know_is_read_by_git() {
    for (name, format) in [("sha1", Format::Sha1), ("sha256", Format::Sha256)] {
        let sandbox = sandbox(name);
        sandbox.git(["config", "core.repositoryFormatVersion", "1"]);
        // Git knows it and it means nothing; here it stands for storage that gix does not know.
        sandbox.git(["config", "extensions.noop-v1", "true"]);
        let repository = check(&sandbox.path(), Some(&sandbox.path()), format);
        assert_eq!(repository.fell_back(), Some("the repository has the extension 'noop-v1'"));
        sandbox.git(["tag", "-a", "-m", "tag", "v1"]);
        let two = sandbox.commit_all("two");
        let one = sandbox.id("HEAD~1");
        let check = |revision: &str, expected| assert_eq!(repository.resolve(revision).expect("resolves"), expected);
        check("v1", Some(one));
        check("HEAD", Some(two));
        check("nothing", None);
        check("--help", None);
        assert_eq!(repository.head_name().expect("reads").as_deref(), Some("refs/heads/main"));
        assert_eq!(repository.merge_base(one, two).expect("looks"), git::MergeBase::Found(one));
        let tag = git::PreviousTag::Found { name: "v1".to_owned(), id: one };
        assert_eq!(repository.previous_tag(two, None).expect("looks"), tag);
        assert!(repository.has(one) && !repository.has(git::Id::null(one.kind())));
        let mut names = Vec::new();
        repository.index(&Scope::everything(), |_, _, path| names.push(path.to_vec())).expect("lists");
        assert_eq!(names, [b"dir/file".to_vec(), b"file".to_vec()]);
        assert_eq!(repository.local_changes().expect("compares"), []);
    }
}

#[test]
fn grafts_are_read_by_git() {
    let sandbox = sandbox("sha1");
    sandbox.commit_all("two");
    let root = sandbox.text(["rev-parse", "HEAD~1"]);
    std::fs::write(sandbox.path().join(".git/info/grafts"), format!("{root}\n")).expect("writes");
    let repository = check(&sandbox.path(), Some(&sandbox.path()), Format::Sha1);
    assert_eq!(repository.fell_back(), Some("the repository has grafts"));
}

#[test]
fn a_broken_repository_is_an_error_and_not_an_answer() {
    let sandbox = sandbox("sha1");
    std::fs::write(sandbox.path().join(".git/config"), "[core]\n\trepositoryformatversion = 9\n").expect("writes");
    let error = Repository::discover(&sandbox.path()).err().expect("no known format");
    assert!(error.to_string().contains("9"), "{error}");
}
