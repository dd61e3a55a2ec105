//! What is printed: records against the published schema, notes against a port of GitHub's Markdown parser, the golden page.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};
use proptest::prelude::*;
use release_changelog::record::SCHEMA;
use release_changelog::report::markup;
use serde_json::Value;
use tests::cases::history;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn cases() -> Vec<(PathBuf, String)> {
    let folders = fs::read_dir(root().join("fixtures/release-changelog")).unwrap().flatten();
    folders.filter_map(|case| Some((case.path(), fs::read_to_string(case.path().join("expect")).ok()?))).collect()
}

/// A section of an `expect`.
fn section<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let start = text.find(&format!("\n== {name}\n"))? + name.len() + 5;
    let rest = &text[start..];
    Some(rest.find("\n== ").map_or(rest, |end| &rest[..end]))
}

/// Labels in the place of ids, as an `expect` has them, become ids again.
fn with_ids(text: &str) -> String {
    let mut parts = text.split("@{");
    let mut filled = parts.next().unwrap().to_owned();
    for part in parts {
        let (label, rest) = part.split_once('}').unwrap();
        let digits: String = label.bytes().map(|byte| format!("{:x}", byte % 16)).collect();
        filled.push_str(&format!("{digits:0<40}"));
        filled.push_str(rest);
    }
    filled
}

