//! GitHub's limits: whatever a tool says, what is shown fits, and what does not fit is not lost silently.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;

use action::{Annotation, Answer, Failure, Level, Output, Report, Streams, Tool, World, oracle};
use proptest::prelude::*;

static TOOL: Tool = Tool {
    name: "budgets",
    about: "Says too much.",
    version: "1.2.3",
    homepage: "https://example.org/budgets",
    icon: "box",
    color: "red",
    outputs: &[Output::new("small", "Never big"), Output::or_file("big", "Big"), Output::or_file("huge", "Bigger")],
};

#[derive(clap::Parser)]
struct Inputs {}

struct Left {
    code: u8,
    log: oracle::Log,
    err: oracle::Log,
    outputs: Vec<(String, String)>,
    summary: String,
}

/// Runs `tell` as a tool in a step. `before` is in the summary already, and in the outputs.
fn check(before: (&str, &str), tell: impl FnOnce(&mut Report) -> Result<Answer, Failure>) -> Left {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| (name.to_owned(), folder.path().join(name).into_os_string());
    let mut env: HashMap<String, OsString> = ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"].map(path).into();
    env.insert("GITHUB_ACTIONS".into(), "true".into());
    env.insert("RUNNER_TEMP".into(), folder.path().into());
    fs::write(&env["GITHUB_STEP_SUMMARY"], before.0).unwrap();
    fs::write(&env["GITHUB_OUTPUT"], before.1).unwrap();
    let (streams, captured) = Streams::captured();
    let world = World { args: vec!["budgets".into()], env: &|name| env.get(name).cloned(), streams };
    let code = action::drive(&TOOL, world, |_: Inputs, report| tell(report));
    let mut outputs = oracle::output(&fs::read(&env["GITHUB_OUTPUT"]).unwrap()).unwrap();
    for (name, value) in &mut outputs {
        if name.ends_with("-file") {
            *value = fs::read_to_string(&*value).unwrap();
        }
    }
    let summary = oracle::summary(&fs::read(&env["GITHUB_STEP_SUMMARY"]).unwrap()).unwrap();
    Left { code, log: oracle::log(&captured.out()), err: oracle::log(&captured.err()), outputs, summary }
}

