//! The whole report as lines of text, for logs.
use action::Line;

use super::live::{services, toned};
use super::verdict::{self, Headline, Tone};
use super::words::{clock, counted, cut, image};
use crate::evidence::{Event, Evidence, Reason};

/// Reasons and events that are printed.
const MOST: usize = 50;

/// The report, for a log of so many columns.
pub fn lines(evidence: &Evidence, width: usize) -> Vec<Line> {
    let width = width.clamp(60, 160);
    let headline = Headline::of(evidence);
    let mut lines = Vec::new();
    let text = format!("{}: {}.", headline.word, headline.text);
    lines.extend(wrapped(&text, width).into_iter().map(|line| toned(Line::new(), headline.tone, line)));
    lines.extend(wrapped(&headline.lead, width).into_iter().map(Line::from));
    for reason in evidence.reasons.iter().take(MOST) {
        lines.extend(reasons(reason, width));
    }
    left_out(&mut lines, evidence.reasons.len(), "reason");
    lines.push(Line::new());
    lines.extend(services(evidence, (width, evidence.services.len())));
    lines.push(Line::new());
    lines.extend(evidence.services.iter().map(|row| {
        let version = format!("{} → {}", image(&row.from_image), image(&row.to_image));
        Line::new()
            .plain("  ")
            .plain(cut(&row.name, 63))
            .dim(cut(&format!("  {version}"), width.saturating_sub(row.name.chars().count() + 2)))
    }));
    for sentence in [verdict::judge(evidence), verdict::legacy(evidence)].into_iter().flatten() {
        lines.extend(wrapped(&sentence, width).into_iter().map(|line| Line::new().dim(line)));
    }
    lines.push(Line::new());
    lines.extend(evidence.events.iter().take(MOST).map(|happened| event(happened, width)));
    left_out(&mut lines, evidence.events.len(), "event");
    lines
}

fn left_out(lines: &mut Vec<Line>, all: usize, noun: &str) {
    if all > MOST {
        lines.push(Line::new().dim(format!("… and {}", counted(all - MOST, &format!("more {noun}")))));
    }
}

fn reasons(reason: &Reason, width: usize) -> Vec<Line> {
    let of = [Some(reason.service.as_str()), reason.pod.as_deref(), reason.container.as_deref()];
    let of: Vec<&str> = of.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let mut lines = vec![Line::new()];
    lines
        .push(Line::new().bad(cut(&reason.signal, 40)).plain("  ").dim(cut(&of.join(" / "), width.saturating_sub(24))));
    lines.extend(
        wrapped(&format!("{}, since {}", cut(&reason.text, 1_000), clock(reason.since)), width - 2)
            .into_iter()
            .map(|line| Line::new().plain("  ").plain(line)),
    );
    let from = reason.last_log_lines.len().saturating_sub(10);
    lines.extend(
        reason.last_log_lines[from..]
            .iter()
            .map(|line| Line::new().dim("  │ ").plain(cut(&line.replace('\t', "    "), width - 4))),
    );
    lines
}

/// One event in one line.
pub(super) fn event(event: &Event, width: usize) -> Line {
    let of = if event.service.is_empty() { String::new() } else { format!("{}: ", event.service) };
    let time = format!("{:>7}  ", clock(event.at));
    let text = cut(&format!("{of}{}", event.text), width.saturating_sub(time.chars().count()));
    let line = Line::new().dim(time);
    match event.kind.as_str() {
        "signal" => toned(line, Tone::Bad, text),
        "verdict" | "phase" | "step" => line.plain(text),
        _ => line.dim(text),
    }
}

/// Words in lines of so many letters; a longer word is cut, and a number keeps its per cent.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    const BOUND: char = '\u{a0}';
    let mut lines: Vec<String> = Vec::new();
    for word in text.replace(" %", "\u{a0}%").split(' ').filter(|word| !word.is_empty()) {
        let word = cut(word, width).replace(BOUND, " ");
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_together_and_lines_are_short_enough() {
        assert_eq!(wrapped("of 2 (10 %); fine", 10), ["of 2", "(10 %);", "fine"]);
        assert_eq!(wrapped("abcdefghijkl m", 6), ["abcde…", "m"]);
        assert_eq!(wrapped("", 6), Vec::<String>::new());
    }
}
