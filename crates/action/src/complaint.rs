//! What clap complains about, in the words of whoever wrote the inputs.
use clap::{Arg, Command};

use crate::Failure;
use crate::inputs::{self, Merged};

/// A complaint about the inputs of a step: they are called inputs there, not options.
///
/// Clap's own text is taken apart: its first paragraph says what is wrong, `tip:` lines what to do; usage is for terminals.
pub(crate) fn in_actions(error: &clap::Error, command: &Command, merged: &Merged) -> Failure {
    let rendered = error.render().to_string();
    let text = rendered.strip_prefix("error: ").unwrap_or(&rendered);
    let text = text.rfind("\n\nUsage:").map_or(text, |end| &text[..end]);
    let text = text.rfind("\n\nFor more information").map_or(text, |end| &text[..end]);
    let text = named(text, command, merged);
    let (tips, facts): (Vec<&str>, Vec<&str>) =
        text.lines().map(str::trim).filter(|line| !line.is_empty()).partition(|line| line.starts_with("tip: "));
    let failure = Failure::inputs("read the inputs", facts.join(" "));
    let tips: Vec<&str> = tips.iter().map(|tip| tip.trim_start_matches("tip: ")).collect();
    if tips.is_empty() { failure } else { failure.hint(tips.join("; ")) }
}

/// Calls each argument that was not typed by the name of its input.
fn named(text: &str, command: &Command, merged: &Merged) -> String {
    let mut text = text.to_owned();
    if merged.chosen_by_input {
        text = text.replace("unrecognized subcommand", "input command: there is no command");
    }
    // Only a built command can print its arguments.
    let mut command = command.clone();
    command.build();
    let all = command.get_arguments().chain(command.get_subcommands().flat_map(Command::get_arguments));
    for arg in all.filter(|arg| inputs::is_input(arg)) {
        let name = inputs::name(arg);
        if !merged.typed.contains(&name) {
            text = renamed(&text, arg, &name);
        }
    }
    text
}

fn renamed(text: &str, arg: &Arg, name: &str) -> String {
    let shown = arg.to_string();
    let input = format!("input {name}");
    let text = text.replace(&format!("'{shown}'"), &input).replace(&shown, &input);
    let text = text.replace(&format!("the argument {input}"), &input);
    // "invalid value 'x' for input y" reads better from the other end.
    match text.split_once(&format!(" for {input}")) {
        Some((what, rest)) => format!("{input}: {what}{rest}"),
        None => text,
    }
}
