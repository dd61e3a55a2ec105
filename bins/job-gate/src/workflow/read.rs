//! YAML → workflow. What the gate does not look at may be anything.
use super::yaml::{self, Node, Value};
use super::{Job, Placed, Problem, Step, Workflow};

/// Reads a workflow.
///
/// # Errors
/// What is no YAML, a key that stands twice, and jobs, needs or steps of another shape; each with its place.
pub fn parse(text: &str) -> Result<Workflow, Problem> {
    let root = yaml::parse(text)?;
    let jobs = root.field("jobs").ok_or_else(|| wrong(&root, "it has no `jobs:`"))?;
    let Value::Map(entries) = &jobs.value else { return Err(wrong(jobs, "`jobs:` is no mapping of jobs")) };
    let jobs: Result<Vec<Job>, Problem> =
        entries.iter().map(|(key, node)| job(Placed { text: key.text.clone(), at: key.at }, node)).collect();
    Ok(Workflow { jobs: jobs? })
}

fn job(id: Placed, node: &Node) -> Result<Job, Problem> {
    if !matches!(node.value, Value::Map(_)) {
        return Err(wrong(node, &format!("the job `{}` is no mapping", id.text)));
    }
    let steps: Result<Vec<Step>, Problem> = match node.field("steps").map(|steps| (steps, &steps.value)) {
        None => Ok(Vec::new()),
        Some((_, Value::List(steps))) => steps.iter().map(step).collect(),
        Some((steps, _)) => Err(wrong(steps, "`steps:` is no list")),
    };
    Ok(Job {
        needs: needs(node)?,
        condition: scalar(node, "if")?,
        tolerant: scalar(node, "continue-on-error")?,
        steps: steps?,
        id,
    })
}

fn needs(job: &Node) -> Result<Vec<Placed>, Problem> {
    let Some(needs) = job.field("needs") else { return Ok(Vec::new()) };
    let one = |node: &Node| placed(node).ok_or_else(|| wrong(node, "`needs:` is a job's id or a list of them"));
    match &needs.value {
        Value::Nothing => Ok(Vec::new()),
        Value::List(items) => items.iter().map(one).collect(),
        _ => Ok(vec![one(needs)?]),
    }
}

fn step(node: &Node) -> Result<Step, Problem> {
    let Value::Map(_) = &node.value else { return Err(wrong(node, "a step is no mapping")) };
    let mut with = inputs(node, "with", |name| Some(name.to_owned()))?;
    with.extend(inputs(node, "env", |name| Some(name.strip_prefix("INPUT_")?.to_lowercase().replace('_', "-")))?);
    Ok(Step {
        at: node.at,
        uses: scalar(node, "uses")?,
        condition: scalar(node, "if")?,
        tolerant: scalar(node, "continue-on-error")?,
        run: scalar(node, "run")?,
        with,
    })
}

/// The entries of a mapping that are inputs, by the name that `named` gives them.
fn inputs(step: &Node, key: &str, named: impl Fn(&str) -> Option<String>) -> Result<Vec<(String, Placed)>, Problem> {
    let entries = match step.field(key).map(|node| (node, &node.value)) {
        None | Some((_, Value::Nothing)) => return Ok(Vec::new()),
        Some((_, Value::Map(entries))) => entries,
        Some((node, _)) => return Err(wrong(node, &format!("`{key}:` is no mapping"))),
    };
    let named = entries.iter().filter_map(|(key, value)| Some((named(&key.text)?, value)));
    named
        .map(|(name, value)| {
            let text = placed(value).ok_or_else(|| wrong(value, &format!("the input `{name}` is no text")))?;
            Ok((name, text))
        })
        .collect()
}

fn scalar(node: &Node, key: &str) -> Result<Option<Placed>, Problem> {
    let Some(value) = node.field(key) else { return Ok(None) };
    placed(value).map(Some).ok_or_else(|| wrong(value, &format!("`{key}:` is no text")))
}

fn placed(node: &Node) -> Option<Placed> {
    let text = match &node.value {
        Value::Nothing => String::new(),
        Value::Bool(is) => is.to_string(),
        Value::Text(text) | Value::Number(text) => text.clone(),
        Value::List(_) | Value::Map(_) => return None,
    };
    Some(Placed { text, at: node.at })
}

fn wrong(node: &Node, message: &str) -> Problem {
    Problem { at: node.at, message: action::neutral(message) }
}
