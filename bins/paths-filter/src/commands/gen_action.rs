//! `gen-action`: a local action whose declared outputs are the names of the filters, since a composite can declare no others.
use std::fmt::Write as _;
use std::fs;
use std::path::{Component, Path};

use action::{Answer, Failure, Line, OrFail, Report};

use crate::decide::lint::OWN_OUTPUTS;
use crate::filters::Filters;
use crate::gather::{self, Place, Read, USUAL};
use crate::inputs::GenActionInputs;

/// The first line of a written action, by which `lint` finds it again.
const MARK: &str = "# Written by `paths-filter gen-action` from ";

pub(crate) fn run(inputs: GenActionInputs, report: &mut Report) -> Result<Answer, Failure> {
    let GenActionInputs { source, out, uses } = inputs;
    let settings = source.settings(report.workflow())?;
    let place = Place::open(&settings, report.workflow())?;
    let Some(Read { filters, path: Some(path) }) = gather::filters(&settings, &place)? else {
        return Err(
            Failure::inputs("write an action", "its filters must stand in a file").hint(format!("write {}", USUAL[0]))
        );
    };
    let text = action(&filters, &path, &uses);
    if out == "-" {
        report.machine(text);
        return Ok(Answer::Yes);
    }
    let inside = Path::new(&out).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !inside {
        return Err(Failure::inputs(format!("write {out}"), "it lies outside the repository"));
    }
    let target = place.root().join(&out);
    let folder = target.parent().unwrap_or(place.root());
    fs::create_dir_all(folder).or_fail(|| format!("make the folder of {out}"))?;
    fs::write(&target, text).or_fail(|| format!("write {out}"))?;
    report.line(Line::new().good("wrote ").plain(out.clone()));
    let folder = out.rsplit_once('/').map_or(".", |(folder, _)| folder);
    report.line(
        Line::new().dim(format!("use it as `uses: ./{folder}`; `paths-filter lint` tells when it is out of date")),
    );
    Ok(Answer::Yes)
}

/// The text of the action.
pub(crate) fn action(filters: &Filters, path: &str, uses: &str) -> String {
    let mut out = format!("{MARK}{path}; do not edit.\nname: paths-filter of this repository\n");
    out += "description: Which parts of this repository does the change touch?\ninputs:\n";
    for (name, description) in PASSED_ON {
        let _ = write!(out, "  {name}:\n    description: {description}\n");
    }
    out += "outputs:\n";
    for name in OWN_OUTPUTS {
        output(&mut out, name, "The output of the same name", &format!("steps.filter.outputs.{name}"));
    }
    for filter in filters.list.iter().filter(|filter| is_output(&filter.name)) {
        for (suffix, description) in DERIVED {
            let key = format!("{}{suffix}", filter.name);
            let value = format!("fromJSON(steps.filter.outputs.result)['{key}']");
            output(&mut out, &key, description, &value);
        }
    }
    let _ = write!(
        out,
        "runs:\n  using: composite\n  steps:\n    - name: Filter\n      id: filter\n      uses: {uses}\n      with:\n"
    );
    let _ = writeln!(out, "        filters: {}", serde_json::Value::from(path));
    for (name, _) in PASSED_ON {
        let _ = writeln!(out, "        {name}: ${{{{ inputs.{name} }}}}");
    }
    out
}

/// Inputs that a caller may still want to set.
const PASSED_ON: [(&str, &str); 4] = [
    ("base", "Branch, tag or commit to compare with"),
    ("ref", "Branch, tag or commit to look at"),
    ("token", "Token for a pull request that is not checked out"),
    ("list-files", "Format of the file lists"),
];

/// What each filter gives.
const DERIVED: [(&str, &str); 4] = [
    ("", "Whether the filter is true"),
    ("_count", "How many changed files met it"),
    ("_files", "The changed files that met it"),
    ("_hash", "Hash over its tracked files"),
];

fn output(out: &mut String, name: &str, description: &str, value: &str) {
    let _ = write!(out, "  {name}:\n    description: {description}\n    value: ${{{{ {value} }}}}\n");
}

/// Output names are letters, digits, `-` and `_`, and do not start with a digit or `-`; the action's own come first.
fn is_output(name: &str) -> bool {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') && !OWN_OUTPUTS.contains(&name)
}

/// Whether a written action says what it would say today; `None` when the text is not one that we wrote from this file.
pub(crate) fn is_current(text: &str, filters: &Filters, path: &str) -> Option<bool> {
    let from = text.lines().next()?.strip_prefix(MARK)?.strip_suffix("; do not edit.")?;
    if from != path {
        return None;
    }
    let uses = text.lines().find_map(|line| line.trim_start().strip_prefix("uses: "))?;
    Some(text == action(filters, path, uses))
}
