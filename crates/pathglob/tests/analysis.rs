//! What is said about a pattern without a path.

use pathglob::{Glob, Reach, Syntax};

/// The prefix, whether it is all, and whether any path of a repository can match.
fn check(pattern: &str, prefix: &str, is_literal: bool, reach: Reach) {
    let glob = Glob::new(pattern, Syntax::Picomatch).expect("sound");
    let ours = (String::from_utf8_lossy(glob.literal_prefix()).into_owned(), glob.is_literal(), glob.reach());
    assert_eq!(ours, (prefix.to_owned(), is_literal, reach), "{pattern:?}");
}

#[test]
fn knows_prefixes_and_shapes_that_never_match() {
    use Reach::{Impossible, Possible};
    check("README.md", "README.md", true, Possible);
    check("src/**", "src", false, Possible);
    check("src/*.rs", "src/", false, Possible);
    check("./src/*.rs", "src/", false, Possible);
    check("a{b,c}d", "a", false, Possible);
    check("a\\*b", "a", false, Possible);
    check("app/\\[id\\]/x", "app/", false, Possible);
    check("app/[id]/x", "app/", false, Possible);
    check("packages/é/*", "packages/é/", false, Possible);
    check("+(ab)c", "", false, Possible);
    check("@(src|srv)/x", "", false, Possible);
    check("**", "", false, Possible);
    check("**/x", "", false, Possible);
    check("!src/**", "", false, Possible);
    check("!(src)/x", "", false, Possible);
    check("[", "[", false, Possible);
    check("a\\", "a\\", true, Possible);
    check("a/(b", "a/(b", true, Possible);
    check("/x", "/x", true, Impossible);
    check("x/", "x/", true, Impossible);
    check("src/**/", "src/", false, Impossible);
    check("./../x", "../x", true, Impossible);
    check("../**", "..", false, Impossible);
    check("a//b", "a//b", true, Impossible);
    check("a/./b", "a/./b", true, Impossible);
    check("a/.", "a/.", true, Impossible);
    check("/{x,y}", "/", false, Impossible);
    // As a path, the pattern itself matches.
    check("{/x,y/}", "", false, Possible);
    check("**/..", "", false, Impossible);
    check("src/**/*.rs", "src/", false, Possible);
    check("!**", "", false, Possible);
    check("!!**", "", false, Possible);
    check("src/(?=a)*", "src/", false, Possible);
}

#[test]
fn knows_which_folders_can_be_left_out() {
    let below = |pattern: &str, folder: &str| {
        Glob::new(pattern, Syntax::Picomatch).expect("sound").may_match_below(folder.as_bytes())
    };
    for (pattern, yes, no) in [
        ("src/**", ["", "src", "src/a"], ["s", "srcs", "docs"]),
        ("{src,test}/**/*.rs", ["", "test", "src/a/b"], ["tests", "docs", "sr"]),
        ("a/*/c", ["", "a", "a/b"], ["b", "a/b/c", "a/b/x"]),
        ("README.md", ["", "", ""], ["src", "README.md", "R"]),
        ("!src/**", ["", "src", "docs"], ["/", "//", "a/"]),
        ("./a/(b", ["", "./a", "."], ["b", "a/(b", "c"]),
    ] {
        for folder in yes {
            assert!(below(pattern, folder), "{pattern} {folder}");
        }
        // A negated pattern may match below anything; its second row only shows odd folders.
        for folder in no.into_iter().filter(|_| !pattern.starts_with('!')) {
            assert!(!below(pattern, folder), "{pattern} {folder}");
        }
    }
}

#[test]
fn the_other_dialects_have_prefixes_too() {
    let prefix = |pattern: &str, syntax| {
        let glob = Glob::new(pattern, syntax).expect("sound");
        (String::from_utf8_lossy(glob.literal_prefix()).into_owned(), glob.reach())
    };
    assert_eq!(prefix("docs/**/*.md", Syntax::GitHub), ("docs/".to_owned(), Reach::Possible));
    assert_eq!(prefix("!docs/a+", Syntax::GitHub), ("docs/a".to_owned(), Reach::Possible));
    assert_eq!(prefix("/x", Syntax::GitHub), ("/x".to_owned(), Reach::Impossible));
    assert_eq!(prefix("/docs/", Syntax::Gitignore), ("docs/".to_owned(), Reach::Possible));
    assert_eq!(prefix("docs", Syntax::Gitignore), (String::new(), Reach::Possible));
    assert_eq!(prefix("a//b", Syntax::Gitignore), ("a//b".to_owned(), Reach::Impossible));
}
