//! `provenance`: an in-toto statement about the files of a list, and the list as actions/attest takes it.
use std::path::Path;

use action::{Answer, Failure, OrFail as _, Report};
use formats::sums::{Digest, End, Form, write};

use crate::apply;
use crate::decide::{Facts, State, verdict};
use crate::gather::{self, shown};
use crate::inputs::ProvenanceInputs;
use crate::report::checked::{self, Lines};
use crate::report::{self as say, files};
use crate::statement::{self, MOST_BYTES, Statement, Subject};

pub(crate) fn run(inputs: ProvenanceInputs, report: &mut Report) -> Result<Answer, Failure> {
    let ProvenanceInputs { path, out, subject_checksums } = inputs;
    let found = gather::list(path.as_deref())?;
    if !found.list.problems.is_empty() {
        let list = found.path.clone();
        let facts = Facts { states: vec![State::Good; found.list.entries.len()], list: found.list, ..Facts::default() };
        let verdict = verdict(&facts);
        checked::write(report, (&facts, &verdict), &list, Lines::None);
        return checked::answer(&verdict, &list);
    }
    let subjects = statement::subjects(&found.list.entries)?;
    let statement = statement::statement(&subjects, report.workflow())?;
    let checksums = checksums(&subjects)?;
    let temporary = report.workflow().runner_temp.clone();
    let place = |name: &str| temporary.as_deref().map(|folder| folder.join(name));
    if let Some(path) = subject_checksums.or_else(|| place("subject-checksums.txt")) {
        apply::write(&path, "the subjects", &checksums)?;
        report.output("sums-file", shown(&path));
    }
    match out.or_else(|| place("provenance.json")).filter(|path| path != Path::new("-")) {
        None => say::json(report, &statement)?,
        Some(path) => written(report, &statement, &path)?,
    }
    report.output("count", subjects.len().to_string());
    let table: Vec<(&[u8], &Digest)> = subjects.iter().map(|(name, digest)| (name.as_bytes(), *digest)).collect();
    say::table(report, &format!("Provenance of {}", files(subjects.len())), &table);
    Ok(Answer::Yes)
}

fn written(report: &mut Report, statement: &Statement, path: &Path) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(statement).or_fail(|| "write the statement")?;
    apply::write(path, "the statement", format!("{text}\n").as_bytes())?;
    report.output("statement", shown(path));
    report.line(action::Line::new().good("ok").plain(format!(", the statement is in {}", shown(path))));
    Ok(())
}

/// The subjects as lines of GNU's text form.
fn checksums(subjects: &[Subject<'_>]) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    subjects.iter().for_each(|(name, digest)| write(&mut bytes, (name.as_bytes(), digest), Form::Text, End::Line));
    match bytes.len() > MOST_BYTES {
        false => Ok(bytes),
        true => {
            let cause = format!("they take {} bytes, and actions/attest takes {MOST_BYTES}", bytes.len());
            Err(Failure::inputs("write the subjects", cause).hint("split the list"))
        }
    }
}
