//! Contents and attributes of files.

use git::Repository;

use crate::support::{Import, Sandbox, id};

fn check(repository: &Repository, path: &[u8], expected: Option<&[u8]>) {
    let head = repository.head().expect("reads").expect("has a commit");
    let found = repository.blob(head, path).expect("reads");
    assert_eq!(found.as_deref(), expected, "{}", path.escape_ascii());
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new("sha1");
    let mut import = Import::default();
    import.commit("main", 1, 1_700_000_000);
    import.file("100644", b"a", b"1\0\r\n");
    import.file("100755", b"dir/deep/\xff ", b"");
    import.file("120000", b"link", b"a");
    import.submodule(b"sub", &"1".repeat(40));
    import.run(&sandbox);
    sandbox
}

#[test]
fn a_file_is_read_as_it_is_stored() {
    let sandbox = sandbox();
    // For gix it stands for storage that it does not know, and then git reads.
    for by_git in [false, true] {
        if by_git {
            sandbox.git(["config", "core.repositoryFormatVersion", "1"]);
            sandbox.git(["config", "extensions.noop-v1", "true"]);
        }
        let repository = sandbox.open();
        assert_eq!(repository.fell_back().is_some(), by_git);
        check(&repository, b"a", Some(b"1\0\r\n"));
        check(&repository, b"dir/deep/\xff ", Some(b""));
        for path in ["", "/", "a/", "/a", "dir", "dir/", "dir/deep/x", "a/b", "link", "sub", "sub/x", "dir/../a", "b"] {
            check(&repository, path.as_bytes(), None);
        }
    }
}

#[test]
fn a_file_at_an_older_commit_is_the_older_one() {
    let sandbox = Sandbox::new("sha256");
    sandbox.write("dir/a", "one");
    let one = sandbox.commit_all("one");
    sandbox.write("dir/a", "two");
    sandbox.commit_all("two");
    sandbox.git(["gc", "-q"]);
    let repository = sandbox.open();
    check(&repository, b"dir/a", Some(b"two"));
    assert_eq!(repository.blob(one, b"dir/a").expect("reads").as_deref(), Some(b"one".as_slice()));
}

#[test]
fn a_file_that_is_too_large_or_lost_is_an_error() {
    let sandbox = Sandbox::new("sha1");
    sandbox.write("lost", "1");
    let file = std::fs::File::create(sandbox.path().join("large")).expect("creates");
    file.set_len((64 << 20) + 1).expect("grows");
    let head = sandbox.commit_all("one");
    let blob = sandbox.text(["rev-parse", "HEAD:lost"]);
    std::fs::remove_file(sandbox.path().join(".git/objects").join(&blob[..2]).join(&blob[2..])).expect("removes");
    let repository = sandbox.open();
    let error = repository.blob(head, b"large").expect_err("is large").to_string();
    assert!(
        error.contains("'large'") && error.ends_with("it has 67108865 bytes, and 67108864 are read at most"),
        "{error}"
    );
    let error = repository.blob(head, b"lost").expect_err("is lost").to_string();
    assert!(error.contains("'lost'") && error.ends_with("it is not in this clone"), "{error}");
    assert!(repository.blob(id(&"1".repeat(40)), b"large").is_err());
}

#[test]
fn a_file_that_the_remote_has_kept_is_not_fetched_from_a_folder() {
    let origin = sandbox();
    origin.git(["config", "uploadpack.allowFilter", "true"]);
    let clone = Sandbox::clone_of(&origin.path(), &["--filter=blob:none", "--no-checkout"]);
    let error = clone.open().blob(clone.id("HEAD"), b"a").expect_err("it is elsewhere").to_string();
    assert!(error.contains("transport 'file' not allowed"), "{error}");
}

#[test]
fn attributes_are_those_of_the_work_tree() {
    const NAMES: [&str; 2] = ["linguist-generated", "linguist-vendored"];
    let sandbox = Sandbox::new("sha1");
    let lines = "*.pb.go linguist-generated\n*.min.js linguist-generated=true linguist-vendored\n\
        *.txt linguist-generated=false\n*.md -linguist-generated\n*.c linguist-generated=TRUE\n";
    sandbox.write(".gitattributes", lines);
    sandbox.write("third/.gitattributes", "* linguist-vendored\n");
    sandbox.write("third/own/.gitattributes", "* !linguist-vendored\n");
    sandbox.write("third/x.gitattributes", "");
    sandbox.commit_all("one");
    std::fs::remove_file(sandbox.path().join("third/own/.gitattributes")).expect("removes");
    let repository = sandbox.open();
    let files = repository.attribute_files().expect("lists");
    let expected: [&[u8]; 3] = [b".gitattributes", b"third/.gitattributes", b"third/own/.gitattributes"];
    assert_eq!(files, expected);
    let asked: [&[u8]; 10] = [
        b"a.pb.go",
        b"d/a\n\"b\xff .min.js",
        b"a.txt",
        b"a.md",
        b"a.c",
        b"plain",
        b"third/a.pb.go",
        b"third/plain",
        b"third/own/plain",
        b"-a.pb.go",
    ];
    let found = repository.attributes(&NAMES, asked).expect("looks");
    let expected: [(&[u8], &[&str]); 5] = [
        (b"-a.pb.go", &NAMES[..1]),
        (b"a.pb.go", &NAMES[..1]),
        (b"d/a\n\"b\xff .min.js", &NAMES),
        (b"third/a.pb.go", &NAMES),
        (b"third/plain", &NAMES[1..]),
    ];
    let found: Vec<(&[u8], &[&str])> = found.iter().map(|(path, names)| (path.as_slice(), names.as_slice())).collect();
    assert_eq!(found, expected);
}

#[test]
fn attributes_of_what_is_no_name_are_an_error() {
    const NAMES: [&str; 1] = ["linguist-generated"];
    let sandbox = Sandbox::new("sha1");
    let repository = sandbox.open();
    assert!(repository.attributes(&[], ["a"]).expect("looks").is_empty());
    assert!(repository.attributes(&NAMES, [b""; 0]).expect("looks").is_empty());
    let error = repository.attributes(&NAMES, [b"a\0b"]).expect_err("is no name").to_string();
    assert!(error.ends_with("there is a NUL byte in a name"), "{error}");
    let error = repository.attributes(&NAMES, [b"../a"]).expect_err("is outside").to_string();
    assert!(error.contains("outside repository"), "{error}");
}

#[test]
fn an_attribute_file_in_conflict_is_listed_once() {
    let sandbox = Sandbox::new("sha1");
    sandbox.commit_all("one");
    sandbox.git(["checkout", "-q", "-b", "side"]);
    sandbox.write(".gitattributes", "a x\n");
    sandbox.commit_all("side");
    sandbox.git(["checkout", "-q", "main"]);
    sandbox.write(".gitattributes", "b y\n");
    sandbox.commit_all("main");
    assert!(!sandbox.succeeds(&["merge", "-q", "side"]), "there is a conflict");
    assert_eq!(sandbox.open().attribute_files().expect("lists"), [b".gitattributes"]);
}

#[test]
fn attributes_of_many_files_do_not_block() {
    let sandbox = Sandbox::new("sha1");
    sandbox.write(".gitattributes", "*7 linguist-generated\n");
    let paths = (0..100_000).map(|at| format!("some/folder/of/a/long/name/{at}"));
    let found = sandbox.open().attributes(&["linguist-generated"], paths).expect("looks");
    assert_eq!(found.len(), 10_000);
}
