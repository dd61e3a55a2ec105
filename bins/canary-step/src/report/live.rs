//! The rollout on a terminal, as it stands: one screen of lines that a caller draws again after each change.
use action::Line;

use super::numbers::{self, Sum};
use super::verdict::{self, Headline, Tone};
use super::words::{clock, cut, evidence as number, percent};
use crate::evidence::{Evidence, Outcome, ServiceRow};

/// Narrower than this a terminal shows cut lines.
const NARROWEST: usize = 60;
/// Wider than this nothing is gained.
const WIDEST: usize = 120;
/// From this width on there is room for latency.
const ROOMY: usize = 100;
/// Events that are shown.
const MOST_EVENTS: usize = 6;
/// Services that are shown; of more, those with the strongest evidence.
const MOST_SERVICES: usize = 16;

/// A terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its columns; no line is longer, down to 60.
    pub columns: usize,
    /// Its rows; the view is no longer, as far as it can be.
    pub rows: usize,
}

/// The view. Where there are too few rows, events go first, and then the services with the least evidence.
pub fn view(evidence: &Evidence, window: Window) -> Vec<Line> {
    let width = window.columns.clamp(NARROWEST, WIDEST);
    let mut head = vec![title(evidence, width)];
    head.extend(progress(evidence, width));
    let mut verdict = judged(evidence, width);
    verdict.extend(ended(evidence, width));
    // The blank lines and the heads of the table count as well, and the cursor's own line.
    let rest = window.rows.saturating_sub(head.len() + verdict.len() + 6);
    let shown = evidence.services.len().min(MOST_SERVICES).min(rest.max(1));
    let events = MOST_EVENTS.min(rest.saturating_sub(shown)).min(evidence.events.len());
    let mut lines = head;
    lines.push(Line::new());
    lines.extend(services(evidence, (width, shown)));
    lines.push(Line::new());
    lines.extend(verdict);
    if events > 0 {
        lines.push(Line::new());
        let from = evidence.events.len() - events;
        lines.extend(evidence.events[from..].iter().map(|event| super::text::event(event, width)));
    }
    lines
}

fn title(evidence: &Evidence, width: usize) -> Line {
    let time = clock(evidence.elapsed);
    let name = format!(" {} ", evidence.group);
    let room = width.saturating_sub(12 + name.chars().count() + time.len() + 1);
    let rest = cut(&format!("rollout {} in {}", evidence.rollout, evidence.namespace), room);
    let gap = room.saturating_sub(rest.chars().count()) + 1;
    Line::new().dim("canary-step ").bold(name.trim_start()).dim(rest).plain(" ".repeat(gap)).bold(time)
}

/// Where it stands, with a bar for the time that is observed.
fn progress(evidence: &Evidence, width: usize) -> Vec<Line> {
    let steps = evidence.steps.iter().enumerate().map(|(at, step)| {
        let text = format!("{} %", step.weight);
        match (evidence.step.cmp(&at), evidence.outcome) {
            (_, Outcome::Promoted) | (std::cmp::Ordering::Greater, _) => (Tone::Good, format!("✓ {text}")),
            (std::cmp::Ordering::Equal, _) => (here(evidence), format!("{} {text}", sign(here(evidence)))),
            (std::cmp::Ordering::Less, _) => (Tone::Neutral, format!("· {text}")),
        }
    });
    let live = match evidence.outcome {
        Outcome::Promoted => (Tone::Good, "✓ live".to_owned()),
        Outcome::RolledBack => (Tone::Bad, "✗ live".to_owned()),
        _ if matches!(evidence.phase.as_str(), "promoting" | "verifying") => (Tone::Neutral, "▶ live".to_owned()),
        _ => (Tone::Neutral, "· live".to_owned()),
    };
    let mut line = Line::new();
    let mut used = 0;
    for (at, (tone, text)) in steps.chain([live]).enumerate() {
        let join = if at == 0 { "" } else { "  ─  " };
        used += join.chars().count() + text.chars().count();
        if used + 24 > width {
            line = line.dim("  …");
            break;
        }
        line = toned(line.dim(join), tone, text);
    }
    let doing = match evidence.outcome {
        Outcome::Running => verdict::doing(evidence),
        _ => Headline::of(evidence).word.to_owned(),
    };
    vec![toned(line.plain("   "), here(evidence), cut(&doing, width.saturating_sub(used + 4)))]
}

fn here(evidence: &Evidence) -> Tone {
    match evidence.outcome {
        Outcome::Running => Tone::Neutral,
        _ => Headline::of(evidence).tone,
    }
}

