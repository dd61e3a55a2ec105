//! What is generated from a tool and its inputs: action.yml and the tables of its README.
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;

use clap::{Arg, Command};

use crate::tool::Tool;
use crate::{inputs, markdown};

/// Answers the hidden flags `--action-yml` and `--readme-tables`.
pub(crate) fn asked(tool: &Tool, command: &Command, args: &[OsString]) -> Option<String> {
    match args {
        [_, flag] if flag == "--action-yml" => Some(action_yml(tool, command)),
        [_, flag] if flag == "--readme-tables" => Some(readme_tables(tool, command)),
        _ => None,
    }
}

/// One input as the user of the action sees it.
#[derive(Default)]
struct Input {
    description: String,
    default: Option<String>,
    required: bool,
    /// The commands it belongs to; none when it is for all of them.
    commands: Vec<String>,
}

/// An action.yml whose one step hands every input to `run`, which stands beside it.
fn action_yml(tool: &Tool, command: &Command) -> String {
    let inputs = inputs_of(command);
    let mut yml = format!(
        "# Made by `{name} --action-yml`; a test compares them.\nname: {name}\ndescription: {about}\nauthor: dataflow\n\
         branding:\n  icon: {icon}\n  color: {color}\n",
        name = tool.name,
        about = quoted(tool.about),
        icon = tool.icon,
        color = tool.color,
    );
    // Writing to a String cannot fail, here and below.
    let _ = write!(yml, "{}", if inputs.is_empty() { "" } else { "inputs:\n" });
    for (name, input) in &inputs {
        let _ = write!(yml, "  {name}:\n    description: {}\n", quoted(&sentence(input)));
        let _ = writeln!(yml, "    required: {}", input.required);
        if let Some(default) = &input.default {
            let _ = writeln!(yml, "    default: {}", quoted(default));
        }
    }
    let _ = write!(yml, "{}", if tool.outputs.is_empty() { "" } else { "outputs:\n" });
    for (name, description) in outputs_of(tool) {
        let _ = write!(yml, "  {name}:\n    description: {}\n", quoted(&description));
        let _ = writeln!(yml, "    value: ${{{{ steps.run.outputs.{name} }}}}");
    }
    yml.push_str("runs:\n  using: composite\n  steps:\n    - id: run\n      shell: sh\n");
    let _ = write!(yml, "{}", if inputs.is_empty() { "" } else { "      env:\n" });
    for name in inputs.keys() {
        let _ = writeln!(yml, "        INPUT_{}: ${{{{ inputs.{name} }}}}", name.to_uppercase().replace('-', "_"));
    }
    yml.push_str("      run: exec sh \"$GITHUB_ACTION_PATH/run\"\n");
    yml
}

/// A table of the inputs and one of the outputs.
fn readme_tables(tool: &Tool, command: &Command) -> String {
    let mut text = String::from("| input | default | what it is |\n|---|---|---|\n");
    for (name, input) in inputs_of(command) {
        let default = match &input.default {
            _ if input.required => "*required*".to_owned(),
            Some(default) => markdown::code(default),
            None => String::new(),
        };
        let _ = writeln!(text, "| `{name}` | {default} | {} |", cell(&sentence(&input)));
    }
    text.push_str("\n| output | what it is |\n|---|---|\n");
    for (name, description) in outputs_of(tool) {
        let _ = writeln!(text, "| `{name}` | {} |", cell(&description));
    }
    text
}

fn outputs_of(tool: &Tool) -> Vec<(String, String)> {
    let mut outputs = Vec::new();
    for output in tool.outputs {
        outputs.push((output.name.to_owned(), output.description.to_owned()));
        if output.file {
            let description =
                format!("Path of a file with {} when it is too big for an output; empty else", output.name);
            outputs.push((format!("{}-file", output.name), description));
        }
    }
    outputs
}

fn inputs_of(command: &Command) -> BTreeMap<String, Input> {
    let mut inputs = BTreeMap::new();
    for arg in command.get_arguments().filter(|arg| inputs::is_input(arg)) {
        add(&mut inputs, arg, None);
        for alias in inputs::aliases(arg) {
            let description = format!("The same as {}", inputs::name(arg));
            inputs.insert(alias.to_owned(), Input { description, ..Input::default() });
        }
    }
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        for arg in sub.get_arguments().filter(|arg| inputs::is_input(arg)) {
            add(&mut inputs, arg, Some(sub.get_name()));
        }
    }
    if command.has_subcommands() {
        let names = command.get_subcommands().filter(|sub| !sub.is_hide_set()).map(Command::get_name);
        let names: Vec<&str> = names.collect();
        let description = format!("What to do, other than the main job: {}", names.join(", "));
        let required = command.is_subcommand_required_set();
        inputs.insert(inputs::COMMAND.to_owned(), Input { description, required, ..Input::default() });
    }
    inputs
}

fn add(inputs: &mut BTreeMap<String, Input>, arg: &Arg, command: Option<&str>) {
    let default = default(arg);
    match inputs.get_mut(&inputs::name(arg)) {
        // Shared by several commands: what only one of them says is not said for all.
        Some(known) => {
            known.default = known.default.take().filter(|known| Some(known) == default.as_ref());
            match command {
                Some(command) if !known.commands.is_empty() => known.commands.push(command.to_owned()),
                _ => known.commands.clear(),
            }
        }
        None => {
            let required = arg.is_required_set() && command.is_none();
            let commands = command.map(str::to_owned).into_iter().collect();
            inputs.insert(inputs::name(arg), Input { description: description(arg), default, required, commands });
        }
    }
}

/// A secret called `token` gets the job's own, as everybody expects of an action.
fn default(arg: &Arg) -> Option<String> {
    if inputs::is_secret(arg) {
        return (inputs::name(arg) == "token").then(|| "${{ github.token }}".to_owned());
    }
    let values: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if values.is_empty() { None } else { Some(values.join("\n")) }
}

fn description(arg: &Arg) -> String {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let values: Vec<String> = arg
        .get_possible_values()
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(|value| value.get_name().to_owned())
        .collect();
    let list = if inputs::is_list(arg) { "; one a line" } else { "" };
    if values.is_empty() { format!("{help}{list}") } else { format!("{help} ({}){list}", values.join(", ")) }
}

fn sentence(input: &Input) -> String {
    match input.commands.as_slice() {
        [] => input.description.clone(),
        commands => format!("{} (only for the command: {})", input.description, commands.join(", ")),
    }
}

/// Our own Markdown, in a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// JSON's strings are YAML's double-quoted ones.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string is JSON")
}
