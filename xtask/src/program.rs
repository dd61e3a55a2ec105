//! Running other programs, with failures that show the exact command.
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A command line, kept beside the command so that a failure can show it.
pub(crate) struct Program {
    command: Command,
    line: String,
}

impl Program {
    /// A program with its arguments.
    pub(crate) fn new<A: AsRef<OsStr>>(program: impl AsRef<OsStr>, args: impl IntoIterator<Item = A>) -> Self {
        let mut line = program.as_ref().to_string_lossy().into_owned();
        let mut command = Command::new(program);
        for arg in args {
            line.push(' ');
            line.push_str(&word(&arg.as_ref().to_string_lossy()));
            command.arg(arg);
        }
        command.stdin(Stdio::null());
        Self { command, line }
    }

    /// The cargo that runs us, in the root of the workspace.
    pub(crate) fn cargo<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Self {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut program = Self::new(cargo, args).at(&crate::place::root());
        program.line = format!("cargo{}", program.line.find(' ').map_or("", |at| &program.line[at..]));
        program
    }

    /// Sets the working folder.
    pub(crate) fn at(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Sets a variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Leaves a variable of the environment out.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// The command as one would type it.
    pub(crate) fn line(&self) -> &str {
        &self.line
    }

    /// Gives the command away, to be started in a special way.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    /// Runs it with its output going where ours goes.
    pub(crate) fn run(mut self) -> Result<(), String> {
        let status = self.command.status().map_err(|e| format!("could not run `{}`: {e}", self.line))?;
        if status.success() { Ok(()) } else { Err(format!("`{}` ended with {status}", self.line)) }
    }

    /// Runs it quietly and gives what it printed; a failure carries the end of what it said.
    pub(crate) fn output(self) -> Result<String, String> {
        let (line, output) = self.outcome()?;
        succeeded(&line, &output)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// As [`Self::output`], with what it printed to both streams.
    pub(crate) fn output_and_errors(self) -> Result<String, String> {
        let (line, output) = self.outcome()?;
        succeeded(&line, &output)?;
        Ok(both(&output))
    }

    /// Runs it quietly and gives both streams as one text, whatever it ended with.
    pub(crate) fn said(self) -> Result<String, String> {
        let (_, output) = self.outcome()?;
        Ok(both(&output))
    }

    fn outcome(mut self) -> Result<(String, Output), String> {
        let output = self.command.output().map_err(|e| format!("could not run `{}`: {e}", self.line))?;
        Ok((self.line, output))
    }
}

fn both(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn succeeded(line: &str, output: &Output) -> Result<(), String> {
    if output.status.success() {
        return Ok(());
    }
    let said = both(output);
    let lines: Vec<&str> = said.lines().collect();
    let end = lines[lines.len().saturating_sub(30)..].join("\n    ");
    Err(format!("`{line}` ended with {}:\n    {end}", output.status))
}

/// An argument, quoted where a shell would need it.
fn word(arg: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@+%".contains(c);
    if !arg.is_empty() && arg.chars().all(plain) { arg.to_owned() } else { format!("'{}'", arg.replace('\'', r"'\''")) }
}
