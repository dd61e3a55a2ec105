//! The outputs of the action as values: `changes`, `result`, `any`, `matrix`, `base`, `head`, `uncertain`.
use serde_json::{Map, Value, json};

use super::Shown;
use super::lists::{ListFormat, is_hostile, list};
use crate::filters::Filter;

/// What is done with names that could do harm in a log or a script.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Names {
    /// Listed, made harmless by the format's own quoting.
    #[default]
    Escape,
    /// Counted, but not listed.
    Hide,
    /// The whole answer is "no".
    Fail,
}

/// How names are listed, and which.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lists {
    /// The format.
    pub format: ListFormat,
    /// The policy.
    pub names: Names,
}

impl Shown {
    /// The names of the true filters.
    pub(crate) fn changes(&self) -> Value {
        self.verdict.filters.iter().filter(|filter| filter.is_true()).map(|filter| filter.name.as_str()).collect()
    }

    /// `{filter: bool, filter_count, filter_files, filter_hash}`; a filter's own name wins over a derived key of the same name.
    pub(crate) fn result(&self) -> Value {
        let mut out = Map::new();
        for (index, filter) in self.verdict.filters.iter().enumerate() {
            let name = &filter.name;
            out.insert(format!("{name}_count"), filter.files.len().into());
            if self.lists.format != ListFormat::None {
                out.insert(format!("{name}_files"), self.files(index));
            }
            if let Some(hash) = self.hash(index) {
                out.insert(format!("{name}_hash"), hash.into());
            }
        }
        for filter in &self.verdict.filters {
            out.insert(filter.name.clone(), filter.is_true().into());
        }
        Value::Object(out)
    }

    /// `{"include": [{name, dir, files, hash, …}]}` of the true filters.
    pub(crate) fn matrix(&self, with_files: bool) -> Value {
        let entry = |(index, filter): (usize, &Filter)| {
            let mut entry = Map::new();
            entry.insert("name".to_owned(), filter.name.as_str().into());
            entry.insert("dir".to_owned(), folder(filter).into());
            if with_files {
                entry.insert("files".to_owned(), self.files(index));
            }
            entry.insert("hash".to_owned(), self.hash(index).unwrap_or_default().into());
            entry.extend(filter.matrix.clone());
            Value::Object(entry)
        };
        let raised = self.filters.list.iter().enumerate().filter(|(index, _)| self.verdict.filters[*index].is_true());
        json!({ "include": raised.map(entry).collect::<Vec<_>>() })
    }

    /// How many names of any list are hidden.
    pub(crate) fn hidden(&self) -> usize {
        if self.lists.names != Names::Hide {
            return 0;
        }
        self.facts.changes.iter().filter(|change| is_hostile(&change.path)).count()
    }

    fn files(&self, filter: usize) -> Value {
        let names = self.verdict.filters[filter].files.iter().map(|index| self.facts.changes[*index].path.as_slice());
        let shown = names.filter(|name| self.lists.names != Names::Hide || !is_hostile(name));
        match self.lists.format {
            ListFormat::None | ListFormat::Json => shown.map(super::lists::text).collect(),
            format => list(format, shown).into(),
        }
    }

    fn hash(&self, filter: usize) -> Option<String> {
        self.facts.hashes.as_ref().map(|hashes| hashes[filter].clone())
    }
}

/// The filter's folder: the one it names, or the longest folder that all its patterns without `!` lie in; `.` is the root.
pub fn folder(filter: &Filter) -> String {
    if let Some(dir) = &filter.dir {
        return dir.clone();
    }
    let positive = filter.patterns().filter(|pattern| !pattern.glob.is_negated());
    let common = positive.map(|pattern| folder_of(&pattern.glob)).reduce(common_folder);
    match common {
        Some(folder) if !folder.is_empty() => super::lists::text(&folder),
        _ => ".".to_owned(),
    }
}

/// The folder that every match lies in: `backend` for `backend/**`, `src` for `src/*.rs` and for `src/a.rs`.
fn folder_of(glob: &pathglob::Glob) -> Vec<u8> {
    let prefix = glob.literal_prefix();
    let whole =
        ["/**", "/**/*", "/*"].iter().any(|end| glob.pattern().strip_suffix(end).map(str::as_bytes) == Some(prefix));
    let end = if whole { prefix.len() } else { prefix.iter().rposition(|byte| *byte == b'/').unwrap_or(0) };
    prefix[..end].to_vec()
}

fn common_folder(a: Vec<u8>, b: Vec<u8>) -> Vec<u8> {
    let shared = a.split(|byte| *byte == b'/').zip(b.split(|byte| *byte == b'/')).take_while(|(a, b)| a == b);
    shared.map(|(part, _)| part).collect::<Vec<_>>().join(&b'/')
}
