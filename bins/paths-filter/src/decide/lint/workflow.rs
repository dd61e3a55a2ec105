//! Does a workflow read an output that no filter defines? Then it reads an empty text, and its job is skipped for ever.
use std::collections::HashSet;

use super::{Finding, OWN_OUTPUTS};
use crate::filters::yaml::{Node, Value, parse};
use crate::filters::{Dialect, Filters, Position};

/// A workflow's path, relative to the repository root, and its text.
#[derive(Clone, Debug)]
pub struct Workflow {
    /// Relative to the repository root.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// The steps of a workflow that use this filters file, held against what the rest of the workflow reads from them.
/// A workflow that is no YAML has no findings here: its own linter says more.
pub fn undefined_outputs(workflow: &Workflow, filters: &Filters, filters_path: &str) -> Vec<Finding> {
    let Ok(root) = parse(&workflow.text) else { return Vec::new() };
    let Some(Value::Map(jobs)) = root.field("jobs").map(|jobs| &jobs.value) else { return Vec::new() };
    let mut found = Vec::new();
    for (_, job) in jobs {
        let Some(Value::List(steps)) = job.field("steps").map(|steps| &steps.value) else { continue };
        for step in steps.iter().filter_map(|step| Step::of(step, filters_path)) {
            let names = step.names(filters);
            let mut texts = Vec::new();
            job.texts(&mut texts);
            found.extend(texts.into_iter().flat_map(|(text, at)| step.undefined(text, at, &names)));
        }
    }
    for finding in &mut found {
        finding.file = Some(workflow.path.clone());
    }
    found
}

/// A step that runs the filter.
struct Step<'a> {
    id: &'a str,
    /// Sets outputs by the filters' own names: upstream's action does, a composite cannot.
    dynamic: bool,
    /// Filters written into the step itself.
    inline: Option<&'a str>,
}

impl<'a> Step<'a> {
    fn of(step: &'a Node, filters_path: &'a str) -> Option<Step<'a>> {
        let uses = step.text("uses")?;
        let action = uses.split('@').next()?;
        let dynamic = matches!(action, "dorny/paths-filter") || action.ends_with("/paths-filter/compat");
        if !dynamic && !action.ends_with("/paths-filter") {
            return None;
        }
        let source = step.field("with").and_then(|with| with.text("filters")).unwrap_or(filters_path);
        let inline = source.contains(['\n', ':']).then_some(source);
        if inline.is_none() && source.trim_start_matches("./") != filters_path {
            return None;
        }
        Some(Step { id: step.text("id")?, dynamic, inline })
    }

    /// The names under which answers are found: `None` where the step's own filters cannot be read.
    fn names(&self, filters: &Filters) -> Option<HashSet<String>> {
        let own = self.inline.map(|yaml| crate::filters::parse(yaml, Dialect::Picomatch));
        let list = match &own {
            Some(Ok(own)) => &own.list,
            Some(Err(_)) => return None,
            None => &filters.list,
        };
        let suffixes = ["", "_count", "_files", "_hash"];
        Some(list.iter().flat_map(|filter| suffixes.map(|suffix| format!("{}{suffix}", filter.name))).collect())
    }

    fn undefined(&self, text: &str, at: Position, names: &Option<HashSet<String>>) -> Vec<Finding> {
        let Some(names) = names else { return Vec::new() };
        let outputs = format!("steps.{}.outputs.", self.id);
        let result = format!("fromJSON({outputs}result)");
        let direct = after(text, &outputs).into_iter().filter(|name| !OWN_OUTPUTS.contains(name));
        let direct = direct.filter(|name| !self.dynamic || !names.contains(*name)).map(|name| {
            let known = names.contains(name);
            let message = match known {
                true => format!("`{outputs}{name}` is always empty: an action declares its outputs beforehand"),
                false => format!("`{outputs}{name}` is always empty: no filter is called `{name}`"),
            };
            let hint = if known {
                format!("read `{result}.{name}`, or run `paths-filter gen-action`")
            } else {
                nearest(name, names)
            };
            Finding::new("undefined-output", at, message, hint)
        });
        let through =
            after(text, &format!("{result}.")).into_iter().filter(|name| !names.contains(*name)).map(|name| {
                let message = format!("`{result}.{name}` is always empty: no filter is called `{name}`");
                Finding::new("undefined-output", at, message, nearest(name, names))
            });
        direct.chain(through).collect()
    }
}

/// The identifiers that follow a prefix in a text.
fn after<'a>(text: &'a str, prefix: &str) -> Vec<&'a str> {
    let mut names = Vec::new();
    for (start, _) in text.match_indices(prefix) {
        let rest = &text[start + prefix.len()..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').unwrap_or(rest.len());
        if end > 0 {
            names.push(&rest[..end]);
        }
    }
    names
}

fn nearest(name: &str, names: &HashSet<String>) -> String {
    let mut near: Vec<&String> = names
        .iter()
        .filter(|known| known.starts_with(name.get(..3).unwrap_or(name)) || name.contains(known.as_str()))
        .collect();
    near.sort();
    match near.first() {
        Some(known) => format!("did you mean `{known}`?"),
        None => "add the filter, or mend the name".to_owned(),
    }
}
