//! YAML as a tree in which every value knows its place, read in one pass with bounds on depth and on what aliases repeat.
//!
//! Plain scalars are typed by the YAML 1.2 core schema (<https://yaml.org/spec/1.2.2/#103-core-schema>), to which js-yaml 4 keeps as well.
//! What is wrong comes as a value: how it is worded, and what its remedy is, belongs to who knows what the file is for.
mod scalar;
mod tree;

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

pub use tree::{Key, Node, Position, Value};

/// How much a document may hold.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Collections within one another, so that nothing that walks a tree can run out of stack.
    pub depth: usize,
    /// Values after the expansion of aliases, where a "billion laughs" file stops; a text counts once more for every 64 bytes.
    pub values: usize,
}

/// Something wrong, and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it starts.
    pub at: Position,
    /// What it is.
    pub fault: Fault,
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This is not YAML: what its parser says.
    Syntax(String),
    /// A second document starts here.
    SecondDocument,
    /// An alias stands inside its own anchor.
    AliasInside,
    /// More values than this.
    Values(usize),
    /// Nested deeper than this.
    Depth(usize),
    /// A key that is a list or a mapping.
    KeyIsNoText,
    /// A key stands twice.
    Twice {
        /// The key.
        key: String,
        /// Line of the first.
        first: usize,
    },
    /// A tag that is none of the core schema, as it was written.
    Tag(String),
}

/// Reads one document; none when there is nothing in it.
///
/// Time and memory are linear in the text and in `limits.values`, times `limits.depth` where anchors are nested.
///
/// # Errors
/// The first [`Problem`] with its place.
pub fn parse(text: &str, limits: Limits) -> Result<Option<Node>, Problem> {
    let mut builder = Builder { open: Vec::new(), anchors: HashMap::new(), root: None, values: 0, limits };
    for event in Parser::new_from_str(text.strip_prefix('\u{feff}').unwrap_or(text)) {
        let (event, span) = event.map_err(|error| {
            let at = Position { line: error.marker().line(), column: error.marker().col() + 1 };
            Problem { at, fault: Fault::Syntax(error.info().to_owned()) }
        })?;
        builder.take(event, span)?;
    }
    Ok(builder.root)
}

/// A collection whose end is not read yet.
struct Open {
    at: Position,
    anchor: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map { entries: Vec<(Key, Node)>, waiting: Option<Key>, lines: HashMap<String, usize> },
}

/// Values of a tree and how deep it is: what an alias adds.
#[derive(Clone, Copy)]
struct Extent {
    values: usize,
    depth: usize,
}

struct Builder {
    open: Vec<Open>,
    anchors: HashMap<usize, (Node, Extent)>,
    root: Option<Node>,
    values: usize,
    limits: Limits,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Problem> {
        let at = Position { line: span.start.line(), column: span.start.col() + 1 };
        match event {
            Event::DocumentStart(_) if self.root.is_some() => Err(Problem { at, fault: Fault::SecondDocument }),
            Event::Scalar(text, style, anchor, tag) => {
                known(tag.as_deref(), at)?;
                let node = Node { at, value: scalar::value(&text, style, tag.as_deref()) };
                self.count(extent(&node).values, at)?;
                self.remember(anchor, &node);
                self.add(node, style == ScalarStyle::Plain)
            }
            Event::SequenceStart(anchor, tag) => {
                known(tag.as_deref(), at)?;
                self.begin(Open { at, anchor, content: Content::List(Vec::new()) })
            }
            Event::MappingStart(anchor, tag) => {
                known(tag.as_deref(), at)?;
                let content = Content::Map { entries: Vec::new(), waiting: None, lines: HashMap::new() };
                self.begin(Open { at, anchor, content })
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => {
                let (node, extent) =
                    self.anchors.get(&anchor).cloned().ok_or(Problem { at, fault: Fault::AliasInside })?;
                self.deep(extent.depth, at)?;
                self.count(extent.values, at)?;
                self.add(Node { at, ..node }, false)
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, open: Open) -> Result<(), Problem> {
        self.deep(1, open.at)?;
        self.count(1, open.at)?;
        self.open.push(open);
        Ok(())
    }

    fn deep(&self, more: usize, at: Position) -> Result<(), Problem> {
        let most = self.limits.depth;
        if self.open.len() + more > most { Err(Problem { at, fault: Fault::Depth(most) }) } else { Ok(()) }
    }

    fn count(&mut self, values: usize, at: Position) -> Result<(), Problem> {
        self.values += values;
        let most = self.limits.values;
        if self.values > most { Err(Problem { at, fault: Fault::Values(most) }) } else { Ok(()) }
    }

    fn end(&mut self) -> Result<(), Problem> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let value = match open.content {
            Content::List(items) => Value::List(items),
            Content::Map { entries, .. } => Value::Map(entries),
        };
        let node = Node { at: open.at, value };
        self.remember(open.anchor, &node);
        self.add(node, false)
    }

    fn remember(&mut self, anchor: usize, node: &Node) {
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), extent(node)));
        }
    }

    fn add(&mut self, node: Node, plain: bool) -> Result<(), Problem> {
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map { entries, waiting, lines }) => match waiting.take() {
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
        Value::Nothing => "null".to_owned(),
        Value::List(_) | Value::Map(_) => return Err(Problem { at, fault: Fault::KeyIsNoText }),
    };
    match lines.insert(text.clone(), at.line) {
        Some(first) => Err(Problem { at, fault: Fault::Twice { key: text, first } }),
        None => Ok(Key { at, merge: plain && text == "<<", text }),
    }
}

fn extent(node: &Node) -> Extent {
    let below = |children: &mut dyn Iterator<Item = &Node>| {
        children.map(extent).fold(Extent { values: 1, depth: 1 }, |all, one| Extent {
            values: all.values + one.values,
            depth: all.depth.max(one.depth + 1),
        })
    };
    match &node.value {
        Value::List(items) => below(&mut items.iter()),
        Value::Map(entries) => below(&mut entries.iter().map(|(_, node)| node)),
        Value::Text(text) | Value::Number(text) => Extent { values: 1 + text.len() / 64, depth: 0 },
        _ => Extent { values: 1, depth: 0 },
    }
}

/// A value may say that it is of the core schema; any other tag is refused.
fn known(tag: Option<&Tag>, at: Position) -> Result<(), Problem> {
    match tag {
        Some(tag) if !tag.is_yaml_core_schema() => {
            Err(Problem { at, fault: Fault::Tag(format!("{}{}", tag.handle, tag.suffix)) })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
