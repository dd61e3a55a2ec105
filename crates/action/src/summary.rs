//! The step summary: whole sections, up to GitHub's 1 MiB.
use std::path::Path;

use crate::annotation::Annotation;
use crate::workflow::Workflow;
use crate::{Failure, OrFail, file_command};

/// A bigger summary is dropped whole by the runner.
pub(crate) const LIMIT: u64 = 1 << 20;
/// Kept free for the line that says what is missing.
const RESERVE: u64 = 256;

/// What was written to the summary.
#[derive(Default)]
pub(crate) struct Summary {
    text: String,
    /// What is in the file, with what was there before; read at the first section.
    size: Option<u64>,
    left_out: usize,
}

impl Summary {
    /// The sections that were written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Adds a section, or counts it when it does not fit. Once one is left out, all later ones are: a summary ends
    /// early, it has no holes.
    pub(crate) fn add(&mut self, workflow: &Workflow, section: &str) -> Result<(), Failure> {
        let mut section = section.trim_end().to_owned();
        section.push_str("\n\n");
        let file = workflow.step_summary.as_deref().filter(|_| workflow.in_actions);
        let size = *self.size.get_or_insert_with(|| file.map_or(0, length));
        let after = size + section.len() as u64;
        if self.left_out > 0 || after > LIMIT - RESERVE {
            self.left_out += 1;
            return Ok(());
        }
        if let Some(file) = file {
            file_command::append(file, &section).or_fail(|| "write the step summary")?;
        }
        self.size = Some(after);
        self.text.push_str(&section);
        Ok(())
    }

    /// Ends the summary. When something was left out or nobody gets to see it, says so.
    pub(crate) fn close(&mut self, workflow: &Workflow) -> Result<Option<Annotation>, Failure> {
        if !workflow.in_actions || self.size.is_none() {
            return Ok(None);
        }
        let Some(file) = workflow.step_summary.as_deref() else {
            return Ok(Some(Annotation::notice("there is no step summary: GITHUB_STEP_SUMMARY is not set")));
        };
        if self.left_out == 0 {
            return Ok(None);
        }
        let notice = format!("{} more sections did not fit into the step summary (1 MiB)", self.left_out);
        let line = format!("*{notice}*\n");
        if length(file) + line.len() as u64 <= LIMIT {
            file_command::append(file, &line).or_fail(|| "write the step summary")?;
        }
        Ok(Some(Annotation::notice(notice)))
    }
}

fn length(file: &Path) -> u64 {
    file.metadata().map_or(0, |found| found.len())
}
