//! YAML as a tree in which every value knows its place, read in one pass with bounds on size, depth and aliases.
use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::{Position, Problem};

/// A policy file larger than this is refused.
const LARGEST: usize = 1 << 20;
/// Nesting beyond this is refused, so that no walk of a tree runs out of stack.
const DEEPEST: usize = 32;
/// Values of a file, what aliases repeat included.
const MOST_VALUES: usize = 100_000;

/// A value and the place where it starts.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) at: Position,
    pub(crate) value: Value,
}

/// What stands there. A plain scalar that is no text by YAML's core schema has a kind of its own.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Nothing,
    Bool(bool),
    /// As it was written.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// A key of a mapping.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) at: Position,
    pub(crate) text: String,
}

impl Node {
    /// What a person would call this value.
    pub(crate) fn kind(&self) -> &'static str {
        match self.value {
            Value::Nothing => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// Values in this tree, and how deep it is.
    fn extent(&self) -> (usize, usize) {
        let below = |children: &mut dyn Iterator<Item = &Node>| {
            children.map(Node::extent).fold((1, 1), |all, one| (all.0 + one.0, all.1.max(one.1 + 1)))
        };
        match &self.value {
            Value::List(items) => below(&mut items.iter()),
            Value::Map(entries) => below(&mut entries.iter().map(|(_, node)| node)),
            _ => (1, 1),
        }
    }
}

/// Reads one document; an empty text is an empty mapping.
pub(crate) fn parse(text: &str) -> Result<Node, Problem> {
    if text.len() > LARGEST {
        return Err(Problem::new(Position::START, "", format!("the file is larger than {} KiB", LARGEST >> 10))
            .hint("a policy names services and steps; keep other data elsewhere"));
    }
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text.strip_prefix('\u{feff}').unwrap_or(text)) {
        let (event, span) = event.map_err(|error| {
            let at = Position { line: error.marker().line(), column: error.marker().col() + 1 };
            Problem::new(at, "", format!("this is not YAML: {}", error.info()))
        })?;
        builder.take(event, span)?;
    }
    Ok(builder.root.unwrap_or(Node { at: Position::START, value: Value::Nothing }))
}

/// A collection whose end is not read yet.
struct Open {
    at: Position,
    anchor: usize,
    value: Value,
    key: Option<Key>,
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: HashMap<usize, (Node, (usize, usize))>,
    root: Option<Node>,
    values: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Problem> {
        let at = Position { line: span.start.line(), column: span.start.col() + 1 };
        match event {
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(Problem::new(at, "", "a second document starts here")
                    .hint("a policy is one document: remove `---`"))
            }
            Event::Scalar(text, style, anchor, tag) => {
                let node = Node { at, value: scalar(&text, style, tag.as_deref(), at)? };
                self.count(1, at)?;
                self.finish(node, anchor)
            }
            Event::SequenceStart(anchor, tag) => self.begin((at, anchor), Value::List(Vec::new()), tag.as_deref()),
            Event::MappingStart(anchor, tag) => self.begin((at, anchor), Value::Map(Vec::new()), tag.as_deref()),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(open) => self.finish(Node { at: open.at, value: open.value }, open.anchor),
                None => Ok(()),
            },
            Event::Alias(anchor) => {
                let Some((node, (values, depth))) = self.anchors.get(&anchor) else {
                    return Err(Problem::new(at, "", "this alias stands inside its own anchor"));
                };
                let (node, values, depth) = (Node { at, value: node.value.clone() }, *values, *depth);
                self.deep(depth, at)?;
                self.count(values, at)?;
                self.add(node)
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, (at, anchor): (Position, usize), value: Value, tag: Option<&Tag>) -> Result<(), Problem> {
        if let Some(tag) = tag.filter(|tag| !tag.is_yaml_core_schema()) {
            return Err(unknown_tag(tag, at));
        }
        self.deep(1, at)?;
        self.count(1, at)?;
        self.open.push(Open { at, anchor, value, key: None });
        Ok(())
    }

    fn deep(&self, more: usize, at: Position) -> Result<(), Problem> {
        match self.open.len() + more > DEEPEST {
            true => Err(Problem::new(at, "", format!("nested deeper than {DEEPEST} levels"))),
            false => Ok(()),
        }
    }

    fn count(&mut self, values: usize, at: Position) -> Result<(), Problem> {
        self.values += values;
        match self.values > MOST_VALUES {
            true => Err(Problem::new(at, "", format!("more than {MOST_VALUES} values, what aliases repeat included"))),
            false => Ok(()),
        }
    }

    fn finish(&mut self, node: Node, anchor: usize) -> Result<(), Problem> {
        if anchor != 0 {
            // The sizes of trees with an anchor sum up to at most depth × values.
            let extent = node.extent();
            self.anchors.insert(anchor, (node.clone(), extent));
        }
        self.add(node)
    }

    fn add(&mut self, node: Node) -> Result<(), Problem> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut open.value, open.key.take()) {
            (Value::List(items), _) => items.push(node),
            (Value::Map(entries), Some(key)) => entries.push((key, node)),
            (_, _) => open.key = Some(key(node)?),
        }
        Ok(())
    }
}

fn key(node: Node) -> Result<Key, Problem> {
    let text = match node.value {
        Value::Text(text) | Value::Number(text) => text,
        Value::Bool(is) => is.to_string(),
        _ => return Err(Problem::new(node.at, "", "a key must be text")),
    };
    if text == "<<" {
        return Err(Problem::new(node.at, "", "`<<` (merging mappings) is not read here").hint("repeat the fields"));
    }
    Ok(Key { at: node.at, text })
}

fn unknown_tag(tag: &Tag, at: Position) -> Problem {
    let written = format!("{}{}", tag.handle, tag.suffix);
    Problem::new(at, "", format!("`{written}` is a YAML tag, and policies have none")).hint("put the text in quotes")
}

/// The YAML 1.2 core schema (<https://yaml.org/spec/1.2.2/#103-core-schema>).
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>, at: Position) -> Result<Value, Problem> {
    let quoted = style != ScalarStyle::Plain || tag.is_some_and(|tag| tag.suffix == "str");
    match tag.filter(|tag| !tag.is_yaml_core_schema()) {
        Some(tag) => return Err(unknown_tag(tag, at)),
        None if quoted => return Ok(Value::Text(text.to_owned())),
        None => {}
    }
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Nothing,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if is_number(text) => Value::Number(text.to_owned()),
        _ => Value::Text(text.to_owned()),
    })
}

/// Numbers, and what YAML calls infinite or no number, which are then refused where a number is wanted.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let of_base = |prefix: &str, base: u32| {
        let rest = text.strip_prefix(prefix);
        rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(|letter| letter.is_digit(base)))
    };
    of_base("0x", 16)
        || of_base("0o", 8)
        || matches!(digits, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN")
        || digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') && digits.parse::<f64>().is_ok()
}
