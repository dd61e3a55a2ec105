//! What the ledger keeps of a message: owned, small, and the same for conventional and other messages.
use crate::message::{Lint, Message, Salvage};

/// What one message tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Whether it follows the specification.
    pub conventional: bool,
    /// Type in lower case, be it only salvaged.
    pub kind: Option<Box<str>>,
    /// Scope as it is written.
    pub scope: Option<Box<str>>,
    /// First line, at most [`LONGEST`] bytes.
    pub subject: Box<str>,
    /// What is shown, without the number of its pull request; at most [`LONGEST`] bytes.
    pub description: Box<str>,
    /// Number of its pull request.
    pub pr: Option<u64>,
    /// What breaks; empty where nothing does.
    pub notes: Vec<Box<str>>,
    /// Ids, in full or shortened, of what it reverts.
    pub reverts: Vec<Box<str>>,
    /// The pull request that it reverts.
    pub reverts_pr: Option<u64>,
    /// Names of its co-authors.
    pub coauthors: Vec<Box<str>>,
    /// What is nearly right in it.
    pub lint: Vec<Lint>,
}

/// A longer line is nothing that a list of changes could show; its beginning is kept.
pub const LONGEST: usize = 1000;

impl Told {
    /// Keeps what is needed of a message.
    pub fn of(text: &str) -> Self {
        let message = Message::parse(text);
        let (description, pr) = message.pull_request();
        let notes: Vec<Box<str>> = if message.forces_major() {
            message.breaking_notes().into_iter().map(Box::from).collect()
        } else {
            Vec::new()
        };
        let (reverts, reverts_pr) = message.reverted(text);
        Self {
            conventional: message.header.is_some(),
            kind: message.kind().map(|kind| kind.to_lowercase().into()),
            scope: message.scope().map(Box::from),
            subject: shortened(message.subject),
            description: shortened(description),
            pr,
            notes,
            reverts: reverts.into_iter().map(Box::from).collect(),
            reverts_pr,
            coauthors: coauthors(&message),
            lint: message.lint,
        }
    }

    /// Whether it is a breaking change.
    pub fn breaking(&self) -> bool {
        !self.notes.is_empty()
    }

    /// Whether it reverts something.
    pub fn is_revert(&self) -> bool {
        matches!(self.kind.as_deref(), Some("revert" | "reapply"))
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
            // The value is a part of the text, but may have been put together anew; ids are found in the text itself.
            ids.extend(crate::message::ids_behind(text, footer.token));
        }
        ids.dedup();
        (ids, pr)
    }
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
