//! `lint`: what is probably not meant in the filters file, in the workflows that use it, and in the action made from it.
use std::fs;
use std::path::{Path, PathBuf};

use action::{Annotation, Answer, Failure, Line, Report, neutral};
use serde_json::json;

use super::gen_action;
use crate::decide::lint::{Finding, Subject, Workflow, findings, undefined_outputs};
use crate::filters::Position;
use crate::gather::{self, Place, Read, USUAL, location};
use crate::inputs::{Format, LintInputs};

pub(crate) fn run(inputs: LintInputs, report: &mut Report) -> Result<Answer, Failure> {
    let settings = inputs.source.settings(report.workflow())?;
    let place = Place::open(&settings, report.workflow())?;
    let Some(read) = gather::filters(&settings, &place)? else {
        return Err(Failure::inputs("lint", "there is no filters file").hint(format!("write {}", USUAL[0])));
    };
    let tracked = gather::tracked(&place)?;
    let mut found = findings(&Subject { filters: &read.filters, quantifier: settings.quantifier, tracked: &tracked });
    if let Some(path) = &read.path {
        for workflow in texts(&place.root().join(".github/workflows"), place.root()) {
            found.extend(undefined_outputs(&workflow, &read.filters, path));
        }
        found.extend(drifted(&place, &read, path));
    }
    match inputs.format {
        Format::Text => print(report, &read, &found),
        Format::Json => report.machine(format!("{}\n", as_json(&read, &found))),
    }
    if report.workflow().in_actions {
        found.iter().for_each(|finding| report.annotate(annotation(&read, finding)));
    }
    Ok(Answer::from(found.is_empty()))
}

/// The YAML files of a folder, and one level below it for actions; what cannot be read is no workflow of ours.
fn texts(folder: &Path, root: &Path) -> Vec<Workflow> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let text = |path: PathBuf| {
        let path = if path.is_dir() { path.join("action.yml") } else { path };
        let is_yaml = path.extension().is_some_and(|end| end == "yml" || end == "yaml");
        let text = fs::read_to_string(&path).ok().filter(|_| is_yaml)?;
        Some(Workflow { path: path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned(), text })
    };
    paths.into_iter().filter_map(text).collect()
}

fn drifted(place: &Place, read: &Read, path: &str) -> Vec<Finding> {
    let actions = texts(&place.root().join(".github/actions"), place.root());
    let old = actions.into_iter().filter(|file| gen_action::is_current(&file.text, &read.filters, path) == Some(false));
    old.map(|file| Finding {
        rule: "action-drift",
        at: Position::START,
        message: format!("it no longer says what {path} says"),
        hint: Some(format!("run `paths-filter gen-action --out {}`", file.path)),
        file: Some(file.path),
    })
    .collect()
}

fn place_of(read: &Read, finding: &Finding) -> String {
    let file = finding.file.as_deref().or(read.path.as_deref()).unwrap_or("filters");
    format!("{}:{}:{}", neutral(file), finding.at.line, finding.at.column)
}

fn print(report: &mut Report, read: &Read, found: &[Finding]) {
    for finding in found {
        report.line(
            Line::new()
                .bold(place_of(read, finding))
                .plain(": ")
                .doubtful(finding.rule)
                .plain(format!(": {}", neutral(&finding.message))),
        );
        if let Some(hint) = &finding.hint {
            report.line(Line::new().dim(format!("  {}", neutral(hint))));
        }
    }
    let filters = read.filters.list.len();
    match found.len() {
        0 => report.line(Line::new().good("ok").plain(format!(", {filters} filters have no findings"))),
        n => report.line(Line::new().bad(format!("{n} finding{}", if n == 1 { "" } else { "s" }))),
    }
}

fn annotation(read: &Read, finding: &Finding) -> Annotation {
    let hint = finding.hint.as_deref().map(|hint| format!("; {hint}")).unwrap_or_default();
    let file = finding.file.as_deref().or(read.path.as_deref());
    let annotation = Annotation::warning(format!("{}{hint}", finding.message)).title(finding.rule);
    match file {
        Some(file) => annotation.at(location(file, finding.at)),
        None => annotation,
    }
}

fn as_json(read: &Read, found: &[Finding]) -> serde_json::Value {
    let finding = |f: &Finding| {
        let file = f.file.as_deref().or(read.path.as_deref());
        json!({ "rule": f.rule, "file": file, "line": f.at.line, "column": f.at.column, "message": f.message, "hint": f.hint })
    };
    json!({ "findings": found.iter().map(finding).collect::<Vec<_>>() })
}
