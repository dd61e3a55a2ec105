//! The main job: gather, decide, report.
use action::{Answer, Failure, Report};

use crate::decide::{Question, by_folder, verdict};
use crate::gather::{self, Facts, Place, Read};
use crate::inputs::{FilterInputs, Format, OnUncertain, Settings};
use crate::report::lists::is_hostile;
use crate::report::outputs::{self, Names};
use crate::report::{self, Shown};

pub(crate) fn run(inputs: FilterInputs, report: &mut Report) -> Result<Answer, Failure> {
    let settings = inputs.settings(report.workflow())?;
    let place = Place::open(&settings.source, report.workflow())?;
    let read = gather::filters(&settings.source, &place)?;
    let facts = gather::facts(&place, &settings, read.as_ref().map(|read| &read.filters))?;
    if let (Some(doubt), OnUncertain::Fail) = (&facts.doubt, settings.on_uncertain) {
        return Err(Failure::inputs("tell what changed", doubt).hint(report::MORE_HISTORY));
    }
    let shown = decided(&settings, read, facts);
    report::warnings(report, &shown);
    report::outputs(report, &shown);
    match settings.format {
        Format::Text => report::text::write(report, &shown),
        Format::Json => report.machine(format!("{}\n", report::json(&shown))),
    }
    report::summary::write(report, &shown);
    Ok(Answer::from(!refused(&settings, &shown.facts, report)))
}

/// Decides by the filters, or by top-level folder where there are none.
pub(crate) fn decided(settings: &Settings, read: Option<Read>, facts: Facts) -> Shown {
    let (filters, path, verdict) = match read {
        Some(Read { filters, path }) => {
            let uncertain = facts.doubt.is_some();
            let question = Question {
                filters: &filters,
                changes: &facts.changes,
                quantifier: settings.source.quantifier,
                uncertain,
            };
            let verdict = verdict(&question);
            (filters, path, verdict)
        }
        None => {
            let (filters, verdict) = by_folder(&facts.changes);
            (filters, None, verdict)
        }
    };
    Shown { filters, path, facts, verdict, lists: outputs::Lists { format: settings.list, names: settings.names } }
}

/// `names: fail` turns the answer into "no" as soon as one name is hostile.
fn refused(settings: &Settings, facts: &Facts, report: &mut Report) -> bool {
    if settings.names != Names::Fail {
        return false;
    }
    let hostile = facts.changes.iter().filter(|change| is_hostile(&change.path));
    let names: Vec<String> = hostile.map(|change| action::neutral(&change.path)).collect();
    if let Some(first) = names.first() {
        let message =
            format!("{} changed file name(s) could do harm in a log or a script, the first is {first}", names.len());
        report.annotate(action::Annotation::error(message).title("hostile file name"));
    }
    !names.is_empty()
}
