//! The tables that people read.
use std::collections::BTreeMap;

use super::score::{Answer, Judged, Score, Share};
use crate::findings::Finding;

/// Prints all of them, as Markdown.
pub(crate) fn print(groups: &[String], judged: &[Judged<'_>]) {
    by_group(groups, judged);
    by_rule(judged);
    alarms(judged);
    by_evidence(judged);
}

fn by_group(groups: &[String], judged: &[Judged<'_>]) {
    println!("| group | recall | without tell-tale words | subtle | honest flagged | precision | stray |");
    println!("|---|---|---|---|---|---|---:|");
    for group in groups {
        row(group, &Score::of(judged.iter().filter(|one| one.pair.group == *group)));
    }
    row("all", &Score::of(judged));
}

fn row(name: &str, score: &Score) {
    let Score { recall, without_words, subtle, honest_flagged, stray } = score;
    let precision = score.precision();
    println!("| {name} | {recall} | {without_words} | {subtle} | {honest_flagged} | {precision} | {stray} |");
}

/// The confusion: a pair counts under the rule that fits it best.
fn by_rule(judged: &[Judged<'_>]) {
    let mut rules: BTreeMap<&str, Vec<&Judged<'_>>> = BTreeMap::new();
    for one in judged {
        rules.entry(one.pair.labels.rules.first().map_or("", String::as_str)).or_default().push(one);
    }
    println!("\n| labelled | pairs | found so | found otherwise | missed | by which other rules |");
    println!("|---|---:|---:|---:|---:|---|");
    for (rule, pairs) in &rules {
        let count = |answer| pairs.iter().filter(|one| one.answer() == answer).count();
        let others = pairs.iter().filter(|one| one.answer() == Answer::Otherwise);
        let others = times(others.flat_map(|one| distinct(&one.hits)));
        let [labelled, otherwise, missed] = [Answer::AsLabelled, Answer::Otherwise, Answer::Missed].map(count);
        println!("| {rule} | {} | {labelled} | {otherwise} | {missed} | {others} |", pairs.len());
    }
}

fn alarms(judged: &[Judged<'_>]) {
    let flagged = times(judged.iter().flat_map(|one| distinct(&one.alarms)));
    println!("\nHonest files flagged, by rule: {}", if flagged.is_empty() { "none" } else { &flagged });
    let stray = times(judged.iter().flat_map(|one| distinct(&one.stray)));
    println!("Fake files with findings beside the labels, by rule: {}", if stray.is_empty() { "none" } else { &stray });
}

fn by_evidence(judged: &[Judged<'_>]) {
    let mut kinds: BTreeMap<&str, Vec<&Judged<'_>>> = BTreeMap::new();
    for one in judged {
        for kind in &one.pair.labels.evidence {
            kinds.entry(kind).or_default().push(one);
        }
    }
    println!("\n| evidence | recall |\n|---|---|");
    for (kind, pairs) in kinds {
        println!("| {kind} | {} |", Share::of(pairs, |one| one.is_found()));
    }
}

/// Prints each miss, false alarm and stray finding on a line.
pub(crate) fn misses<'j, 'p: 'j>(judged: impl Iterator<Item = &'j Judged<'p>>) {
    println!();
    for one in judged {
        let (pair, labels) = (one.pair, &one.pair.labels);
        let name = format!("{}/{}", pair.group, pair.name);
        if !one.is_found() {
            let lines: Vec<String> = labels.fake.lines.iter().map(|[first, last]| format!("{first}-{last}")).collect();
            let place = format!("{}:{}", labels.fake.file, lines.join(","));
            println!("missed {name} {} {place} {}", labels.rules.join(","), labels.about);
        }
        let said = |Finding { file: _, line, end_line, rule, message, .. }: &Finding| {
            format!("{name} {rule} {line}-{end_line} {message}")
        };
        one.alarms.iter().for_each(|finding| println!("false alarm {}", said(finding)));
        one.stray.iter().for_each(|finding| println!("stray {}", said(finding)));
    }
}

/// The rules of findings, each once.
fn distinct(findings: &[Finding]) -> Vec<&str> {
    let mut rules: Vec<&str> = findings.iter().map(|finding| finding.rule.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// `FK103 × 2, FK304`, the most frequent first.
fn times<'r>(rules: impl Iterator<Item = &'r str>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    rules.for_each(|rule| *counts.entry(rule).or_default() += 1);
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let said =
        counts.iter().map(|(rule, count)| if *count == 1 { (*rule).to_owned() } else { format!("{rule} × {count}") });
    said.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::times;

    #[test]
    fn rules_are_counted_with_the_most_frequent_first() {
        assert_eq!(times(["FK1", "FK2", "FK3", "FK2"].into_iter()), "FK2 × 2, FK1, FK3");
    }
}
