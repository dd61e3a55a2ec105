//! Which release and bucket a commit is in, and why.
use action::{Answer, Failure, Line, OrFail, Report};
use serde_json::json;

use crate::decide::{Entry, Why};
use crate::gather::{self, Gathered, Wanted};
use crate::inputs::{ExplainInputs, Format};
use crate::made::{self, Everything, Made};
use crate::report::remedy;
use crate::settings::Settings;

pub(crate) fn run(inputs: ExplainInputs, report: &mut Report) -> Result<Answer, Failure> {
    let ExplainInputs { commit, notes } = inputs;
    let settings = notes.settings(report.workflow())?;
    let repo = gather::open()?;
    let asked = action::neutral(&commit);
    let id = repo.resolve(&commit).or_bad_input(|| format!("find {asked}"))?;
    let id = id.ok_or_else(|| Failure::inputs(format!("find {asked}"), "nothing in this clone has that name"))?;
    let one = settings.source.from.is_some();
    let gathered = gather::gather(&settings.source, if one { Wanted::Release } else { Wanted::Everything })?;
    let Some(place) = gathered.facts.find(&id.to_string()) else {
        let cause = format!("it is not in the history of {}", gathered.target.to_name);
        return Err(Failure::inputs(format!("explain {asked}"), cause).hint("name its end by --to"));
    };
    let links = made::links(&settings, &gathered);
    let (release, entry) = if one {
        let made = Made::of(&gathered, &settings, &links)?;
        (made.name(), made.entry(place))
    } else {
        Everything::of(&gathered, &settings, &links).entry(place)
    };
    let entry = entry.or_fail(|| format!("find {asked} in the ledger"))?;
    tell(report, (&gathered, &settings), (&release, entry));
    Ok(Answer::Yes)
}

fn tell(report: &mut Report, (gathered, settings): (&Gathered, &Settings), (release, entry): (&str, Entry)) {
    let commit = &gathered.facts.commits[entry.place as usize];
    let told = &commit.told;
    let why = why(gathered, settings, entry);
    let lint: Vec<&str> = told.lint().iter().map(|lint| lint.code()).collect();
    if settings.format == Format::Json {
        let value = json!({
            "id": commit.id.to_string(), "release": release, "bucket": entry.bucket.word(), "why": why,
            "type": told.kind, "scope": told.scope, "conventional": told.conventional, "breaking": told.breaking(), "lint": lint,
        });
        return report.machine(format!("{value}\n"));
    }
    report.line(Line::new().plain(format!("{}  ", commit.id)).bold(told.subject.to_string()));
    report.line(format!("release  {release}"));
    report.line(Line::new().plain("bucket   ").good(entry.bucket.word()).plain(format!(": {why}")));
    for note in told.notes() {
        report.line(Line::new().bad("breaking").plain(format!(" {note}")));
    }
    for code in lint {
        report.line(Line::new().doubtful(code).plain(format!("  {}", remedy(code))));
    }
}

fn why(gathered: &Gathered, settings: &Settings, entry: Entry) -> String {
    let commit = &gathered.facts.commits[entry.place as usize];
    let kind = commit.told.kind.as_deref().unwrap_or("no type");
    match entry.why {
        Why::Section(section) => format!("type {kind} is shown in {}", settings.sections.title(section)),
        Why::Breaks(section) => {
            format!("what breaks is never hidden; type {kind} is shown in {}", settings.sections.title(section))
        }
        Why::HiddenType => format!("type {kind} is hidden; `{kind}=Title` in sections shows it"),
        Why::Parents => {
            format!("it has {} parents, and what it brings is in the ledger by itself", commit.parents.len())
        }
        Why::RevertedBy(by) => format!("{} reverts it", gathered.facts.commits[by as usize].id),
        Why::Reverts => "it reverts what is in the same release".to_owned(),
        Why::NamesVersion => "it only names a version".to_owned(),
        Why::Unconventional => "its message is not conventional, so it is shown as an other change".to_owned(),
        Why::TouchesNothing => "it changes nothing that paths names".to_owned(),
    }
}
