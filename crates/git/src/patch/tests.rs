//! Patches as git prints them, and as it never would.

use proptest::prelude::*;

use super::*;

/// Ids and their spaces.
const IDS: &str = "1111111111111111111111111111111111111111 2222222222222222222222222222222222222222";

/// A list of entries, each given as modes, status and names, and the patch behind it.
fn printed(entries: &[(&str, &str)], patch: &str) -> Vec<u8> {
    let mut text = String::new();
    for (modes, rest) in entries {
        text.push_str(&format!(":{modes} {IDS} {}\0", rest.replace('|', "\0")));
    }
    format!("{text}\0{patch}").into_bytes()
}

/// One modified file.
fn modified(patch: &str) -> Vec<u8> {
    printed(&[("100644 100644", "M|f")], patch)
}

/// Each change as `status old>new hunks`; or what is wrong.
fn check(printed: &[u8], expected: Result<&str, &str>) {
    let found = parse_patch(printed).map(|changes| changes.iter().map(told).collect::<Vec<_>>().join("; "));
    match (found, expected) {
        (Ok(found), Ok(expected)) => assert_eq!(found, expected),
        (Err(found), Err(expected)) => assert!(found.to_string().ends_with(expected), "{found}"),
        (found, expected) => panic!("{found:?} instead of {expected:?} of {}", printed.escape_ascii()),
    }
}

fn told(change: &FileChange) -> String {
    let hunk = |hunk: &Hunk| format!(" -{:?}+{:?}", hunk.removed(), hunk.added());
    let hunks: String = change.hunks.iter().map(hunk).collect();
    let binary = if change.binary { " binary" } else { "" };
    let from = change.renamed.as_ref().map(|from| format!("{}%{}>", from.from.escape_ascii(), from.similarity));
    format!("{:?} {}{}{hunks}{binary}", change.status, from.unwrap_or_default(), change.path.escape_ascii())
}

const HEADERS: &str = "diff --git a/f b/f\nindex 1..2 100644\n--- a/f\n+++ b/f\n";

#[test]
fn nothing_printed_is_no_change() {
    check(b"", Ok(""));
}

#[test]
fn content_is_counted_off_and_never_read() {
    let content = concat!(
        "@@ -1,4 +0,0 @@\n--- a/g\n-\n-@@ -1 +1 @@\n-diff --git a/x b/x\n\\ No newline at end of file\n",
        "@@ -9,0 +6,3 @@ diff --git a/x b/x\n+++ b/g\n+diff --git a/f b/f\r\n+\0\n\\ No newline\n",
    );
    check(&modified(&format!("{HEADERS}{content}")), Ok("Modified f -1..5+1..1 -10..10+6..9 binary"));
}

#[test]
fn every_status_has_its_sections() {
    let entries = [
        ("100644 120000", "T|t"),
        ("100644 100755", "M|mode"),
        ("000000 100644", "A|empty"),
        ("100644 000000", "D|gone"),
        ("100644 100644", "R090|a b|b\n"),
        ("000000 000000", "U|u\n"),
        ("160000 160000", "M|sub"),
    ];
    let patch = concat!(
        "diff --git a/t b/t\ndeleted file mode 100644\nindex 1..0\n--- a/t\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n",
        "diff --git a/t b/t\nnew file mode 120000\nindex 0..1\n--- /dev/null\n+++ b/t\n@@ -0,0 +1 @@\n+x\n",
        "\\ No newline at end of file\n",
        "diff --git a/mode b/mode\nold mode 100644\nnew mode 100755\n",
        "diff --git a/empty b/empty\nnew file mode 100644\nindex 0..1\n",
        "diff --git a/gone b/gone\ndeleted file mode 100644\nindex 1..0\n",
        "diff --git a/a b \"b/b\\n\"\nsimilarity index 90%\nrename from a b\nrename to \"b\\n\"\nindex 1..2 100644\n",
        "--- a/a b\t\n+++ \"b/b\\n\"\n@@ -2 +2 @@\n-x\n+y\n",
        "* Unmerged path u\n\n",
        "diff --git a/sub b/sub\nindex 1..2 160000\n--- a/sub\n+++ b/sub\n@@ -1 +1 @@\n-x\n+y\n",
    );
    let expected = concat!(
        r"Modified a b%90>b\n -2..3+2..3; Added empty; Deleted gone; Modified mode; Modified sub; ",
        r"TypeChanged t -1..2+1..1; Unmerged u\n",
    );
    check(&printed(&entries, patch), Ok(expected));
}

