//! Fields of a mapping taken one by one, so that what nobody took is an unknown field with its place.
use std::collections::HashMap;

use super::yaml::{Node, Value};
use super::{Position, Problem, Span};

/// The entries of a mapping that are not read yet.
pub(super) struct Fields {
    path: String,
    at: Position,
    entries: Vec<(String, Position, Option<Node>)>,
    index: HashMap<String, usize>,
    known: Vec<&'static str>,
}

/// A value with its field's whole name.
pub(super) struct Field {
    pub(super) path: String,
    pub(super) node: Node,
}

impl Fields {
    /// The fields of a mapping; nothing is an empty one.
    pub(super) fn of(field: Field) -> Result<Fields, Problem> {
        let Field { path, node } = field;
        let entries = match node.value {
            Value::Map(entries) => entries,
            Value::Nothing => Vec::new(),
            _ => return Err(Problem::new(node.at, path, format!("expected a mapping, found {}", node.kind()))),
        };
        let mut fields = Fields { path, at: node.at, entries: Vec::new(), index: HashMap::new(), known: Vec::new() };
        for (key, node) in entries {
            fields.index.insert(key.text.clone(), fields.entries.len());
            fields.entries.push((key.text, key.at, Some(node)));
        }
        Ok(fields)
    }

    /// The place of the mapping.
    pub(super) fn at(&self) -> Position {
        self.at
    }

    /// Takes a field out, whatever it is; one without a value counts as absent.
    pub(super) fn take(&mut self, name: &'static str) -> Option<Field> {
        self.known.push(name);
        let node = self.entries[*self.index.get(name)?].2.take()?;
        (!matches!(node.value, Value::Nothing)).then(|| Field { path: self.name(name), node })
    }

    /// Takes a field out through `read`, or gives the default.
    pub(super) fn read<T>(
        &mut self,
        name: &'static str,
        default: T,
        read: impl FnOnce(Field) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.take(name).map_or(Ok(default), read)
    }

    /// Takes all fields out in order, for mappings whose keys are names.
    pub(super) fn all(mut self) -> Vec<(String, Position, Field)> {
        let entries = std::mem::take(&mut self.entries);
        let full = |key: &str| self.name(key);
        entries
            .into_iter()
            .filter_map(|(key, at, node)| Some((full(&key), key, at, node?)))
            .map(|(path, key, at, node)| (key, at, Field { path, node }))
            .collect()
    }

    /// Refuses what nobody took.
    pub(super) fn end(self) -> Result<(), Problem> {
        let Some((key, at, _)) = self.entries.iter().find(|(key, _, _)| !self.known.contains(&key.as_str())) else {
            return Ok(());
        };
        let shown: String = key.chars().take(60).collect();
        let problem = Problem::new(*at, self.name(&shown), "there is no such field");
        let near = self.known.iter().find(|known| alike(known, key));
        Err(match near {
            Some(known) => problem.hint(format!("did you mean `{known}`?")),
            None => problem.hint(format!("known here: {}", self.known.join(", "))),
        })
    }

    fn name(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

/// The same letters in another spelling, or one of them a beginning of the other.
fn alike(known: &str, given: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).take(60).collect()
    };
    let (known, given) = (plain(known), plain(given));
    given.len() >= 3 && (known.starts_with(&given) || given.starts_with(&known))
}

impl Field {
    pub(super) fn problem(&self, message: impl Into<String>) -> Problem {
        Problem::new(self.node.at, &self.path, message)
    }

    fn expected(&self, what: &str) -> Problem {
        self.problem(format!("expected {what}, found {}", self.node.kind()))
    }

    /// Text; a bare number or boolean is not.
    pub(super) fn text(self) -> Result<String, Problem> {
        match self.node.value {
            Value::Text(text) => Ok(text),
            Value::Number(_) | Value::Bool(_) => Err(self.expected("text").hint("put it in quotes")),
            _ => Err(self.expected("text")),
        }
    }

    pub(super) fn bool(self) -> Result<bool, Problem> {
        match self.node.value {
            Value::Bool(is) => Ok(is),
            _ => Err(self.expected("true or false")),
        }
    }

    /// A whole number within bounds, both included.
    pub(super) fn whole<T: TryFrom<i64>>(self, least: i64, most: i64) -> Result<T, Problem> {
        let Value::Number(digits) = &self.node.value else { return Err(self.expected("a whole number")) };
        let number = digits.parse::<i64>().ok().filter(|number| (least..=most).contains(number));
        number
            .and_then(|number| T::try_from(number).ok())
            .ok_or_else(|| self.problem(format!("`{}` is no whole number from {least} to {most}", cut(digits))))
    }

    /// A finite number, or one in percent as text: `0.01`, `1%`.
    pub(super) fn ratio(&self) -> Result<f64, Problem> {
        let (digits, scale) = match &self.node.value {
            Value::Number(digits) => (digits.as_str(), 1.0),
            Value::Text(text) if text.ends_with('%') => (text.trim_end_matches('%').trim(), 0.01),
            _ => return Err(self.expected("a number")),
        };
        let number = digits.parse::<f64>().ok().filter(|number| number.is_finite());
        number.map(|number| number * scale).ok_or_else(|| self.problem(format!("`{}` is no number", cut(digits))))
    }

    pub(super) fn span(self) -> Result<Span, Problem> {
        let text = match &self.node.value {
            Value::Text(text) => text.clone(),
            Value::Number(digits) => {
                let sign = if digits.starts_with('-') { " and is negative" } else { "" };
                let digits = cut(digits);
                return Err(self.problem(format!("`{digits}` has no unit{sign}")).hint("write 90s, 5m or 1h30m"));
            }
            _ => return Err(self.expected("a length of time").hint("write 90s, 5m or 1h30m")),
        };
        Span::parse(&cut(&text)).map_err(|message| self.problem(message).hint("write 90s, 5m or 1h30m"))
    }

    /// One of some words.
    pub(super) fn word<T: Copy>(self, words: &[(&'static str, T)]) -> Result<T, Problem> {
        let list = || words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
        let Value::Text(text) = &self.node.value else {
            return Err(self.expected("a word").hint(format!("one of {}", list())));
        };
        words
            .iter()
            .find(|(word, _)| word == text)
            .map(|(_, value)| *value)
            .ok_or_else(|| self.problem(format!("`{}` is not known", cut(text))).hint(format!("one of {}", list())))
    }

    /// Each item of a list through `read`; a single value is a list of one.
    pub(super) fn list<T>(self, most: usize, read: impl Fn(Field) -> Result<T, Problem>) -> Result<Vec<T>, Problem> {
        let Field { path, node } = self;
        let items = match node.value {
            Value::List(items) => items,
            _ => vec![node],
        };
        if let Some(extra) = items.get(most) {
            return Err(Problem::new(extra.at, path, format!("more than {most} of them")));
        }
        items.into_iter().enumerate().map(|(at, node)| read(Field { path: format!("{path}[{at}]"), node })).collect()
    }
}

fn cut(text: &str) -> String {
    text.chars().take(60).collect()
}
