//! Every release of a history: the whole changelog.
use action::{Answer, Failure, Report};

use crate::gather::{self, Wanted};
use crate::inputs::{Format, ReleaseMode};
use crate::made::{self, Everything};
use crate::report::markdown::{Look, Stage, notes};
use crate::settings::Settings;
use crate::{files, report as say};

pub(crate) fn run(settings: &Settings, report: &mut Report) -> Result<Answer, Failure> {
    let one = settings.require_bump || settings.pre.is_some() || settings.source.from.is_some();
    if one || settings.publishing.mode != ReleaseMode::None {
        let cause = "from, pre, require-bump and release are about one release";
        return Err(Failure::inputs("write all releases", cause).hint("leave `all` or those out"));
    }
    let gathered = gather::gather(&settings.source, Wanted::Everything)?;
    let links = made::links(settings, &gathered);
    let everything = Everything::of(&gathered, settings, &links);
    let look = Look { links: &links, template: &settings.template, mentions: settings.mentions };
    let in_actions = report.workflow().in_actions;
    let overall = everything.overall(in_actions || settings.format == Format::Json);
    if in_actions || settings.notes_out.is_some() || settings.changelog_file.is_some() {
        let file = written(settings, (&everything, &look), report)?;
        say::outputs::write(report, &overall, file.as_deref());
    }
    match settings.format {
        // The log of a step takes it in one piece; a terminal and a file take it release by release.
        Format::Md if in_actions => report.machine(text(&everything, &look)),
        Format::Md => {
            for at in 0..everything.count() {
                let gap = if at == 0 { "" } else { "\n" };
                report.machine(format!("{gap}{}", notes(&everything.record(at, false), &look, Stage::Full)));
            }
        }
        Format::Json => report.machine(format!("{}\n", made::json_of_all(&overall, &everything))),
        Format::Text => {
            for at in 0..everything.count() {
                say::text::write(report, &everything.record(at, true));
            }
        }
    }
    Ok(Answer::Yes)
}

fn text(everything: &Everything<'_>, look: &Look<'_>) -> String {
    let all = (0..everything.count()).map(|at| notes(&everything.record(at, false), look, Stage::Full));
    all.collect::<Vec<_>>().join("\n")
}

/// Writes the files; gives the path of the notes.
fn written(
    settings: &Settings,
    (everything, look): (&Everything<'_>, &Look<'_>),
    report: &Report,
) -> Result<Option<String>, Failure> {
    if let Some(file) = &settings.changelog_file {
        let oldest_first = (0..everything.count()).rev().map(|at| {
            let record = everything.record(at, false);
            let notes = notes(&record, look, Stage::Full);
            (files::name(&record), notes)
        });
        files::changelog(file, oldest_first)?;
    }
    files::notes(settings, &text(everything, look), report.workflow())
}
