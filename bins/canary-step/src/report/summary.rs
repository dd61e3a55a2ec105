//! The report as a section of the step summary: Markdown in which nothing of what strangers wrote is markup, and never too long.
use action::markdown::{block, code, link, text};

use super::numbers::Sum;
use super::verdict::{self, Headline, Tone};
use super::words::{clock, cut, evidence as number, latency, percent, span, version};
use crate::evidence::{Evidence, Reason, ServiceRow};

/// GitHub takes 1 MiB of all steps of a job together; what does not fit into this stays in the HTML report.
const LARGEST: usize = 512 << 10;
/// Rows of each list that are shown.
const MOST: usize = 100;
/// Reasons that are shown with their log lines.
const MOST_REASONS: usize = 20;
/// Letters of a text of somebody else's that are shown.
const LONGEST: usize = 400;

/// The section.
pub fn summary(evidence: &Evidence) -> String {
    let headline = Headline::of(evidence);
    let icon = match headline.tone {
        Tone::Good => "🟢",
        Tone::Bad => "🔴",
        Tone::Doubtful => "🟡",
        Tone::Neutral => "🔵",
    };
    let mut out = format!("## {icon} {}: {}\n\n", text(cut(&evidence.group, 80)), headline.word);
    out += &format!("**{}.** {}\n\n", safe(&headline.text), safe(&headline.lead));
    let parts = [
        reasons(evidence),
        services(evidence),
        rules(evidence),
        events(evidence),
        operations(evidence),
        folded("Emergency runbook, for kubectl alone", &lines(&evidence.runbook)),
        run(evidence),
    ];
    for part in parts {
        if out.len() + part.len() > LARGEST {
            out += "_The rest is too long for a summary: see the HTML report._\n";
            break;
        }
        out += &part;
    }
    out
}

/// A sentence of which parts in backticks are code; whatever else is in it is text.
fn safe(of: &str) -> String {
    let cut = cut(of, LONGEST);
    let parts: Vec<&str> = cut.split('`').collect();
    // A backtick without its partner is text.
    let paired = parts.len() % 2 == 1;
    let part = |(at, part): (usize, &&str)| if at % 2 == 1 { code(part) } else { keeping_ends(part) };
    if paired { parts.iter().enumerate().map(part).collect() } else { text(&cut) }
}

/// Text with the blank before and after it, which stand beside code.
fn keeping_ends(part: &str) -> String {
    let (before, after) = (part.starts_with(' '), part.len() > 1 && part.ends_with(' '));
    let blank = |is: bool| if is { " " } else { "" };
    format!("{}{}{}", blank(before), text(part.trim()), blank(after))
}

fn reasons(evidence: &Evidence) -> String {
    let list = evidence.reasons.iter().take(MOST_REASONS).map(reason);
    let more = evidence.reasons.len().saturating_sub(MOST_REASONS);
    let more = if more > 0 { format!("… and {more} more\n\n") } else { String::new() };
    list.collect::<String>() + &more
}

fn reason(reason: &Reason) -> String {
    let of = [Some(reason.service.as_str()), reason.pod.as_deref(), reason.container.as_deref()];
    let of: Vec<String> =
        of.into_iter().flatten().filter(|part| !part.is_empty()).map(|part| code(cut(part, 80))).collect();
    let mut out = format!(
        "- **{}** {}: {} (since {})\n",
        text(cut(&reason.signal, 80)),
        of.join(" / "),
        safe(&reason.text),
        clock(reason.since)
    );
    let from = reason.last_log_lines.len().saturating_sub(10);
    let log: Vec<String> =
        reason.last_log_lines[from..].iter().map(|line| cut(&line.replace('\t', "    "), 200)).collect();
    if !log.is_empty() {
        let fenced = block(log.join("\n"), "");
        // Within the list item.
        out += &fenced.lines().map(|line| format!("  {line}\n")).collect::<String>();
    }
    out + "\n"
}

