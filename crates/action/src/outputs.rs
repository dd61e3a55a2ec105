//! Outputs: only declared ones, within GitHub's limit, with a file for what is too big.
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::PathBuf;

use crate::tool::{Output, Tool};
use crate::workflow::Workflow;
use crate::{Failure, OrFail, file_command};

/// GitHub takes 1 MB of outputs per job, counted in UTF-16; from here on a value goes to a file.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idoutputs>
pub(crate) const TO_FILE: usize = 900_000;
/// From here on GitHub would drop outputs.
pub(crate) const LIMIT: usize = 1_000_000;

/// The outputs set so far.
#[derive(Default)]
pub(crate) struct Outputs {
    all: Vec<(String, String)>,
    size: usize,
}

impl Outputs {
    /// The outputs set so far, in order.
    pub(crate) fn all(&self) -> &[(String, String)] {
        &self.all
    }

    /// Sets one output; gives a notice when its value went to a file.
    pub(crate) fn set(
        &mut self,
        tool: &Tool,
        workflow: &Workflow,
        (name, value): (&str, &str),
    ) -> Result<Option<String>, Failure> {
        let declared = tool.outputs.iter().find(|output| output.name == name);
        debug_assert!(declared.is_some(), "{} does not declare the output {name}", tool.name);
        let doing = || format!("set the output {name}");
        let declared = declared.ok_or_else(|| Failure::outside(doing(), "it is not declared: this is a bug"))?;
        let after = self.size + cost(name, value);
        if !workflow.in_actions || after <= TO_FILE || (!declared.file && after <= LIMIT) {
            self.write(workflow, name, value).or_fail(doing)?;
            return Ok(None);
        }
        if !declared.file {
            let cause = format!("all outputs together would have {after} bytes in UTF-16, and GitHub takes {LIMIT}");
            return Err(Failure::outside(doing(), cause));
        }
        self.write_aside(tool, workflow, (declared, value)).or_fail(doing)?;
        Ok(Some(format!(
            "the output {name} is too big for GitHub: it is in the file that the output {name}-file names"
        )))
    }

    fn write(&mut self, workflow: &Workflow, name: &str, value: &str) -> io::Result<()> {
        if workflow.in_actions {
            let file = workflow.output.as_deref().ok_or_else(|| io::Error::other("GITHUB_OUTPUT is not set"))?;
            file_command::append(file, &file_command::record(name, value)?)?;
        }
        self.size += cost(name, value);
        self.all.push((name.to_owned(), value.to_owned()));
        Ok(())
    }

    fn write_aside(&mut self, tool: &Tool, workflow: &Workflow, (output, value): (&Output, &str)) -> io::Result<()> {
        let folder = workflow.runner_temp.as_deref().ok_or_else(|| io::Error::other("RUNNER_TEMP is not set"))?;
        // The same action may run several times in a job, so the name must be new each time.
        let path: PathBuf = folder.join(format!("{}-{}-{}", tool.name, output.name, file_command::token()?));
        OpenOptions::new().write(true).create_new(true).open(&path)?.write_all(value.as_bytes())?;
        let path = path.to_str().ok_or_else(|| io::Error::other("RUNNER_TEMP is not UTF-8"))?;
        self.write(workflow, &format!("{}-file", output.name), path)
    }
}

fn cost(name: &str, value: &str) -> usize {
    2 * (name.len() + value.encode_utf16().count())
}
