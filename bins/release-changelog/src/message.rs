//! One commit message, read as Conventional Commits 1.0.0 says: borrowed from the text, in linear time.
//!
//! <https://www.conventionalcommits.org/en/v1.0.0/#specification>. What the specification leaves open is decided here: a
//! footer begins the part of the footers only after a blank line, a breaking one always; that part ends with the
//! message. A message that is not conventional is still looked through for what it tells ([`Salvage`]).
mod breaking;
mod decorated;
mod header;
mod json;
mod salvage;
mod text;

use std::borrow::Cow;

pub use header::Header;
pub use json::Printed;
pub use salvage::Salvage;
pub(crate) use salvage::{ids_behind, is_id, pull_request, reverted};

/// Something that looks as if another thing was meant; nothing of it is passed over silently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lint {
    /// `feat:x`.
    MissingSpaceAfterColon,
    /// The header and the body are one paragraph.
    BodyWithoutBlankLine,
    /// A footer in the paragraph of the body or right below the header.
    FooterWithoutBlankLine,
    /// Nearly `BREAKING CHANGE: `, and not it.
    NearMissBreaking,
    /// `BREAKING CHANGE: ` instead of a type.
    BreakingAsSubject,
    /// `BREAKING CHANGE:` with its text below.
    BreakingTextOnNextLine,
    /// A header with nothing behind its colon.
    EmptyDescription,
    /// A scope that is empty, doubled, nested or not closed.
    MalformedScope,
    /// A blank before the scope, the mark or the colon, or at the start.
    SpaceInHeader,
    /// `!!`, or `!` before the scope.
    MisplacedMark,
    /// Something in front of the type: an emoji, a ticket in brackets.
    PrefixBeforeType,
    /// A `fixup!`, `squash!` or `amend!` that was never squashed.
    LeftoverAutosquash,
    /// A colon of another alphabet.
    ForeignColon,
}

impl Lint {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::MissingSpaceAfterColon,
        Self::BodyWithoutBlankLine,
        Self::FooterWithoutBlankLine,
        Self::NearMissBreaking,
        Self::BreakingAsSubject,
        Self::BreakingTextOnNextLine,
        Self::EmptyDescription,
        Self::MalformedScope,
        Self::SpaceInHeader,
        Self::MisplacedMark,
        Self::PrefixBeforeType,
        Self::LeftoverAutosquash,
        Self::ForeignColon,
    ];

    /// The code that is printed.
    pub fn code(self) -> &'static str {
        match self {
            Self::MissingSpaceAfterColon => "missing-space-after-colon",
            Self::BodyWithoutBlankLine => "body-without-blank-line",
            Self::FooterWithoutBlankLine => "footer-without-blank-line",
            Self::NearMissBreaking => "near-miss-breaking",
            Self::BreakingAsSubject => "breaking-as-subject",
            Self::BreakingTextOnNextLine => "breaking-text-on-next-line",
            Self::EmptyDescription => "empty-description",
            Self::MalformedScope => "malformed-scope",
            Self::SpaceInHeader => "space-in-header",
            Self::MisplacedMark => "misplaced-mark",
            Self::PrefixBeforeType => "prefix-before-type",
            Self::LeftoverAutosquash => "leftover-autosquash",
            Self::ForeignColon => "foreign-colon",
        }
    }

    /// What is wrong and how it is put right.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::MissingSpaceAfterColon => "put a space behind the colon: `type: description`",
            Self::BodyWithoutBlankLine => "put a blank line between the header and the body",
            Self::FooterWithoutBlankLine => "put a blank line in front of the footers",
            Self::NearMissBreaking => {
                "write `BREAKING CHANGE: ` in capitals at the start of a line; as it is it breaks nothing"
            }
            Self::BreakingAsSubject => "give it a type: `feat!: description`",
            Self::BreakingTextOnNextLine => "put the text behind `BREAKING CHANGE: ` on the same line",
            Self::EmptyDescription => "say behind the colon what the commit does",
            Self::MalformedScope => "write one scope in one pair of parentheses: `type(scope): description`",
            Self::SpaceInHeader => "leave no blank before the type, the scope, the mark or the colon",
            Self::MisplacedMark => "write one `!` right before the colon: `type(scope)!: description`",
            Self::PrefixBeforeType => "begin with the type",
            Self::LeftoverAutosquash => "squash it: `git rebase --autosquash`",
            Self::ForeignColon => "use an ASCII colon and a space behind the type",
        }
    }
}

