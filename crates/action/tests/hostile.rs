//! Hostile text in every place that takes text: it arrives as it was, and none of it is obeyed.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;

use action::{
    Annotation, Answer, Failure, Line, Location, Output, Report, Secret, Streams, Tool, World, neutral, oracle,
};
use proptest::prelude::*;

static TOOL: Tool = Tool {
    name: "hostile",
    about: "Prints what it is given.",
    version: "1.2.3",
    homepage: "https://example.org/hostile",
    icon: "box",
    color: "red",
    outputs: &[Output::new("first", "One"), Output::new("second", "Two")],
};

#[derive(clap::Parser)]
struct Inputs {}

/// What a run left behind.
struct Left {
    code: u8,
    log: oracle::Log,
    raw: Vec<u8>,
    err: oracle::Log,
    folder: tempfile::TempDir,
}

impl Left {
    fn file(&self, name: &str) -> Vec<u8> {
        fs::read(self.folder.path().join(name)).unwrap_or_default()
    }
}

/// Runs `tell` as a tool in a step.
fn check(tell: impl FnOnce(&mut Report) -> Result<Answer, Failure>) -> Left {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| (format!("GITHUB_{name}"), folder.path().join(name).into_os_string());
    let mut env: HashMap<String, OsString> = ["OUTPUT", "ENV", "PATH", "STATE", "STEP_SUMMARY"].map(path).into();
    env.insert("GITHUB_ACTIONS".into(), "true".into());
    let (streams, captured) = Streams::captured();
    let world = World { args: vec!["hostile".into()], env: &|name| env.get(name).cloned(), streams };
    let code = action::drive(&TOOL, world, |_: Inputs, report| tell(report));
    let raw = captured.out();
    Left { code, log: oracle::log(&raw), raw, err: oracle::log(&captured.err()), folder }
}

