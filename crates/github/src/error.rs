//! Why a call gave no answer, in words for the person who has to fix it.
use std::fmt;

/// The kinds of failure that a caller may tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The settings make no sense (exit 2): address, token, proxy, root file, repository.
    Settings,
    /// 401: the token is missing, wrong or expired.
    Unauthorized,
    /// 403: the token may not do this.
    Forbidden,
    /// 404: no such thing, or the token may not see it.
    NotFound,
    /// A rate limit that lasts longer than we may wait.
    RateLimited,
    /// No answer: connection, TLS, proxy, time.
    Unreachable,
    /// An answer that is not what GitHub's description promises.
    BadAnswer,
    /// The answer to an order that must not be given twice got lost: it may have been carried out, so look before repeating it.
    MaybeDone,
    /// What was to be sent could not be read, or is not as long as announced; nothing whole was sent.
    Source,
    /// Any other refusal, or a failure on GitHub's side that outlasted the attempts.
    Refused,
}

/// A failed call: `Display` reads `could not <do this>: <cause>` on one line; it never holds the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error { kind, message: message.into(), hint: None }
    }

    pub(crate) fn with_kind(self, kind: ErrorKind) -> Self {
        Error { kind, ..self }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What a caller may branch on.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Whether the user has to mend settings, token or repository; otherwise the other side failed.
    pub fn is_of_inputs(&self) -> bool {
        matches!(self.kind, ErrorKind::Settings | ErrorKind::Unauthorized | ErrorKind::Forbidden | ErrorKind::NotFound)
    }

    /// What to do about it, where there is something to do.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// A stranger's text as a part of a message: one line, no control characters, at most 300 characters.
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST: usize = 300;
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    let mut line: String = text.trim().chars().take(LONGEST).map(visible).collect();
    if text.trim().chars().nth(LONGEST).is_some() {
        line.push('…');
    }
    line
}

/// Seconds since 1970 as `2026-11-24T08:00:00Z`; the calendar is Gregorian, by counting 400-year cycles from March of year 0.
pub(crate) fn utc(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let date = day - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = era * 400 + year + carry;
    format!("{year:04}-{month:02}-{date:02}T{:02}:{:02}:{:02}Z", rest / 3_600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(seconds: u64, expected: &str) {
        assert_eq!(utc(seconds), expected);
    }

    #[test]
    fn times_are_utc() {
        check(0, "1970-01-01T00:00:00Z");
        check(951_782_399, "2000-02-28T23:59:59Z");
        check(951_782_400, "2000-02-29T00:00:00Z");
        check(1_795_507_200, "2026-11-24T08:00:00Z");
        check(4_107_542_400, "2100-03-01T00:00:00Z");
        check(1_767_225_599, "2025-12-31T23:59:59Z");
    }

    #[test]
    fn strangers_text_stays_on_its_line() {
        assert_eq!(quoted(" a\n::error::b\u{1b}[0m "), "a ::error::b [0m");
        assert_eq!(quoted(&"é".repeat(301)).chars().count(), 301);
    }
}
