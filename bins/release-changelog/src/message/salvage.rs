//! What a message tells that is not conventional: merges, reverts, headers behind a prefix.
use super::decorated::stripped;
use super::header::{self, Header};
use super::text::{first_line, is_blank};
use super::{Lint, Message, breaking};

/// What can be told of a message that is not conventional; nothing of it counts as written by the specification.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Salvage<'a> {
    /// Number of the pull request.
    pub pr: Option<u64>,
    /// Type.
    pub kind: Option<&'a str>,
    /// Scope.
    pub scope: Option<&'a str>,
    /// Whether it breaks.
    pub breaking: bool,
    /// Description.
    pub description: Option<&'a str>,
    /// Ids of the commits that it reverts, in full or shortened.
    pub reverts: Vec<&'a str>,
    /// Number of the pull request that it reverts.
    pub reverts_pr: Option<u64>,
}

/// Fills the message's salvage, its lint, and what was meant.
pub(crate) fn read<'a>(message: &mut Message<'a>, rest: &'a str) {
    let subject = message.subject;
    if let Some(breaking) = breaking::line(subject) {
        message.lint.push(Lint::BreakingAsSubject);
        message.salvage.breaking = true;
        message.salvage.description = Some(breaking.text).filter(|text| !text.is_empty());
        return;
    }
    if breaking::is_near_miss(subject) {
        message.lint.push(Lint::NearMissBreaking);
    }
    let (without_pr, pr) = pull_request(subject);
    message.salvage.pr = pr;
    if let Some((kind, description)) = reverted_title(without_pr) {
        let salvage = &mut message.salvage;
        (salvage.kind, salvage.description) = (Some(kind), Some(description));
        (salvage.reverts, salvage.reverts_pr) = reverted(rest);
    } else if let Some(pr) = merged_pull(subject) {
        message.salvage.pr = pr.or(pr_of_body(rest)).or(message.salvage.pr);
        merged_title(message, rest);
    } else {
        behind_prefix(message);
    }
}

/// `(#12)` at the end, and the text without it.
pub(crate) fn pull_request(subject: &str) -> (&str, Option<u64>) {
    let subject = subject.trim_end();
    let found = subject.strip_suffix(')').and_then(|text| text.rsplit_once("(#"));
    match found.and_then(|(before, digits)| Some((before, number(digits)?))) {
        Some((before, number)) => (before.trim_end(), Some(number)),
        None => (subject, None),
    }
}

fn number(digits: &str) -> Option<u64> {
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

/// `Revert "…"` as git writes it, and `Reapply "…"`, which it makes of a revert of that.
fn reverted_title(subject: &str) -> Option<(&'static str, &str)> {
    let title = |word: &str| subject.strip_prefix(word)?.strip_prefix(" \"")?.strip_suffix('"');
    let reverted = title("Revert").map(|title| ("revert", title));
    reverted.or_else(|| title("Reapply").map(|title| ("reapply", title)))
}

/// The ids behind `This reverts commit`, and the number behind `Reverts owner/name#`.
pub(crate) fn reverted(text: &str) -> (Vec<&str>, Option<u64>) {
    let (mut ids, mut pull) = (Vec::new(), None);
    for line in text.lines() {
        if let Some((_, rest)) = line.split_once("This reverts commit") {
            let rest = rest.strip_prefix('s').unwrap_or(rest);
            let rest = rest.split_once(", reversing").map_or(rest, |(before, _)| before);
            ids.extend(rest.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| is_id(word)));
        } else if let Some(rest) = line.trim().strip_prefix("Reverts ") {
            pull = pull.or_else(|| number(rest.trim_end_matches('.').rsplit_once('#')?.1));
        }
    }
    (ids, pull)
}

/// The ids on the lines that begin with a token, such as `Refs: 676104e, a215868`.
pub(crate) fn ids_behind<'a>(text: &'a str, token: &str) -> Vec<&'a str> {
    let lines = text.lines().filter_map(|line| line.strip_prefix(token));
    lines.flat_map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric())).filter(|word| is_id(word)).collect()
}

/// Whether a word is an id, in full or shortened.
pub(crate) fn is_id(word: &str) -> bool {
    let hex = word.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    hex && (7..=64).contains(&word.len())
}

/// Whether the subject is a merge's, and which pull request that names.
fn merged_pull(subject: &str) -> Option<Option<u64>> {
    if let Some(rest) = subject.strip_prefix("Merge pull request #") {
        return Some(number(rest.split(' ').next().unwrap_or_default()));
    }
    if let Some(rest) = subject.strip_prefix("Merged in ") {
        let (_, tail) = rest.rsplit_once("(pull request #")?;
        return Some(number(tail.trim_end_matches(')')));
    }
    ["Merge branch ", "Merge branches ", "Merge remote-tracking branch", "Merge tag ", "Merge commit "]
        .iter()
        .any(|start| subject.starts_with(start))
        .then_some(None)
}

/// GitLab's last line: `See merge request group/name!12`.
fn pr_of_body(rest: &str) -> Option<u64> {
    let told = rest.lines().find_map(|line| line.strip_prefix("See merge request "))?;
    number(told.trim_end().rsplit_once('!')?.1)
}

/// The title of what was merged: the first line of the body.
fn merged_title<'a>(message: &mut Message<'a>, rest: &'a str) {
    let mut rest = rest;
    while !rest.is_empty() {
        let (line, more) = first_line(rest);
        if is_blank(line) {
            rest = more;
            continue;
        }
        match header::read(line.trim_end()) {
            Some(header) => take(&mut message.salvage, header),
            None if line.starts_with("# Conflicts") || line.starts_with("Conflicts:") => {}
            None if message.salvage.pr.is_some() => message.salvage.description = Some(line.trim()),
            None => {}
        }
        return;
    }
}

fn take<'a>(salvage: &mut Salvage<'a>, header: Header<'a>) {
    salvage.kind = Some(header.kind);
    salvage.scope = header.scope;
    salvage.breaking |= header.mark;
    salvage.description = Some(header.description);
}

/// A header behind a prefix, or a malformed one.
fn behind_prefix<'a>(message: &mut Message<'a>) {
    let mut lint = Vec::new();
    let rest = stripped(message.subject, &mut lint);
    if !lint.is_empty()
        && let Some(header) = header::read(rest.trim_start())
    {
        take(&mut message.salvage, header);
        message.lint.extend(lint);
        return;
    }
    let Some((header, wrong)) = header::meant(rest) else {
        message.lint.extend(lint.into_iter().filter(|&code| code == Lint::LeftoverAutosquash));
        return;
    };
    if wrong == [Lint::MissingSpaceAfterColon] {
        take(&mut message.salvage, header);
    }
    message.meant = Some(header);
    message.lint.extend(lint);
    message.lint.extend(wrong);
}