/// Text made of what parsers trip over.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = [
        "\n",
        "\r",
        "\r\n",
        "\0",
        "\t",
        "\u{b}",
        "\u{c}",
        "\u{85}",
        "\u{2028}",
        "\u{2029}",
        "\u{200b}",
        "\u{feff}",
        "\u{a0}",
        "\u{3000}",
        "\u{1b}[31m",
        "\u{9b}",
        "\u{202e}",
        " ",
        "=",
        "==",
        "<<",
        "<<EOF",
        "EOF",
        "end_",
        "%",
        "%0A",
        "%0D",
        "%25",
        "%3A",
        "%2C",
        "%5D",
        "::",
        ":",
        ",",
        ";",
        "#",
        "##",
        "[",
        "]",
        "##[",
        "##[add-mask]x",
        "##[error]x",
        "##[group]",
        "##[stop-commands]t",
        "::error::x",
        "::error file=a,line=1::x",
        "::set-output name=first::x",
        "::add-mask::e",
        "::stop-commands::t",
        "::save-state name=a::b",
        "::warning title=t::",
        "notice",
        "first=x",
        "second<<EOF",
        "a",
        "é",
        "🦀",
        "\u{301}",
    ];
    let piece = prop_oneof![6 => prop::sample::select(pieces.to_vec()).prop_map(str::to_owned), 1 => any::<String>()];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn names(log: &oracle::Log) -> Vec<&str> {
    log.commands.iter().map(|command| command.name.as_str()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn outputs_arrive_as_they_were(first in hostile(), second in hostile()) {
        let left = check(|report| {
            report.output("first", &first);
            report.output("second", &second);
            Ok(Answer::Yes)
        });
        prop_assert_eq!(left.code, 0);
        let records = oracle::output(&left.file("OUTPUT")).unwrap();
        prop_assert_eq!(records, [("first".to_owned(), first), ("second".to_owned(), second)]);
    }

    #[test]
    fn variables_and_state_arrive_as_they_were(value in hostile()) {
        let left = check(|report| {
            report.env("NAME", &value);
            report.state("kept", &value);
            Ok(Answer::Yes)
        });
        prop_assert_eq!(oracle::state(&left.file("STATE")).unwrap(), [("kept".to_owned(), value.clone())]);
        if value.contains('\0') {
            prop_assert_eq!(left.code, 3);
        } else {
            prop_assert_eq!(oracle::env(&left.file("ENV")).unwrap(), [("NAME".to_owned(), value)]);
        }
    }

    #[test]
    fn folders_on_path_are_one_line_or_refused(folder in hostile()) {
        let left = check(|report| { report.path(&folder); Ok(Answer::Yes) });
        let lines = oracle::path(&left.file("PATH")).unwrap();
        prop_assert_eq!(lines, if left.code == 0 { vec![folder] } else { vec![] });
    }

    #[test]
    fn names_that_no_record_can_have_are_refused(name in hostile(), value in hostile()) {
        let left = check(|report| { report.state(&name, &value); Ok(Answer::Yes) });
        let records = oracle::state(&left.file("STATE")).unwrap();
        prop_assert_eq!(records, if left.code == 0 { vec![(name, value)] } else { vec![] });
    }

    #[test]
    fn lines_stay_lines_and_are_not_obeyed(a in hostile(), b in hostile()) {
        let left = check(|report| {
            report.line(Line::new().bad(&a).plain(&b));
            report.line(format!("  {a}{b}"));
            report.line(neutral(&a));
            report.progress(&*a);
            report.text(format!("{}\n{}.", neutral(&a), neutral(&b)));
            Ok(Answer::Yes)
        });
        prop_assert!(left.log.commands.is_empty(), "{:?}", left.log.commands);
        prop_assert_eq!(left.log.text.len(), 5);
        prop_assert!(left.err.commands.is_empty(), "{:?}", left.err.commands);
        prop_assert_eq!(left.err.text.len(), 1);
        let control = |letter: char| letter.is_control() || ('\u{2028}'..='\u{202e}').contains(&letter);
        prop_assert!(!left.log.text.concat().contains(control));
    }

    #[test]
    fn whole_texts_are_not_obeyed_either(text in hostile()) {
        let left = check(|report| { report.text(&text); Ok(Answer::Yes) });
        prop_assert!(left.log.commands.is_empty(), "{:?}", left.log.commands);
    }

    #[test]
    fn annotations_say_only_what_they_were_told(text in hostile(), title in hostile(), file in hostile()) {
        let left = check(|report| {
            report.annotate(Annotation::warning(&text).title(&title).at(Location::column(&file, 3, 5)));
            Ok(Answer::No)
        });
        prop_assert_eq!(left.code, 1);
        prop_assert_eq!(names(&left.log), ["warning"]);
        let warning = &left.log.commands[0];
        let message: Vec<String> = text.trim_end().lines().map(neutral).collect();
        prop_assert_eq!(&warning.data, &message.join("\n"));
        let property = |name: &str| warning.properties.get(name).map_or("", String::as_str);
        let shown_title = neutral(&title);
        prop_assert_eq!(property("title").trim(), shown_title.trim());
        prop_assert_eq!(property("line"), "3");
        prop_assert_eq!(property("col"), "5");
        prop_assert!(warning.properties.keys().all(|key| ["file", "line", "col", "title"].contains(&key.as_str())));
    }

    #[test]
    fn failures_say_only_what_they_were_told(doing in hostile(), cause in hostile(), hint in hostile()) {
        let left = check(|_| Err(Failure::outside(doing, cause).hint(hint)));
        prop_assert_eq!(left.code, 3);
        prop_assert_eq!(names(&left.log), ["error"]);
        prop_assert!(left.log.commands[0].data.starts_with("could not "));
    }

    #[test]
    fn machine_output_is_exact_and_not_obeyed(text in hostile(), bytes: Vec<u8>) {
        let bytes = [text.as_bytes(), &bytes].concat();
        let left = check(|report| { report.machine(&bytes); report.annotate(Annotation::notice("n")); Ok(Answer::Yes) });
        let token = &left.log.commands[0].data;
        prop_assert_eq!(names(&left.log), ["stop-commands", token, "notice"]);
        prop_assert_eq!(left.log.stopped, None);
        let start = format!("::stop-commands::{token}\n");
        let inner = left.raw.strip_prefix(start.as_bytes()).unwrap();
        let end = format!("::{token}::\n::notice::n\n");
        let inner = inner.strip_suffix(end.as_bytes()).unwrap();
        let added: &[u8] = if bytes.is_empty() || bytes.ends_with(b"\n") { b"" } else { b"\n" };
        prop_assert_eq!(inner, [&bytes, added].concat());
    }

    #[test]
    fn every_line_of_a_secret_is_masked_on_both_streams(secret in hostile()) {
        let left = check(|report| { report.mask(&Secret::new(secret.clone())); report.line("printed"); Ok(Answer::Yes) });
        for log in [&left.log, &left.err] {
            prop_assert!(names(log).iter().all(|name| *name == "add-mask"));
            let masks: Vec<&str> = log.commands.iter().map(|command| command.data.as_str()).collect();
            for line in secret.split(['\r', '\n']).map(str::trim).filter(|line| line.chars().count() > 3) {
                prop_assert!(masks.contains(&line), "{line:?} in {masks:?}");
            }
        }
        prop_assert_eq!(left.log.text, ["printed"]);
    }

    #[test]
    fn neutral_text_is_one_visible_line_and_stays_so(text in hostile(), bytes: Vec<u8>) {
        let once = neutral([text.as_bytes(), &bytes].concat());
        prop_assert_eq!(&neutral(&once), &once);
        prop_assert!(oracle::log(format!(" \u{3000}{once}").as_bytes()).commands.is_empty(), "{once:?}");
        prop_assert_eq!(oracle::log(once.as_bytes()).text.len(), 1);
    }

    #[test]
    fn ordinary_text_is_left_alone(text in "[a-zA-Z0-9é🦀 ./_\\-\\\\:#\\[\\]@|]{0,40}") {
        let ordinary = !text.trim_start().starts_with("::") && !text.contains("##[");
        prop_assume!(ordinary);
        prop_assert_eq!(neutral(&text), text);
    }
}

#[test]
fn a_command_made_of_two_harmless_pieces_is_broken() {
    let left = check(|report| {
        report.line(Line::new().plain(":").bold(":error::x"));
        report.line(Line::new().plain("a #").bold("#").plain("[error]x"));
        Ok(Answer::Yes)
    });
    assert_eq!(left.log.text, [r"\x3a:error::x", r"a ##\x5berror]x"]);
    assert!(left.log.commands.is_empty());
}

#[test]
fn hidden_characters_do_not_hide_a_command() {
    // The runner finds "##[" by the rules of collation, to which these characters are nothing.
    for hidden in ["\u{200b}", "\u{200d}", "\u{ad}", "\u{feff}", "\u{0}", "\u{2060}"] {
        let shown = neutral(format!("#{hidden}#{hidden}[error]x"));
        assert!(!shown.contains(hidden), "{shown}");
    }
}
