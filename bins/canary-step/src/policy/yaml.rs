//! YAML of policies and manifests: what is wrong with it, in their words.
use formats::yaml::{self, Fault, Limits};
pub(crate) use formats::yaml::{Node, Value};

use super::{Position, Problem};

/// A file larger than this is refused.
const LARGEST: usize = 1 << 20;
const LIMITS: Limits = Limits { depth: 32, values: 100_000 };

/// Reads one document; an empty text is nothing.
pub(crate) fn parse(text: &str) -> Result<Node, Problem> {
    if text.len() > LARGEST {
        return Err(Problem::new(Position::START, "", format!("the file is larger than {} KiB", LARGEST >> 10))
            .hint("a policy names services and steps; keep other data elsewhere"));
    }
    let root = yaml::parse(text, LIMITS).map_err(worded)?;
    let root = root.unwrap_or(Node { at: Position::START, value: Value::Nothing });
    unmerged(&root)?;
    Ok(root)
}

fn worded(yaml::Problem { at, fault }: yaml::Problem) -> Problem {
    let problem = |message: String| Problem::new(at, "", message);
    match fault {
        Fault::Syntax(what) => problem(format!("this is not YAML: {what}")),
        Fault::SecondDocument => {
            problem("a second document starts here".to_owned()).hint("a policy is one document: remove `---`")
        }
        Fault::AliasInside => problem("this alias stands inside its own anchor".to_owned()),
        Fault::Values(most) => problem(format!("more than {most} values, what aliases repeat included")),
        Fault::Depth(most) => problem(format!("nested deeper than {most} levels")),
        Fault::KeyIsNoText => problem("a key must be text".to_owned()),
        Fault::Twice { key, first } => {
            Problem::new(at, key, format!("it stands twice, first in line {first}")).hint("remove one of them")
        }
        Fault::Tag(tag) => {
            problem(format!("`{tag}` is a YAML tag, and policies have none")).hint("put the text in quotes")
        }
    }
}

fn unmerged(node: &Node) -> Result<(), Problem> {
    match &node.value {
        Value::List(items) => items.iter().try_for_each(unmerged),
        Value::Map(entries) => entries.iter().try_for_each(|(key, node)| match key.merge {
            true => Err(Problem::new(key.at, "", "`<<` (merging mappings) is not read here").hint("repeat the fields")),
            false => unmerged(node),
        }),
        _ => Ok(()),
    }
}
