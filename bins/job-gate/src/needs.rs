//! The results of jobs: GitHub's `needs` context as JSON, or lines `job: result`. Time is linear in the text.
use std::collections::HashMap;

use serde_json::Value;

use crate::json;
use crate::lists::is_job_id;

/// How a job ended, in GitHub's four words.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#needs-context>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobResult {
    /// `success`
    Success,
    /// `failure`
    Failure,
    /// `cancelled`
    Cancelled,
    /// `skipped`
    Skipped,
}

impl JobResult {
    /// Reads GitHub's word; `None` for any other, however near.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Success, Self::Failure, Self::Cancelled, Self::Skipped].into_iter().find(|result| result.word() == word)
    }

    /// GitHub's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Cancelled => "cancelled",
            Self::Skipped => "skipped",
        }
    }
}

/// One job that the gate needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub name: String,
    /// How it ended: GitHub's word, or a word that is none.
    pub result: Result<JobResult, String>,
    /// What it gave on, untrusted; empty when only the results are known.
    pub outputs: Vec<(String, String)>,
}

impl Job {
    /// The value of an output; an empty one is an absent one.
    pub fn output(&self, name: &str) -> Option<&str> {
        let found = self.outputs.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

/// Why a text says nothing about jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong, in lower case, without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: &'static str,
}

const WRITE: &str = "write `needs: ${{ toJSON(needs) }}`";
const LISTED: &str = "give the gate's job a `needs:` with every job that it has to wait for";
const CUT: &str =
    "a variable holds 128 KiB at most; where outputs are longer give `results`, lines `job: ${{ needs.job.result }}`";
const NAMES: &str = "results alone have no names; give `results`, lines `job: ${{ needs.job.result }}`";

/// Reads what `toJSON(needs)` gives: an object of jobs, one at least.
///
/// # Errors
/// Everything that is not exactly that, down to a key that stands twice.
pub fn of_json(text: &str) -> Result<Vec<Job>, Problem> {
    let trimmed = text.trim();
    if matches!(trimmed, "Object" | "[object Object]" | "needs") || trimmed.starts_with("${{") {
        let message = format!("`{}` is not JSON but an expression that nobody turned into it", first(trimmed));
        return Err(Problem { message, hint: WRITE });
    }
    let value = json::read(text).map_err(|problem| {
        let hint = if problem.cut { CUT } else { WRITE };
        Problem { message: format!("it is not whole JSON: {}", problem.message), hint }
    })?;
    let entries = match value {
        Value::Object(entries) => entries,
        Value::Array(_) => return Err(Problem { message: "it is an array".to_owned(), hint: NAMES }),
        _ => return Err(Problem { message: "it is not an object of jobs".to_owned(), hint: WRITE }),
    };
    let job = |(name, value)| job(name, value).map_err(|message| Problem { message, hint: WRITE });
    let jobs: Result<Vec<Job>, Problem> = entries.into_iter().map(job).collect();
    checked(jobs?)
}

fn job(name: String, value: Value) -> Result<Job, String> {
    let Value::Object(mut fields) = value else { return Err(format!("the job `{}` is no object", first(&name))) };
    let result = match fields.remove("result") {
        Some(Value::String(word)) => JobResult::parse(&word).ok_or(word),
        Some(other) => Err(other.to_string()),
        None => return Err(format!("the job `{}` has no `result`", first(&name))),
    };
    let outputs = match fields.remove("outputs") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Object(outputs)) => outputs.into_iter().map(|(name, value)| (name, text(value))).collect(),
        Some(_) => return Err(format!("the outputs of the job `{}` are no object", first(&name))),
    };
    Ok(Job { name, result, outputs })
}

/// Outputs are texts; the local runners of this world give other values now and then.
fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Reads lines `job: result`, one at least.
///
/// # Errors
/// A line of another shape, and a job that stands twice.
pub fn of_lines(text: &str) -> Result<Vec<Job>, Problem> {
    let hint = "write one line `job: ${{ needs.job.result }}` for each job";
    let mut jobs = Vec::new();
    for (at, line) in text.lines().enumerate().map(|(at, line)| (at + 1, line.trim())) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((name, word)) = line.split_once(':') else {
            return Err(Problem { message: format!("line {at} is `{}`, which has no colon", first(line)), hint });
        };
        let word = word.trim();
        let result = JobResult::parse(word).ok_or_else(|| word.to_owned());
        jobs.push(Job { name: name.trim().to_owned(), result, outputs: Vec::new() });
    }
    checked(jobs)
}

/// One job at least, each with an id that GitHub would take, and no two of one name: to GitHub case makes no difference.
fn checked(jobs: Vec<Job>) -> Result<Vec<Job>, Problem> {
    if jobs.is_empty() {
        return Err(Problem { message: "it names no job, and that proves nothing".to_owned(), hint: LISTED });
    }
    let mut known: HashMap<String, &str> = HashMap::new();
    for job in &jobs {
        if !is_job_id(&job.name) {
            return Err(Problem { message: format!("`{}` is no id of a job", first(&job.name)), hint: WRITE });
        }
        if let Some(other) = known.insert(job.name.to_ascii_lowercase(), &job.name) {
            let message = match *other == job.name {
                true => format!("the job `{other}` stands twice"),
                false => format!("`{other}` and `{}` differ by case alone, which GitHub takes for one job", job.name),
            };
            return Err(Problem { message, hint: WRITE });
        }
    }
    Ok(jobs)
}

/// The beginning of an untrusted text, harmless and on one line.
pub(crate) fn first(text: &str) -> String {
    let short: String = text.chars().take(80).collect();
    let more = if short.len() < text.len() { "…" } else { "" };
    format!("{}{more}", action::neutral(short))
}