/// What stands between the token of a footer and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// `: `
    Colon,
    /// ` #`
    Hash,
}

impl Separator {
    /// As it is written.
    pub fn text(self) -> &'static str {
        match self {
            Self::Colon => ": ",
            Self::Hash => " #",
        }
    }
}

/// One footer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footer<'a> {
    /// As it is written: `Reviewed-by`, `BREAKING CHANGE`.
    pub token: &'a str,
    /// What follows it.
    pub separator: Separator,
    /// Without blanks around it; line feeds between its lines.
    pub value: Cow<'a, str>,
}

impl Footer<'_> {
    /// Whether it tells of a breaking change.
    pub fn breaks(&self) -> bool {
        self.separator == Separator::Colon && breaking::TOKENS.contains(&self.token)
    }
}

/// One message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message<'a> {
    /// Its first line that is not blank.
    pub subject: &'a str,
    /// Type, scope and description; `None` where the message is not conventional, and then the body and footers are
    /// those that it would have.
    pub header: Option<Header<'a>>,
    /// Without blank lines around it.
    pub body: Option<Cow<'a, str>>,
    /// In their order.
    pub footers: Vec<Footer<'a>>,
    /// What can be told of a message that is not conventional.
    pub salvage: Salvage<'a>,
    /// What a malformed header was probably meant to say; only for a version that must not be too low.
    pub meant: Option<Header<'a>>,
    /// Sorted, each once.
    pub lint: Vec<Lint>,
}

impl<'a> Message<'a> {
    /// Reads a message, whatever it is.
    pub fn parse(text: &'a str) -> Self {
        let text = text::without_leading_blank_lines(text);
        let (subject, rest) = text::first_line(text);
        let mut message = Message { subject: subject.trim_end(), ..Message::default() };
        text::read(rest, &mut message);
        match header::read(message.subject) {
            Some(header) if breaking::TOKENS.contains(&header.kind) => message.salvage(rest),
            Some(header) => {
                // A type of its own, and hardly meant as one.
                if header.kind.eq_ignore_ascii_case("breaking") {
                    message.lint.push(Lint::NearMissBreaking);
                }
                message.header = Some(header);
            }
            None => message.salvage(rest),
        }
        message.lint.sort_unstable();
        message.lint.dedup();
        message
    }

    fn salvage(&mut self, rest: &'a str) {
        salvage::read(self, rest);
        self.salvage.breaking |= self.footers.iter().any(Footer::breaks);
    }

    /// Whether it is a breaking change by the specification: never for a message that is not conventional.
    pub fn breaking(&self) -> bool {
        self.header.is_some_and(|header| header.mark || self.footers.iter().any(Footer::breaks))
    }

    /// Whether a version has to take it for a breaking change, conventional or not.
    pub fn forces_major(&self) -> bool {
        let meant = self.meant.is_some_and(|header| header.mark);
        self.breaking() || self.salvage.breaking || meant
    }

    /// What breaks, in the words of the footers, or else of the description.
    pub fn breaking_notes(&self) -> Vec<&str> {
        let notes: Vec<&str> = self.footers.iter().filter(|footer| footer.breaks()).map(|f| f.value.as_ref()).collect();
        if notes.is_empty() && self.forces_major() {
            return vec![self.description()];
        }
        notes
    }

    /// Type, be it only salvaged or meant.
    pub fn kind(&self) -> Option<&'a str> {
        let header = self.header.or(self.meant).map(|header| header.kind);
        header.or(self.salvage.kind)
    }

    /// Scope, be it only salvaged or meant.
    pub fn scope(&self) -> Option<&'a str> {
        self.header.or(self.meant).and_then(|header| header.scope).or(self.salvage.scope)
    }

    /// What is shown of it: the description, or the subject as it is.
    pub fn description(&self) -> &'a str {
        self.header.map(|header| header.description).or(self.salvage.description).unwrap_or(self.subject)
    }
}

#[cfg(test)]
mod tests;
