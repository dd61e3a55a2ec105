//! The release as it would be, for each pull request: notes, version and limits; nothing is changed.
use action::{Annotation, Answer, Failure, Report};

use crate::gather::{self, Wanted};
use crate::inputs::{Format, NotesInputs};
use crate::made::{self, Made};
use crate::report::markdown::{Look, Stage};
use crate::report::{self as say, limits};

pub(crate) fn run(inputs: NotesInputs, report: &mut Report) -> Result<Answer, Failure> {
    let settings = inputs.settings(report.workflow())?;
    let gathered = gather::gather(&settings.source, Wanted::Next { pre: settings.pre.is_some() })?;
    let links = made::links(&settings, &gathered);
    let made = Made::of(&gathered, &settings, &links)?;
    let record = made.record();
    let look = Look { links: &links, template: &settings.template, mentions: settings.mentions };
    let notes = say::markdown::notes(&record, &look, Stage::Full);
    say::warn(report, &record);
    made.notices().into_iter().for_each(|notice| report.annotate(notice));
    say::outputs::write(report, &record, None);
    match settings.format {
        Format::Md => report.machine(&notes),
        Format::Json => report.machine(format!("{}\n", made::json(&record))),
        Format::Text => say::text::write(report, &record),
    }
    say::outputs::summary(report, &record, &notes);
    let mut problems: Vec<String> = made.collision().into_iter().chain(made.refusal()?).collect();
    match limits::body(&record, &look, &notes) {
        None => problems.push(limits::too_long(notes.len()).to_string()),
        Some(body) if body.stage != Stage::Full => {
            let cause = format!("the notes have {} bytes, and GitHub takes {}", notes.len(), limits::LARGEST_BODY);
            report.annotate(Annotation::warning(format!(
                "{cause}: a release would have a shorter text, and these as a file"
            )));
        }
        Some(_) => {}
    }
    for problem in &problems {
        report.annotate(Annotation::error(problem.as_str()).title("the release would fail"));
    }
    Ok(Answer::from(problems.is_empty()))
}
