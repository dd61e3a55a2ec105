//! The next version, by itself.
use action::{Answer, Failure, Report};

use crate::gather::{self, Wanted};
use crate::inputs::{Format, NotesInputs};
use crate::made::{self, Made};
use crate::report as say;

pub(crate) fn run(inputs: NotesInputs, report: &mut Report) -> Result<Answer, Failure> {
    let settings = inputs.settings(report.workflow())?;
    let gathered = gather::gather(&settings.source, Wanted::Next { pre: settings.pre.is_some() })?;
    let links = made::links(&settings, &gathered);
    let made = Made::of(&gathered, &settings, &links)?;
    let record = made.record();
    say::warn(report, &record);
    say::outputs::write(report, &record, None);
    if let Some(collision) = made.collision() {
        let hint = "release from a branch that has that tag in its history, or name the range by from and to";
        return Err(Failure::inputs("tell the next version", collision).hint(hint));
    }
    match (settings.format, &record.version) {
        (Format::Json, _) => report.machine(format!("{}\n", made::json(&record))),
        (_, Some(version)) => report.machine(format!("{version}\n")),
        (_, None) => report.progress("nothing asks for a release"),
    }
    Ok(Answer::from(record.version.is_some()))
}
