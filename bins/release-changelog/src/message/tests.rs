//! The table of messages, hostile ones, and git-conventional as a second opinion.
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Message, Printed};

fn printed(message: &str) -> Value {
    serde_json::to_value(Printed::from(&Message::parse(message))).unwrap()
}

/// What is expected is there; a list or object may be left out where it is empty.
fn check(message: &str, expected: &Value) {
    let found = printed(message);
    let keys =
        ["ok", "type", "scope", "breaking", "description", "body", "footers", "breaking_notes", "salvage", "lint"];
    assert_eq!(found.as_object().unwrap().keys().collect::<Vec<_>>(), keys, "{message:?}");
    for key in keys {
        if let Some(expected) = expected.get(key) {
            assert_eq!(&found[key], expected, "{key} of {message:?}: {found:#}");
        }
    }
}

#[test]
fn the_table_is_read_as_it_says() {
    let table: Vec<Value> =
        serde_json::from_str(include_str!("../../../../fixtures/release-changelog/messages.json")).unwrap();
    assert_eq!(table.len(), 42);
    for row in &table {
        check(row["message"].as_str().unwrap(), row);
        let clean = row["ok"] == true && row.get("lint").is_none();
        assert!(!clean || printed(row["message"].as_str().unwrap())["lint"] == json!([]), "{row}");
    }
}

#[test]
fn more_messages() {
    let table: Vec<Value> =
        serde_json::from_str(include_str!("../../../../fixtures/release-changelog/more-messages.json")).unwrap();
    for row in &table {
        check(row["message"].as_str().unwrap(), row);
    }
}

/// Lines of the kinds that messages are made of.
fn line() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "feat",
        "fix",
        "Refs",
        "BREAKING CHANGE",
        "BREAKING-CHANGE",
        "breaking change",
        "Co-authored-by",
        "Revert",
        "Merge",
    ]);
    let joins =
        prop::sample::select(vec![": ", ":", " #", "!: ", "(core): ", "(a)(b): ", " ", "", "(", " (x)!: ", ")"]);
    let ends =
        prop::sample::select(vec!["text", "", " ", "é\u{301}", "\u{0}", "\t", "\"x\"", "12", "(#3)", "✨", "\r"]);
    (words, joins, ends).prop_map(|(word, join, end)| format!("{word}{join}{end}"))
}

fn message() -> impl Strategy<Value = String> {
    let ends = prop::sample::select(vec!["\n", "\n\n", "\r\n", "\r\n\r\n", "\n\n\n"]);
    prop::collection::vec((line(), ends), 0..8)
        .prop_map(|lines| lines.into_iter().flat_map(|(l, e)| [l, e.to_owned()]).collect())
}

