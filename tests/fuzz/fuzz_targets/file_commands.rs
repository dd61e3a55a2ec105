//! Any text as output, variable, state and log: it arrives as it was, and none of it is obeyed.
#![no_main]
use std::collections::HashMap;
use std::ffi::OsString;

use action::{Answer, Failure, Output, Report, Streams, Tool, World, oracle};
use libfuzzer_sys::fuzz_target;

static TOOL: Tool = Tool {
    name: "fuzz",
    about: "Prints what it is given",
    version: "0.0.0",
    homepage: "https://example.invalid",
    icon: "box",
    color: "red",
    outputs: &[Output::new("first", "One"), Output::new("second", "Two")],
};

#[derive(clap::Parser)]
struct Inputs {}

fuzz_target!(|text: &str| {
    let folder = tempfile::tempdir().expect("there is room for a temporary folder");
    let path = |name: &str| (format!("GITHUB_{name}"), folder.path().join(name).into_os_string());
    let mut env: HashMap<String, OsString> = ["OUTPUT", "STATE", "ENV"].map(path).into();
    env.insert("GITHUB_ACTIONS".to_owned(), "true".into());
    let (streams, captured) = Streams::captured();
    let world = World { args: vec!["fuzz".into()], env: &|name| env.get(name).cloned(), streams };
    let code = action::drive(&TOOL, world, |_: Inputs, report: &mut Report| -> Result<Answer, Failure> {
        report.output("first", text);
        report.output("second", "after");
        report.state("value", text);
        report.text(text);
        report.machine(text);
        Ok(Answer::Yes)
    });
    let file = |name: &str| std::fs::read(folder.path().join(name)).unwrap_or_default();
    let log = oracle::log(&captured.out());
    assert_eq!(log.stopped, None, "commands stay off");
    let token = |name: &str| log.named("stop-commands").any(|stop| stop.data.eq_ignore_ascii_case(name));
    if code == 0 {
        let expected = [("first".to_owned(), text.to_owned()), ("second".to_owned(), "after".to_owned())];
        assert_eq!(oracle::output(&file("OUTPUT")).as_deref(), Ok(expected.as_slice()));
        assert_eq!(oracle::state(&file("STATE")).map(|records| records[0].1.clone()), Ok(text.to_owned()));
        let obeyed = log.commands.iter().find(|command| command.name != "stop-commands" && !token(&command.name));
        assert_eq!(obeyed, None, "it is obeyed");
    }
});
