//! A second opinion on XML: a plain reading with quick-xml finds the same lines, in real reports and in made-up ones.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use coverage_gate::formats::{self, Parsed};
use coverage_gate::lines::State;
use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Lines by file: whether each was executed, and executed in full.
type Lines = BTreeMap<Vec<u8>, BTreeMap<u32, State>>;

/// What our reader finds.
fn ours(parsed: &Parsed) -> Lines {
    let files = parsed.files.iter().map(|file| (file.name.clone(), file.lines.iter().collect()));
    files.collect()
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().map(Result::unwrap).find(|attribute| attribute.key.as_ref() == name)?;
    Some(quick_xml::escape::unescape(&found.value).unwrap().into_owned())
}

fn number(tag: &BytesStart<'_>, name: &str) -> Option<u64> {
    attribute(tag, name).map(|text| text.parse().unwrap())
}

/// The state of a line's tag in each of the three formats.
fn state(tag: &BytesStart<'_>) -> Option<(u32, State)> {
    let of = |hit: bool, whole: bool| match (hit, whole) {
        (false, _) => State::Missed,
        (true, true) => State::Hit,
        (true, false) => State::Partial,
    };
    if let Some(line) = number(tag, "nr") {
        let count = |name| number(tag, name).unwrap() > 0;
        return Some((line as u32, of(count("ci"), !count("mi") && !count("mb"))));
    }
    if let Some(line) = number(tag, "num") {
        if attribute(tag, "type").as_deref() == Some("method") {
            return None;
        }
        let branches = number(tag, "truecount").zip(number(tag, "falsecount"));
        return Some((
            line as u32,
            of(number(tag, "count").unwrap() > 0, branches.is_none_or(|(_, untaken)| untaken == 0)),
        ));
    }
    let line = number(tag, "number")?;
    let fraction = attribute(tag, "condition-coverage").and_then(|text| {
        let (taken, all) =
            text.split_once('(')?.1.trim_end_matches(')').split_once('/').map(|(a, b)| (a.to_owned(), b.to_owned()))?;
        Some((taken.parse::<u64>().unwrap(), all.parse::<u64>().unwrap()))
    });
    Some((line as u32, of(number(tag, "hits").unwrap() > 0, fraction.is_none_or(|(taken, all)| taken >= all))))
}

/// Reads a report as one would by hand; `None` when quick-xml refuses it.
fn by_hand(text: &[u8]) -> Option<Lines> {
    let mut reader = Reader::from_reader(text);
    let (mut lines, mut file, mut buffer) = (Lines::new(), None, Vec::new());
    // Clover has classes within files.
    let (mut package, mut in_methods, mut in_tests, mut in_file) = (String::new(), 0, false, false);
    loop {
        let event = reader.read_event_into(&mut buffer).ok()?;
        let (tag, empty) = match &event {
            Event::Start(tag) => (tag, false),
            Event::Empty(tag) => (tag, true),
            Event::End(tag) => {
                match tag.name().as_ref() {
                    "class" if !in_file => file = None,
                    "file" | "sourcefile" => (file, in_file) = (None, false),
                    "methods" => in_methods -= 1,
                    "testproject" => in_tests = false,
                    _ => {}
                }
                continue;
            }
            Event::Eof => return Some(lines),
            _ => continue,
        };
        match tag.name().as_ref() {
            "methods" if !empty => in_methods += 1,
            "testproject" => in_tests = !empty,
            "package" => package = attribute(tag, "name").unwrap_or_default(),
            "class" if attribute(tag, "filename").is_some() => file = attribute(tag, "filename"),
            "file" if !in_tests => {
                (file, in_file) = (attribute(tag, "path").or_else(|| attribute(tag, "name")), !empty)
            }
            "sourcefile" => file = Some(format!("{package}/{}", attribute(tag, "name").unwrap())),
            "line" if in_methods == 0 => {
                if let (Some(file), Some((line, state))) = (&file, state(tag)) {
                    let known = lines.entry(file.clone().into_bytes()).or_default();
                    known.entry(line).and_modify(|kept| *kept = state.max(*kept)).or_insert(state);
                }
                continue;
            }
            _ => continue,
        }
        if let Some(file) = &file {
            lines.entry(file.clone().into_bytes()).or_default();
        }
        if empty && !in_file && !matches!(tag.name().as_ref(), "package" | "testproject") {
            file = None;
        }
    }
}

