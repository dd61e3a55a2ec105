//! Secrets: values that cannot be printed by accident.
use std::convert::Infallible;
use std::str::FromStr;

/// A token or password. It has no `Debug` and no `Display` on purpose; [`Secret::expose`] is easy to find in a review.
///
/// As an input it parses from any text, and [`crate::main`] masks it before anything else is printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value that must not be printed.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself, for the one place that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

/// What has to be masked: each line, since the runner looks at one line of the log at a time. White space around a line
/// is not part of it. In a secret of several lines those of one to three characters stay: masking the `{` of a key in
/// JSON would hide every brace of the log and protect nothing.
pub(crate) fn masks(secret: &Secret) -> impl Iterator<Item = &str> {
    let several = secret.0.trim().contains(['\n', '\r']);
    let lines = secret.0.split(['\n', '\r']).map(str::trim);
    lines.filter(move |line| !line.is_empty() && (!several || line.chars().count() > 3))
}
