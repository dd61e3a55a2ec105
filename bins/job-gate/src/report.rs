//! What is said: outputs for later steps, a row a job for a person, the record for a program, a summary, annotations.
mod findings;
mod summary;
mod text;

use action::{Annotation, Answer, Failure, OrFail as _, Report};
use serde_json::{Map, Value};

use crate::inputs::Format;
use crate::record::{self, Record, Row, State};
pub(crate) use findings::{Checked, write as findings};

/// Says all of it.
pub(crate) fn write(report: &mut Report, record: &Record, format: Format) -> Result<(), Failure> {
    let json = serde_json::to_string(record).or_fail(|| "write the record")?;
    match format {
        Format::Text => text::write(report, record),
        Format::Json => report.machine(format!("{json}\n")),
    }
    let failing: Vec<&str> = record.failing().map(|row| row.job.as_str()).collect();
    outcome(report, record.result);
    report.output("failing", Value::from(failing).to_string());
    report.output("counts", counts(record).to_string());
    report.output("jobs", serde_json::to_string(&record.jobs).or_fail(|| "write the rows")?);
    report.summary(summary::section(record));
    if report.workflow().in_actions {
        annotations(report, record);
    }
    Ok(())
}

/// The outputs of a run that ends before there is a record: whoever goes on in spite of it must not read a success.
pub(crate) fn unknown(report: &mut Report) {
    outcome(report, record::Answer::Unknown);
}

fn outcome(report: &mut Report, result: record::Answer) {
    report.output("result", result.word());
    report.output("success", (result == record::Answer::Success).to_string());
    report.output("failure", (result != record::Answer::Success).to_string());
}

fn counts(record: &Record) -> Value {
    let count = |state: State| (state.word().to_owned(), Value::from(record.count(state)));
    Value::Object(State::ALL.into_iter().map(count).collect::<Map<_, _>>())
}

/// All that is wrong, but for the one thing that the step ends with.
fn annotations(report: &mut Report, record: &Record) {
    let told = first_unknown(record);
    for row in record.failing() {
        let (message, hint) = (sentence(row), row.hint.as_deref());
        if told.as_ref().is_none_or(|(known, _)| *known != message) {
            let hint = hint.map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
            report.annotate(
                Annotation::error(format!("{message}{hint}")).title(format!("job-gate: {}", row.state.word())),
            );
        }
    }
    for problem in &record.problems {
        if told.as_ref().is_none_or(|(known, _)| *known != problem.message) {
            let hint = problem.hint.as_ref().map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
            report.annotate(Annotation::error(format!("{}{hint}", problem.message)).title("job-gate: inputs"));
        }
    }
}

/// `job` and its reason, with the link.
fn sentence(row: &Row) -> String {
    let link = row.url.as_ref().map(|url| format!(" ({url})")).unwrap_or_default();
    format!("{} {}{link}", row.job, row.reason)
}

/// The first thing that cannot be told, with its remedy.
fn first_unknown(record: &Record) -> Option<(String, Option<&str>)> {
    let problem = record.problems.first().map(|problem| (problem.message.clone(), problem.hint.as_deref()));
    let row = record.jobs.iter().find(|row| row.state == State::Unknown);
    problem.or_else(|| row.map(|row| (sentence(row), row.hint.as_deref())))
}

/// Success and failure are answers; what is unknown could not be told.
pub(crate) fn answer(record: &Record) -> Result<Answer, Failure> {
    match record.result {
        record::Answer::Success => Ok(Answer::Yes),
        record::Answer::Failure => Ok(Answer::No),
        record::Answer::Unknown => {
            let (cause, hint) = first_unknown(record).unwrap_or_else(|| ("there is no job".to_owned(), None));
            Err(Failure::inputs("tell whether every job that had to run succeeded", cause).hints(hint))
        }
    }
}
