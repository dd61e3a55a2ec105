//! The plan for people: lines for a terminal and a log, and a section of the step summary.
use action::{Line, markdown};

use super::{Detectable, Plan};
use crate::evidence::Operation;
use crate::preflight::{Finding, Severity};

/// Operations in a row that are the same but for their time are one line.
struct Repeated<'a> {
    first: &'a Operation,
    last: u64,
    times: usize,
}

fn grouped(operations: &[Operation]) -> Vec<Repeated<'_>> {
    let mut groups: Vec<Repeated<'_>> = Vec::new();
    for one in operations {
        match groups.last_mut() {
            Some(group) if (&group.first.intent, &group.first.path) == (&one.intent, &one.path) => {
                (group.last, group.times) = (one.at, group.times + 1);
            }
            _ => groups.push(Repeated { first: one, last: one.at, times: 1 }),
        }
    }
    groups
}

impl Repeated<'_> {
    fn time(&self) -> String {
        clock(self.first.at)
    }

    /// What for, and how often.
    fn words(&self) -> String {
        match self.times {
            1 => self.first.intent.clone(),
            times => format!("{} ({times} times, until {})", self.first.intent, clock(self.last)),
        }
    }
}

fn clock(seconds: u64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// The plan as lines.
pub fn lines(plan: &Plan) -> Vec<Line> {
    let mut lines = Vec::new();
    lines.extend(plan.findings.iter().flat_map(finding));
    if plan.findings.is_empty() {
        lines.push(Line::new().good("nothing stands in the way"));
    }
    lines.push(Line::new());
    for service in &plan.services {
        let shares: Vec<String> = service.shares.iter().map(share).collect();
        let shares = if shares.is_empty() { "no canary".to_owned() } else { shares.join(", ") };
        lines.push(Line::new().bold(service.name.clone()).plain(format!("  {} ready pods; {shares}", service.ready)));
    }
    lines.push(Line::new());
    match &plan.unknown {
        Some(why) => lines.push(Line::new().doubtful(format!("the changes of the cluster are not known: {why}"))),
        None => {
            let text = format!(
                "{} changes of the cluster in {} min, for a release that nothing is wrong with:",
                plan.operations.len(),
                plan.seconds.div_ceil(60)
            );
            lines.push(text.into());
        }
    }
    lines.extend(grouped(&plan.operations).iter().map(|group| {
        let call = format!("  {} {}", group.first.method, group.first.path);
        Line::new().dim(format!("{:>7}  ", group.time())).plain(group.words()).dim(call)
    }));
    if !plan.detectable.is_empty() {
        lines.push(Line::new());
        lines.push("what the first step finds in four of five releases:".into());
    }
    lines.extend(plan.detectable.iter().map(|one| Line::new().plain(format!("  {}", detects(one)))));
    lines
}

fn share(share: &super::PlannedShare) -> String {
    let canaries = if share.canaries == 1 { "1 canary".to_owned() } else { format!("{} canaries", share.canaries) };
    match (share.reached - f64::from(share.asked)).abs() < 0.05 {
        true => format!("{} % by {canaries}", share.asked),
        false => format!("{} % becomes {:.1} % by {canaries}", share.asked, share.reached),
    }
}

fn detects(one: &Detectable) -> String {
    let of = match one.service.as_str() {
        "" => format!("{} + {} pods", one.pods.0, one.pods.1),
        service => service.to_owned(),
    };
    let traffic = format!("{:.0} requests a second, {:.3} % of them fail", one.requests, one.errors * 100.0);
    let found = match one.ratio {
        Some(ratio) => format!("{ratio:.1} times as many failures"),
        None => "not even a canary that fails every request: only hard signals stop it".to_owned(),
    };
    let soon = one.tenfold.map_or_else(String::new, |seconds| format!("; ten times as many after {seconds:.0} s"));
    format!("{of}, {traffic}: {found}{soon}")
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocks => "blocks",
        Severity::Warns => "warns",
        Severity::Notes => "note",
    }
}

/// A finding and its remedy.
pub(crate) fn finding(finding: &Finding) -> [Line; 2] {
    let of = if finding.service.is_empty() { String::new() } else { format!("{}: ", finding.service) };
    let head = format!("{:<7} ", word(finding.severity));
    let line = match finding.severity {
        Severity::Blocks => Line::new().bad(head),
        Severity::Warns => Line::new().doubtful(head),
        Severity::Notes => Line::new().dim(head),
    };
    [line.bold(of).plain(finding.text.clone()), Line::new().dim(format!("        → {}", finding.remedy))]
}

/// Rows of each list that a summary shows.
const MOST: usize = 200;

/// The plan as a section of the step summary.
pub fn summary(plan: &Plan) -> String {
    let text = |text: &str| markdown::text(text.chars().take(400).collect::<String>());
    let verdict = if plan.is_clear() { "🟢 nothing stands in the way" } else { "🔴 something stands in the way" };
    let mut out = format!("## {}: {verdict}\n\n", text(&plan.group));
    for finding in plan.findings.iter().take(MOST) {
        let of =
            if finding.service.is_empty() { String::new() } else { format!("{} ", markdown::code(&finding.service)) };
        out += &format!("- **{}** {of}{} → {}\n", word(finding.severity), text(&finding.text), text(&finding.remedy));
    }
    out += "\n| service | ready | shares |\n|---|---|---|\n";
    for service in plan.services.iter().take(MOST) {
        let shares: Vec<String> = service.shares.iter().map(share).collect();
        out += &format!("| {} | {} | {} |\n", markdown::code(&service.name), service.ready, shares.join(", "));
    }
    if let Some(why) = &plan.unknown {
        out += &format!("\nThe changes of the cluster are not known: {}.\n", text(why));
    }
    if !plan.operations.is_empty() {
        out += &format!(
            "\n<details><summary>{} changes of the cluster</summary>\n\n| time | what for | call |\n|---|---|---|\n",
            plan.operations.len()
        );
        for group in grouped(&plan.operations).iter().take(MOST) {
            let call = markdown::code(format!("{} {}", group.first.method, group.first.path));
            out += &format!("| {} | {} | {call} |\n", group.time(), text(&group.words()));
        }
        out += "\n</details>\n";
    }
    if !plan.detectable.is_empty() {
        out += "\nWhat the first step finds in four of five releases:\n\n";
        out += &plan.detectable.iter().map(|one| format!("- {}\n", detects(one))).collect::<String>();
    }
    out + "\n"
}
