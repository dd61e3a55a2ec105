//! Which judgement belongs to which error.
use std::fmt;

use serde::Deserialize;

use crate::findings::Finding;

/// An error in a package.
pub(crate) struct Error {
    pub(crate) package: String,
    pub(crate) finding: Finding,
}

/// What a person says of the errors of one rule in one function.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Judgement {
    pub(crate) package: String,
    file: String,
    /// None where the error is in no function.
    function: Option<String>,
    rule: String,
    pub(crate) verdict: Verdict,
    pub(crate) why: String,
}

/// Whether an error is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    /// The code only pretends.
    Genuine,
    /// Reviewers would disagree.
    Arguable,
    /// The code is honest.
    False,
}

/// Errors and judgements put together.
pub(crate) struct Matched<'j> {
    /// The judgement of each error.
    pub(crate) of: Vec<Option<&'j Judgement>>,
    /// Judgements of nothing that is reported now.
    pub(crate) stale: Vec<&'j Judgement>,
}

/// Puts them together: lines may move, names may not.
pub(crate) fn matched<'j>(errors: &[Error], judgements: &[&'j Judgement]) -> Matched<'j> {
    let of = errors.iter().map(|error| judgements.iter().copied().find(|it| it.is_of(error))).collect();
    let stale = judgements.iter().copied().filter(|it| !errors.iter().any(|error| it.is_of(error))).collect();
    Matched { of, stale }
}

impl Judgement {
    fn is_of(&self, error: &Error) -> bool {
        let Finding { file, function, rule, .. } = &error.finding;
        self.package == error.package && self.file == *file && self.function == *function && self.rule == *rule
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Genuine => "genuine",
            Self::Arguable => "arguable",
            Self::False => "false",
        })
    }
}

impl fmt::Display for Judgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let function = self.function.as_deref().unwrap_or("-");
        write!(f, "{} {} {} {function}", self.package, self.file, self.rule)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { file, line, end_line, rule, message, function, .. } = &self.finding;
        let function = function.as_deref().unwrap_or("-");
        write!(f, "{} {file}:{line}-{end_line} {rule} {function}: {message}", self.package)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::Severity;

    fn error(file: &str, function: Option<&str>) -> Error {
        let (file, function) = (file.to_owned(), function.map(str::to_owned));
        let (rule, message) = ("FK103".to_owned(), String::new());
        let finding = Finding { file, line: 1, end_line: 2, rule, severity: Severity::Error, message, function };
        Error { package: "p".to_owned(), finding }
    }

    fn judgement(file: &str, function: Option<&str>) -> Judgement {
        let (file, function) = (file.to_owned(), function.map(str::to_owned));
        let (package, rule) = ("p".to_owned(), "FK103".to_owned());
        Judgement { package, file, function, rule, verdict: Verdict::Genuine, why: String::new() }
    }

    #[test]
    fn judgements_go_by_package_file_function_and_rule() {
        let errors = [error("a.ts", Some("A.f")), error("a.ts", Some("A.f")), error("a.ts", None), error("b.ts", None)];
        let (method, module, stale) =
            (judgement("a.ts", Some("A.f")), judgement("a.ts", None), judgement("c.ts", None));
        let matched = matched(&errors, &[&method, &module, &stale]);
        let judged: Vec<bool> = matched.of.iter().map(Option::is_some).collect();
        assert_eq!(judged, [true, true, true, false]);
        assert_eq!(matched.stale.len(), 1);
        assert_eq!(matched.stale[0].to_string(), "p c.ts FK103 -");
    }
}