/// Both readings agree; gives ours.
fn check(text: &[u8], what: &str) -> Lines {
    let ours = ours(&formats::read(text, None).unwrap_or_else(|problem| panic!("{what}: {problem}")));
    let theirs = by_hand(text).unwrap_or_else(|| panic!("{what}: quick-xml refuses it"));
    assert_eq!(ours, theirs, "{what}");
    ours
}

#[test]
fn real_reports_are_read_as_by_hand() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/coverage-gate/real/reports");
    let mut read = 0;
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let text = fs::read(entry.path()).unwrap();
        // JaCoCo's groups may hold two files of one name, which the plain reading takes for one.
        if entry.path().extension().is_some_and(|ending| ending == "xml")
            && !text.windows(7).any(|part| part == b"<group ")
        {
            check(&text, &entry.path().display().to_string());
            read += 1;
        }
    }
    assert!(read >= 10, "only {read} reports");
}

/// A blank, a comment or a processing instruction, as may stand between elements.
fn between() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("\n  ".to_owned()),
        Just("<!-- <line number=\"9\" hits=\"9\"/> -->".to_owned()),
        Just("<?x y?>".to_owned()),
        Just("<![CDATA[<class>]]>".to_owned())
    ]
}

/// A line, its attributes in any order and in either kind of quotes.
fn line() -> impl Strategy<Value = String> {
    (1u32..40, 0u32..3, prop::option::of((0u32..3, 1u32..3)), any::<[bool; 3]>()).prop_map(
        |(line, hits, branch, odd)| {
            let quote = if odd[0] { '\'' } else { '"' };
            let mut parts = vec![format!("number={quote}{line}{quote}"), format!("hits = {quote}{hits}{quote}")];
            if let Some((taken, more)) = branch {
                parts.push(format!("condition-coverage=\"50% ({taken}/{})\"", taken + more));
            }
            if odd[1] {
                parts.reverse();
            }
            let end = if odd[2] { "/>" } else { " ></line>" };
            format!("<line {}{end}", parts.join("\n "))
        },
    )
}

fn class() -> impl Strategy<Value = String> {
    let lines = || prop::collection::vec((line(), between()), 0..6);
    let joined = |lines: Vec<(String, String)>| lines.into_iter().map(|(a, b)| a + &b).collect::<String>();
    ("[a-z&<>\"']{1,6}", lines(), lines(), between()).prop_map(move |(name, own, of_methods, gap)| {
        let name = name.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&#34;").replace('\'', "&#x27;");
        let methods = format!("<methods><method name=\"m\"><lines>{}</lines></method></methods>", joined(of_methods));
        format!("<class filename=\"{name}\" name=\"c\">{methods}{gap}<lines>{}</lines></class>", joined(own))
    })
}

/// An element with its attributes in any order and in either kind of quotes, and with nothing in it.
fn element(name: &'static str, attributes: Vec<(&'static str, String)>) -> impl Strategy<Value = String> {
    (Just(attributes).prop_shuffle(), any::<[bool; 2]>()).prop_map(move |(attributes, [single, ended])| {
        let quote = if single { '\'' } else { '"' };
        let text: String = attributes.iter().map(|(key, value)| format!("\t{key} = {quote}{value}{quote}")).collect();
        if ended { format!("<{name}{text}></{name}>") } else { format!("<{name}{text}\r\n/>") }
    })
}

fn line_of_jacoco() -> impl Strategy<Value = String> {
    (1u32..40, [0u32..3, 0..3, 0..3, 0..3]).prop_flat_map(|(line, counts)| {
        let counts = ["mi", "ci", "mb", "cb"].into_iter().zip(counts.map(|count| count.to_string()));
        element("line", counts.chain([("nr", line.to_string())]).collect())
    })
}

