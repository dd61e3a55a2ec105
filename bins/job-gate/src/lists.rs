//! Lists that people write: names of jobs, and which filters a job may be skipped by. Time is linear in the text.
use serde_json::Value;

use crate::json;

/// Whether a text is a job's id as GitHub takes it: a letter or `_`, then letters, digits, `-` and `_`.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_id>
pub fn is_job_id(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    text.starts_with(letter) && text.chars().all(|c| letter(c) || c.is_ascii_digit() || c == '-')
}

/// Reads names of jobs: one a line or with commas between, or a JSON array, as the replaced action takes them.
///
/// # Errors
/// What is no id of a job, stands twice, or is JSON of another kind; the text completes "…: ".
pub fn job_names(text: &str) -> Result<Vec<String>, String> {
    let trimmed = text.trim();
    let given = if trimmed.starts_with(['[', '{', '"']) { of_json(trimmed)? } else { plain(trimmed) };
    let mut names: Vec<String> = Vec::with_capacity(given.len());
    let mut seen = std::collections::HashSet::new();
    for name in given {
        if !is_job_id(&name) {
            return Err(format!("`{name}` is no id of a job"));
        }
        if !seen.insert(name.clone()) {
            return Err(format!("`{name}` stands twice"));
        }
        names.push(name);
    }
    Ok(names)
}

fn plain(text: &str) -> Vec<String> {
    text.split([',', '\n']).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn of_json(text: &str) -> Result<Vec<String>, String> {
    let Value::Array(items) = json::read(text).map_err(|problem| problem.message)? else {
        return Err("the JSON is not an array of names".to_owned());
    };
    let name = |item: Value| match item {
        Value::String(name) => Ok(name),
        other => Err(format!("`{other}` is no name of a job")),
    };
    items.into_iter().map(name).collect()
}

/// A job that may be skipped when none of its filters is true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilteredJob {
    /// The job's id.
    pub job: String,
    /// Names of filters, one at least.
    pub filters: Vec<String>,
}

/// Reads lines `job: filter | filter`.
///
/// # Errors
/// A line without a job or without a filter, and what stands twice; the text completes "…: " and names the line.
pub fn filtered_jobs(text: &str) -> Result<Vec<FilteredJob>, String> {
    let mut jobs: Vec<FilteredJob> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (at, line) in text.lines().enumerate().map(|(at, line)| (at + 1, line.trim())) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let job = filtered_job(line).map_err(|what| format!("line {at}: {what}"))?;
        if !seen.insert(job.job.clone()) {
            return Err(format!("line {at}: the job `{}` stands twice; write all of its filters in one line", job.job));
        }
        jobs.push(job);
    }
    Ok(jobs)
}

fn filtered_job(line: &str) -> Result<FilteredJob, String> {
    let shape = "expected `job: filter | filter`";
    let (job, filters) = line.split_once(':').ok_or(shape)?;
    let (job, filters) = (job.trim(), filters.split('|').map(str::trim));
    if !is_job_id(job) {
        return Err(format!("`{job}` is no id of a job; {shape}"));
    }
    let mut names: Vec<String> = Vec::new();
    for filter in filters {
        if filter.is_empty() {
            return Err(format!("the job `{job}` has a filter without a name; {shape}"));
        }
        if filter.contains("${{") {
            return Err("name filters here, not their values: the verdict comes from the filter job".to_owned());
        }
        if !names.iter().any(|known| known == filter) {
            names.push(filter.to_owned());
        }
    }
    Ok(FilteredJob { job: job.to_owned(), filters: names })
}

/// Which name was meant: for the first wrong names among so many known ones, so that the search has a bound.
pub(crate) struct Meant<'a> {
    known: Vec<&'a str>,
    left: usize,
}

impl<'a> Meant<'a> {
    /// Names that may have been meant.
    pub(crate) fn among(known: impl IntoIterator<Item = &'a str>) -> Self {
        Self { known: known.into_iter().take(1_000).collect(), left: 20 }
    }

    /// The nearest name, when one is near: the same but for case, or two letters; of several the first by name.
    pub(crate) fn by(&mut self, wrong: &str) -> Option<&'a str> {
        self.left = self.left.checked_sub(1)?;
        let wrong = lowered(wrong);
        let rank = |name: &&'a str| {
            let lower = lowered(name);
            let typos = distance(&wrong, &lower);
            (typos <= 2 && typos < wrong.len().max(lower.len())).then_some((typos, *name))
        };
        self.known.iter().filter_map(rank).min().map(|(_, name)| name)
    }
}

/// The first 64 letters in lower case: names are short, and the distance takes their product.
fn lowered(name: &str) -> Vec<char> {
    name.chars().take(64).flat_map(char::to_lowercase).collect()
}

/// How many letters have to be put in, taken out or replaced.
fn distance(from: &[char], to: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (at, letter) in from.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, other) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T>(found: Result<Vec<T>, String>, expected: Result<usize, &str>) {
        assert_eq!(found.as_ref().map(Vec::len).map_err(String::as_str), expected);
    }

    #[test]
    fn names_come_in_lines_with_commas_or_as_json() {
        for text in ["a, b", "a\nb", " a ,\n\n b,", "[\"a\",\"b\"]", "[\n  \"a\",\n  \"b\"\n]"] {
            assert_eq!(job_names(text), Ok(vec!["a".to_owned(), "b".to_owned()]), "{text}");
        }
        for text in ["", "[]", " \n,"] {
            check(job_names(text), Ok(0));
        }
        check(job_names("a b"), Err("`a b` is no id of a job"));
        check(job_names("a,a"), Err("`a` stands twice"));
        check(job_names("[1]"), Err("`1` is no name of a job"));
        check(job_names("{\"a\":1}"), Err("the JSON is not an array of names"));
        check(job_names("[\"a\""), Err("EOF while parsing a list at line 1 column 4"));
    }

    #[test]
    fn lines_map_jobs_to_filters() {
        let found = filtered_jobs("# why\nkotlin-build: kotlin\n\n docker : docker | terraform | docker\n").unwrap();
        let shown: Vec<String> = found.iter().map(|job| format!("{} {}", job.job, job.filters.join("+"))).collect();
        assert_eq!(shown, ["kotlin-build kotlin", "docker docker+terraform"]);
        check(filtered_jobs("a"), Err("line 1: expected `job: filter | filter`"));
        check(
            filtered_jobs("\na:"),
            Err("line 2: the job `a` has a filter without a name; expected `job: filter | filter`"),
        );
        check(
            filtered_jobs("a: x |"),
            Err("line 1: the job `a` has a filter without a name; expected `job: filter | filter`"),
        );
        check(filtered_jobs("a b: x"), Err("line 1: `a b` is no id of a job; expected `job: filter | filter`"));
        check(
            filtered_jobs("a: x\na: y"),
            Err("line 2: the job `a` stands twice; write all of its filters in one line"),
        );
        let values = "line 1: name filters here, not their values: the verdict comes from the filter job";
        check(filtered_jobs("a: ${{ needs.b.outputs.x }}"), Err(values));
    }

    #[test]
    fn near_names_are_suggested() {
        let known = ["kotlin-build", "go", "docs"];
        for (wrong, near) in [
            ("Kotlin-Build", Some("kotlin-build")),
            ("kotln-build", Some("kotlin-build")),
            ("doc", Some("docs")),
            ("python", None),
            ("g", Some("go")),
        ] {
            assert_eq!(Meant::among(known).by(wrong), near, "{wrong}");
        }
    }
}