fn of(level: Level, message: String) -> Annotation {
    match level {
        Level::Error => Annotation::error(message),
        Level::Warning => Annotation::warning(message),
        Level::Notice => Annotation::notice(message),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_ten_heaviest_of_a_level_are_shown_and_the_rest_counted(weights in prop::collection::vec((0_u8..3, 0_u32..50), 0..60)) {
        let level = |which| [Level::Error, Level::Warning, Level::Notice][usize::from(which)];
        let left = check(("", ""), |report| {
            for (at, &(which, weight)) in weights.iter().enumerate() {
                report.annotate(of(level(which), format!("n{at}.")).weight(weight));
            }
            Ok(Answer::No)
        });
        let mut dropped = 0;
        for which in 0..3 {
            let mut all: Vec<_> = weights.iter().enumerate().filter(|(_, pair)| pair.0 == which).collect();
            all.sort_by_key(|(_, pair)| std::cmp::Reverse(pair.1));
            let shown: Vec<&str> = left.log.named(level(which).word()).map(|command| command.data.as_str()).collect();
            prop_assert_eq!(shown.len(), all.len().min(10));
            for (shown, (at, _)) in shown.iter().zip(&all) {
                let message = format!("n{at}.");
                prop_assert!(shown.starts_with(&message), "{} is not {}", shown, message);
            }
            let more = all.len().saturating_sub(10);
            dropped += more;
            let told = shown.last().is_some_and(|last| last.contains(&format!("(and {more} more")));
            prop_assert_eq!(told, more > 0);
        }
        let listed: usize = left.err.text.iter().filter(|line| line.contains(": n")).count();
        prop_assert_eq!(listed, dropped);
    }

    #[test]
    fn no_message_is_longer_than_the_runner_keeps(message in "[a🦀é\n\u{1b}]{0,3000}", count in 9_usize..13) {
        let message = message.repeat(3);
        let left = check(("", ""), |report| {
            (0..count).for_each(|_| report.annotate(Annotation::error(&message)));
            Ok(Answer::No)
        });
        for command in &left.log.commands {
            let units = command.data.encode_utf16().count();
            prop_assert!(units <= 4096, "{} units", units);
            let whole = message.trim_end().lines().map(action::neutral).collect::<Vec<_>>().join("\n");
            prop_assert!(units > 4000 || command.data.starts_with(&whole), "cut too early: {}", units);
        }
    }

    #[test]
    fn a_summary_never_passes_its_limit(before in 0_usize..700_000, sizes in prop::collection::vec(0_usize..400_000, 1..8)) {
        let sections: Vec<String> = (0..sizes.len()).map(|at| format!("<{at}>{}</{at}>", "x".repeat(sizes[at]))).collect();
        let left = check((&"b".repeat(before), ""), |report| {
            sections.iter().for_each(|section| report.summary(section));
            Ok(Answer::Yes)
        });
        let kept = sections.iter().take_while(|section| left.summary.contains(section.as_str())).count();
        let more = sections.len() - kept;
        prop_assert!(!sections[kept..].iter().any(|section| left.summary.contains(section)), "no holes");
        let notice = format!("{more} more sections did not fit");
        prop_assert_eq!(left.summary.contains(&notice), more > 0);
        prop_assert_eq!(left.log.named("notice").any(|command| command.data.contains(&notice)), more > 0);
        let rest: usize = sections[..kept].iter().map(|section| section.len() + 3).sum();
        prop_assert!(more == 0 || before + rest + sections[kept].len() > (1 << 20) - 400, "left out too early");
    }
}

#[test]
fn a_summary_that_is_nearly_full_still_says_what_is_missing() {
    let left = check((&"b".repeat((1 << 20) - 300), ""), |report| {
        report.summary("x".repeat(250));
        report.summary("y".repeat(100));
        Ok(Answer::Yes)
    });
    assert!(left.summary.ends_with("*2 more sections did not fit into the step summary (1 MiB)*\n"));
}

#[test]
fn the_list_of_what_is_not_shown_ends_too() {
    let left = check(("", ""), |report| {
        (0..3000).for_each(|at| report.annotate(Annotation::warning(format!("w{at}"))));
        Ok(Answer::Yes)
    });
    assert_eq!(left.err.text.len(), 1001);
    assert!(left.log.commands[9].data.contains("(and 2990 more of level warning"));
}

#[test]
fn a_value_too_big_goes_to_a_file() {
    let (fits, big) = ("f".repeat(300_000), "b".repeat(200_000));
    let left = check(("", ""), |report| {
        report.output("big", &fits);
        report.output("huge", &big);
        report.output("small", "s");
        Ok(Answer::Yes)
    });
    assert_eq!(left.code, 0);
    let expected = [("big", fits.as_str()), ("huge-file", &big), ("small", "s")];
    assert_eq!(left.outputs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert!(left.log.named("notice").any(|notice| notice.data.contains("huge-file")));
}

#[test]
fn a_value_too_big_without_a_file_is_a_failure_and_not_silence() {
    let left = check(("", ""), |report| {
        report.output("small", "s".repeat(600_000));
        Ok(Answer::Yes)
    });
    assert_eq!(left.code, 3);
    assert_eq!(left.outputs, []);
    assert!(left.log.commands[0].data.starts_with("could not set the output small: "));
}

#[test]
fn a_line_that_someone_left_open_is_ended_first() {
    let left = check(("", "left=open"), |report| {
        report.output("small", "s");
        Ok(Answer::Yes)
    });
    assert_eq!(left.outputs, [("left", "open"), ("small", "s")].map(|(name, value)| (name.into(), value.into())));
}

#[test]
#[should_panic(expected = "does not declare the output other")]
fn an_undeclared_output_is_a_bug() {
    check(("", ""), |report| {
        report.output("other", "x");
        Ok(Answer::Yes)
    });
}
