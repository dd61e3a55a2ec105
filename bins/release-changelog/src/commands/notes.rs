//! The main job: notes and version of one release.
use action::{Annotation, Answer, Failure, Report};

use crate::apply::{self, Notes, Released};
use crate::gather::{self, Wanted};
use crate::inputs::{Format, NotesInputs, ReleaseMode};
use crate::made::{self, Made};
use crate::record::Record;
use crate::report::markdown::{Look, Stage};
use crate::report::{self as say, limits};
use crate::settings::Settings;
use crate::{files, logins};

pub(crate) fn run(inputs: NotesInputs, report: &mut Report) -> Result<Answer, Failure> {
    let settings = inputs.settings(report.workflow())?;
    if settings.all {
        return super::all::run(&settings, report);
    }
    let wanted = if settings.pre.is_some() { Wanted::Next { pre: true } } else { Wanted::Release };
    let gathered = gather::gather(&settings.source, wanted)?;
    let links = made::links(&settings, &gathered);
    let made = Made::of(&gathered, &settings, &links)?;
    let mut record = made.record();
    logins::fill(&mut record, &settings, report);
    let look = Look { links: &links, template: &settings.template, mentions: settings.mentions };
    let notes = say::markdown::notes(&record, &look, Stage::Full);
    say::warn(report, &record);
    made.notices().into_iter().for_each(|notice| report.annotate(notice));
    let file = files::notes(&settings, &notes, report.workflow())?;
    say::outputs::write(report, &record, file.as_deref());
    match settings.format {
        Format::Md => report.machine(&notes),
        Format::Json => report.machine(format!("{}\n", made::json(&record))),
        Format::Text => say::text::write(report, &record),
    }
    say::outputs::summary(report, &record, &notes);
    if let Some(refusal) = made.refusal()? {
        report.annotate(Annotation::error(refusal).title("require-bump"));
        return Ok(Answer::No);
    }
    if let Some(file) = &settings.changelog_file {
        files::changelog(file, std::iter::once((files::name(&record), notes.clone())))?;
    }
    if settings.publishing.mode == ReleaseMode::None {
        return Ok(Answer::Yes);
    }
    let body = limits::body(&record, &look, &notes);
    let mut tell = |line: String| report.progress(line);
    let released = publish(&settings, (&record, body), notes, &mut tell)?;
    Ok(say::released::write(report, released))
}

/// Hands the notes over; everything is checked before anything is public.
fn publish(
    settings: &Settings,
    (record, body): (&Record<'_>, Option<limits::Body>),
    full: String,
    tell: &mut dyn FnMut(String),
) -> Result<Released, Failure> {
    let Some(tag) = record.tag.clone().filter(|_| record.tagged) else {
        let cause = format!("{} is no tag", action::neutral(&record.to));
        return Err(Failure::inputs("make the release", cause).hint("make the tag first, or name it by `to`"));
    };
    let body = body.ok_or_else(|| limits::too_long(full.len()))?;
    let notes = Notes {
        title: tag.clone(),
        tag,
        commit: record.commit.clone(),
        full: (body.stage != Stage::Full).then_some(full),
        body: body.text,
        prerelease: record.prerelease,
    };
    apply::release(&settings.publishing, &notes, tell)
}
