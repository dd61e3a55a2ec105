//! The tree of a document.

/// A place in a text; both numbers count from one, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from one.
    pub line: usize,
    /// Column in characters, from one.
    pub column: usize,
}

impl Position {
    /// The first character.
    pub const START: Position = Position { line: 1, column: 1 };
}

/// A value and the place where it starts.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it starts.
    pub at: Position,
    /// What stands there.
    pub value: Value,
}

/// What stands somewhere. A scalar that is neither quoted nor text has a kind of its own.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, `~`, or no text at all.
    Nothing,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it was written.
    Number(String),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping in the order of the text; no key stands twice.
    Map(Vec<(Key, Node)>),
}

/// A key of a mapping: always text, as JavaScript's object keys are.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// Where it starts.
    pub at: Position,
    /// The key.
    pub text: String,
    /// `<<` without quotes (<https://yaml.org/type/merge.html>), which no reader of ours resolves by itself.
    pub merge: bool,
}

impl Node {
    /// What a person would call this value.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Nothing => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// The value under a key of a mapping.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Node> {
        let Value::Map(entries) = &self.value else { return None };
        entries.iter().find(|(key, _)| key.text == name).map(|(_, node)| node)
    }

    /// The text under a key of a mapping.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match &self.field(name)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// All texts below, with their places.
    pub fn texts<'a>(&'a self, into: &mut Vec<(&'a str, Position)>) {
        match &self.value {
            Value::Text(text) => into.push((text, self.at)),
            Value::List(items) => items.iter().for_each(|item| item.texts(into)),
            Value::Map(entries) => entries.iter().for_each(|(_, node)| node.texts(into)),
            _ => {}
        }
    }

    /// JSON as the same tree, all of it at the start of the file.
    #[must_use]
    pub fn from_json(json: &serde_json::Value) -> Node {
        let value = match json {
            serde_json::Value::Null => Value::Nothing,
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

    /// The tree as JSON; a number that JSON cannot say stays text.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Nothing => serde_json::Value::Null,
            Value::Bool(is) => (*is).into(),
            Value::Number(text) => number(text),
            Value::Text(text) => text.as_str().into(),
            Value::List(items) => items.iter().map(Node::to_json).collect(),
            Value::Map(entries) => serde_json::Value::Object(
                entries.iter().map(|(key, node)| (key.text.clone(), node.to_json())).collect(),
            ),
        }
    }
}

fn number(text: &str) -> serde_json::Value {
    let plain = text.strip_prefix('+').unwrap_or(text);
    let whole = match plain.get(..2) {
        Some("0x") => i128::from_str_radix(&plain[2..], 16).ok(),
        Some("0o") => i128::from_str_radix(&plain[2..], 8).ok(),
        _ => plain.parse().ok(),
    };
    let whole = whole.and_then(serde_json::Number::from_i128);
    let fraction = || plain.parse().ok().and_then(serde_json::Number::from_f64);
    whole.or_else(fraction).map_or_else(|| text.into(), serde_json::Value::Number)
}
