//! YAML as a tree with positions: what the filters file needs and a plain deserializer would throw away.
use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};

use super::{Position, Problem};

/// Nesting beyond this is refused, so that nothing that walks a tree can run out of stack.
const DEEPEST: usize = 64;
/// Nodes after the expansion of aliases; a "billion laughs" file stops here.
const MOST_NODES: usize = 100_000;

/// A node and the place where it starts.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) at: Position,
    pub(crate) value: Value,
}

/// What a node holds. A scalar that is neither quoted nor text (YAML 1.2 core schema) has a kind of its own.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    /// The number as it was written.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// A key of a mapping: always text, as JavaScript's object keys are.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) at: Position,
    pub(crate) text: String,
    /// `<<` without quotes.
    pub(crate) merge: bool,
}

impl Node {
    /// What a person would call this value.
    pub(crate) fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// The value under a key of a mapping.
    pub(crate) fn field(&self, name: &str) -> Option<&Node> {
        let Value::Map(entries) = &self.value else { return None };
        entries.iter().find(|(key, _)| key.text == name).map(|(_, node)| node)
    }

    /// The text under a key of a mapping.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match &self.field(name)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// All texts below, with their places.
    pub(crate) fn texts<'a>(&'a self, into: &mut Vec<(&'a str, Position)>) {
        match &self.value {
            Value::Text(text) => into.push((text, self.at)),
            Value::List(items) => items.iter().for_each(|item| item.texts(into)),
            Value::Map(entries) => entries.iter().for_each(|(_, node)| node.texts(into)),
            _ => {}
        }
    }

    /// JSON as the same tree, all of it at the start of the file.
    pub(crate) fn from_json(json: &serde_json::Value) -> Node {
        let value = match json {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(is) => Value::Bool(*is),
            serde_json::Value::Number(number) => Value::Number(number.to_string()),
            serde_json::Value::String(text) => Value::Text(text.clone()),
            serde_json::Value::Array(items) => Value::List(items.iter().map(Node::from_json).collect()),
            serde_json::Value::Object(entries) => {
                let key = |text: &String| Key { at: Position::START, text: text.clone(), merge: false };
                Value::Map(entries.iter().map(|(text, json)| (key(text), Node::from_json(json))).collect())
            }
        };
        Node { at: Position::START, value }
    }

    /// The value as JSON, for the fields that users add to a matrix entry.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(is) => (*is).into(),
            Value::Number(digits) => digits.parse().map_or_else(|_| digits.as_str().into(), serde_json::Value::Number),
            Value::Text(text) => text.as_str().into(),
            Value::List(items) => items.iter().map(Node::to_json).collect(),
            Value::Map(entries) => serde_json::Value::Object(
                entries.iter().map(|(key, node)| (key.text.clone(), node.to_json())).collect(),
            ),
        }
    }
}

/// Reads one document. Errors name the place: syntax, a second document, a duplicate key, an unknown tag, too deep, too large.
pub(crate) fn parse(text: &str) -> Result<Node, Problem> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text.strip_prefix('\u{feff}').unwrap_or(text)) {
        let (event, span) = event.map_err(|error| syntax(&error))?;
        builder.take(event, span)?;
    }
    builder.root.ok_or_else(|| Problem::new(Position::START, "the file is empty"))
}

fn syntax(error: &ScanError) -> Problem {
    let at = Position { line: error.marker().line(), column: error.marker().col() + 1 };
    Problem::new(at, format!("not YAML: {}", error.info()))
}

/// A collection that is not closed yet.
enum Open {
    List(Vec<Node>),
    Map { entries: Vec<(Key, Node)>, waiting: Option<Key>, lines: HashMap<String, usize> },
}

struct Frame {
    at: Position,
    anchor: usize,
    open: Open,
}

