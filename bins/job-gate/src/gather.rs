//! The world: how the jobs ended, and where their runs are to be seen.
mod links;

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use action::{Failure, OrFail as _};

use crate::inputs::Source;
use crate::needs::{self, Job};
pub(crate) use links::{Links, run_page};

/// GitHub gives a run's jobs 50 MB of outputs in all, counted in UTF-16; with JSON's escapes it may be a little more.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idoutputs>
const LARGEST: u64 = 64 << 20;

/// The jobs with their results.
pub(crate) fn jobs(source: &Source) -> Result<Vec<Job>, Failure> {
    let (input, read) = match source {
        Source::Json(text) => ("input needs".to_owned(), needs::of_json(text)),
        Source::Lines(text) => ("input results".to_owned(), needs::of_lines(text)),
        Source::File(path) => (format!("file {}", shown(path)), needs::of_json(&file(path)?)),
    };
    read.map_err(|problem| {
        Failure::inputs(format!("tell by the {input} how the jobs ended"), problem.message).hint(problem.hint)
    })
}

/// A path for messages.
pub(crate) fn shown(path: &Path) -> String {
    action::neutral(path.as_os_str().as_encoded_bytes())
}

/// A text file, up to a bound.
pub(crate) fn file(path: &Path) -> Result<String, Failure> {
    let doing = || format!("read the file {}", shown(path));
    let mut bytes = Vec::new();
    File::open(path).or_fail(doing)?.take(LARGEST + 1).read_to_end(&mut bytes).or_fail(doing)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::inputs(doing(), format!("it has more than {} MiB", LARGEST >> 20)));
    }
    String::from_utf8(bytes).map_err(|_| Failure::inputs(doing(), "it is not UTF-8"))
}
