//! From the text of a filters file to its meaning; the shapes are those of dorny/paths-filter 4 plus `{paths, depends, dir, matrix}`.
use std::collections::{HashMap, HashSet};

use pathglob::{Glob, GlobList, Syntax};

use super::yaml::{Key, Node, Value};
use super::{Filter, Filters, Pattern, Position, Problem, Rule, Status, StatusSet, yaml};

/// A filters file larger than this is refused.
const LARGEST: usize = 1 << 20;
/// The keys of the long form.
const LONG_FORM: [&str; 4] = ["paths", "depends", "dir", "matrix"];

/// How the patterns of a file are written.
pub type Dialect = Syntax;

/// Reads a filters file.
///
/// # Errors
/// One [`Problem`] with its place: not YAML, not a mapping, no filter at all, a filter without rules, a pattern that is not text
/// or not a glob, a `depends` that names no filter or closes a circle.
pub fn parse(text: &str, dialect: Dialect) -> Result<Filters, Problem> {
    if text.len() > LARGEST {
        return Err(Problem::new(Position::START, format!("larger than {} KiB", LARGEST >> 10)));
    }
    from_node(yaml::parse(text)?, dialect)
}

/// The same from JSON, which has no places.
pub(crate) fn from_json(json: &serde_json::Value, dialect: Dialect) -> Result<Filters, Problem> {
    from_node(Node::from_json(json), dialect)
}

fn from_node(root: Node, dialect: Dialect) -> Result<Filters, Problem> {
    let Value::Map(entries) = root.value else {
        let message = format!("expected a mapping of filter names to patterns, found {}", root.kind());
        return Err(Problem::new(root.at, message).with_hint("write `name: ['folder/**']`, one filter a line"));
    };
    let mut reader = Reader { dialect, warnings: Vec::new() };
    let list: Vec<Filter> =
        merged(entries)?.into_iter().map(|(key, node)| reader.filter(key, node)).collect::<Result<_, _>>()?;
    if list.is_empty() {
        return Err(Problem::new(root.at, "there is no filter in it"));
    }
    check_depends(&list)?;
    Ok(Filters { list, warnings: reader.warnings })
}

/// Resolves `<<` at the top of the file: own keys win over merged ones (<https://yaml.org/type/merge.html>).
fn merged(entries: Vec<(Key, Node)>) -> Result<Vec<(Key, Node)>, Problem> {
    let (merges, mut own): (Vec<_>, Vec<_>) = entries.into_iter().partition(|(key, _)| key.merge);
    let mut names: HashSet<String> = own.iter().map(|(key, _)| key.text.clone()).collect();
    for (key, node) in merges {
        let sources = match node.value {
            Value::List(items) => items,
            _ => vec![node],
        };
        for source in sources {
            let Value::Map(inner) = source.value else {
                return Err(Problem::new(key.at, "`<<` merges mappings only"));
            };
            own.extend(inner.into_iter().filter(|(key, _)| names.insert(key.text.clone())));
        }
    }
    Ok(own)
}

struct Reader {
    dialect: Dialect,
    warnings: Vec<Problem>,
}

impl Reader {
    fn filter(&mut self, key: Key, node: Node) -> Result<Filter, Problem> {
        let mut filter = Filter {
            name: key.text,
            at: key.at,
            rules: Vec::new(),
            ordered: GlobList::default(),
            depends: Vec::new(),
            dir: None,
            matrix: serde_json::Map::new(),
        };
        match node.value {
            Value::Map(entries) if entries.iter().any(|(key, _)| LONG_FORM.contains(&key.text.as_str())) => {
                self.long_form(&mut filter, entries)?;
            }
            _ => self.rules(node, &mut filter.rules)?,
        }
        filter.ordered = GlobList::new(filter.patterns().map(|pattern| pattern.glob.clone()).collect());
        Ok(filter)
    }

    fn long_form(&mut self, filter: &mut Filter, entries: Vec<(Key, Node)>) -> Result<(), Problem> {
        for (key, node) in entries {
            match (key.text.as_str(), node.value) {
                ("paths", value) => self.rules(Node { at: node.at, value }, &mut filter.rules)?,
                ("depends", value) => filter.depends = names(Node { at: node.at, value })?,
                ("dir", Value::Text(dir)) => filter.dir = Some(dir),
                ("matrix", Value::Map(fields)) => {
                    filter.matrix = fields.iter().map(|(key, node)| (key.text.clone(), node.to_json())).collect();
                    if let Some((key, _)) = fields.iter().find(|(key, _)| RESERVED.contains(&key.text.as_str())) {
                        let message = format!("the matrix field `{}` is ours: {}", key.text, RESERVED.join(", "));
                        return Err(Problem::new(key.at, message).with_hint("give your field another name"));
                    }
                }
                ("dir" | "matrix", value) => {
                    let wanted = if key.text == "dir" { "text" } else { "a mapping" };
                    let found = Node { at: node.at, value };
                    let message = format!("`{}` must be {wanted}, found {}", key.text, found.kind());
                    return Err(Problem::new(found.at, message));
                }
                (other, _) => {
                    let message = format!("unknown key `{other}`; a filter knows {}", LONG_FORM.join(", "));
                    return Err(Problem::new(key.at, message).with_hint("a rule for a status goes under `paths`"));
                }
            }
        }
        Ok(())
    }