fn validator() -> jsonschema::Validator {
    let text = fs::read_to_string(root().join("dist/release-changelog/record.schema.json")).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

fn records() -> Vec<(PathBuf, Value)> {
    let printed = cases().into_iter().filter_map(|(case, text)| {
        let out = section(&text, "stdout").filter(|out| out.starts_with("{\"schema\""))?;
        Some((case, serde_json::from_str(with_ids(out).trim()).unwrap()))
    });
    printed.collect()
}

#[test]
fn every_record_is_as_published() {
    let (validator, records) = (validator(), records());
    assert!(records.len() >= 4, "only {} cases print a record", records.len());
    for (case, record) in &records {
        let errors: Vec<String> =
            validator.iter_errors(record).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", case.display());
    }
    let (_, good) = &records[0];
    assert_eq!(good["schema"], SCHEMA);
    for (pointer, wrong) in
        [("/bump", "huge"), ("/commit", "main"), ("/date", "today"), ("/ledger/total", "3"), ("/more", "x")]
    {
        let mut record = good.clone();
        match record.pointer_mut(pointer) {
            Some(place) => *place = wrong.into(),
            None => drop(record.as_object_mut().unwrap().insert(pointer[1..].to_owned(), wrong.into())),
        }
        assert!(!validator.is_valid(&record), "{pointer}");
    }
}

#[test]
fn every_ledger_sums_up() {
    let mut seen = 0;
    let outputs = cases().into_iter().filter_map(|(case, text)| {
        let line = section(&text, "outputs")?.lines().find_map(|line| line.strip_prefix("ledger = "))?.to_owned();
        Some((case, serde_json::from_str::<Value>(&line).unwrap()))
    });
    let printed = records().into_iter().map(|(case, record)| (case, record["ledger"].clone()));
    for (case, ledger) in outputs.chain(printed) {
        let buckets: u64 = ledger["buckets"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
        assert_eq!(ledger["total"].as_u64(), Some(buckets), "{}", case.display());
        assert_eq!(ledger["commits"].as_array().unwrap().len() as u64, buckets, "{}", case.display());
        seen += 1;
    }
    assert!(seen >= 10, "only {seen} ledgers");
}

/// The page is printed with real ids; the case beside it shows how the step gets there.
#[test]
fn the_golden_page_is_what_is_printed() {
    let folder = root().join("fixtures/release-changelog/golden");
    let place = tempfile::tempdir().unwrap();
    let work = history::build(&fs::read_to_string(folder.join("history")).unwrap(), place.path()).unwrap().work;
    let mut command = Command::new(env!("CARGO_BIN_EXE_release-changelog"));
    command.args(["--to", "v2.0.0"]).current_dir(work).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    command.env("GITHUB_REPOSITORY", "dataflow/monorepo").env("GITHUB_SERVER_URL", "https://github.com");
    let printed = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let page = folder.join("notes.md");
    if std::env::var("UPDATE").as_deref() == Ok("1") {
        fs::write(&page, &printed).unwrap();
    }
    assert_eq!(fs::read_to_string(&page).unwrap(), printed);
    let (kinds, ..) = read(&printed);
    assert!(!kinds.iter().any(|kind| kind.starts_with("Html")), "{kinds:?}");
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options
}

/// The kinds of nodes, and everything that is text or code.
fn read(markdown: &str) -> (Vec<String>, String, Vec<String>) {
    fn walk<'a>(node: &'a AstNode<'a>, seen: &mut (Vec<String>, String, Vec<String>)) {
        match &node.data.borrow().value {
            NodeValue::Text(text) => seen.1.push_str(text),
            NodeValue::Code(code) => {
                seen.1.push_str(&code.literal);
                seen.2.push(code.literal.clone());
            }
            NodeValue::SoftBreak => seen.1.push('\n'),
            NodeValue::Paragraph => {
                seen.0.push("Paragraph".to_owned());
                seen.1.push('\n');
            }
            // What keeps an address from being seen inside of code in a cell.
            NodeValue::HtmlInline(tag) if tag == "<!-- -->" => seen.1.push('\u{200b}'),
            NodeValue::HtmlInline(tag) if tag == "<code>" || tag == "</code>" => {}
            other => seen.0.push(format!("{other:?}").split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned()),
        }
        node.children().for_each(|child| walk(child, seen));
    }
    let arena = Arena::new();
    let mut seen = Default::default();
    walk(parse_document(&arena, markdown, &options()), &mut seen);
    seen
}

/// A line in a list is one paragraph, whatever it says: no link, no HTML, no other list, and code only where it was.
fn check(text: &str) -> Vec<String> {
    let escaped = markup::line(text);
    let (kinds, shown, code) = read(&format!("- {escaped}\n- end\n"));
    assert_eq!(kinds, ["Document", "List", "Item", "Paragraph", "Item", "Paragraph"], "{text:?} → {escaped:?}");
    let words = |text: &str| text.chars().filter(|c| c.is_alphanumeric() && c.is_ascii()).collect::<String>();
    assert_eq!(words(&shown), format!("{}end", words(text)), "{text:?} → {escaped:?}");
    // Outside of code no mention is left: a letter behind an at sign is held off.
    let outside = code.iter().fold(shown.clone(), |rest, code| rest.replacen(code, "", 1));
    let mention = outside.split('@').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
    assert!(!mention, "{text:?} → {escaped:?}");
    code
}

#[test]
fn code_stays_and_markup_does_not() {
    assert_eq!(check("use `--out` not `-o`"), ["--out", "-o"]);
    assert_eq!(check("keep `<b>` and `@me`"), ["<b>", "@me"]);
    assert_eq!(check("``a`b`` c"), ["a`b"]);
    assert_eq!(check("a\\`b`"), ["b"]);
    assert_eq!(check("`open"), [""; 0]);
    for hostile in [
        "<script>x</script>",
        "[a](http://b.example)",
        "http://b.example",
        "www.example.com",
        "@org/team",
        "a@b.example",
        "- [ ] task",
        "1. one",
        "# head",
        "> quote",
        "***bold***",
        "~~gone~~",
        "![i](x)",
        "<!-- c -->",
        "&lt;b&gt;",
        "[^1]",
        "| a | b |",
        "---",
    ] {
        assert_eq!(check(hostile).len(), 0, "{hostile}");
    }
}

#[test]
fn a_note_of_several_paragraphs_stays_one_item() {
    let item = markup::item("one\n- two\n\n# three\n\n\n    four\n<b>");
    let (kinds, shown, _) = read(&format!("- {item}\n- end\n"));
    assert_eq!(
        kinds,
        ["Document", "List", "Item", "Paragraph", "Paragraph", "Paragraph", "Item", "Paragraph"],
        "{item}"
    );
    assert!(shown.contains("- two") && shown.contains("# three") && shown.contains("four\n<b>"), "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_line_is_one_paragraph(text in "[a-c`<>@\\[\\]()*_~!|#&;:/. \\\\1-]{0,24}") {
        if !text.trim().is_empty() {
            check(&text);
        }
    }
}
