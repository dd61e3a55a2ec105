//! The record as the sticky comment on a pull request: short, of 60,000 bytes at most, found again by its first line.
use std::fmt::Write as _;

use action::markdown;

use super::summary::tables::{self, Limit, details};
use super::summary::{Icons, words};
use crate::record::{File, Record};

/// A comment may have 65,536 characters; whatever is counted there, this fits.
pub const MOST_BYTES: usize = 60_000;

/// An address that is longer is left out.
const LONGEST_ADDRESS: usize = 1_000;

/// How a comment is made.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What stands for yes and no.
    pub icons: Icons,
    /// The address of the page that has all of the report: the run of the workflow; untrusted.
    pub more: Option<String>,
}

/// The first line of the comment, by which the next run finds it: one per title, invisible, and closed by nothing but its
/// own end.
pub fn marker(title: &str) -> String {
    let mut name = String::new();
    for byte in title.bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"_./".contains(&byte);
        let dash = byte == b'-' && name.ends_with(|last: char| last.is_ascii_alphanumeric());
        let blank = byte == b' ' && !name.is_empty();
        // Writing to a String cannot fail.
        let _ = if plain || dash || blank { name.write_char(byte.into()) } else { write!(name, "%{byte:02x}") };
    }
    if name.len() > 200 {
        name.truncate(150);
        let _ = write!(name, "%...{:016x}", fingerprint(title));
    }
    format!("<!-- coverage-gate: {name} -->")
}

/// FNV-1a: tells long titles apart that start alike.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The comment, in GitHub's Markdown.
pub fn body(record: &Record, options: &Options) -> String {
    let head = format!("{}\n{}", marker(&record.title), tables::head(record, &options.icons));
    let rest = details_of(record, options);
    let fits = head.len() + rest.len() <= MOST_BYTES;
    if fits { head + &rest } else { head }
}

/// What stands below the rates. The limits of the parts add up to less than a comment may have.
fn details_of(record: &Record, options: &Options) -> String {
    let (changed, _) = words::worst_first(record);
    let lacking: Vec<&File> = changed.iter().copied().filter(|file| lacks(file)).collect();
    let mut out = tables::reasons(record, &options.icons, Limit { rows: 10, bytes: 9_000 });
    out += &tables::groups(record, &options.icons, Limit { rows: 20, bytes: 6_000 });
    let files = page::counted(changed.len() as u64, "changed source file");
    let heading = format!("{} of {files} to look at", page::thousands(lacking.len() as u64));
    out += &tables::changed(&heading, &lacking, Limit { rows: 25, bytes: 16_000 });
    if lacking.is_empty() {
        out += &all_covered(changed.len());
    }
    out += &details("Baseline", &tables::baseline(record, Limit { rows: 20, bytes: 4_000 }));
    let few = Limit { rows: 10, bytes: 3_000 };
    let title = |count: usize, noun: &str| page::counted(count as u64, noun);
    out += &details(&title(record.waivers.len(), "waiver"), &tables::waivers(record, few));
    out += &details(&title(record.notes.len(), "note"), &tables::notes(record, few));
    if let Some(address) = options.more.as_ref().filter(|address| address.len() < LONGEST_ADDRESS) {
        out += &format!("{}\n", markdown::link("All files and lines", address));
    }
    out
}

/// Whether there is something to say about what changed in the file.
fn lacks(file: &File) -> bool {
    let lacks = file.patch.as_ref().is_some_and(|patch| patch.covered < patch.measured || !patch.partial.is_empty());
    lacks || !file.reported
}

