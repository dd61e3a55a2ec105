//! Does the gate's step get the results of all of the gate's needs, and do its lists name jobs that it needs?
use std::collections::HashSet;

use super::Finding;
use crate::lists::{self, Meant};
use crate::workflow::{Job, Placed, Step, bare};

const WHOLE: &str = "write `needs: ${{ toJSON(needs) }}`";

/// Looks at the inputs of the gate's step.
pub(super) fn findings(gate: &Job, step: &Step) -> Vec<Finding> {
    let needs: Vec<&str> = gate.needs.iter().map(|need| need.text.as_str()).collect();
    let mut found = match (step.input(&["needs", "jobs"]), step.input(&["results"])) {
        (Some(whole), None) => whole_context(whole).into_iter().collect(),
        (None, Some(lines)) => each_line(lines, &needs),
        // A file that another step writes cannot be looked into.
        (None, None) if step.input(&["needs-file"]).is_some() => Vec::new(),
        (None, None) => vec![no_results(step.at, "the gate's step is not given how the jobs ended")],
        (Some(whole), Some(_)) => vec![no_results(whole.at, "results are given in two ways, and the gate takes one")],
    };
    for input in ["allowed-skips", "allowed-failures", "expected-jobs", "filter-job", "filtered-jobs"] {
        if let Some(list) = step.input(&[input]).filter(|list| !list.text.contains("${{")) {
            found.extend(listed(input, list, &needs));
        }
    }
    found
}

fn no_results(at: crate::workflow::Position, message: &str) -> Finding {
    Finding::new("no-results", at, message, WHOLE)
}

fn whole_context(given: &Placed) -> Option<Finding> {
    let compact: String = bare(&given.text).chars().filter(|c| !c.is_whitespace()).collect();
    let whole = given.text.contains("${{") && compact.eq_ignore_ascii_case("toJSON(needs)");
    (!whole).then(|| no_results(given.at, "the gate's step is given something else than the results of all needs"))
}

/// Each line hands over the result of the job that it names, and each need has a line.
fn each_line(given: &Placed, needs: &[&str]) -> Vec<Finding> {
    let mut told: HashSet<&str> = HashSet::new();
    let mut found = Vec::new();
    for line in given.text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let name = name.trim();
        let wanted = format!("needs.{name}.result");
        let compact: String = bare(value).chars().filter(|c| !c.is_whitespace()).collect();
        if !value.contains("${{") || !compact.eq_ignore_ascii_case(&wanted) {
            let message = format!("the line of `{}` does not hand over that job's result", action::neutral(name));
            found.push(Finding::new("wrong-result", given.at, message, format!("write `{name}: ${{{{ {wanted} }}}}`")));
        }
        told.insert(name);
    }
    for need in needs.iter().filter(|need| !told.contains(**need)) {
        let message = format!("the results leave `{need}` out, which the gate needs");
        found.push(Finding::new(
            "wrong-result",
            given.at,
            message,
            format!("add `{need}: ${{{{ needs.{need}.result }}}}`"),
        ));
    }
    found
}

/// The jobs that a list names are needs of the gate.
fn listed(input: &str, list: &Placed, needs: &[&str]) -> Vec<Finding> {
    let names = match input {
        "filtered-jobs" => lists::filtered_jobs(&list.text).map(|jobs| jobs.into_iter().map(|job| job.job).collect()),
        _ => lists::job_names(&list.text),
    };
    let names = match names {
        Ok(names) => names,
        Err(what) => {
            let message = format!("{input}: {}", action::neutral(what));
            return vec![Finding::new("unread-list", list.at, message, "mend the list")];
        }
    };
    let known: HashSet<&str> = needs.iter().copied().collect();
    let mut meant = Meant::among(needs.iter().copied());
    let finding = |name: &String| {
        let near = meant.by(name).map(|near| format!(", or did you mean `{near}`?")).unwrap_or_default();
        let hint = format!("take it out, or put it into the `needs:` of the gate{near}");
        Finding::new("unknown-job", list.at, format!("{input} names `{name}`, which the gate does not need"), hint)
    };
    names.iter().filter(|name| !known.contains(name.as_str())).map(finding).collect()
}
