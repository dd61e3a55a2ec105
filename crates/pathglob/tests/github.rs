//! GitHub's filter patterns: the examples of its documentation, and what it leaves open.

use pathglob::{Decision, ErrorKind, Glob, GlobList, Syntax};

/// Which of `paths` a list of patterns takes in.
fn check(patterns: &[&str], paths: &[&str], expected: &[&str]) {
    let globs = patterns.iter().map(|pattern| Glob::new(pattern, Syntax::GitHub).expect("sound")).collect();
    let list = GlobList::new(globs);
    let taken: Vec<&str> = paths
        .iter()
        .copied()
        .filter(|path| matches!(list.decides(path.as_bytes()), Some(Decision { included: true, .. })))
        .collect();
    assert_eq!(taken, expected, "{patterns:?}");
}

fn refused(pattern: &str) -> (ErrorKind, usize) {
    let error = Glob::new(pattern, Syntax::GitHub).expect_err(pattern);
    (error.kind, error.offset)
}

#[test]
fn matches_the_examples_of_the_documentation() {
    check(&["*"], &["README.md", "server.rb", "docs/a"], &["README.md", "server.rb"]);
    check(&["*.jsx?"], &["page.js", "page.jsx", "page.jsxx", "a/page.js"], &["page.js", "page.jsx"]);
    check(&["**"], &["all/the/files.md", "a", ".github/x"], &["all/the/files.md", "a", ".github/x"]);
    check(&["*.js"], &["app.js", "index.js", "js/index.js"], &["app.js", "index.js"]);
    check(&["**.js"], &["index.js", "js/index.js", "src/js/app.js"], &["index.js", "js/index.js", "src/js/app.js"]);
    check(&["docs/*"], &["docs/README.md", "docs/file.txt", "docs/a/b"], &["docs/README.md", "docs/file.txt"]);
    check(
        &["docs/**"],
        &["docs/README.md", "docs/mona/octocat.txt", "docs"],
        &["docs/README.md", "docs/mona/octocat.txt"],
    );
    check(
        &["docs/**/*.md"],
        &["docs/README.md", "docs/mona/hello-world.md", "docs/a/markdown/file.md", "docs.md"],
        &["docs/README.md", "docs/mona/hello-world.md", "docs/a/markdown/file.md"],
    );
    check(
        &["**/docs/**"],
        &["docs/hello.md", "dir/docs/my-file.txt", "space/docs/plan/space.doc", "mydocs/a"],
        &["docs/hello.md", "dir/docs/my-file.txt", "space/docs/plan/space.doc"],
    );
    check(&["**/README.md"], &["README.md", "js/README.md", "XREADME.md"], &["README.md", "js/README.md"]);
    check(&["**/*src/**"], &["a/src/app.js", "my-src/code/js/app.js"], &["a/src/app.js", "my-src/code/js/app.js"]);
    check(&["**/*-post.md"], &["my-post.md", "path/their-post.md", "post.md"], &["my-post.md", "path/their-post.md"]);
    check(
        &["**/migrate-*.sql"],
        &["migrate-10909.sql", "db/migrate-v1.0.sql", "db/sept/migrate-v1.sql"],
        &["migrate-10909.sql", "db/migrate-v1.0.sql", "db/sept/migrate-v1.sql"],
    );
    check(&["*.md", "!README.md"], &["hello.md", "README.md", "docs/hello.md"], &["hello.md"]);
    check(
        &["*.md", "!README.md", "README*"],
        &["hello.md", "README.md", "README.doc"],
        &["hello.md", "README.md", "README.doc"],
    );
    check(&["[CB]at"], &["Cat", "Bat", "cat"], &["Cat", "Bat"]);
    check(&["[1-2]00"], &["100", "200", "300"], &["100", "200"]);
    check(&["v[12].[0-9]+.[0-9]+"], &["v1.10.1", "v2.0.0", "v3.0.0", "v1..1"], &["v1.10.1", "v2.0.0"]);
}

#[test]
fn the_last_match_decides() {
    let list = ["src/**", "!src/gen/**", "src/gen/keep.rs"].map(|p| Glob::new(p, Syntax::GitHub).expect("sound"));
    let list = GlobList::new(list.to_vec());
    assert_eq!(list.decides(b"src/a.rs"), Some(Decision { index: 0, included: true }));
    assert_eq!(list.decides(b"src/gen/a.rs"), Some(Decision { index: 1, included: false }));
    assert_eq!(list.decides(b"src/gen/keep.rs"), Some(Decision { index: 2, included: true }));
    assert_eq!(list.decides(b"docs/a"), None);
    assert!(list.globs()[1].is_negated() && list.globs()[1].is_match(b"src/gen/a.rs"));
}

#[test]
fn special_characters_can_be_escaped() {
    check(
        &["\\!a", "b\\*", "c\\?", "d\\[", "e\\\\", "f]"],
        &["!a", "b*", "bx", "c?", "d[", "e\\", "f]"],
        &["!a", "b*", "c?", "d[", "e\\", "f]"],
    );
    check(&["a!b", "a{b,c}", "(x|y)"], &["a!b", "ab", "a{b,c}", "x", "(x|y)"], &["a!b", "a{b,c}", "(x|y)"]);
}

#[test]
fn refuses_what_the_documentation_does_not_allow() {
    assert_eq!(refused("!"), (ErrorKind::Empty, 0));
    assert_eq!(refused("?a"), (ErrorKind::NothingToRepeat, 0));
    assert_eq!(refused("é*+"), (ErrorKind::NothingToRepeat, 3));
    assert_eq!(refused("a?+"), (ErrorKind::NothingToRepeat, 2));
    assert_eq!(refused("a[b"), (ErrorKind::UnclosedClass, 1));
    assert_eq!(refused("a[]"), (ErrorKind::BadClass, 1));
    assert_eq!(refused("a[!b]"), (ErrorKind::BadClass, 2));
    assert_eq!(refused("[z-a]"), (ErrorKind::BadClass, 1));
    assert_eq!(refused("[a-Z]"), (ErrorKind::BadClass, 1));
    assert_eq!(refused("a\\"), (ErrorKind::TrailingBackslash, 1));
}
