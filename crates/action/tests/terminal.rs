//! What a person sees on a terminal.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use action::{Annotation, Answer, Failure, Line, Location, Output, Report, Streams, Tool, World};

static TOOL: Tool = Tool {
    name: "terminal",
    about: "Talks.",
    version: "1.2.3",
    homepage: "https://example.org/terminal",
    icon: "box",
    color: "red",
    outputs: &[Output::or_file("big", "Big")],
};

#[derive(clap::Parser)]
struct Inputs {}

/// Runs `tell` on a terminal and compares exit code, standard output and standard error.
fn check(tell: impl FnOnce(&mut Report) -> Result<Answer, Failure>, expected: (u8, &str, &str)) {
    let (streams, captured) = Streams::captured();
    let world = World { args: vec!["terminal".into()], env: &|_| None, streams };
    let code = action::drive(&TOOL, world, |_: Inputs, report| tell(report));
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(captured.out()), text(captured.err()));
    assert_eq!((code, out.as_str(), err.as_str()), expected);
}

#[test]
fn annotations_are_lines_on_standard_error() {
    let place = || Location::column("src/a.rs", 3, 5);
    let tell = |report: &mut Report| {
        report.annotate(Annotation::error("two\nlines\u{1b}").at(place()).title("Title"));
        report.annotate(Annotation::warning("::debug::x").at(Location::line("b", 2)));
        report.annotate(Annotation::notice("plain"));
        Ok(Answer::No)
    };
    let err = "error: src/a.rs:3:5: Title: two\n  lines\\x1b\nwarning: b:2: ::debug::x\nnotice: plain\n";
    check(tell, (1, "", err));
}

#[test]
fn a_failure_says_where_and_what_to_do() {
    let failure = Failure::inputs("read the filters file f.yml", "a key comes twice");
    let failure = failure.hint("remove one of them").at(Location::line("f.yml", 7));
    let err = "error: f.yml:7: could not read the filters file f.yml: a key comes twice\n  hint: remove one of them\n";
    check(|_| Err(failure), (2, "", err));
}

#[test]
fn lines_are_neutral_and_everything_for_the_runner_is_silent() {
    let tell = |report: &mut Report| {
        report.mask(&"secret".parse().unwrap());
        report.line(Line::new().bold("a\nb").bad("\u{1b}[2J"));
        report.text("one\ntwo");
        report.machine("exact\0\n");
        report.output("big", "x".repeat(2_000_000));
        report.summary("# Summary");
        report.env("NAME", "value");
        report.path("/folder");
        assert_eq!((report.outputs().len(), report.summaries()), (1, "# Summary\n\n"));
        Ok(Answer::Yes)
    };
    check(tell, (0, "a\\nb\\x1b[2J\none\ntwo\nexact\0\n", ""));
}

#[test]
fn what_could_not_be_said_is_a_failure_in_the_end() {
    let tell = |report: &mut Report| {
        report.env("NODE_OPTIONS", "--require=x");
        report.env("OTHER", "\0");
        Ok(Answer::Yes)
    };
    let err = "error: could not set the environment variable NODE_OPTIONS: the runner refuses it\n";
    check(tell, (3, "", err));
}

#[test]
fn a_status_is_replaced_and_cleared_and_shown_to_a_watcher_only() {
    let shown = |streams: Streams, captured: action::Captured| {
        let world = World { args: vec!["terminal".into()], env: &|_| None, streams };
        let code = action::drive(&TOOL, world, |_: Inputs, report| {
            ["", "1 of 2\n", "2 of 2", "", ""].iter().for_each(|text| report.status(text));
            Ok(Answer::Yes)
        });
        (code, String::from_utf8(captured.err()).unwrap())
    };
    let (streams, captured) = Streams::captured();
    assert_eq!(shown(streams, captured), (0, String::new()));
    let (streams, captured) = Streams::captured();
    let all = "\r\x1b[K1 of 2\\n\r\x1b[K2 of 2\r\x1b[K".to_owned();
    assert_eq!(shown(streams.watched(), captured), (0, all));
}

#[test]
fn a_failure_to_say_something_can_be_taken_back() {
    let tell = |report: &mut Report| {
        report.env("NODE_OPTIONS", "--require=x");
        let failure = report.take_failure().map(|failure| failure.to_string());
        assert!(failure.is_some_and(|text| text.contains("NODE_OPTIONS")) && report.take_failure().is_none());
        Ok(Answer::No)
    };
    check(tell, (1, "", ""));
}