/// A package with its classes, which say the lines' sums only, and its files.
fn package_of_jacoco() -> impl Strategy<Value = String> {
    let lines = prop::collection::vec((line_of_jacoco(), between()), 0..6);
    let file = ("[A-C]\\.kt", lines, between()).prop_map(|(name, lines, gap)| {
        let lines: String = lines.into_iter().map(|(line, gap)| line + &gap).collect();
        let class =
            format!("<class name=\"p/A\" sourcefilename=\"{name}\"><method name=\"&lt;init&gt;\" line=\"3\"/></class>");
        format!("{class}{gap}<sourcefile name=\"{name}\">{lines}<counter type=\"LINE\" missed=\"1\"/></sourcefile>")
    });
    ("[a-c]/d", prop::collection::vec(file, 0..4))
        .prop_map(|(name, files)| format!("<package name='{name}'>{}</package>", files.concat()))
}

fn line_of_clover() -> impl Strategy<Value = String> {
    let kind = prop::sample::select(vec!["stmt", "cond", "method"]);
    (1u32..40, 0u32..3, kind, [0u32..2, 0..2]).prop_flat_map(|(line, count, kind, [yes, no])| {
        let mut attributes = vec![("num", line.to_string()), ("count", count.to_string()), ("type", kind.to_owned())];
        if kind == "cond" {
            attributes.extend([("truecount", yes.to_string()), ("falsecount", no.to_string())]);
        }
        element("line", attributes)
    })
}

fn file_of_clover() -> impl Strategy<Value = String> {
    let lines = prop::collection::vec((line_of_clover(), between()), 0..6);
    ("[a-c&]\\.ts", any::<bool>(), lines).prop_map(|(name, path, lines)| {
        let name = name.replace('&', "&amp;");
        let path = if path { format!(" path=\"/r/{name}\"") } else { String::new() };
        let lines: String = lines.into_iter().map(|(line, gap)| line + &gap).collect();
        format!("<file name=\"{name}\"{path}><metrics statements=\"1\"/><class name=\"x\"></class>{lines}</file>")
    })
}

proptest! {
    #[test]
    fn made_up_reports_of_jacoco_are_read_as_by_hand(packages in prop::collection::vec((package_of_jacoco(), between()), 1..4)) {
        let body: String = packages.into_iter().map(|(package, gap)| package + &gap).collect();
        let text = format!("<?xml version=\"1.0\"?><!DOCTYPE report PUBLIC \"-//JACOCO//DTD\" \"report.dtd\"><report name=\"r\">{body}</report>");
        check(text.as_bytes(), &text);
    }

    #[test]
    fn made_up_reports_of_clover_are_read_as_by_hand(files in prop::collection::vec(file_of_clover(), 1..5), tests in file_of_clover()) {
        let text = format!("<coverage clover='3.2.0'><project><package name=\"p\">{}</package></project><testproject>{tests}</testproject></coverage>", files.concat());
        check(text.as_bytes(), &text);
    }

    #[test]
    fn made_up_reports_are_read_as_by_hand(classes in prop::collection::vec((class(), between()), 1..6), head in between()) {
        let body: String = classes.into_iter().map(|(class, gap)| class + &gap).collect();
        let text = format!("<?xml version=\"1.0\"?>{head}<coverage line-rate=\"1\"><packages><package><classes>{body}</classes></package></packages></coverage>\n");
        check(text.as_bytes(), &text);
    }

    /// Whatever is cut off or changed in one byte: never read where quick-xml sees no whole document.
    #[test]
    fn a_broken_report_is_not_read(classes in prop::collection::vec(class(), 1..4), at in any::<prop::sample::Index>(), byte in 0u8..128, cut in any::<bool>()) {
        let text = format!("<coverage line-rate=\"1\"><packages><package><classes>{}</classes></package></packages></coverage>", classes.concat());
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        let whole = by_hand_balanced(&bytes);
        if cut {
            prop_assert!(formats::read(bytes.as_slice(), None).is_err(), "cut at {at}");
        } else if !whole {
            prop_assert!(formats::read(bytes.as_slice(), None).is_err(), "{}", String::from_utf8_lossy(&bytes));
        }
    }
}

/// Whether quick-xml finds every element ended, by its own name.
fn by_hand_balanced(text: &[u8]) -> bool {
    let mut reader = Reader::from_reader(text);
    let (mut depth, mut buffer) = (0i64, Vec::new());
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth -= 1,
            Ok(Event::Eof) => return depth == 0,
            Ok(_) => {}
            Err(_) => return false,
        }
        buffer.clear();
    }
}
