//! Which filters does a change raise? Pure: filters and changes in, verdict out.
#![deny(clippy::disallowed_methods)]
use std::collections::{BTreeMap, HashMap};

use pathglob::GlobList;

use crate::filters::{Change, Filter, Filters, Position, Quantifier};
use crate::report::lists::text;

pub mod lint;

/// Why a filter is true, or that it is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// This changed file met this pattern (its text and place); `every` over no rules has no pattern.
    Met {
        /// Index into the changes.
        change: usize,
        /// The pattern that decided.
        pattern: Option<(String, Position)>,
    },
    /// No file met it, but this filter, on which it depends, is true.
    Depends(String),
    /// No file is known to meet it, but what changed is not known for sure.
    Uncertain,
    /// No changed file met it.
    No,
}

/// The answer for one filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterVerdict {
    /// The filter's name.
    pub name: String,
    /// The answer and its reason.
    pub why: Why,
    /// The changed files that met it, as indices into the changes, in their order.
    pub files: Vec<usize>,
}

impl FilterVerdict {
    /// Whether the filter is raised.
    pub fn is_true(&self) -> bool {
        self.why != Why::No
    }
}

/// The answer for all filters, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// One entry a filter.
    pub filters: Vec<FilterVerdict>,
}

impl Verdict {
    /// Whether any filter is raised.
    pub fn any(&self) -> bool {
        self.filters.iter().any(FilterVerdict::is_true)
    }
}

/// What is to be decided.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The filters.
    pub filters: &'a Filters,
    /// What changed, sorted by name.
    pub changes: &'a [Change],
    /// How the rules of a filter combine.
    pub quantifier: Quantifier,
    /// Whether more may have changed than `changes` tells: then every filter is true.
    pub uncertain: bool,
}

/// Decides every filter: by its own files first, then by the filters it depends on, and last by doubt.
pub fn verdict(question: &Question<'_>) -> Verdict {
    let mut filters: Vec<_> = question.filters.list.iter().map(|filter| own(filter, question)).collect();
    raise_dependents(&question.filters.list, &mut filters);
    if question.uncertain {
        for filter in filters.iter_mut().filter(|filter| !filter.is_true()) {
            filter.why = Why::Uncertain;
        }
    }
    Verdict { filters }
}

fn own(filter: &Filter, question: &Question<'_>) -> FilterVerdict {
    let mut why = Why::No;
    let mut files = Vec::new();
    for (index, change) in question.changes.iter().enumerate() {
        let Some(met) = filter.meets(&change.path, Some(change.status), question.quantifier) else { continue };
        if why == Why::No {
            let pattern = met.by.map(|pattern| (pattern.glob.pattern().to_owned(), pattern.at));
            why = Why::Met { change: index, pattern };
        }
        files.push(index);
    }
    FilterVerdict { name: filter.name.clone(), why, files }
}

/// Follows `depends` backwards from the raised filters; each edge is followed once, circles were refused when the file was read.
fn raise_dependents(list: &[Filter], filters: &mut [FilterVerdict]) {
    let mut dependents: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, filter) in list.iter().enumerate() {
        for (name, _) in &filter.depends {
            dependents.entry(name).or_default().push(index);
        }
    }
    let mut raised: Vec<usize> = (0..list.len()).filter(|index| filters[*index].is_true()).collect();
    while let Some(cause) = raised.pop() {
        for &index in dependents.get(list[cause].name.as_str()).into_iter().flatten() {
            if !filters[index].is_true() {
                filters[index].why = Why::Depends(list[cause].name.clone());
                raised.push(index);
            }
        }
    }
}

/// Without filters: one for each top-level folder that changed, and `.` for files at the root.
pub fn by_folder(changes: &[Change]) -> (Filters, Verdict) {
    let mut folders: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, change) in changes.iter().enumerate() {
        let folder = match change.path.iter().position(|byte| *byte == b'/') {
            Some(end) => text(&change.path[..end]),
            None => ".".to_owned(),
        };
        folders.entry(folder).or_default().push(index);
    }
    let filter = |name: &String| Filter {
        name: name.clone(),
        at: Position::START,
        rules: Vec::new(),
        ordered: GlobList::default(),
        depends: Vec::new(),
        dir: Some(name.clone()),
        matrix: serde_json::Map::new(),
    };
    let list = folders.keys().map(filter).collect();
    let met = |(name, files): (String, Vec<usize>)| FilterVerdict {
        name,
        why: Why::Met { change: files[0], pattern: None },
        files,
    };
    (Filters { list, warnings: Vec::new() }, Verdict { filters: folders.into_iter().map(met).collect() })
}