/// What is said of changed files that lack nothing, where no other is listed.
fn all_covered(changed: usize) -> String {
    match changed {
        0 => String::new(),
        1 => "The changed source file has no missed line.\n\n".to_owned(),
        _ => format!("None of the {} has a missed line.\n\n", page::counted(changed as u64, "changed source file")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::record::Status;
    use crate::report::summary::{examples, section};

    /// Tags that are ours.
    const TAGS: [&str; 8] =
        ["<details>", "</details>", "<summary>", "</summary>", "<br>", "<code>", "</code>", "<!-- -->"];

    /// The text without its spans of code, each of which ends at as many backticks as it starts with.
    fn without_code(markdown: &str) -> String {
        let (mut outside, mut rest) = (String::new(), markdown);
        while let Some(at) = rest.find('`') {
            let run = rest[at..].find(|letter| letter != '`').unwrap_or(rest.len() - at);
            let fence = &rest[at..at + run];
            let is_end = |end: &usize| {
                let end = at + run + end;
                !rest[..end].ends_with('`') && !rest[end + run..].starts_with('`')
            };
            let after = &rest[at + run..];
            let end = after.match_indices(fence).map(|(end, _)| end).find(is_end);
            outside.push_str(&rest[..at]);
            rest = end.map(|end| &after[end + run..]).unwrap_or_else(|| panic!("code without an end: {after}"));
        }
        outside + rest
    }

    /// Nothing in the text is markup that the record brought along.
    fn harmless(markdown: &str) {
        let marker_end = markdown.find('\n').filter(|_| markdown.starts_with("<!-- coverage-gate: ")).unwrap_or(0);
        let (marker, rest) = markdown.split_at(marker_end);
        assert_eq!(marker.matches("--").count(), marker.matches("<!--").count() * 2, "{marker}");
        let outside = without_code(rest);
        let tags = TAGS.iter().fold(outside, |text, tag| text.replace(tag, " "));
        assert!(!tags.contains('<'), "{tags}");
        for sign in ["@o", "@d", "](", "![", "://", "www.e", ":tada:", "\u{202e}", "\u{0}"] {
            assert!(!tags.contains(sign), "{sign} in {tags}");
        }
        let mut columns = 0;
        for line in rest.lines() {
            let pipes = line.matches('|').count();
            assert!(columns == 0 || pipes == columns || pipes == 0, "a broken row: {line}");
            columns = pipes;
        }
    }

    fn check(text: &str) {
        let record = examples::with_text(text);
        let comment = body(&record, &Options::default());
        assert!(comment.len() <= MOST_BYTES, "{}", comment.len());
        harmless(&comment);
        harmless(&section(&record, &Icons::default()));
    }

    #[test]
    fn hostile_texts_stay_text() {
        examples::HOSTILE.into_iter().for_each(check);
        check(&examples::HOSTILE.concat());
    }

    #[test]
    fn four_hundred_files_with_long_names_fit() {
        let mut record = examples::fail();
        let name = |at: usize| format!("{}/{at:03}.py", "long".repeat(41));
        record.files.extend((0..400).map(|at| examples::changed(&name(at), Status::Added, 1, 2 + at as u64)));
        let comment = body(&record, &Options::default());
        assert!(comment.len() <= MOST_BYTES, "{}", comment.len());
        assert!(comment.contains("/399.py") && !comment.contains("/000.py"), "the worst come first");
        assert!(comment.contains("… and 377 more files"), "{comment}");
    }

    #[test]
    fn the_worst_text_fits() {
        for letter in ["\u{e0001}", "@", "|", "`", "\u{1}", "🟢", "&"] {
            let mut record = examples::with_text(&letter.repeat(5_000));
            for at in 0..500 {
                record.files.push(examples::changed(&letter.repeat(300 + at), Status::Added, 0, 60));
                record.reasons.push(record.reasons[0].clone());
                record.groups.push(record.groups[0].clone());
            }
            let more = Some(format!("https://example.com/{}", "a".repeat(70_000)));
            let comment =
                body(&record, &Options { more, icons: Icons { pass: letter.repeat(90), fail: letter.repeat(90) } });
            assert!(comment.len() <= MOST_BYTES, "{letter:?} {}", comment.len());
            assert!(comment.contains("more files"), "{letter:?} pushes the files out");
        }
    }

    #[test]
    fn the_marker_is_one_per_title_and_cannot_be_closed() {
        assert_eq!(marker("Backend coverage"), "<!-- coverage-gate: Backend coverage -->");
        assert_eq!(marker("back-end"), "<!-- coverage-gate: back-end -->");
        assert_eq!(marker("a --> b"), "<!-- coverage-gate: a %2d-%3e b -->");
        assert_eq!(marker("a--b"), "<!-- coverage-gate: a-%2db -->");
        assert_eq!(marker("ä\n%"), "<!-- coverage-gate: %c3%a4%0a%25 -->");
        let long = |end: &str| marker(&("long ".repeat(1000) + end));
        assert!(long("a").len() < 250 && long("a") != long("b"));
        assert!(
            body(&examples::pass(), &Options::default()).starts_with("<!-- coverage-gate: Backend coverage -->\n###")
        );
    }

    #[test]
    fn only_files_that_lack_something_are_listed() {
        let comment = body(&examples::fail(), &Options::default());
        assert!(comment.contains("#### 2 of 3 changed source files to look at"), "{comment}");
        assert!(comment.contains("`app/mail.py`") && !comment.contains("`app/tokens.py`"), "{comment}");
        let mut record = examples::pass();
        record.files =
            vec![examples::changed("a.py", Status::Added, 3, 3), examples::changed("b.py", Status::Added, 1, 1)];
        let comment = body(&record, &Options::default());
        assert!(comment.contains("None of the 2 changed source files has a missed line."), "{comment}");
    }

    #[test]
    fn the_way_to_more_is_a_web_address() {
        let with = |more: &str| body(&examples::pass(), &Options { more: Some(more.to_owned()), ..Options::default() });
        assert!(with("https://github.com/a/b/actions/runs/1").contains("[All files and lines](<https://github.com/"));
        assert!(!with("javascript:alert(1)").contains("javascript"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_text_stays_text(text in "[<>|`@a-d:!\\\\\\[\\](){}#*_~&;\n\r\u{202e} .-]{0,60}") {
            check(&text);
        }

        #[test]
        fn a_marker_holds_its_title(title in any::<String>(), other in any::<String>()) {
            let marker_text = marker(&title);
            prop_assert!(!marker_text[4..marker_text.len() - 3].contains(['>', '<', '\n']));
            prop_assert!(!marker_text[4..marker_text.len() - 3].contains("--"));
            prop_assert_eq!(title == other, marker_text == marker(&other));
        }
    }
}