    /// Text, a list of anything here, or a mapping of statuses to text or lists.
    fn rules(&mut self, node: Node, into: &mut Vec<Rule>) -> Result<(), Problem> {
        match node.value {
            Value::Text(text) => {
                into.push(Rule { statuses: None, patterns: vec![self.pattern(text, node.at)?] });
                Ok(())
            }
            Value::List(items) => items.into_iter().try_for_each(|item| self.rules(item, into)),
            Value::Map(entries) => entries.into_iter().try_for_each(|(key, node)| {
                let statuses = Some(self.statuses(&key));
                let patterns = self.any_of(node)?;
                into.push(Rule { statuses, patterns });
                Ok(())
            }),
            _ => Err(unusable(&node)),
        }
    }

    fn statuses(&mut self, key: &Key) -> StatusSet {
        let mut set = StatusSet::default();
        let lower = key.text.to_lowercase();
        for word in lower.split('|').map(str::trim).filter(|word| !word.is_empty()) {
            match Status::from_word(word) {
                Some(status) => set.insert(status),
                None => self.warnings.push(unknown_status(word, key.at)),
            }
        }
        if lower.split('|').all(|word| word.trim().is_empty()) {
            self.warnings.push(Problem::new(key.at, "an empty status is met by no file"));
        }
        set
    }

    fn any_of(&mut self, node: Node) -> Result<Vec<Pattern>, Problem> {
        match node.value {
            Value::Text(text) => Ok(vec![self.pattern(text, node.at)?]),
            Value::List(items) => items
                .into_iter()
                .map(|item| match item.value {
                    Value::Text(text) => self.pattern(text, item.at),
                    _ => Err(unusable(&item)),
                })
                .collect(),
            _ => Err(unusable(&node)),
        }
    }

    fn pattern(&self, text: String, at: Position) -> Result<Pattern, Problem> {
        match Glob::new(&text, self.dialect) {
            Ok(glob) => Ok(Pattern { glob, at }),
            Err(error) => Err(Problem::new(at, error.to_string())),
        }
    }
}

/// Fields of a matrix entry that this tool fills.
const RESERVED: [&str; 4] = ["name", "dir", "files", "hash"];

fn unknown_status(word: &str, at: Position) -> Problem {
    let words: Vec<_> = Status::ALL.into_iter().map(Status::word).collect();
    Problem::new(at, format!("no file ever has the status `{word}`")).with_hint(format!("use {}", words.join(", ")))
}

fn unusable(node: &Node) -> Problem {
    let problem = Problem::new(node.at, format!("expected a pattern, found {}", node.kind()));
    match node.value {
        Value::Nothing => problem.with_hint("write a pattern in quotes, such as 'docs/**'"),
        Value::Bool(_) | Value::Number(_) => problem.with_hint("put it in quotes"),
        _ => problem,
    }
}

fn names(node: Node) -> Result<Vec<(String, Position)>, Problem> {
    match node.value {
        Value::Text(name) => Ok(vec![(name, node.at)]),
        Value::List(items) => items
            .into_iter()
            .map(|item| match item.value {
                Value::Text(name) | Value::Number(name) => Ok((name, item.at)),
                Value::Bool(is) => Ok((is.to_string(), item.at)),
                _ => Err(Problem::new(item.at, format!("expected the name of a filter, found {}", item.kind()))),
            })
            .collect(),
        _ => Err(Problem::new(node.at, format!("`depends` must name filters, found {}", node.kind()))),
    }
}

/// Every name must be a filter, and no filter may depend on itself, through others either. Linear: each edge is followed once.
fn check_depends(list: &[Filter]) -> Result<(), Problem> {
    let index: HashMap<&str, usize> = list.iter().enumerate().map(|(i, filter)| (filter.name.as_str(), i)).collect();
    for (name, at) in list.iter().flat_map(|filter| &filter.depends) {
        if !index.contains_key(name.as_str()) {
            return Err(Problem::new(*at, format!("`{name}` is not a filter of this file")));
        }
    }
    let mut done = vec![false; list.len()];
    for start in 0..list.len() {
        let mut path = vec![(start, 0)];
        let mut on_path: HashSet<usize> = HashSet::from([start]);
        while let Some((at, next)) = path.pop() {
            let Some((name, place)) = list[at].depends.get(next).filter(|_| !done[at]) else {
                done[at] = true;
                on_path.remove(&at);
                continue;
            };
            path.push((at, next + 1));
            let to = index[name.as_str()];
            if on_path.contains(&to) {
                let circle: Vec<_> = path.iter().map(|(i, _)| list[*i].name.as_str()).collect();
                let from = path.iter().position(|(i, _)| *i == to).unwrap_or(0);
                let message = format!("`depends` goes in a circle: {} → {name}", circle[from..].join(" → "));
                return Err(Problem::new(*place, message));
            }
            if !done[to] {
                on_path.insert(to);
                path.push((to, 0));
            }
        }
    }
    Ok(())
}
