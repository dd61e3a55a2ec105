//! The main job: gather, decide, report.
use action::{Answer, Failure, Report};

use crate::decide;
use crate::gather::{self, Links, run_page};
use crate::inputs::{GateInputs, Settings};
use crate::record::Record;
use crate::report;

pub(crate) fn run(inputs: GateInputs, report: &mut Report) -> Result<Answer, Failure> {
    let format = inputs.format;
    let settings = inputs.settings().inspect_err(|_| report::unknown(report))?;
    let jobs = gather::jobs(&settings.source).inspect_err(|_| report::unknown(report))?;
    let mut record = decide::record(&jobs, &settings.rules);
    let doubt = linked(&mut record, &settings, report);
    report::write(report, &record, format)?;
    if let Some(doubt) = doubt {
        report.progress(format!("the links lead to the run, not to its jobs: {}", action::neutral(doubt)));
    }
    report::answer(&record)
}

/// Gives every row that fails its page. No answer depends on it, so what GitHub does not tell is only said.
fn linked(record: &mut Record, settings: &Settings, report: &Report) -> Option<String> {
    let page = run_page(report.workflow());
    let failing = record.failing().next().is_some();
    let asked = if failing { Links::ask(report.workflow(), settings.token.as_ref()) } else { Ok(Links::default()) };
    let (links, doubt) = asked.map_or_else(|why| (Links::default(), Some(why)), |links| (links, None));
    for row in record.jobs.iter_mut().filter(|row| !row.state.passes()) {
        row.url = links.page(&row.job).map(str::to_owned).or_else(|| page.clone());
    }
    doubt
}
