//! Everything that a tool says passes here: it is escaped, masked and kept within GitHub's limits.
use std::io::{self, Write};
use std::path::Path;

use crate::annotation::Annotation;
use crate::budget::Budget;
use crate::outputs::Outputs;
use crate::streams::Streams;
use crate::summary::Summary;
use crate::tool::Tool;
use crate::workflow::Workflow;
use crate::{Failure, Line, OrFail, Secret, command, file_command, neutral, render};

/// How many annotations past GitHub's limit are still listed in the log.
const LISTED: usize = 1000;

/// The way from a tool to its user: the log of a step, or a terminal.
///
/// Nothing here returns an error: the first thing that could not be said is kept, and ends the tool with exit code 3,
/// whatever `run` answers. A closed pipe (`tool | head`) is no failure.
pub struct Report {
    tool: &'static Tool,
    workflow: Workflow,
    streams: Streams,
    budget: Budget,
    listed: usize,
    status: bool,
    outputs: Outputs,
    summary: Summary,
    closed: bool,
    failure: Option<Failure>,
}

impl Report {
    /// A report of `tool` in the surroundings of `workflow`, printed to `streams`.
    pub fn new(tool: &'static Tool, workflow: Workflow, streams: Streams) -> Self {
        Self {
            tool,
            workflow,
            streams,
            budget: Budget::default(),
            listed: 0,
            status: false,
            outputs: Outputs::default(),
            summary: Summary::default(),
            closed: false,
            failure: None,
        }
    }

    /// Where the tool runs.
    pub fn workflow(&self) -> &Workflow {
        &self.workflow
    }

    /// Columns of the terminal; 100 where there is none.
    pub fn width(&self) -> usize {
        self.streams.width
    }

    /// Whether a person watches standard output on a terminal.
    pub fn interactive(&self) -> bool {
        self.streams.interactive
    }

    /// Whether nobody reads standard output any more, so that a long listing may stop.
    pub fn closed(&self) -> bool {
        self.closed
    }

    /// Sets a declared output. A value that would pass 900 KB with all others goes to a file, if the output is declared
    /// by [`crate::Output::or_file`]. On a terminal outputs are kept, and shown only by `--show-outputs`.
    ///
    /// # Panics
    /// In debug builds when `name` is not declared; in release builds that is a failure.
    pub fn output(&mut self, name: &str, value: impl AsRef<str>) {
        let result = self.outputs.set(self.tool, &self.workflow, (name, value.as_ref()));
        match result {
            Ok(None) => {}
            Ok(Some(notice)) => self.annotate(Annotation::notice(notice)),
            Err(failure) => self.fail(failure),
        }
    }

    /// The outputs set so far, in order.
    pub fn outputs(&self) -> &[(String, String)] {
        self.outputs.all()
    }

    /// Adds an annotation. In a workflow the ten heaviest of a level are shown at the end and the others are listed in
    /// the log; on a terminal each is a line on standard error.
    pub fn annotate(&mut self, annotation: Annotation) {
        if !self.workflow.in_actions {
            return self.annotation_line(&annotation);
        }
        let Some(over) = self.budget.add(annotation) else { return };
        self.listed += 1;
        match self.listed {
            1..=LISTED => self.annotation_line(&over),
            _ if self.listed == LISTED + 1 => self.progress("… and more; the first 1000 are listed above"),
            _ => {}
        }
    }

    /// Adds a section of Markdown to the summary of the step; untrusted parts go through [`crate::markdown`] first.
    /// Past 1 MiB GitHub would drop all of it, so sections that do not fit are left out, with a notice.
    pub fn summary(&mut self, section: impl AsRef<str>) {
        if let Err(failure) = self.summary.add(&self.workflow, section.as_ref()) {
            self.fail(failure);
        }
    }

    /// The sections of the summary so far.
    pub fn summaries(&self) -> &str {
        self.summary.text()
    }

