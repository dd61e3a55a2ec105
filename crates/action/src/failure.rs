//! Failures: why a tool could not tell, what to do about it, and where.
use std::error::Error;
use std::fmt;

use crate::exit;
use crate::location::Location;

/// Whose turn it is after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The inputs make no sense: exit code 2.
    Inputs,
    /// Something outside failed (file system, network, another program): exit code 3.
    Outside,
}

/// Could not tell. Its text reads `could not <do this>: <cause>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    kind: Kind,
    doing: String,
    cause: String,
    hint: Option<String>,
    // Boxed, so that a result with a failure in it stays small.
    location: Option<Box<Location>>,
}

impl Failure {
    /// The inputs make no sense. `doing` completes "could not …"; an empty `cause` is left out.
    pub fn inputs(doing: impl Into<String>, cause: impl Into<String>) -> Self {
        Self::new(Kind::Inputs, doing.into(), cause.into())
    }

    /// Something outside failed. `doing` completes "could not …"; an empty `cause` is left out.
    pub fn outside(doing: impl Into<String>, cause: impl Into<String>) -> Self {
        Self::new(Kind::Outside, doing.into(), cause.into())
    }

    /// What a crate of ours could not do, whose error reads `could not <do this>: <cause>` already.
    pub fn told(kind: Kind, error: impl fmt::Display) -> Self {
        let text = error.to_string();
        let text = text.strip_prefix("could not ").unwrap_or(&text);
        let (doing, cause) = text.split_once(": ").unwrap_or((text, ""));
        Self::new(kind, doing.to_owned(), cause.to_owned())
    }

    fn new(kind: Kind, doing: String, cause: String) -> Self {
        Self { kind, doing, cause, hint: None, location: None }
    }

    /// Adds what the user can do about it, as one sentence.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds a hint where there is one.
    #[must_use]
    pub fn hints(self, hint: Option<&str>) -> Self {
        Self { hint: hint.map(str::to_owned).or(self.hint), ..self }
    }

    /// Adds where the problem is, so that it shows up on that line of the pull request.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.location = Some(Box::new(location));
        self
    }

    /// Whose turn it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What to do about it, when there is something to do.
    pub fn get_hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Where the problem is, when it is in a file.
    pub fn location(&self) -> Option<&Location> {
        self.location.as_deref()
    }

    /// The exit code: 2 or 3.
    pub fn code(&self) -> u8 {
        match self.kind {
            Kind::Inputs => exit::INPUTS,
            Kind::Outside => exit::OUTSIDE,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not {}", self.doing)?;
        if self.cause.is_empty() { Ok(()) } else { write!(f, ": {}", self.cause) }
    }
}

impl Error for Failure {}

/// Turns what went wrong into a [`Failure`] by saying what was being done.
pub trait OrFail<T> {
    /// An outside failure (exit code 3); `doing` completes "could not …".
    fn or_fail<D: Into<String>>(self, doing: impl FnOnce() -> D) -> Result<T, Failure>;

    /// A failure of the inputs (exit code 2); `doing` completes "could not …".
    fn or_bad_input<D: Into<String>>(self, doing: impl FnOnce() -> D) -> Result<T, Failure>;
}

impl<T, E: Into<Box<dyn Error + Send + Sync>>> OrFail<T> for Result<T, E> {
    fn or_fail<D: Into<String>>(self, doing: impl FnOnce() -> D) -> Result<T, Failure> {
        self.map_err(|error| Failure::outside(doing(), chain(error.into().as_ref())))
    }

    fn or_bad_input<D: Into<String>>(self, doing: impl FnOnce() -> D) -> Result<T, Failure> {
        self.map_err(|error| Failure::inputs(doing(), chain(error.into().as_ref())))
    }
}

impl<T> OrFail<T> for Option<T> {
    fn or_fail<D: Into<String>>(self, doing: impl FnOnce() -> D) -> Result<T, Failure> {
        self.ok_or_else(|| Failure::outside(doing(), ""))
    }

    fn or_bad_input<D: Into<String>>(self, doing: impl FnOnce() -> D) -> Result<T, Failure> {
        self.ok_or_else(|| Failure::inputs(doing(), ""))
    }
}

/// The causes of an error, outermost first, each told once: many errors repeat their source in their own text.
fn chain(error: &dyn Error) -> String {
    let mut text = told(error);
    let mut source = error.source();
    while let Some(cause) = source {
        let next = told(cause);
        if !text.to_lowercase().contains(&next.to_lowercase()) {
            text.push_str(": ");
            text.push_str(&next);
        }
        source = cause.source();
    }
    text
}

/// One cause, lower case and without Rust's "(os error 2)", which tells a user nothing more.
fn told(error: &dyn Error) -> String {
    let full = error.to_string();
    let text = match full.rfind(" (os error ") {
        Some(at) if full.ends_with(')') => &full[..at],
        _ => &full,
    };
    lower(text.trim())
}

/// Lowers a capital that only starts a sentence; names such as `GitHub` and `TLS` stay.
fn lower(text: &str) -> String {
    let word = text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let mut letters = word.chars();
    match letters.next() {
        Some(first) if first.is_uppercase() && letters.all(char::is_lowercase) => {
            first.to_lowercase().chain(text[first.len_utf8()..].chars()).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::{fmt, io};

    use super::*;

    #[derive(Debug)]
    struct Layer(&'static str, Option<Box<Layer>>);

    impl fmt::Display for Layer {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Layer {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref().map(|layer| layer as &(dyn Error + 'static))
        }
    }

    fn check(error: impl Into<Box<dyn Error + Send + Sync>>, expected: &str) {
        let failure = Err::<(), _>(error).or_fail(|| "do it").unwrap_err();
        assert_eq!((failure.to_string().as_str(), failure.code()), (expected, 3));
    }

    #[test]
    fn each_cause_is_told_once_in_lower_case() {
        check("Something broke", "could not do it: something broke");
        check("GitHub said no", "could not do it: GitHub said no");
        check("TLS is off", "could not do it: TLS is off");
        check("É accepted", "could not do it: é accepted");
        check(io::Error::from_raw_os_error(2), "could not do it: no such file or directory");
        let layers =
            |inner| Layer("Sending failed: Timed out", Some(Box::new(Layer("Connecting", Some(Box::new(inner))))));
        check(layers(Layer("timed out", None)), "could not do it: sending failed: Timed out: connecting");
        check(Failure::inputs("read x", "it is empty"), "could not do it: could not read x: it is empty");
    }

    #[test]
    fn a_missing_thing_needs_no_cause() {
        let failure = None::<()>.or_bad_input(|| "find the filter x").unwrap_err();
        assert_eq!((failure.to_string().as_str(), failure.code()), ("could not find the filter x", 2));
    }
}
