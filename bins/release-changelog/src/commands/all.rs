//! Every release of a history: the whole changelog.
use action::{Answer, Failure, Report};

use crate::gather::{self, Wanted};
use crate::inputs::{Format, ReleaseMode};
use crate::made::{self, Everything};
use crate::report::markdown::{Look, Stage};
use crate::settings::Settings;
use crate::{files, report as say};

pub(crate) fn run(settings: &Settings, report: &mut Report) -> Result<Answer, Failure> {
    if settings.publishing.mode != ReleaseMode::None
        || settings.require_bump
        || settings.pre.is_some()
        || settings.source.from.is_some()
    {
        let cause = "from, pre, require-bump and release are about one release";
        return Err(Failure::inputs("write all releases", cause).hint("leave `all` or those out"));
    }
    let gathered = gather::gather(&settings.source, Wanted::Everything)?;
    let links = made::links(settings, &gathered);
    let look = Look { links: &links, template: &settings.template, mentions: settings.mentions };
    let everything = Everything::of(&gathered, settings, &links);
    let records = everything.records(settings.format != Format::Md);
    let notes: Vec<String> = records.iter().map(|record| say::markdown::notes(record, &look, Stage::Full)).collect();
    let text = notes.join("\n");
    if let Some(file) = &settings.changelog_file {
        files::changelog(file, records.iter().zip(&notes).rev().map(|(record, notes)| (record, notes.as_str())))?;
    }
    let file = files::notes(settings, &text, report.workflow())?;
    let overall = everything.overall(&records);
    say::outputs::write(report, &overall, file.as_deref());
    match settings.format {
        Format::Md => report.machine(text),
        Format::Json => report.machine(format!("{}\n", made::json_of_all(&overall, &records))),
        Format::Text => records.iter().for_each(|record| say::text::write(report, record)),
    }
    Ok(Answer::Yes)
}
