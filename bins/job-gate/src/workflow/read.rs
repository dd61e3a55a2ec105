//! YAML → workflow. What the gate does not look at may be anything.
use super::yaml::{self, Node, Value};
use super::{Job, Placed, Position, Problem, Step, Workflow};

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
        Value::Null => Ok(Vec::new()),
        Value::List(items) => items.iter().map(one).collect(),
        _ => Ok(vec![one(needs)?]),
    }
}

fn step(node: &Node) -> Result<Step, Problem> {
    let Value::Map(_) = &node.value else { return Err(wrong(node, "a step is no mapping")) };
    let with = match node.field("with").map(|with| (with, &with.value)) {
        None | Some((_, Value::Null)) => Vec::new(),
        Some((_, Value::Map(entries))) => entries
            .iter()
            .map(|(key, value)| {
                let what = format!("the input `{}` is no text", key.text);
                Ok((key.text.clone(), placed(value).ok_or_else(|| wrong(value, &what))?))
            })
            .collect::<Result<_, Problem>>()?,
        Some((with, _)) => return Err(wrong(with, "`with:` is no mapping of inputs")),
    };
    Ok(Step {
        at: node.at,
        uses: scalar(node, "uses")?,
        condition: scalar(node, "if")?,
        tolerant: scalar(node, "continue-on-error")?,
        with,
    })
}

fn scalar(node: &Node, key: &str) -> Result<Option<Placed>, Problem> {
    let Some(value) = node.field(key) else { return Ok(None) };
    placed(value).map(Some).ok_or_else(|| wrong(value, &format!("`{key}:` is no text")))
}

fn placed(node: &Node) -> Option<Placed> {
    let text = match &node.value {
        Value::Null => String::new(),
        Value::Text(text) => text.clone(),
        Value::List(_) | Value::Map(_) => return None,
    };
    Some(Placed { text, at: node.at })
}

fn wrong(node: &Node, message: &str) -> Problem {
    let Position { line, column } = node.at;
    Problem { at: Position { line, column }, message: action::neutral(message) }
}
