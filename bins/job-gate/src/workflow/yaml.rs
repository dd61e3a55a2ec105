//! YAML as a tree with positions: texts, lists and mappings, in which no key stands twice.
use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::{Position, Problem};

/// Nesting beyond this is refused, so that nothing that walks a tree can run out of stack.
const DEEPEST: usize = 64;
/// Nodes, and for each long text more of them, after the expansion of aliases; a "billion laughs" file stops here.
const MOST_NODES: usize = 300_000;
/// Bytes of a text that count as one more node.
const BYTES_OF_NODE: usize = 32;
/// The longest text; workflow files of GitHub end at 512 KiB.
const LARGEST: usize = 4 << 20;

/// A node and the place where it starts.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) at: Position,
    pub(super) value: Value,
    /// Levels below, this one included.
    depth: usize,
    /// Nodes below, this one and its text included.
    size: usize,
}

/// What a node holds. Booleans and numbers are the text that was written.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Null,
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// A key of a mapping.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) at: Position,
    pub(super) text: String,
}

impl Node {
    /// The value under a key of a mapping.
    pub(super) fn field(&self, name: &str) -> Option<&Node> {
        let Value::Map(entries) = &self.value else { return None };
        entries.iter().find(|(key, _)| key.text == name).map(|(_, node)| node)
    }

    fn scalar(at: Position, value: Value) -> Self {
        let bytes = if let Value::Text(text) = &value { text.len() } else { 0 };
        Node { at, value, depth: 1, size: 1 + bytes / BYTES_OF_NODE }
    }

    fn of_list(at: Position, items: Vec<Node>) -> Self {
        let (depth, size) = measured(items.iter());
        Node { at, value: Value::List(items), depth, size }
    }

    fn of_map(at: Position, entries: Vec<(Key, Node)>) -> Self {
        let (depth, size) = measured(entries.iter().map(|(_, node)| node));
        Node { at, value: Value::Map(entries), depth, size }
    }
}

fn measured<'a>(nodes: impl Iterator<Item = &'a Node>) -> (usize, usize) {
    nodes.fold((1, 1), |(depth, size), node| (depth.max(node.depth + 1), size + node.size))
}

/// Reads one document.
pub(super) fn parse(text: &str) -> Result<Node, Problem> {
    let start = Position { line: 1, column: 1 };
    if text.len() > LARGEST {
        return Err(problem(start, format!("the file has more than {} MiB", LARGEST >> 20)));
    }
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text.strip_prefix('\u{feff}').unwrap_or(text)) {
        let (event, span) = event.map_err(|error| {
            let at = Position { line: error.marker().line(), column: error.marker().col() + 1 };
            problem(at, format!("not YAML: {}", error.info()))
        })?;
        builder.take(event, span)?;
    }
    builder.root.ok_or_else(|| problem(start, "the file is empty"))
}

fn problem(at: Position, message: impl AsRef<str>) -> Problem {
    Problem { at, message: action::neutral(message.as_ref()) }
}

/// A collection that is not closed yet.
enum Open {
    List(Vec<Node>),
    Map { entries: Vec<(Key, Node)>, waiting: Option<Key>, known: HashSet<String> },
}

struct Frame {
    at: Position,
    anchor: usize,
    open: Open,
}

#[derive(Default)]
struct Builder {
    stack: Vec<Frame>,
    anchors: HashMap<usize, Node>,
    root: Option<Node>,
    nodes: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Problem> {
        let at = Position { line: span.start.line(), column: span.start.col() + 1 };
        match event {
            Event::DocumentStart(_) if self.root.is_some() => Err(problem(at, "a second document starts here")),
            Event::Scalar(text, style, anchor, tag) => {
                known(tag.as_deref(), at)?;
                let null = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let node = Node::scalar(at, if null { Value::Null } else { Value::Text(text.into_owned()) });
                self.count(node.size, at)?;
                self.remember(anchor, &node)?;
                self.add(node)
            }
            Event::SequenceStart(anchor, tag) => {
                known(tag.as_deref(), at)?;
                self.push(Frame { at, anchor, open: Open::List(Vec::new()) })
            }
            Event::MappingStart(anchor, tag) => {
                known(tag.as_deref(), at)?;
                let open = Open::Map { entries: Vec::new(), waiting: None, known: HashSet::new() };
                self.push(Frame { at, anchor, open })
            }
            Event::SequenceEnd | Event::MappingEnd => self.pop(at),
            Event::Alias(anchor) => {
                let node =
                    self.anchors.get(&anchor).ok_or_else(|| problem(at, "this alias stands inside its own anchor"))?;
                let (node, size) = (node.clone(), node.size);
                self.count(size, at)?;
                self.add(node)
            }
            _ => Ok(()),
        }
    }

    fn count(&mut self, nodes: usize, at: Position) -> Result<(), Problem> {
        self.nodes += nodes;
        if self.nodes > MOST_NODES {
            return Err(problem(at, "too many values, aliases included"));
        }
        Ok(())
    }

    fn push(&mut self, frame: Frame) -> Result<(), Problem> {
        self.count(1, frame.at)?;
        self.stack.push(frame);
        self.deep(1)
    }

    fn deep(&self, below: usize) -> Result<(), Problem> {
        let at = self.stack.last().map_or(Position { line: 1, column: 1 }, |frame| frame.at);
        match self.stack.len() + below > DEEPEST {
            true => Err(problem(at, format!("nested deeper than {DEEPEST} levels"))),
            false => Ok(()),
        }
    }

    fn pop(&mut self, at: Position) -> Result<(), Problem> {
        let Some(frame) = self.stack.pop() else { return Err(problem(at, "nothing is open here")) };
        let node = match frame.open {
            Open::List(items) => Node::of_list(frame.at, items),
            Open::Map { entries, .. } => Node::of_map(frame.at, entries),
        };
        self.remember(frame.anchor, &node)?;
        self.add(node)
    }

    /// Anchors may stand inside of anchors, so what is kept counts as well.
    fn remember(&mut self, anchor: usize, node: &Node) -> Result<(), Problem> {
        if anchor != 0 {
            self.count(node.size, node.at)?;
            self.anchors.insert(anchor, node.clone());
        }
        Ok(())
    }

    fn add(&mut self, node: Node) -> Result<(), Problem> {
        self.deep(node.depth)?;
        match self.stack.last_mut().map(|frame| &mut frame.open) {
            None => self.root = Some(node),
            Some(Open::List(items)) => items.push(node),
            Some(Open::Map { entries, waiting, known }) => match waiting.take() {
                Some(key) => entries.push((key, node)),
                None => *waiting = Some(key(node, known)?),
            },
        }
        Ok(())
    }
}

fn key(node: Node, known: &mut HashSet<String>) -> Result<Key, Problem> {
    let text = match node.value {
        Value::Text(text) => text,
        Value::Null => "null".to_owned(),
        Value::List(_) | Value::Map(_) => return Err(problem(node.at, "a key must be text")),
    };
    if !known.insert(text.clone()) {
        return Err(problem(node.at, format!("`{text}` stands twice")));
    }
    Ok(Key { at: node.at, text })
}

/// GitHub's own reader knows no tags of anybody, and an unquoted `!cancelled()` is one.
fn known(tag: Option<&Tag>, at: Position) -> Result<(), Problem> {
    match tag {
        Some(tag) if !tag.is_yaml_core_schema() => {
            let written = format!("{}{}", tag.handle, tag.suffix);
            Err(problem(at, format!("`{written}` is a YAML tag, because it is not quoted; write it as '{written}'")))
        }
        _ => Ok(()),
    }
}
