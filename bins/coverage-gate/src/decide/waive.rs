//! Waivers: missed lines that somebody has said cannot be covered are taken out of the count, until their day is over.
#![deny(clippy::disallowed_methods)]
use super::Counted;
use crate::baseline::merged;
use crate::gather::Facts;
use crate::lines::State;
use crate::record::{Span, Waiver};
use crate::settings::Rules;
use crate::waivers::Which;

/// Takes waived lines out, and tells what each waiver did.
pub(super) fn apply(counted: &mut Counted<'_>, facts: &Facts, rules: &Rules) -> Vec<Waiver> {
    let mut told = Vec::new();
    for waiver in &facts.waivers.list {
        let path = waiver.path.as_bytes();
        let spans = match &waiver.lines {
            Which::Numbers(spans) => spans.clone(),
            Which::Text(text) => {
                facts.sources.get(path).map(|source| with_text(&source.text, text)).unwrap_or_default()
            }
        };
        let expired = rules.today > waiver.expires;
        let mut waived = 0;
        if !expired && let Some(coverage) = counted.get_mut(path) {
            let inside = |line: u32| spans.iter().any(|span| (span.0..=span.1).contains(&line));
            let missed: Vec<u32> = coverage
                .lines
                .iter()
                .filter(|(line, state)| *state == State::Missed && inside(*line))
                .map(|(line, _)| line)
                .collect();
            waived = missed.len() as u64;
            if waived > 0 {
                let coverage = coverage.to_mut();
                coverage.lines.remove(|line| missed.binary_search(&line).is_ok());
                coverage.blocks.remove(|block| !block.hit && inside(block.start.0));
            }
        }
        told.push(Waiver {
            file: waiver.path.clone(),
            lines: spans,
            reason: waiver.reason.clone(),
            expires: waiver.expires.to_string(),
            waived,
            expired,
        });
    }
    told
}

fn with_text(source: &[u8], text: &str) -> Vec<Span> {
    let lines = source.split(|byte| *byte == b'\n').zip(1u32..);
    merged(lines.filter(|(line, _)| memchr::memmem::find(line, text.as_bytes()).is_some()).map(|(_, number)| number))
}
