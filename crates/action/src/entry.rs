//! The way in: reads the inputs, runs the tool, and turns what it says into an exit code.
use std::ffi::OsString;
use std::io::Write;
use std::panic::PanicHookInfo;
use std::process::ExitCode;

use clap::{ArgMatches, Command, Parser};

use crate::inputs::{self, Merged};
use crate::report::Report;
use crate::streams::Streams;
use crate::tool::Tool;
use crate::workflow::Workflow;
use crate::{Annotation, Answer, Failure, command, complaint, exit, manual, render};

/// What surrounds a run: the process's own, or made up by a test.
pub struct World<'a> {
    /// The command line; the first is the name of the program.
    pub args: Vec<OsString>,
    /// Looks up an environment variable.
    pub env: &'a dyn Fn(&str) -> Option<OsString>,
    /// Where to print.
    pub streams: Streams,
}

/// Runs a tool as a process: the whole body of its `main`.
///
/// A panic says that it is a bug and where to report it, and ends with 101.
pub fn main<I: Parser>(tool: &'static Tool, run: impl FnOnce(I, &mut Report) -> Result<Answer, Failure>) -> ExitCode {
    main_with(tool, std::env::args_os().collect(), run)
}

/// As [`main`] with a command line that need not be the whole of the process's: a tool that takes many thousand names may
/// keep them to itself, where they cost less than as values of an input. The first is the name of the program.
pub fn main_with<I: Parser>(
    tool: &'static Tool,
    args: Vec<OsString>,
    run: impl FnOnce(I, &mut Report) -> Result<Answer, Failure>,
) -> ExitCode {
    std::panic::set_hook(Box::new(move |info| bug(tool, info)));
    let world = World { args, env: &|name| std::env::var_os(name), streams: Streams::of_process() };
    ExitCode::from(drive(tool, world, run))
}

/// Runs a tool in any surroundings, for tests, fuzzing and benchmarks. Gives the exit code.
///
/// `INPUT_*` is read in workflows only (`GITHUB_ACTIONS=true`), so that a stray variable on a terminal changes nothing.
pub fn drive<I: Parser>(
    tool: &'static Tool,
    world: World<'_>,
    run: impl FnOnce(I, &mut Report) -> Result<Answer, Failure>,
) -> u8 {
    let workflow = Workflow::from_lookup(world.env);
    let in_actions = workflow.in_actions;
    let mut report = Report::new(tool, workflow, world.streams);
    let command = inputs::command(tool, I::command());
    if let Some(text) = manual::asked(tool, &command, &world.args) {
        report.machine(text);
        return report.finish(Ok(exit::YES), false);
    }
    let merged = match in_actions {
        true => inputs::merged(&command, world.args, world.env),
        false => Merged { args: world.args, ..Merged::default() },
    };
    merged.secrets.iter().for_each(|secret| report.mask(secret));
    match parsed::<I>(command.clone(), &merged) {
        Err(error) => refused(report, &error, (&command, &merged)),
        Ok((inputs, show_outputs)) => {
            for name in &merged.unused {
                report.annotate(Annotation::warning(format!("the input {name} has no effect on this command")));
            }
            let result = run(inputs, &mut report).map(Answer::code);
            report.finish(result, show_outputs)
        }
    }
}

fn parsed<I: Parser>(mut command: Command, merged: &Merged) -> Result<(I, bool), clap::Error> {
    let mut matches: ArgMatches = command.try_get_matches_from_mut(&merged.args)?;
    let show_outputs = matches.get_flag(inputs::SHOW_OUTPUTS);
    let inputs = I::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))?;
    Ok((inputs, show_outputs))
}

/// Help and version are answers; everything else is a complaint.
fn refused(mut report: Report, error: &clap::Error, (command, merged): (&Command, &Merged)) -> u8 {
    if !error.use_stderr() {
        report.page(&error.render(), false);
        return report.finish(Ok(exit::YES), false);
    }
    if report.workflow().in_actions {
        return report.finish(Err(complaint::in_actions(error, command, merged)), false);
    }
    report.page(&error.render(), true);
    report.finish(Ok(exit::INPUTS), false)
}

#[allow(clippy::exit, reason = "the release build aborts on a panic, and an abort is not exit code 101")]
fn bug(tool: &Tool, info: &PanicHookInfo<'_>) {
    let what = info.payload_as_str().unwrap_or("no message");
    let place = info.location().map(|place| format!(" ({place})")).unwrap_or_default();
    let text =
        format!("a bug in {} {}: {what}{place}\nPlease report it: {}/issues", tool.name, tool.version, tool.homepage);
    let text = render::message(&text);
    let in_actions = Workflow::from_env().in_actions;
    let text = if in_actions { command::command("error", &[("title", tool.name)], &text) } else { format!("{text}\n") };
    let _ = std::io::stderr().write_all(text.as_bytes());
    std::process::exit(i32::from(exit::BUG));
}
