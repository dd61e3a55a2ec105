//! Inputs: one clap command, filled from the command line and from `INPUT_*`.
use std::any::TypeId;
use std::ffi::{OsStr, OsString};

use clap::builder::ValueParser;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::Secret;
use crate::tool::Tool;

/// The input that chooses among the commands of an action.
pub(crate) const COMMAND: &str = "command";
/// The flag that prints the outputs on a terminal; no input.
pub(crate) const SHOW_OUTPUTS: &str = "show-outputs";

/// A lookup of environment variables.
pub(crate) type Lookup<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// The command as all tools have it: named and described by the tool, with flags that also take `=true` and `=false`.
pub(crate) fn command(tool: &Tool, command: Command) -> Command {
    let show = Arg::new(SHOW_OUTPUTS).long(SHOW_OUTPUTS).help("Print the outputs as name=value").hide(true);
    let show = show.action(ArgAction::SetTrue).global(true);
    with_booleans(command).name(tool.name).bin_name(tool.name).about(tool.about).version(tool.version).arg(show)
}

fn with_booleans(command: Command) -> Command {
    command.mut_args(boolean).mut_subcommands(with_booleans)
}

fn boolean(arg: Arg) -> Arg {
    if !matches!(arg.get_action(), ArgAction::SetTrue) {
        return arg;
    }
    let arg = arg.action(ArgAction::Set).value_parser(ValueParser::bool()).num_args(0..=1).require_equals(true);
    let arg = arg.default_value("false").default_missing_value("true");
    arg.value_name("true|false").hide_possible_values(true).hide_default_value(true)
}

/// The name that a user knows an input by: its long option, or a positional's name in kebab-case.
pub(crate) fn name(arg: &Arg) -> String {
    arg.get_long().map_or_else(|| arg.get_id().as_str().replace('_', "-").to_lowercase(), str::to_owned)
}

/// Names that the input has besides: the visible aliases of its long option, such as those of an action that is replaced.
pub(crate) fn aliases(arg: &Arg) -> Vec<&str> {
    arg.get_visible_aliases().unwrap_or_default()
}

/// Arguments under this heading of `--help` are for terminals only: no inputs of the action.
const TERMINAL: &str = "Terminal";

/// Whether the argument is an input at all: neither hidden nor for terminals only.
pub(crate) fn is_input(arg: &Arg) -> bool {
    let shown = !arg.is_hide_set() && arg.get_help_heading() != Some(TERMINAL);
    shown && matches!(arg.get_action(), ArgAction::Set | ArgAction::Append)
}

/// Whether the input is a list: one item a line.
pub(crate) fn is_list(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Append) || arg.get_num_args().is_some_and(|count| count.max_values() > 1)
}

/// Whether the input is a [`Secret`].
pub(crate) fn is_secret(arg: &Arg) -> bool {
    arg.get_value_parser().type_id() == TypeId::of::<Secret>()
}

/// A command line in which the inputs of the environment have their place.
#[derive(Default)]
pub(crate) struct Merged {
    /// The complete command line.
    pub(crate) args: Vec<OsString>,
    /// What the user gave on the command line, by name.
    pub(crate) typed: Vec<String>,
    /// Whether the command was chosen by the environment.
    pub(crate) chosen_by_input: bool,
    /// Inputs that were given, though the chosen command has no use for them.
    pub(crate) unused: Vec<String>,
    /// Everything that has to be masked.
    pub(crate) secrets: Vec<Secret>,
}

/// Puts what `INPUT_*` gives between the arguments, which win.
///
/// `command` is parsed once with errors ignored, only to see what was typed.
pub(crate) fn merged(command: &Command, args: Vec<OsString>, env: Lookup<'_>) -> Merged {
    let Ok(matches) = command.clone().ignore_errors(true).try_get_matches_from(&args) else {
        // Asked for help or the version: nothing else matters.
        return Merged { args, ..Merged::default() };
    };
    let mut merged = Merged::default();
    let typed = matches.subcommand_name().map(str::to_owned);
    let wished = if command.has_subcommands() && typed.is_none() { value(COMMAND, env) } else { None };
    merged.chosen_by_input = wished.is_some();
    let chosen = typed.clone().or_else(|| Some(wished.as_ref()?.to_string_lossy().into_owned()));
    let below = chosen.as_deref().and_then(|name| command.find_subcommand(name));

    let whole = below.is_none() || !command.is_args_conflicts_with_subcommands_set();
    let of_command = |arg: &&Arg| whole || arg.is_global_set();
    let above = merged.fill(command.get_arguments().filter(of_command), Some(&matches), env);
    let sub_matches = typed.as_deref().and_then(|_| matches.subcommand()).map(|(_, matches)| matches);
    let inner = below.map(|below| merged.fill(below.get_arguments(), sub_matches, env)).unwrap_or_default();
    merged.note_unused((command, below, whole), env);

    let at = typed.as_deref().map_or(1, |name| position(command, &args, name) + 1).min(args.len());
    let (front, back) = args.split_at(at);
    let mut front = front.to_vec();
    // Options of the tool itself stand before its command, so they go right behind the tool's name.
    front.splice(1.min(front.len())..1.min(front.len()), above.options);
    front.extend(wished);
    front.extend(inner.options);
    front.extend_from_slice(back);
    let positionals: Vec<OsString> = above.positionals.into_iter().chain(inner.positionals).collect();
    if !positionals.is_empty() && !back.iter().any(|arg| arg == "--") {
        front.push("--".into());
    }
    front.extend(positionals);
    merged.args = front;
    merged
}

