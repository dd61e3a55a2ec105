//! Everything that is said at a run's end: outputs, text or JSON, the summary, the files that were asked for.
use std::path::Path;

use action::{Failure, OrFail, Report};

use crate::evidence::{self, Evidence};
use crate::inputs::{Format, Sinks};

/// Says it all. Outputs come first: they count even if the runner kills the step in between.
pub(crate) fn tell(evidence: &Evidence, (report, sinks): (&mut Report, &Sinks)) -> Result<(), Failure> {
    let json = serde_json::to_string(evidence).or_fail(|| "write the evidence")?;
    let word = serde_json::to_value(evidence.outcome).or_fail(|| "write the evidence")?;
    report.output("outcome", word.as_str().unwrap_or_default());
    report.output("rollout", &evidence.rollout);
    report.output("phase", &evidence.phase);
    report.output("reasons", evidence::reasons(evidence).to_string());
    report.output("evidence", &json);
    if let Some(path) = &sinks.evidence {
        write(path, &format!("{json}\n"))?;
    }
    if let Some(path) = &sinks.html {
        write(path, &super::html(evidence))?;
        report.output("report", path.display().to_string());
    }
    report.summary(super::summary(evidence));
    match sinks.format {
        Format::Json => report.machine(format!("{json}\n")),
        Format::Text => super::lines(evidence, report.width()).into_iter().for_each(|line| report.line(line)),
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).or_fail(|| format!("write {}", path.display()))
}
