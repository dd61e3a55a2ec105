//! YAML of workflows: what is wrong with it, in their words.
use formats::yaml::{self, Fault, Limits};
pub(super) use formats::yaml::{Node, Value};

use super::{Position, Problem};

const LIMITS: Limits = Limits { depth: 64, values: 100_000 };

/// Reads one document.
pub(super) fn parse(text: &str) -> Result<Node, Problem> {
    let root = yaml::parse(text, LIMITS).map_err(worded)?;
    root.ok_or_else(|| Problem { at: Position::START, message: "the file is empty".to_owned() })
}

fn worded(yaml::Problem { at, fault }: yaml::Problem) -> Problem {
    let message = match fault {
        Fault::Syntax(what) => format!("not YAML: {what}"),
        Fault::SecondDocument => "a second document starts here; a workflow is one".to_owned(),
        Fault::AliasInside => "this alias stands inside its own anchor".to_owned(),
        Fault::Values(most) => format!("more than {most} values, aliases included"),
        Fault::Depth(most) => format!("nested deeper than {most} levels"),
        Fault::KeyIsNoText => "a key must be text".to_owned(),
        Fault::Twice { key, first } => format!("`{key}` stands twice; it is first in line {first}"),
        Fault::Tag(tag) => format!("`{tag}` is a YAML tag, because it is not quoted; write it as '{tag}'"),
    };
    Problem { at, message: action::neutral(message) }
}
