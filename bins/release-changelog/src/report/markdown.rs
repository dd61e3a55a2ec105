//! The notes as Markdown.
use action::markdown;

use super::links::Links;
use super::markup;
use crate::record::{Contributor, Line, Note, Record};
use crate::template::Template;

/// How notes are written.
pub(crate) struct Look<'a> {
    pub(crate) links: &'a Links,
    pub(crate) template: &'a Template,
    /// Whether contributors are notified.
    pub(crate) mentions: bool,
}

/// How much is left out, where not everything fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    /// Nothing.
    Full,
    /// Contributors, and the count of what is hidden.
    WithoutContributors,
    /// Sections of what is neither feature nor breaking are counted.
    PatchesCounted,
    /// All sections are counted; what breaks stays.
    Counted,
}

impl Stage {
    pub(crate) const ALL: [Self; 4] = [Self::Full, Self::WithoutContributors, Self::PatchesCounted, Self::Counted];
}

/// Writes the notes of one release; they end with a line feed.
pub(crate) fn notes(record: &Record<'_>, look: &Look<'_>, stage: Stage) -> String {
    let template = look.template;
    let mut notes = heading(record, look);
    let mut parts: Vec<String> = Vec::new();
    if !record.breaking.is_empty() {
        let lines = record.breaking.iter().map(|note| self::note(note, look));
        parts.push(titled(template.breaking.filled(&[]), lines));
    }
    for section in &record.sections {
        let title = template.section.filled(&[("title", &markdown::text(section.title))]);
        let feature = section.entries.iter().any(|entry| entry.kind == Some("feat"));
        if stage == Stage::Counted || (stage == Stage::PatchesCounted && !feature) {
            let count = section.entries.len().to_string();
            let compare = compare(record, "the comparison");
            let line = template.count.filled(&[("count", &count), ("compare", &compare)]);
            parts.push(titled(title, [line].into_iter()));
        } else {
            parts.push(titled(title, section.entries.iter().map(|entry| self::entry(entry, look))));
        }
    }
    if parts.is_empty() {
        parts.push(template.nothing.filled(&[]));
    }
    if stage == Stage::Full {
        parts.extend(hidden(record, look));
        parts.extend(contributors(&record.contributors, look));
    }
    let compare = compare(record, "");
    if !compare.is_empty() {
        parts.push(template.compare.filled(&[("compare", &compare)]));
    }
    parts.retain(|part| !part.trim().is_empty());
    for part in parts {
        if !notes.is_empty() {
            notes.push_str("\n\n");
        }
        notes.push_str(&part);
    }
    notes.push('\n');
    notes
}

/// `## [1.2.0](comparison) - 2026-11-27`, as Keep a Changelog has it.
fn heading(record: &Record<'_>, look: &Look<'_>) -> String {
    let version = record.version.as_deref().or(record.tag.as_deref()).unwrap_or("Unreleased");
    let shown = name(version);
    let title = match &record.compare {
        Some(url) => format!("[{shown}]({url})"),
        None => shown.clone(),
    };
    let tag = name(record.tag.as_deref().unwrap_or_default());
    look.template.heading.filled(&[("title", &title), ("version", &shown), ("tag", &tag), ("date", &record.date)])
}

/// The name of a tag or version: most are nothing that Markdown could take for something else.
pub(crate) fn name(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".+-/".contains(c);
    let word = name.contains(|c: char| c.is_ascii_digit()) && name.chars().all(plain);
    if word && !name.to_ascii_lowercase().contains("www.") && !name.starts_with(['+', '-']) {
        return name.to_owned();
    }
    markdown::text(name)
}

fn titled(title: String, lines: impl Iterator<Item = String>) -> String {
    let mut part = title;
    for (at, line) in lines.enumerate() {
        if !part.is_empty() {
            part.push_str(if at == 0 { "\n\n" } else { "\n" });
        }
        part.push_str(&line);
    }
    part
}

fn scope(scope: Option<&str>) -> String {
    scope.map(|scope| format!("**{}:** ", markup::line(scope))).unwrap_or_default()
}

fn entry(line: &Line<'_>, look: &Look<'_>) -> String {
    let since = line.since.map(|tag| format!("*(since {})*", name(tag))).unwrap_or_default();
    look.template.entry.filled(&[
        ("scope", &scope(line.scope)),
        ("description", &markup::line(line.description)),
        ("pr", &line.pr.map(|pr| look.links.pull(pr)).unwrap_or_default()),
        ("commit", &look.links.commit(&line.id)),
        ("author", &markdown::text(line.author)),
        ("type", &markdown::text(line.kind.unwrap_or_default())),
        ("since", &since),
    ])
}

fn note(note: &Note<'_>, look: &Look<'_>) -> String {
    look.template.note.filled(&[
        ("scope", &scope(note.scope)),
        ("text", &markup::item(note.text)),
        ("pr", &note.pr.map(|pr| look.links.pull(pr)).unwrap_or_default()),
        ("commit", &look.links.commit(&note.id)),
    ])
}

fn hidden(record: &Record<'_>, look: &Look<'_>) -> Option<String> {
    let count = record.ledger.buckets.hidden;
    let wanted = count > 0 && !look.template.hidden.is_empty();
    wanted.then(|| look.template.hidden.filled(&[("count", &count.to_string())]))
}

fn contributors(contributors: &[Contributor<'_>], look: &Look<'_>) -> Option<String> {
    if contributors.is_empty() {
        return None;
    }
    let line = |contributor: &Contributor<'_>| {
        let login = match &contributor.login {
            Some(login) if look.mentions => format!("(@{login})"),
            // An address notifies nobody.
            Some(login) => format!("({})", markdown::text(format!("@{login}"))),
            None => String::new(),
        };
        look.template.contributor.filled(&[("name", &markdown::text(contributor.name)), ("login", &login)])
    };
    let title = look.template.contributors.filled(&[]);
    Some(titled(title, contributors.iter().map(line)))
}

/// The link to everything; `otherwise` where there is none.
fn compare(record: &Record<'_>, otherwise: &str) -> String {
    match (&record.compare, &record.from) {
        (Some(url), Some(from)) => {
            let to = if record.tagged { record.to.as_str() } else { record.to.get(..7).unwrap_or(&record.to) };
            format!("[{}...{}]({url})", name(from), name(to))
        }
        _ => otherwise.to_owned(),
    }
}