#[derive(Default)]
struct Builder {
    stack: Vec<Frame>,
    anchors: HashMap<usize, (Node, usize)>,
    root: Option<Node>,
    nodes: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Problem> {
        let at = Position { line: span.start.line(), column: span.start.col() + 1 };
        match event {
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(Problem::new(at, "a second document starts here; filters are one document"))
            }
            Event::Scalar(text, style, anchor, tag) => {
                let node = Node { at, value: scalar(&text, style, tag.as_deref(), at)? };
                self.count(1, at)?;
                self.remember(anchor, &node);
                self.add(node, style == ScalarStyle::Plain)
            }
            Event::SequenceStart(anchor, tag) => {
                known(tag.as_deref(), at)?;
                self.push(Frame { at, anchor, open: Open::List(Vec::new()) })
            }
            Event::MappingStart(anchor, tag) => {
                known(tag.as_deref(), at)?;
                let open = Open::Map { entries: Vec::new(), waiting: None, lines: HashMap::new() };
                self.push(Frame { at, anchor, open })
            }
            Event::SequenceEnd | Event::MappingEnd => self.pop(at),
            Event::Alias(anchor) => {
                let Some((node, size)) = self.anchors.get(&anchor).cloned() else {
                    return Err(Problem::new(at, "this alias stands inside its own anchor"));
                };
                self.count(size, at)?;
                self.add(node, false)
            }
            _ => Ok(()),
        }
    }

    fn count(&mut self, nodes: usize, at: Position) -> Result<(), Problem> {
        self.nodes += nodes;
        if self.nodes > MOST_NODES {
            return Err(Problem::new(at, format!("more than {MOST_NODES} values, aliases included")));
        }
        Ok(())
    }

    fn push(&mut self, frame: Frame) -> Result<(), Problem> {
        if self.stack.len() == DEEPEST {
            return Err(Problem::new(frame.at, format!("nested deeper than {DEEPEST} levels")));
        }
        self.count(1, frame.at)?;
        self.stack.push(frame);
        Ok(())
    }

    fn pop(&mut self, at: Position) -> Result<(), Problem> {
        let Some(frame) = self.stack.pop() else { return Ok(()) };
        let value = match frame.open {
            Open::List(items) => Value::List(items),
            Open::Map { entries, .. } => Value::Map(entries),
        };
        let node = Node { at: frame.at, value };
        if depth(&node) + self.stack.len() > DEEPEST {
            return Err(Problem::new(at, format!("nested deeper than {DEEPEST} levels")));
        }
        self.remember(frame.anchor, &node);
        self.add(node, false)
    }

    fn remember(&mut self, anchor: usize, node: &Node) {
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), size(node)));
        }
    }

    fn add(&mut self, node: Node, plain: bool) -> Result<(), Problem> {
        match self.stack.last_mut().map(|frame| &mut frame.open) {
            None => self.root = Some(node),
            Some(Open::List(items)) => items.push(node),
            Some(Open::Map { entries, waiting, lines }) => match waiting.take() {
                Some(key) => entries.push((key, node)),
                None => *waiting = Some(key(node, plain, lines)?),
            },
        }
        Ok(())
    }
}

fn key(node: Node, plain: bool, lines: &mut HashMap<String, usize>) -> Result<Key, Problem> {
    let at = node.at;
    let text = match node.value {
        Value::Text(text) | Value::Number(text) => text,
        Value::Bool(is) => is.to_string(),
        Value::Null => "null".to_owned(),
        Value::List(_) | Value::Map(_) => return Err(Problem::new(at, "a key must be text")),
    };
    if let Some(first) = lines.insert(text.clone(), at.line) {
        return Err(Problem::new(at, format!("`{text}` stands twice; it is first in line {first}")));
    }
    Ok(Key { at, merge: plain && text == "<<", text })
}

fn depth(node: &Node) -> usize {
    match &node.value {
        Value::List(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Map(entries) => 1 + entries.iter().map(|(_, node)| depth(node)).max().unwrap_or(0),
        _ => 0,
    }
}

fn size(node: &Node) -> usize {
    1 + match &node.value {
        Value::List(items) => items.iter().map(size).sum(),
        Value::Map(entries) => entries.iter().map(|(_, node)| size(node)).sum(),
        _ => 0,
    }
}

/// A collection may say that it is one; any other tag is refused.
fn known(tag: Option<&Tag>, at: Position) -> Result<(), Problem> {
    match tag {
        Some(tag) if !tag.is_yaml_core_schema() => Err(unknown_tag(tag, at)),
        _ => Ok(()),
    }
}

fn unknown_tag(tag: &Tag, at: Position) -> Problem {
    let written = format!("{}{}", tag.handle, tag.suffix);
    Problem::new(at, format!("`{written}` is a YAML tag, not a pattern, because it is not quoted"))
        .with_hint(format!("write it as '{written}'"))
}

/// The YAML 1.2 core schema (<https://yaml.org/spec/1.2.2/#103-core-schema>), to which js-yaml 4 keeps as well.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>, at: Position) -> Result<Value, Problem> {
    match tag {
        Some(tag) if tag.is_yaml_core_schema() && tag.suffix == "str" => return Ok(Value::Text(text.to_owned())),
        Some(tag) if tag.is_yaml_core_schema() => {}
        Some(tag) => return Err(unknown_tag(tag, at)),
        None if style != ScalarStyle::Plain => return Ok(Value::Text(text.to_owned())),
        None => {}
    }
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if is_number(text) => Value::Number(text.to_owned()),
        _ => Value::Text(text.to_owned()),
    })
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if let Some(hex) = digits.strip_prefix("0x") {
        return !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit());
    }
    if let Some(octal) = digits.strip_prefix("0o") {
        return !octal.is_empty() && octal.bytes().all(|b| (b'0'..=b'7').contains(&b));
    }
    if matches!(digits, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.contains(|c: char| c.is_ascii_digit())
        && digits.parse::<f64>().is_ok()
}
