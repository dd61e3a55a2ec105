//! What the runner obeys in the log of a step.
use std::collections::BTreeMap;

/// One command that the runner would obey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Line of the log, counted from 1.
    pub line: usize,
    /// Its name in lower case.
    pub name: String,
    /// Its properties, unescaped.
    pub properties: BTreeMap<String, String>,
    /// Its data, unescaped.
    pub data: String,
}

/// A log, read as the runner does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Log {
    /// The commands, in order; `stop-commands` and the token that ends it are among them.
    pub commands: Vec<Command>,
    /// The lines that are shown as they are.
    pub text: Vec<String>,
    /// The token that commands still wait for at the end; they would stay off for the rest of the job.
    pub stopped: Option<String>,
}

impl Log {
    /// The commands of one name.
    pub fn named(&self, name: &str) -> impl Iterator<Item = &Command> {
        self.commands.iter().filter(move |command| command.name == name)
    }
}

/// The commands that the runner knows; any other is text.
const KNOWN: [&str; 16] = [
    "add-mask",
    "add-matcher",
    "add-path",
    "debug",
    "echo",
    "endgroup",
    "error",
    "group",
    "internal-set-repo-path",
    "notice",
    "remove-matcher",
    "save-state",
    "set-env",
    "set-output",
    "stop-commands",
    "warning",
];

/// Reads the log of a step; what a process wrote to both streams is read the same way.
///
/// A line ends at a line feed, a carriage return, or both. Bytes that are not UTF-8 are replaced, as the runner does.
pub fn log(bytes: &[u8]) -> Log {
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n").replace('\r', "\n");
    let mut log = Log::default();
    for (at, line) in text.strip_suffix('\n').unwrap_or(&text).split('\n').enumerate() {
        let token = log.stopped.clone();
        let known = |name: &str| KNOWN.contains(&name) || token.as_deref().is_some_and(|token| token == name);
        let command = modern(line, known).or_else(|| legacy(line, known));
        let Some(mut command) = command else {
            log.text.push(line.to_owned());
            continue;
        };
        command.line = at + 1;
        match &token {
            Some(token) if *token == command.name => log.stopped = None,
            Some(_) => {
                log.text.push(line.to_owned());
                continue;
            }
            None if command.name == "stop-commands" => log.stopped = Some(command.data.to_lowercase()),
            None => {}
        }
        log.commands.push(command);
    }
    log
}

/// `::name key=value,key=value::data`, after white space.
fn modern(line: &str, known: impl Fn(&str) -> bool) -> Option<Command> {
    let (info, data) = line.trim_start().strip_prefix("::")?.split_once("::")?;
    let escapes = [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")];
    let data_escapes = [escapes[0], escapes[1], escapes[4]];
    command(info, known, (',', &escapes), unescaped(data, &data_escapes))
}

/// `##[name key=value;key=value]data`, anywhere in a line.
fn legacy(line: &str, known: impl Fn(&str) -> bool) -> Option<Command> {
    let (info, data) = line.split_once("##[")?.1.split_once(']')?;
    let escapes = [("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%25", "%")];
    command(info, known, (';', &escapes), unescaped(data, &escapes))
}

type Escapes<'a> = &'a [(&'a str, &'a str)];

fn command(
    info: &str,
    known: impl Fn(&str) -> bool,
    (separator, escapes): (char, Escapes<'_>),
    data: String,
) -> Option<Command> {
    let (name, properties) = info.split_once(' ').unwrap_or((info, ""));
    let name = name.to_lowercase();
    if !known(&name) {
        return None;
    }
    let pair = |pair: &str| {
        // Equals signs in front of the value are eaten, and so is a pair without a value.
        let (key, value) = pair.trim_start_matches('=').split_once('=')?;
        let value = value.trim_start_matches('=');
        (!value.is_empty()).then(|| (key.to_owned(), unescaped(value, escapes)))
    };
    let properties = properties.trim().split(separator).filter_map(pair).collect();
    Some(Command { line: 0, name, properties, data })
}

/// One escape after the other over the whole text, the percent sign last, as the runner does.
fn unescaped(text: &str, escapes: Escapes<'_>) -> String {
    escapes.iter().fold(text.to_owned(), |text, (escape, meaning)| text.replace(escape, meaning))
}
