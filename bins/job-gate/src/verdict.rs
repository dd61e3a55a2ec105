//! The verdict of paths-filter: which filters are true. Time is linear in the text.
use std::collections::BTreeMap;

use serde_json::Value;

use crate::json;
use crate::needs::{Job, first};

/// Which filters are true.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    filters: BTreeMap<String, bool>,
    /// More may have changed than is known, so no filter counts as false.
    pub uncertain: bool,
}

/// A filter's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Something changed there.
    True,
    /// Nothing changed there, for sure.
    False,
    /// It is not known for sure what changed.
    Uncertain,
    /// There is no filter of this name.
    Absent,
}

impl Verdict {
    /// What it says about a filter.
    pub fn of(&self, filter: &str) -> Filter {
        match self.filters.get(filter) {
            None => Filter::Absent,
            Some(true) => Filter::True,
            Some(false) if self.uncertain => Filter::Uncertain,
            Some(false) => Filter::False,
        }
    }

    /// The names of all filters, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.filters.keys().map(String::as_str)
    }
}

/// What was given beside the filter job's outputs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// paths-filter's output `result`.
    pub result: Option<String>,
    /// paths-filter's output `uncertain`.
    pub uncertain: Option<String>,
}

/// Reads a verdict: from what was given, else from the filter job's output `result`, else from its outputs `true` and `false`,
/// each of which then is a filter's.
///
/// # Errors
/// No verdict at all, one that is not whole, and a word for `uncertain` that is none; the text completes "…: ".
pub fn read(given: &Given, job: &Job) -> Result<Verdict, String> {
    let uncertain = match given.uncertain.as_deref().or_else(|| job.output("uncertain")) {
        None | Some("false") => false,
        Some("true") => true,
        Some(other) => return Err(format!("its `uncertain` is `{}`, neither true nor false", first(other))),
    };
    let filters = match given.result.as_deref().or_else(|| job.output("result")) {
        Some(text) => of_json(text)?,
        None => of_outputs(job),
    };
    if filters.is_empty() {
        return Err("it gave no verdict on any filter".to_owned());
    }
    Ok(Verdict { filters, uncertain })
}

/// Beside each filter's answer stand its count, its files and its hash, which are no booleans.
fn of_json(text: &str) -> Result<BTreeMap<String, bool>, String> {
    let value = json::read(text).map_err(|problem| format!("its verdict is not whole JSON: {}", problem.message))?;
    let Value::Object(entries) = value else { return Err("its verdict is no object of filters".to_owned()) };
    Ok(entries.into_iter().filter_map(|(name, value)| Some((name, value.as_bool()?))).collect())
}

fn of_outputs(job: &Job) -> BTreeMap<String, bool> {
    let others = job.outputs.iter().filter(|(name, _)| !matches!(name.as_str(), "uncertain" | "any"));
    others.filter_map(|(name, value)| Some((name.clone(), value.parse().ok()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::needs::JobResult;

    fn job(outputs: &[(&str, &str)]) -> Job {
        let outputs = outputs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Job { name: "changes".to_owned(), result: Ok(JobResult::Success), outputs }
    }

    /// Each filter with its answer, or why there is none.
    fn check(given: (Option<&str>, Option<&str>), outputs: &[(&str, &str)], expected: &str) {
        let given = Given { result: given.0.map(str::to_owned), uncertain: given.1.map(str::to_owned) };
        let shown = match read(&given, &job(outputs)) {
            Ok(verdict) => {
                verdict.names().map(|name| format!("{name}={:?}", verdict.of(name))).collect::<Vec<_>>().join(" ")
            }
            Err(why) => why,
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn the_nearest_source_counts() {
        let result = r#"{"go_count":1,"go_hash":"x","go":true,"docs":false}"#;
        check((Some(result), None), &[("result", "{\"go\":false}")], "docs=False go=True");
        check((None, None), &[("result", result), ("go", "false")], "docs=False go=True");
        check(
            (None, None),
            &[("go", "true"), ("docs", "false"), ("any", "true"), ("matrix", "{}")],
            "docs=False go=True",
        );
        check((None, Some("true")), &[("result", result)], "docs=Uncertain go=True");
        check((None, None), &[("result", result), ("uncertain", "true")], "docs=Uncertain go=True");
        check((None, Some("false")), &[("result", result), ("uncertain", "true")], "docs=False go=True");
    }

    #[test]
    fn no_evidence_is_no_verdict() {
        let none = "it gave no verdict on any filter";
        check((None, None), &[], none);
        check((None, None), &[("result", "")], none);
        check((Some("{}"), None), &[("go", "false")], none);
        check((Some("{\"go\":\"false\"}"), None), &[], none);
        check((None, None), &[("any", "false"), ("uncertain", "false"), ("go", "False")], none);
        check((Some("true"), None), &[], "its verdict is no object of filters");
        let cut = "its verdict is not whole JSON: EOF while parsing an object at line 1 column 11";
        check((Some("{\"go\":false"), None), &[], cut);
        let twice = "its verdict is not whole JSON: the key `go` stands twice at line 1 column 16";
        check((Some("{\"go\":false,\"go\":true}"), None), &[], twice);
        check((None, Some("no")), &[("go", "false")], "its `uncertain` is `no`, neither true nor false");
    }
}