    /// Hides a secret, and each of its lines, in everything that the job prints from now on.
    pub fn mask(&mut self, secret: &Secret) {
        if !self.workflow.in_actions {
            return;
        }
        let masks: String = crate::secret::masks(secret).map(|line| command::command("add-mask", &[], line)).collect();
        self.command(&masks);
        if !self.commands_on_err() {
            // The two streams are read side by side: a mask on one may come too late for the other.
            self.write_err(&masks);
        }
    }

    /// Prints one line for people. Line breaks and control characters within it are shown, not obeyed.
    pub fn line(&mut self, line: impl Into<Line>) {
        let mut text = self.shown(&line.into(), self.streams.out_colour);
        text.push('\n');
        self.write_out(text.as_bytes());
    }

    /// Prints lines for people, split at line feeds. An untrusted part of a line goes through [`crate::neutral`] before
    /// it becomes part of `text`: its own line breaks would split the line, though they could not start a command.
    pub fn text(&mut self, text: impl AsRef<str>) {
        let mut lines = String::with_capacity(text.as_ref().len() + 1);
        for line in text.as_ref().lines() {
            lines.push_str(&self.shown(&line.into(), false));
            lines.push('\n');
        }
        self.write_out(lines.as_bytes());
    }

    /// Prints exact bytes for machines. In the log of a step they are wrapped so that nothing in them is obeyed as a
    /// command; each call is wrapped by itself, so call it with as much as you have.
    pub fn machine(&mut self, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        if !self.workflow.in_actions || self.streams.redirected {
            return self.write_out(bytes);
        }
        match file_command::token() {
            Ok(token) => self.write_out(&render::wrapped(bytes, &token)),
            Err(error) => self.fail(Failure::outside("print the result", error.to_string())),
        }
    }

    /// Prints one line on standard error: what the tool is doing, for a person who waits.
    pub fn progress(&mut self, line: impl Into<Line>) {
        let mut text = self.shown(&line.into(), self.streams.err_colour);
        text.push('\n');
        self.write_err(&text);
    }

    /// Shows how far a long work is, on a line of a terminal that the next call replaces and an empty text clears; nothing
    /// where nobody watches. Clear it before anything else is said.
    pub fn status(&mut self, text: impl AsRef<str>) {
        let text: String = neutral(text.as_ref()).chars().take(self.streams.width.saturating_sub(1)).collect();
        if self.streams.err_interactive && (self.status || !text.is_empty()) {
            self.status = !text.is_empty();
            self.write_err(&format!("\r\x1b[K{text}"));
        }
    }

    /// Takes back the first thing that could not be said so far, for a tool that has to end in its own words.
    pub fn take_failure(&mut self) -> Option<Failure> {
        let flushed = self.streams.out.flush();
        self.printed(flushed);
        self.failure.take()
    }

    /// Sets an environment variable for the later steps of the job; nothing on a terminal.
    pub fn env(&mut self, name: &str, value: &str) {
        let record = || match name {
            // The runner refuses it: it would let a step run code in every later JavaScript action.
            _ if name.eq_ignore_ascii_case("NODE_OPTIONS") => Err(io::Error::other("the runner refuses it")),
            _ if value.contains('\0') => Err(io::Error::other("its value has a NUL byte")),
            _ => file_command::record(name, value),
        };
        let written = self.record(self.workflow.env.as_deref(), "GITHUB_ENV", record);
        self.keep(written.or_fail(|| format!("set the environment variable {}", neutral(name))));
    }

    /// Puts a folder in front of `PATH` for the later steps of the job; nothing on a terminal.
    pub fn path(&mut self, folder: &str) {
        // The runner takes a byte order mark at the start of the file for one.
        let odd = folder.is_empty() || folder.contains(['\n', '\r', '\0']) || folder.starts_with('\u{feff}');
        let record = || match odd {
            true => Err(io::Error::other("such a name cannot be put on PATH")),
            false => Ok(format!("{folder}\n")),
        };
        let written = self.record(self.workflow.path.as_deref(), "GITHUB_PATH", record);
        self.keep(written.or_fail(|| format!("put {} on PATH", neutral(folder))));
    }

