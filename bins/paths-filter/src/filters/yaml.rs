//! YAML of filters and workflows: what is wrong with it, in their words.
use formats::yaml::{self, Fault, Limits};
pub(crate) use formats::yaml::{Key, Node, Value};

use super::{Position, Problem};

const LIMITS: Limits = Limits { depth: 64, values: 100_000 };

/// Reads one document.
pub(crate) fn parse(text: &str) -> Result<Node, Problem> {
    let root = yaml::parse(text, LIMITS).map_err(worded)?;
    root.ok_or_else(|| Problem::new(Position::START, "the file is empty"))
}

fn worded(yaml::Problem { at, fault }: yaml::Problem) -> Problem {
    let problem = |message: String| Problem::new(at, message);
    match fault {
        Fault::Syntax(what) => problem(format!("not YAML: {what}")),
        Fault::SecondDocument => problem("a second document starts here; filters are one document".to_owned()),
        Fault::AliasInside => problem("this alias stands inside its own anchor".to_owned()),
        Fault::Values(most) => problem(format!("more than {most} values, aliases included")),
        Fault::Depth(most) => problem(format!("nested deeper than {most} levels")),
        Fault::KeyIsNoText => problem("a key must be text".to_owned()),
        Fault::Twice { key, first } => problem(format!("`{key}` stands twice; it is first in line {first}")),
        Fault::Tag(tag) => problem(format!("`{tag}` is a YAML tag, not a pattern, because it is not quoted"))
            .with_hint(format!("write it as '{tag}'")),
    }
}
