//! `check`: can the gate of a workflow be gone around?
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use action::{Answer, Failure, Location, OrFail as _, Report, neutral};

use crate::check::{self, Proof, Wishes};
use crate::gather;
use crate::inputs::{CheckInputs, names};
use crate::lists::Meant;
use crate::report::{self, Checked};
use crate::workflow::{self, Position, Workflow};

/// Where workflows are.
const FOLDER: &str = ".github/workflows";

pub(crate) fn run(inputs: &CheckInputs, report: &mut Report) -> Result<Answer, Failure> {
    let wishes = Wishes {
        gate: inputs.gate_job.clone(),
        except: names("except", inputs.except.clone())?.into_iter().collect(),
        allow_not_cancelled: inputs.allow_not_cancelled,
    };
    let named = !inputs.workflows.is_empty();
    let files = if named { inputs.workflows.iter().map(PathBuf::from).collect() } else { all()? };
    let mut checked = Vec::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for path in files {
        let file = gather::shown(&path);
        let workflow = read(&path, &file)?;
        let proofs = proofs(&workflow, &wishes);
        if proofs.is_empty() && named {
            return Err(without_gate(&format!("in {file}"), &wishes));
        }
        if !proofs.is_empty() {
            known.extend(workflow.jobs.into_iter().map(|job| job.id.text));
        }
        checked.extend(proofs.into_iter().map(|proof| Checked { file: file.clone(), proof }));
    }
    if checked.is_empty() {
        return Err(without_gate(&format!("in {FOLDER}"), &wishes));
    }
    left_out(&wishes, &known)?;
    report::findings(report, &checked, inputs.format);
    Ok(Answer::from(checked.iter().all(|checked| checked.proof.findings.is_empty())))
}

/// Every job that is to be left out is there: a typo would leave out nothing.
fn left_out(wishes: &Wishes, known: &BTreeSet<String>) -> Result<(), Failure> {
    let Some(name) = wishes.except.difference(known).next() else { return Ok(()) };
    let cause = format!("`{name}` is no job of a workflow with a gate");
    let near = Meant::among(known.iter().map(String::as_str)).by(name).map(|near| format!("did you mean `{near}`?"));
    Err(Failure::inputs("leave out the jobs in except", cause).hints(near.as_deref()))
}

fn proofs(workflow: &Workflow, wishes: &Wishes) -> Vec<Proof> {
    check::gates(workflow, wishes).into_iter().map(|gate| check::proof(workflow, gate, wishes)).collect()
}

fn without_gate(place: &str, wishes: &Wishes) -> Failure {
    let doing = format!("check the gate {place}");
    match &wishes.gate {
        Some(name) => Failure::inputs(doing, format!("there is no job `{}`", neutral(name))),
        None => Failure::inputs(doing, "no job has a step that uses job-gate").hint("name the gate's job in gate-job"),
    }
}

/// The workflow files of the repository, sorted.
fn all() -> Result<Vec<PathBuf>, Failure> {
    let doing = || format!("list the workflows in {FOLDER}");
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(FOLDER).or_fail(doing)? {
        let path = entry.or_fail(doing)?.path();
        if path.extension().is_some_and(|end| end == "yml" || end == "yaml") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn read(path: &Path, file: &str) -> Result<Workflow, Failure> {
    let text = gather::file(path)?;
    workflow::parse(&text).map_err(|problem| {
        Failure::inputs(format!("read the workflow {file}"), problem.to_string()).at(location(file, problem.at))
    })
}

/// A place for annotations; lines beyond what GitHub counts are none.
pub(crate) fn location(file: &str, at: Position) -> Location {
    match (u32::try_from(at.line), u32::try_from(at.column)) {
        (Ok(line), Ok(column)) => Location::column(file, line, column),
        _ => Location::file(file),
    }
}