/// Arguments made from the environment.
#[derive(Default)]
struct Filled {
    options: Vec<OsString>,
    positionals: Vec<OsString>,
}

impl Merged {
    fn fill<'a>(
        &mut self,
        args: impl Iterator<Item = &'a Arg>,
        matches: Option<&ArgMatches>,
        env: Lookup<'_>,
    ) -> Filled {
        let mut filled = Filled::default();
        for arg in args.filter(|arg| is_input(arg)) {
            let id = arg.get_id().as_str();
            let typed = matches.filter(|matches| matches.value_source(id) == Some(ValueSource::CommandLine));
            let values = match typed {
                Some(matches) => {
                    self.typed.push(name(arg));
                    let values: Vec<OsString> =
                        matches.get_raw(id).into_iter().flatten().map(OsStr::to_owned).collect();
                    self.note_secrets(arg, &values);
                    continue;
                }
                None => values(arg, env),
            };
            self.note_secrets(arg, &values);
            match arg.get_long() {
                Some(long) => filled.options.extend(values.iter().map(|value| option(long, value))),
                None => filled.positionals.extend(values),
            }
        }
        filled
    }

    fn note_secrets(&mut self, arg: &Arg, values: &[OsString]) {
        if is_secret(arg) {
            self.secrets.extend(values.iter().map(|value| Secret::new(value.to_string_lossy())));
        }
    }

    fn note_unused(&mut self, (command, below, whole): (&Command, Option<&Command>, bool), env: Lookup<'_>) {
        let used = |arg: &Arg| {
            let same = |other: &Arg| name(other) == name(arg);
            below.is_some_and(|below| below.get_arguments().any(same))
                || command.get_arguments().any(|other| (whole || other.is_global_set()) && same(other))
        };
        let elsewhere = command.get_arguments().chain(command.get_subcommands().flat_map(Command::get_arguments));
        for arg in elsewhere.filter(|arg| is_input(arg) && !is_secret(arg) && !used(arg)) {
            if !values(arg, env).is_empty() && !self.unused.contains(&name(arg)) {
                self.unused.push(name(arg));
            }
        }
    }
}

/// The values that the environment gives an argument; none when they are just its default, so that what a generated
/// action.yml fills in does not count as the user's word.
fn values(arg: &Arg, env: Lookup<'_>) -> Vec<OsString> {
    let given = std::iter::once(name(arg)).chain(aliases(arg).into_iter().map(str::to_owned));
    let Some(value) = given.filter_map(|name| value(&name, env)).find(|value| !is_default(arg, value)) else {
        return Vec::new();
    };
    match value.to_str() {
        Some(text) if is_list(arg) => {
            text.lines().map(str::trim).filter(|item| !item.is_empty()).map(OsString::from).collect()
        }
        _ => vec![value],
    }
}

/// Whether a value is what the argument has without it.
fn is_default(arg: &Arg, value: &OsString) -> bool {
    !arg.get_default_values().is_empty() && arg.get_default_values().join(OsStr::new("\n")) == *value
}

/// The value of `INPUT_<NAME>`, with `_` for `-` as in our action.yml files or spelled as the runner does for JavaScript
/// actions. Empty is absent, and blanks are a value, so that a threshold which came out blank is refused. The line breaks
/// that a YAML block ends with are no part of a value.
fn value(name: &str, env: Lookup<'_>) -> Option<OsString> {
    let upper = name.to_uppercase();
    let given = |key: &str| env(&format!("INPUT_{key}")).filter(|value| !value.is_empty());
    let value = given(&upper.replace('-', "_")).or_else(|| given(&upper))?;
    let Some(text) = value.to_str() else { return Some(value) };
    let text = text.trim_end_matches(['\n', '\r']);
    if text.is_empty() { None } else { Some(text.into()) }
}

fn option(long: &str, value: &OsStr) -> OsString {
    let mut option = OsString::from(format!("--{long}="));
    option.push(value);
    option
}

/// Where the command's name stands among the arguments: the same word may also be the value of an option before it.
fn position(command: &Command, args: &[OsString], name: &str) -> usize {
    let is_command = |at: &usize| {
        let matches = command.clone().ignore_errors(true).try_get_matches_from(&args[..=*at]);
        matches.is_ok_and(|matches| matches.subcommand_name() == Some(name))
    };
    (1..args.len()).find(is_command).unwrap_or(0)
}
