//! What is said: outputs for later steps, text for a person, JSON for a program, Markdown for the summary.
pub mod lists;
pub mod outputs;
pub(crate) mod summary;
pub(crate) mod text;

use action::{Annotation, Report};
use serde_json::{Map, Value};

use crate::decide::{FilterVerdict, Verdict, Why};
use crate::filters::{Filters, Problem};
use crate::gather::{Facts, location};
use outputs::Lists;

/// The remedy for most doubts.
pub(crate) const MORE_HISTORY: &str = "give actions/checkout `fetch-depth: 0`, or name a `base`";

/// Everything that a report is made from.
pub(crate) struct Shown {
    pub(crate) filters: Filters,
    /// The filters file, relative to the root of the repository.
    pub(crate) path: Option<String>,
    pub(crate) facts: Facts,
    pub(crate) verdict: Verdict,
    pub(crate) lists: Lists,
}

impl Shown {
    /// Where a filter's answer comes from, in a few words: file and pattern, another filter, doubt.
    pub(crate) fn reason(&self, filter: &FilterVerdict) -> String {
        match &filter.why {
            Why::Met { pattern: Some((pattern, at)), .. } => {
                format!("{pattern} ({}:{})", self.path.as_deref().unwrap_or("line"), at.line)
            }
            Why::Met { pattern: None, .. } => String::new(),
            Why::Depends(other) => format!("depends on {other}"),
            Why::Uncertain => "what changed is not known for sure".to_owned(),
            Why::No => String::new(),
        }
    }

    /// The older side, for people: a short id and what it is.
    pub(crate) fn compared(&self) -> String {
        match &self.facts.base {
            Some(base) => format!("{}, {}", short(base), self.facts.why),
            None => self.facts.why.clone(),
        }
    }
}

/// The first ten digits of an id.
pub(crate) fn short(id: &str) -> &str {
    id.get(..10).unwrap_or(id)
}

/// `1 file`, `2 files`.
pub(crate) fn files(count: usize) -> String {
    format!("{count} file{}", if count == 1 { "" } else { "s" })
}

/// What is doubtful, about the change and about the filters file.
pub(crate) fn warnings(report: &mut Report, shown: &Shown) {
    if let Some(doubt) = &shown.facts.doubt {
        let message = format!("every filter is true, because {doubt}; {MORE_HISTORY}");
        report.annotate(Annotation::warning(message).title("paths-filter cannot tell for sure what changed").weight(9));
    }
    for problem in &shown.filters.warnings {
        report.annotate(warning(problem, shown.path.as_deref()));
    }
    let hidden = shown.hidden();
    if hidden > 0 {
        report.annotate(Annotation::notice(format!(
            "{hidden} changed file name(s) are left out of the lists (`names: hide`)"
        )));
    }
}

/// A problem of the filters file as an annotation at its place.
pub(crate) fn warning(problem: &Problem, path: Option<&str>) -> Annotation {
    let hint = problem.hint.as_deref().map(|hint| format!("; {hint}")).unwrap_or_default();
    match path {
        Some(path) => Annotation::warning(format!("{}{hint}", problem.message)).at(location(path, problem.at)),
        None => Annotation::warning(format!("filters, {problem}{hint}")),
    }
}

/// A matrix above this is given without its file lists: a job cannot read its matrix from a file.
const LARGEST_MATRIX: usize = 256 << 10;

/// Sets every declared output.
pub(crate) fn outputs(report: &mut Report, shown: &Shown) {
    let mut matrix = shown.matrix(true).to_string();
    if matrix.len() > LARGEST_MATRIX {
        matrix = shown.matrix(false).to_string();
        report.annotate(Annotation::notice("the file lists are too long for `matrix` and stand in `result` only"));
    }
    report.output("changes", shown.changes().to_string());
    report.output("result", shown.result().to_string());
    report.output("any", shown.verdict.any().to_string());
    report.output("matrix", matrix);
    report.output("base", shown.facts.base.as_deref().unwrap_or_default());
    report.output("head", shown.facts.head.as_deref().unwrap_or_default());
    report.output("uncertain", shown.facts.doubt.is_some().to_string());
}

/// The outputs as one JSON object.
pub(crate) fn json(shown: &Shown) -> Value {
    let mut out = Map::new();
    out.insert("changes".into(), shown.changes());
    out.insert("result".into(), shown.result());
    out.insert("any".into(), shown.verdict.any().into());
    out.insert("matrix".into(), shown.matrix(true));
    out.insert("base".into(), shown.facts.base.as_deref().unwrap_or_default().into());
    out.insert("head".into(), shown.facts.head.as_deref().unwrap_or_default().into());
    out.insert("uncertain".into(), shown.facts.doubt.is_some().into());
    Value::Object(out)
}