    /// Keeps a value for the `post` step of the same action; nothing on a terminal, or in a composite action.
    pub fn state(&mut self, name: &str, value: &str) {
        let written = self.record(self.workflow.state.as_deref(), "GITHUB_STATE", || file_command::record(name, value));
        self.keep(written.or_fail(|| format!("keep the state {}", neutral(name))));
    }

    fn record(&self, file: Option<&Path>, variable: &str, text: impl FnOnce() -> io::Result<String>) -> io::Result<()> {
        let text = text()?;
        if !self.workflow.in_actions {
            return Ok(());
        }
        let file = file.ok_or_else(|| io::Error::other(format!("{variable} is not set")))?;
        file_command::append(file, &text)
    }

    /// Prints a page of help or a complaint about the command line, in colour where that shows.
    pub(crate) fn page(&mut self, page: &clap::builder::StyledStr, to_err: bool) {
        let colour = if to_err { self.streams.err_colour } else { self.streams.out_colour };
        let text = if colour { page.ansi().to_string() } else { page.to_string() };
        if to_err { self.write_err(&text) } else { self.machine(text) }
    }

    /// Ends the report: shows what was kept back. Gives the exit code for the answer.
    pub(crate) fn finish(mut self, result: Result<u8, Failure>, show_outputs: bool) -> u8 {
        match self.summary.close(&self.workflow) {
            Ok(notice) => notice.into_iter().for_each(|notice| self.annotate(notice)),
            Err(failure) => self.fail(failure),
        }
        if show_outputs {
            for (name, value) in self.outputs.all().to_vec() {
                self.line(format!("{name}={value}"));
            }
        }
        let flushed = self.streams.out.flush();
        self.printed(flushed);
        let (code, failure) = match (result, self.failure.take()) {
            (Ok(code), None) => (code, None),
            (Ok(_), Some(failure)) | (Err(failure), _) => (failure.code(), Some(failure)),
        };
        if let Some(failure) = failure {
            self.annotate(render::annotation_of(&failure, self.tool, self.workflow.in_actions));
        }
        for annotation in self.budget.take() {
            self.command(&render::command_of(&annotation));
        }
        // Whoever could still be told is gone.
        let _ = self.streams.out.flush().and(self.streams.err.flush());
        code
    }

    fn keep(&mut self, result: Result<(), Failure>) {
        if let Err(failure) = result {
            self.fail(failure);
        }
    }

    fn fail(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
    }

    fn shown(&self, line: &Line, colour: bool) -> String {
        render::line(line, colour, self.workflow.in_actions)
    }

    fn annotation_line(&mut self, annotation: &Annotation) {
        for line in render::lines_of(annotation) {
            self.progress(line);
        }
    }

    /// Commands go the way that [`Report::machine`] goes, or the runner could read them while it obeys none; but never
    /// into a file or another program.
    fn command(&mut self, lines: &str) {
        if self.commands_on_err() { self.write_err(lines) } else { self.write_out(lines.as_bytes()) }
    }

    fn commands_on_err(&self) -> bool {
        self.streams.redirected || self.closed
    }

    fn write_out(&mut self, bytes: &[u8]) {
        if !self.closed {
            let written = self.streams.out.write_all(bytes);
            self.printed(written);
        }
    }

    fn printed(&mut self, result: io::Result<()>) {
        match result {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.closed = true,
            Err(error) => self.keep(Err(error).or_fail(|| "print to standard output")),
        }
    }

    fn write_err(&mut self, text: &str) {
        // Nobody can be told that standard error is gone, and no answer depends on it.
        let _ = self.streams.err.write_all(text.as_bytes());
    }
}
