//! Commit messages, judged with the reason.
use std::fs;

use action::{Annotation, Answer, Failure, Line, OrFail, Report};
use comparison::Range;
use serde::Serialize;

use crate::decide::releases::only_names_a_version;
use crate::gather::{self, Wanted};
use crate::inputs::{LintFormat, LintInputs};
use crate::report::remedy;
use crate::settings::Source;
use crate::told::Told;

/// One finding.
#[derive(Serialize)]
struct Finding {
    /// The full id; `None` for a message from a file.
    id: Option<String>,
    code: &'static str,
    subject: String,
    remedy: &'static str,
}

const UNCONVENTIONAL: &str = "unconventional";
const UNCONVENTIONAL_REMEDY: &str = "write `type: description`, such as `fix: read empty files`";

pub(crate) fn run(inputs: LintInputs, report: &mut Report) -> Result<Answer, Failure> {
    let LintInputs { source, message_file, format } = inputs;
    let (count, findings) = match message_file {
        Some(file) => {
            let doing = || format!("read the message {}", file.display());
            let text = fs::read(&file).or_bad_input(doing)?;
            let text = String::from_utf8_lossy(&text);
            (1, of(None, &Told::of(&without_comments(&text)), false))
        }
        None => of_range(source.settings(report.workflow(), None)?, report)?,
    };
    match format {
        LintFormat::Json => {
            report.machine(format!("{}\n", serde_json::to_string(&findings).or_fail(|| "print findings")?))
        }
        LintFormat::Text => findings.iter().for_each(|finding| tell(finding, report)),
    }
    if report.workflow().in_actions {
        for finding in &findings {
            let text = format!("{}: {}", finding.subject, finding.remedy);
            report.annotate(Annotation::error(text).title(finding.code));
        }
    }
    if format == LintFormat::Text {
        report.line(format!("{count} messages, {} findings", findings.len()));
    }
    Ok(Answer::from(findings.is_empty()))
}

/// The file that git hands to its hook has comments, and below the scissors a patch.
fn without_comments(text: &str) -> String {
    let lines = text.lines().take_while(|line| !line.starts_with("# ------------------------ >8"));
    lines.filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect()
}

fn tell(finding: &Finding, report: &mut Report) {
    let id = finding.id.as_deref().map_or("message", |id| &id[..10]);
    report.line(Line::new().plain(format!("{id}  ")).bad(finding.code).plain(format!("  {}", finding.subject)));
    report.line(Line::new().dim(format!("            {}", finding.remedy)));
}

/// What a pull request brings, or else what is not released yet.
fn of_range(mut source: Source, report: &Report) -> Result<(usize, Vec<Finding>), Failure> {
    if source.from.is_none() && report.workflow().event_name.as_deref() == Some("pull_request") {
        let repo = gather::open()?;
        let head = repo.head().or_fail(|| "read HEAD")?.or_bad_input(|| "read HEAD")?;
        match comparison::choose(&repo, report.workflow(), (head, None))? {
            Range::From { base, .. } => source.from = Some(base.to_string()),
            Range::Nothing(why) => return Err(Failure::inputs("tell which messages to judge", why)),
            Range::Missing { what, hint } => {
                return Err(Failure::inputs("tell which messages to judge", what).hint(hint));
            }
        }
    }
    let gathered = gather::gather(&source, Wanted::Next { pre: false })?;
    let commits = gathered.members.iter().map(|&place| &gathered.facts.commits[place as usize]);
    let mut findings = Vec::new();
    for commit in commits {
        findings.extend(of(Some(commit.id.to_string()), &commit.told, commit.parents.len() > 1));
    }
    Ok((gathered.members.len(), findings))
}

fn of(id: Option<String>, told: &Told, merge: bool) -> Vec<Finding> {
    let finding = |code, remedy| Finding { id: id.clone(), code, subject: told.subject.to_string(), remedy };
    let mut findings: Vec<Finding> = told.lint().iter().map(|lint| finding(lint.code(), remedy(lint.code()))).collect();
    // Git and GitHub word merges and reverts, and releases are made by machines.
    let excused = told.conventional || merge || told.is_revert() || only_names_a_version(told);
    if !excused && findings.is_empty() {
        findings.push(finding(UNCONVENTIONAL, UNCONVENTIONAL_REMEDY));
    }
    findings
}
