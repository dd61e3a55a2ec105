//! What the ledger keeps of a message: owned, small, and the same for conventional and other messages.
use std::borrow::Cow;

use crate::message::{Lint, Message, Salvage};

/// What one message tells. There are as many of these as there are commits, so what few messages have is kept apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Whether it follows the specification.
    pub conventional: bool,
    /// Type in lower case, be it only salvaged.
    pub kind: Option<Cow<'static, str>>,
    /// Scope as it is written.
    pub scope: Option<Box<str>>,
    /// First line, at most [`LONGEST`] bytes.
    pub subject: Box<str>,
    shown: Shown,
    /// Number of its pull request.
    pub pr: Option<u64>,
    rare: Option<Box<Rare>>,
}

/// Where the description is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shown {
    /// Between these bytes of the subject.
    Within(u16, u16),
    Apart(Box<str>),
}

impl Default for Shown {
    fn default() -> Self {
        Self::Within(0, 0)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Rare {
    notes: Vec<Box<str>>,
    reverts: Vec<Box<str>>,
    reverts_pr: Option<u64>,
    coauthors: Vec<Box<str>>,
    lint: Vec<Lint>,
}

/// A longer line is nothing that a list of changes could show; its beginning is kept.
pub const LONGEST: usize = 1000;

/// Types that most messages have; their names are kept once.
const KINDS: [&str; 12] =
    ["feat", "fix", "docs", "chore", "refactor", "perf", "test", "ci", "build", "style", "revert", "reapply"];

impl Told {
    /// Keeps what is needed of a message.
    pub fn of(text: &str) -> Self {
        let message = Message::parse(text);
        let (description, pr) = message.pull_request();
        let mut notes: Vec<Box<str>> = Vec::new();
        if message.forces_major() {
            notes.extend(message.breaking_notes().into_iter().map(Box::from));
        }
        let (reverts, reverts_pr) = message.reverted(text);
        let coauthors = coauthors(&message);
        let subject = shortened(message.subject);
        let shown = within(message.subject, description).filter(|_| subject.len() == message.subject.len());
        let rare = Rare {
            notes,
            reverts: reverts.into_iter().map(Box::from).collect(),
            reverts_pr,
            coauthors,
            lint: message.lint.clone(),
        };
        Self {
            conventional: message.header.is_some(),
            kind: message.kind().map(kept),
            scope: message.scope().map(Box::from),
            shown: shown.unwrap_or_else(|| Shown::Apart(shortened(description))),
            subject,
            pr,
            rare: (rare != Rare::default()).then(|| Box::new(rare)),
        }
    }

    /// What is shown, without the number of its pull request; at most [`LONGEST`] bytes.
    pub fn description(&self) -> &str {
        match &self.shown {
            Shown::Within(start, end) => &self.subject[usize::from(*start)..usize::from(*end)],
            Shown::Apart(text) => text,
        }
    }

    /// What breaks; empty where nothing does.
    pub fn notes(&self) -> &[Box<str>] {
        self.rare.as_ref().map_or(&[], |rare| &rare.notes)
    }

    /// Ids, in full or shortened, of what it reverts.
    pub fn reverts(&self) -> &[Box<str>] {
        self.rare.as_ref().map_or(&[], |rare| &rare.reverts)
    }

    /// The pull request that it reverts.
    pub fn reverts_pr(&self) -> Option<u64> {
        self.rare.as_ref().and_then(|rare| rare.reverts_pr)
    }

    /// Names of its co-authors.
    pub fn coauthors(&self) -> &[Box<str>] {
        self.rare.as_ref().map_or(&[], |rare| &rare.coauthors)
    }

    /// What is nearly right in it.
    pub fn lint(&self) -> &[Lint] {
        self.rare.as_ref().map_or(&[], |rare| &rare.lint)
    }

    /// Whether it is a breaking change.
    pub fn breaking(&self) -> bool {
        !self.notes().is_empty()
    }

    /// Whether it reverts something.
    pub fn is_revert(&self) -> bool {
        matches!(self.kind.as_deref(), Some("revert" | "reapply"))
    }

    /// The same with another type, which makes it conventional.
    pub(crate) fn set_kind(&mut self, kind: &str) {
        self.kind = Some(kept(kind));
        self.conventional = true;
    }

    /// The same with another description.
    pub(crate) fn set_description(&mut self, description: &str) {
        self.shown = Shown::Apart(shortened(description));
    }

    /// The same with other breaking changes, or none.
    pub(crate) fn set_notes(&mut self, notes: Vec<Box<str>>) {
        self.rare.get_or_insert_default().notes = notes;
    }

    /// The same with nothing to complain about: somebody has looked at it.
    pub(crate) fn settle(&mut self) {
        if let Some(rare) = &mut self.rare {
            rare.lint.clear();
        }
    }
}

impl<'a> Message<'a> {
    /// Description without the number of its pull request, and that number.
    pub fn pull_request(&self) -> (&'a str, Option<u64>) {
        let (text, pr) = crate::message::pull_request(self.description());
        (text, self.salvage.pr.or(pr))
    }

    /// Ids and pull request that it reverts; nothing for a message that is no revert.
    pub fn reverted(&self, text: &'a str) -> (Vec<&'a str>, Option<u64>) {
        let Salvage { reverts, reverts_pr, .. } = &self.salvage;
        if !self.header.is_some_and(|header| header.kind.eq_ignore_ascii_case("revert")) {
            return (reverts.clone(), *reverts_pr);
        }
        let (mut ids, pr) = crate::message::reverted(text);
        for footer in self.footers.iter().filter(|footer| footer.token.eq_ignore_ascii_case("refs")) {
            // The value may have been put together anew, so ids are taken from the text itself.
            ids.extend(crate::message::ids_behind(text, footer.token));
        }
        ids.dedup();
        (ids, pr)
    }
}

fn kept(kind: &str) -> Cow<'static, str> {
    let kind = kind.to_lowercase();
    match KINDS.iter().find(|known| **known == kind) {
        Some(known) => Cow::Borrowed(*known),
        None => Cow::Owned(kind),
    }
}

/// Where `part` is in `whole`, if it is a part of it and not merely alike.
fn within(whole: &str, part: &str) -> Option<Shown> {
    let start = (part.as_ptr() as usize).checked_sub(whole.as_ptr() as usize)?;
    let end =
        start.checked_add(part.len()).filter(|end| *end <= whole.len() && whole.get(start..*end) == Some(part))?;
    Some(Shown::Within(start.try_into().ok()?, end.try_into().ok()?))
}

fn coauthors(message: &Message<'_>) -> Vec<Box<str>> {
    let footers = message.footers.iter().filter(|footer| footer.token.eq_ignore_ascii_case("co-authored-by"));
    let name = |value: &str| {
        let name = value.split('<').next().unwrap_or_default().trim();
        (!name.is_empty() && !name.contains('\n')).then(|| shortened(name))
    };
    footers.filter_map(|footer| name(&footer.value)).collect()
}

fn shortened(text: &str) -> Box<str> {
    if text.len() <= LONGEST {
        return text.into();
    }
    let end = (0..=LONGEST).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    format!("{}…", &text[..end]).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, description: &str, pr: Option<u64>) {
        let told = Told::of(text);
        assert_eq!((told.description(), told.pr), (description, pr), "{text}");
        assert!(told.subject.len() <= LONGEST + 3 && told.description().len() <= LONGEST + 3);
    }

    #[test]
    fn what_is_shown_is_kept() {
        check("feat: a b (#12)", "a b", Some(12));
        check("Update a (#3)\n\nbody", "Update a", Some(3));
        check("Merge pull request #7 from a/b\n\nfix: c", "c", Some(7));
        check("Revert \"feat: a (#7)\" (#8)", "feat: a", Some(8));
        check("", "", None);
        check(&format!("feat: {}", "é".repeat(600)), &format!("{}…", "é".repeat(500)), None);
        check("feat: a (#99999999999999999999)", "a (#99999999999999999999)", None);
    }

    #[test]
    fn a_record_of_a_commit_stays_small() {
        assert!(size_of::<Told>() <= 112, "{}", size_of::<Told>());
    }
}