/// Messages in which the specification leaves nothing open.
fn clean_message() -> impl Strategy<Value = String> {
    let header = ("[a-z]{1,8}", prop::option::of("[a-z]{1,6}"), any::<bool>(), "[a-z]{1,5}( [a-z#()]{1,6}){0,3}");
    let header = header.prop_map(|(kind, scope, mark, description)| {
        let scope = scope.map(|scope| format!("({scope})")).unwrap_or_default();
        format!("{kind}{scope}{}: {description}", if mark { "!" } else { "" })
    });
    let body = prop::collection::vec("[a-z]{1,5}( [a-z]{1,5}){0,4}(\n[a-z]{1,9}){0,2}", 0..3);
    let footers = prop::sample::select(vec![
        "Refs: 1",
        "Closes #5",
        "BREAKING CHANGE: x",
        "BREAKING-CHANGE: y z",
        "Signed-off-by: Q <q@w.example>",
    ]);
    (header, body, prop::collection::vec(footers, 0..4)).prop_map(|(header, body, footers)| {
        let parts = [header].into_iter().chain(body).chain((!footers.is_empty()).then(|| footers.join("\n")));
        parts.collect::<Vec<_>>().join("\n\n")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_has_a_verdict(text in any::<String>()) {
        let message = Message::parse(&text);
        prop_assert!(message.header.is_some() || !message.breaking());
        printed(&text);
    }

    #[test]
    fn any_bytes_have_a_verdict(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        printed(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn line_ends_of_windows_change_nothing(text in message()) {
        let plain = text.replace("\r\n", "\n").replace('\r', "");
        prop_assert_eq!(printed(&plain.replace('\n', "\r\n")), printed(&plain));
    }

    #[test]
    fn every_line_is_in_the_body_or_a_footer(text in message()) {
        let text = text.replace('\r', "");
        let parsed = Message::parse(&text);
        let mut seen = parsed.subject.to_owned();
        seen.extend(parsed.body.iter().map(AsRef::as_ref));
        for footer in &parsed.footers {
            seen.extend([footer.token, footer.separator.text(), &footer.value]);
        }
        let dense = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        prop_assert_eq!(dense(&seen), dense(&text));
    }

    #[test]
    fn what_is_written_is_read(
        kind in "[a-z]{1,8}", scope in proptest::option::of("[a-z/#0-9][a-z/#0-9 ]{0,6}[a-z]"), mark in any::<bool>(),
        description in "[a-z][a-z :()!]{0,20}[a-z]", note in proptest::option::of("[a-z]{1,9}"),
    ) {
        let shown = scope.as_ref().map(|scope| format!("({scope})")).unwrap_or_default();
        let footer = note.as_ref().map(|note| format!("\n\nBREAKING CHANGE: {note}")).unwrap_or_default();
        let text = format!("{kind}{shown}{}: {description}{footer}", if mark { "!" } else { "" });
        let message = Message::parse(&text);
        let header = message.header.unwrap();
        prop_assert_eq!((header.kind, header.scope, header.mark), (kind.as_str(), scope.as_deref(), mark));
        prop_assert_eq!(header.description, description.as_str());
        prop_assert_eq!(message.breaking(), mark || note.is_some());
    }

    #[test]
    fn git_conventional_agrees_where_nothing_is_open(text in clean_message()) {
        let ours = Message::parse(&text);
        let theirs = git_conventional::Commit::parse(&text).unwrap();
        let header = ours.header.unwrap();
        prop_assert_eq!(header.kind, theirs.type_().as_str());
        prop_assert_eq!(header.scope, theirs.scope().map(|scope| scope.as_str()));
        prop_assert_eq!(header.description, theirs.description());
        prop_assert_eq!(ours.breaking(), theirs.breaking());
        prop_assert_eq!(ours.body.as_deref(), theirs.body());
        let footers: Vec<(&str, &str)> = ours.footers.iter().map(|footer| (footer.token, footer.value.as_ref())).collect();
        let others: Vec<(&str, &str)> = theirs.footers().iter().map(|footer| (footer.token().as_str(), footer.value())).collect();
        prop_assert_eq!(footers, others);
    }
}

/// What the other reader is known to do otherwise: shown here, so that a change of it is noticed.
#[test]
fn git_conventional_differs_where_it_is_known_to() {
    let theirs = git_conventional::Commit::parse;
    assert!(theirs("feat:x").is_ok() && Message::parse("feat:x").header.is_none());
    assert!(Message::parse("fix: a\n\nRefs:").header.is_some());
}

#[test]
fn a_subject_of_a_megabyte_takes_no_time() {
    for text in [
        "feat(".repeat(200_000),
        "a".repeat(1 << 20),
        "fixup! ".repeat(150_000),
        "BREAKING CHANGE:\n\n".repeat(60_000),
        "This reverts commit ".repeat(50_000),
        format!("feat: {}", "(#1".repeat(300_000)),
        "[".repeat(1 << 20),
        ": : ".repeat(250_000),
    ] {
        let start = std::time::Instant::now();
        printed(&text);
        assert!(start.elapsed() < std::time::Duration::from_secs(5), "{}…", &text[..20]);
    }
}
