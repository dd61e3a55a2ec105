//! The main job: judges coverage, says so everywhere, and comments.
use action::{Answer, Failure, Report};

use crate::inputs::GateInputs;
use crate::record::{Record, Verdict};
use crate::{apply, decide, gather, report as say, today};

pub(crate) fn run(inputs: GateInputs, report: &mut Report) -> Result<Answer, Failure> {
    let settings = inputs.settings(today());
    let facts = gather::facts(&settings, report.workflow(), None)?;
    let record = decide::verdict(&facts, &settings.rules);
    apply::sticky(&settings.commenting, &record, report);
    say::write(report, (&record, &facts), &settings.sinks)?;
    answer(&record)
}

/// Pass and fail are answers; everything else could not be told.
fn answer(record: &Record) -> Result<Answer, Failure> {
    match record.verdict {
        Verdict::Pass => Ok(Answer::Yes),
        Verdict::Fail => Ok(Answer::No),
        Verdict::Unknown => {
            let unknown = record.reasons.iter().filter(|reason| reason.verdict == Verdict::Unknown);
            let codes: Vec<&str> = unknown.clone().map(|reason| reason.code.as_str()).collect();
            let doing = "tell whether coverage is high enough";
            let first = unknown.clone().next();
            let cause = first.map_or_else(String::new, |reason| reason.message.clone());
            let more = codes.len().saturating_sub(1);
            let cause = if more > 0 { format!("{cause} (and {more} more)") } else { cause };
            let failure = match codes.contains(&"unreadable-report") {
                true => Failure::outside(doing, cause),
                false => Failure::inputs(doing, cause),
            };
            let failure = match first.and_then(say::place) {
                Some(place) => failure.at(place),
                None => failure,
            };
            Err(match first.and_then(|reason| reason.hint.clone()) {
                Some(hint) => failure.hint(hint),
                None => failure,
            })
        }
    }
}
