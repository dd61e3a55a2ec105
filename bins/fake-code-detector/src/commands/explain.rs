//! `explain FK201`: the page of a rule; without one, the list of all.
use action::{Answer, Failure, Line, Report};

use crate::finding::Severity;
use crate::inputs::ExplainInputs;
use crate::rules::{self, Rule, Scope};

pub(crate) fn run(inputs: ExplainInputs, report: &mut Report) -> Result<Answer, Failure> {
    let ExplainInputs { rule, markdown } = inputs;
    let Some(asked) = rule else {
        match markdown {
            true => report.machine(index()),
            false => rules::ALL.iter().for_each(|rule| report.line(entry(rule))),
        }
        return Ok(Answer::Yes);
    };
    let found = rules::ALL.iter().find(|rule| rule.id.eq_ignore_ascii_case(&asked) || rule.name == asked);
    let rule = found.ok_or_else(|| {
        let cause = format!("there is no rule {}", action::neutral(&asked));
        Failure::inputs("explain a rule", cause).hint("`fake-code-detector explain` lists all rules")
    })?;
    match markdown {
        true => report.machine(page(rule)),
        false => print(rule, report),
    }
    Ok(Answer::Yes)
}

fn entry(rule: &Rule) -> Line {
    styled(Line::new().bold(format!("{}  {:<26}", rule.id, rule.name)), rule.severity)
        .plain(format!("  {}", rule.about))
}

fn styled(line: Line, severity: Severity) -> Line {
    match severity {
        Severity::Error => line.bad("error  "),
        Severity::Warning => line.doubtful("warning"),
        Severity::Note => line.dim("note   "),
    }
}

fn print(rule: &Rule, report: &mut Report) {
    report.line(styled(Line::new().bold(format!("{} {}  ", rule.id, rule.name)), rule.severity));
    report.line("");
    let width = report.width().min(100);
    for paragraph in [rule.about, rule.details] {
        wrapped(paragraph, width).iter().for_each(|line| report.line(line.as_str()));
        report.line("");
    }
    for (title, code) in
        [("found", rule.bad), ("not found", rule.good)].into_iter().filter(|(_, code)| !code.is_empty())
    {
        report.line(Line::new().dim(title));
        code.lines().for_each(|line| report.line(format!("    {line}")));
        report.line("");
    }
    report.line(Line::new().dim("repair  ").plain(rule.repair));
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().map_or(0, |line| line.chars().count());
        match lines.last_mut() {
            Some(line) if last == 0 || last + 1 + word.chars().count() <= width => {
                if last > 0 {
                    line.push(' ');
                }
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The page of a rule as Markdown.
pub(crate) fn page(rule: &Rule) -> String {
    let scope = match rule.scope {
        Scope::Production => "production code",
        Scope::Tests => "tests",
    };
    let mut page = format!(
        "# {} {}\n\n{}, in {scope}.\n\n{}.\n\n{}\n",
        rule.id,
        rule.name,
        word(rule.severity),
        rule.about,
        rule.details.split_whitespace().collect::<Vec<_>>().join(" ")
    );
    for (title, code) in
        [("Found", rule.bad), ("Not found", rule.good)].into_iter().filter(|(_, code)| !code.is_empty())
    {
        page.push_str(&format!("\n{title}:\n\n```tsx\n{}\n```\n", code.trim_end()));
    }
    page.push_str(&format!("\nRepair: {}.\n", rule.repair));
    page
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Note => "Note",
    }
}

/// The table of all rules as Markdown.
pub(crate) fn index() -> String {
    let mut text = "| rule | | finds |\n|---|---|---|\n".to_owned();
    for rule in rules::ALL {
        text.push_str(&format!(
            "| [{0}](rules/{0}.md) {1} | {2} | {3} |\n",
            rule.id,
            rule.name,
            word(rule.severity),
            rule.about.replace('|', "\\|")
        ));
    }
    text
}