#[test]
fn what_does_not_fit_is_an_error() {
    let misfit = Err("could not read what git diff printed of 'f': the patch does not fit the list of files");
    for patch in [
        "diff --git a/g b/g\nindex 1..2 100644\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-x\n+y\n".to_owned(),
        "diff --git a/f b/f \nindex 1..2 100644\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-x\n+y\n".to_owned(),
        "diff --cc f\n".to_owned(),
        HEADERS.to_owned() + "Binary files differ\n",
        HEADERS.to_owned() + "@@ -1 +1 @@\n-x\n y\n",
        HEADERS.to_owned() + "@@ -1 +1 @@\n x\n+y\n",
        HEADERS.to_owned() + "@@ -1 +1 @@\n+x\n+y\n",
        HEADERS.replace("index", &("similarity\n".repeat(8) + "index")) + "@@ -1 +1 @@\n-x\n+y\n",
        HEADERS.to_owned() + "@@ -1 +2 @@\n-x\n+y\n",
        HEADERS.to_owned() + "@@ -1,0 +1,0 @@\n",
        HEADERS.to_owned() + "@@ -0 +0 @@\n-x\n+y\n",
        HEADERS.to_owned() + "@@ -4294967295 +4294967295 @@\n-x\n+y\n",
        HEADERS.to_owned() + "@@ -1 +1 @@@\n-x\n+y\n",
        HEADERS.to_owned() + "@@ -5 +5 @@\n-x\n+y\n@@ -4 +4 @@\n-x\n+y\n",
        HEADERS.to_owned() + "@@ -5 +5 @@\n-x\n+y\n@@ -6 +7 @@\n-x\n+y\n",
    ] {
        check(&modified(&patch), misfit);
    }
    let name = "a_name_that_is_longer_than_all_that_is_kept_of_its_line".repeat(10);
    check(&modified(&format!("diff --git a/f b/f{name}\n")), misfit);
    let rest = Err("it goes on after its last file");
    check(&modified(&format!("{HEADERS}@@ -1 +1 @@\n-x\n+y\n+z\n")), rest);
    check(&modified(&format!("{HEADERS}@@ -1 +1 @@\n-x\n+y\n{HEADERS}")), rest);
    let twice = "diff --git a/f b/f\n".repeat(2);
    check(&modified(&twice), Err("it is changed but no line of it is"));
    for entry in ["C100|f|g", "R101|f|g", "R|f|g", "X|f", "|f", "M M|f"] {
        check(&printed(&[("100644 100644", entry)], ""), Err("its list makes no sense"));
    }
    check(b"warning: x\n", Err("its list makes no sense"));
    check(b"\0", Err("its list makes no sense"));
}

#[test]
fn an_end_before_the_end_is_an_error() {
    let two = printed(
        &[("100644 100644", "M|f"), ("100644 100644", "M|g")],
        &format!("{HEADERS}@@ -1 +1 @@\n-x\n+y\n{}@@ -3 +3 @@\n-x\n+y\n", HEADERS.replace("/f", "/g")),
    );
    check(&two, Ok("Modified f -1..2+1..2; Modified g -3..4+3..4"));
    for len in 1..two.len() {
        check(&two[..len], Err("it ends early"));
    }
}

#[test]
fn more_hunks_than_the_limit_are_an_error() {
    /// A patch of one file whose hunks never end.
    struct Endless {
        text: Vec<u8>,
        at: usize,
        line: usize,
    }
    impl std::io::Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            if self.at == self.text.len() {
                self.text.clear();
                for line in self.line..self.line + 1000 {
                    self.text.extend_from_slice(format!("@@ -{line},0 +{} @@\n+\n", 2 * line + 1).as_bytes());
                }
                (self.at, self.line) = (0, self.line + 1000);
            }
            let len = buffer.len().min(self.text.len() - self.at);
            buffer[..len].copy_from_slice(&self.text[self.at..self.at + len]);
            self.at += len;
            Ok(len)
        }
    }
    let mut patch = Patch {
        input: Input::new(std::io::BufReader::new(Endless { text: modified(HEADERS), at: 0, line: 0 })),
        hunks_left: 5000,
    };
    let mut changes = patch.list().expect("a list");
    let error = patch.sections(&mut changes[0]).expect_err("never ends");
    assert_eq!((error.to_string().as_str(), changes[0].hunks.len()), ("there are too many hunks", 5000));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        let _ = parse_patch(bytes.as_slice());
    }

    /// A good patch with one piece replaced by another: an error, or an answer whose hunks are in order.
    #[test]
    fn no_damage_makes_it_panic(at in 0usize..400, len in 0usize..6, piece in r"[-+@ \\0-9a-z,\n\x00]{0,6}") {
        let mut bytes = modified(&format!("{HEADERS}@@ -1,2 +1 @@\n-x\n-y\n+z\n@@ -9,0 +9,2 @@ q\n+y\n+z\n"));
        let at = at.min(bytes.len());
        bytes.splice(at..bytes.len().min(at + len), piece.bytes());
        for change in parse_patch(bytes.as_slice()).unwrap_or_default() {
            prop_assert!(change.hunks.windows(2).all(|pair| pair[0].removed().end <= pair[1].removed().start));
        }
    }
}