fn sign(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "✓",
        Tone::Bad => "✗",
        Tone::Doubtful => "!",
        Tone::Neutral => "▶",
    }
}

pub(super) fn toned(line: Line, tone: Tone, text: impl Into<String>) -> Line {
    match tone {
        Tone::Good => line.good(text),
        Tone::Bad => line.bad(text),
        Tone::Doubtful => line.doubtful(text),
        Tone::Neutral => line.bold(text),
    }
}

pub(super) fn services(evidence: &Evidence, (width, shown): (usize, usize)) -> Vec<Line> {
    let longest = evidence.services.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
    let name = longest.clamp(8, if width >= ROOMY { 30 } else { 18 });
    let mut rows: Vec<&ServiceRow> = evidence.services.iter().collect();
    let left_out = rows.len().saturating_sub(shown);
    if left_out > 0 {
        rows.sort_by(|a, b| b.e.unwrap_or(0.0).total_cmp(&a.e.unwrap_or(0.0)));
        rows.truncate(shown);
    }
    let latency = if width >= ROOMY { format!("{:^21}", "99 % within") } else { String::new() };
    let mut lines = vec![
        Line::new().dim(format!("  {:name$} {:^9} {:^19}{latency} evidence against it", "service", "pods", "errors")),
    ];
    lines.extend(rows.into_iter().map(|row| service(evidence, row, (name, width))));
    if left_out > 0 {
        lines.push(Line::new().dim(format!("  … and {left_out} more")));
    }
    lines
}

fn service(evidence: &Evidence, row: &ServiceRow, (name, width): (usize, usize)) -> Line {
    let blamed = evidence.reasons.iter().any(|reason| reason.service == row.name);
    let tone = match () {
        () if blamed => Tone::Bad,
        () if row.promoted => Tone::Good,
        () => Tone::Neutral,
    };
    let mark = match tone {
        Tone::Bad => "✗ ",
        Tone::Good => "✓ ",
        _ => "  ",
    };
    let pods = numbers::pods(row).map_or_else(String::new, |(stable, canary)| format!("{stable} + {canary}"));
    let (stable, canary) = Sum::both(row);
    let rate = |sum: Sum| sum.rate().map_or_else(|| "–".to_owned(), percent);
    let mut line = toned(Line::new(), tone, mark);
    let shown = format!("{:name$}", cut(&row.name, name));
    line = if tone == Tone::Neutral { line.plain(shown) } else { toned(line, tone, shown) };
    line = line.plain(format!(" {pods:^9} {:>8} → {:<8}", rate(stable), rate(canary)));
    if width >= ROOMY {
        let (stable, canary) = numbers::latency(row, 2);
        let shown = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), super::words::latency);
        line = line.plain(format!("{:>9} → {:<9}", shown(stable), shown(canary)));
    }
    bar(line, (evidence, row))
}

/// The evidence on a scale whose end stops the rollout: each cell is the same factor.
fn bar(line: Line, (evidence, row): (&Evidence, &ServiceRow)) -> Line {
    const CELLS: usize = 12;
    let (Some(e), Some(limit)) = (row.e, numbers::limit(evidence)) else {
        return line.dim(format!(" {}", "·".repeat(CELLS)));
    };
    let share = if e > 1.0 { (e.ln() / limit.ln()).min(1.0) } else { 0.0 };
    // Between 0 and 12.
    let full = (share * CELLS as f64).floor() as usize;
    let cells = "█".repeat(full);
    let line = line.plain(" ");
    let line = match share {
        s if s >= 1.0 => line.bad(cells),
        s if s >= 0.5 => line.doubtful(cells),
        _ => line.good(cells),
    };
    line.dim("·".repeat(CELLS - full)).plain(format!(" {}", number(e)))
}

fn judged(evidence: &Evidence, width: usize) -> Vec<Line> {
    let sentences = [verdict::judge(evidence), verdict::legacy(evidence)];
    sentences
        .into_iter()
        .flatten()
        .flat_map(|sentence| super::text::wrapped(&sentence, width))
        .map(|line| Line::new().dim(line))
        .collect()
}

fn ended(evidence: &Evidence, width: usize) -> Vec<Line> {
    if evidence.outcome == Outcome::Running && evidence.reasons.is_empty() {
        return Vec::new();
    }
    let headline = Headline::of(evidence);
    let text = super::text::wrapped(&format!("{}.", headline.text), width);
    let lead = super::text::wrapped(&headline.lead, width);
    let mut lines = vec![Line::new()];
    lines.extend(text.into_iter().map(|line| toned(Line::new(), headline.tone, line)));
    lines.extend(lead.into_iter().map(Line::from));
    lines
}