fn services(evidence: &Evidence) -> String {
    let mut out =
        "| service | version | now | errors | 99 % within | evidence |\n|---|---|---|---|---|---|\n".to_owned();
    for row in evidence.services.iter().take(MOST) {
        out += &service(evidence, row);
    }
    out + &rest(evidence.services.len()) + "\n"
}

fn service(evidence: &Evidence, row: &ServiceRow) -> String {
    let (stable, canary) = Sum::both(row);
    let arrow = |before: Option<String>, after: Option<String>| match (before, after) {
        (None, None) => "–".to_owned(),
        (before, after) => {
            format!("{} → {}", before.unwrap_or_else(|| "–".to_owned()), after.unwrap_or_else(|| "–".to_owned()))
        }
    };
    let quantiles = super::numbers::latency(row, 2);
    let blamed = evidence.reasons.iter().any(|reason| reason.service == row.name);
    let state = match (blamed, row.promoted) {
        (true, _) => "🔴 ",
        (false, true) => "🟢 ",
        (false, false) => "",
    };
    let now = if row.promoted { "new" } else { "as before" };
    format!(
        "| {state}{} | {} → {} | {now} | {} | {} | {} |\n",
        code(cut(&row.name, 80)),
        code(cut(&version(&row.from_image), 40)),
        code(cut(&version(&row.to_image), 40)),
        arrow(stable.rate().map(percent), canary.rate().map(percent)),
        arrow(quantiles.0.map(latency), quantiles.1.map(latency)),
        row.e.map_or_else(|| "–".to_owned(), number),
    )
}

fn rest(all: usize) -> String {
    match all.saturating_sub(MOST) {
        0 => String::new(),
        more => format!("\n… and {more} more\n"),
    }
}

fn rules(evidence: &Evidence) -> String {
    let sentences = [verdict::judge(evidence), verdict::legacy(evidence)];
    sentences.into_iter().flatten().map(|sentence| format!("{}.\n\n", safe(&sentence))).collect()
}

fn events(evidence: &Evidence) -> String {
    let shown = evidence.events.iter().take(MOST).map(|event| {
        let of = if event.service.is_empty() { String::new() } else { format!("{} ", code(cut(&event.service, 80))) };
        format!("| {} | {of}{} |\n", clock(event.at), safe(&event.text))
    });
    let table: String = shown.collect();
    match table.is_empty() {
        true => String::new(),
        false => folded("What happened", &format!("| time | |\n|---|---|\n{table}{}", rest(evidence.events.len()))),
    }
}

fn operations(evidence: &Evidence) -> String {
    let shown = evidence.operations.iter().take(MOST).map(|one| {
        let call = code(cut(&format!("{} {}", one.method, one.path), 300));
        format!("| {} | {} | {call} | {} |\n", clock(one.at), safe(&one.intent), safe(&one.result))
    });
    let table: String = shown.collect();
    let title = format!("All {} changes of the cluster", evidence.operations.len());
    match table.is_empty() {
        true => String::new(),
        false => folded(
            &title,
            &format!(
                "| time | what for | call | answer |\n|---|---|---|---|\n{table}{}",
                rest(evidence.operations.len())
            ),
        ),
    }
}

fn lines(runbook: &[String]) -> String {
    let shown: Vec<String> = runbook.iter().take(MOST).map(|line| cut(line, 2_000)).collect();
    if shown.is_empty() { String::new() } else { block(shown.join("\n"), "sh") + "\n" + &rest(runbook.len()) }
}

/// Our own title, and something below it that opens on a click.
fn folded(title: &str, inside: &str) -> String {
    match inside.is_empty() {
        true => String::new(),
        false => format!("<details><summary>{title}</summary>\n\n{inside}\n</details>\n\n"),
    }
}

fn run(evidence: &Evidence) -> String {
    let run = match evidence.run.url.is_empty() {
        true => String::new(),
        false => format!(", driven by {}", link(format!("run {}", cut(&evidence.run.id, 40)), &evidence.run.url)),
    };
    format!(
        "Rollout {} in {}, {}{run}.\n",
        code(cut(&evidence.rollout, 40)),
        code(cut(&evidence.namespace, 80)),
        span(evidence.elapsed)
    )
}
