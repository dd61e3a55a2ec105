//! What a filters file means: filters of rules of patterns, and which changed file meets them.
use pathglob::{Glob, GlobList};

use super::{Position, Problem};

/// What happened to a file. `TypeChanged` is git's `T`; `Changed` and `Unchanged` come from GitHub's API only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// New at the head.
    Added,
    /// A copy of another file (API only).
    Copied,
    /// Gone at the head.
    Deleted,
    /// Other content or mode.
    Modified,
    /// Moved (API only; git sees one deleted and one added file).
    Renamed,
    /// In conflict in the index.
    Unmerged,
    /// Another mode or type, in GitHub's words.
    Changed,
    /// Listed by GitHub, but the same.
    Unchanged,
    /// A file became a symlink or a submodule, or the reverse.
    TypeChanged,
}

impl Status {
    /// All of them, in the order of the documentation.
    pub const ALL: [Status; 9] = [
        Status::Added,
        Status::Copied,
        Status::Deleted,
        Status::Modified,
        Status::Renamed,
        Status::Unmerged,
        Status::Changed,
        Status::Unchanged,
        Status::TypeChanged,
    ];

    /// The word used in filters files.
    pub fn word(self) -> &'static str {
        match self {
            Status::Added => "added",
            Status::Copied => "copied",
            Status::Deleted => "deleted",
            Status::Modified => "modified",
            Status::Renamed => "renamed",
            Status::Unmerged => "unmerged",
            Status::Changed => "changed",
            Status::Unchanged => "unchanged",
            Status::TypeChanged => "typechanged",
        }
    }

    /// The status of that name, in lower case.
    pub fn from_word(word: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.word() == word)
    }

    /// The letter that the terminal shows.
    pub fn letter(self) -> char {
        match self {
            Status::Added => 'A',
            Status::Copied => 'C',
            Status::Deleted => 'D',
            Status::Modified | Status::Changed => 'M',
            Status::Renamed => 'R',
            Status::Unmerged => 'U',
            Status::Unchanged => ' ',
            Status::TypeChanged => 'T',
        }
    }
}

/// Which statuses a rule asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatusSet(u16);

impl StatusSet {
    /// Adds a status. `modified` takes git's type change and GitHub's `changed` along: a filter on modified files must not miss them.
    pub fn insert(&mut self, status: Status) {
        self.0 |= 1 << status as u16;
        if status == Status::Modified {
            self.0 |= 1 << Status::TypeChanged as u16 | 1 << Status::Changed as u16;
        }
    }

    /// Whether a file of this status meets the rule.
    pub fn contains(self, status: Status) -> bool {
        self.0 & 1 << status as u16 != 0
    }
}

/// A changed file: its name relative to the repository root, as bytes, and what happened to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The name.
    pub path: Vec<u8>,
    /// What happened.
    pub status: Status,
}

/// A glob and where it is written.
#[derive(Debug)]
pub struct Pattern {
    /// The compiled glob.
    pub glob: Glob,
    /// Where it is written.
    pub at: Position,
}

/// Patterns of which any must match, for files of some statuses or of all.
#[derive(Debug)]
pub struct Rule {
    /// `None` asks for no status.
    pub statuses: Option<StatusSet>,
    /// Any of these.
    pub patterns: Vec<Pattern>,
}

/// How the rules of a filter combine, in the picomatch dialect.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Quantifier {
    /// Any rule; a pattern with `!` is then met by nearly every file.
    #[default]
    Some,
    /// All rules.
    Every,
    /// At least one rule without `!`, and no rule with it.
    SomeWithExcludes,
    /// The last matching pattern, as in GitHub's own `paths:` and in gitignore; the syntax asks for it.
    #[value(skip)]
    Last,
}

/// A named filter.
#[derive(Debug)]
pub struct Filter {
    /// Its name, and so the name of its answer.
    pub name: String,
    /// Where the name is written.
    pub at: Position,
    /// What it looks for.
    pub rules: Vec<Rule>,
    /// All patterns of the rules, for dialects in which the last match decides.
    pub ordered: GlobList,
    /// Filters that raise this one.
    pub depends: Vec<(String, Position)>,
    /// The folder for the matrix, where it is given.
    pub dir: Option<String>,
    /// Fields for the matrix entry.
    pub matrix: serde_json::Map<String, serde_json::Value>,
}

/// All filters in the order of the file.
#[derive(Debug)]
pub struct Filters {
    /// In the order of the file.
    pub list: Vec<Filter>,
    /// What is read but most likely not meant.
    pub warnings: Vec<Problem>,
}

/// That a file meets a filter, and by which pattern (`every` over no rules is met without one).
#[derive(Clone, Copy, Debug)]
pub struct Met<'a> {
    /// The pattern that decided.
    pub by: Option<&'a Pattern>,
}

impl Filter {
    /// Whether a changed file meets this filter. Without a status only the names count, as for the tree hash.
    pub fn meets(&self, path: &[u8], status: Option<Status>, quantifier: Quantifier) -> Option<Met<'_>> {
        let asked = |rule: &&Rule| match (rule.statuses, status) {
            (Some(set), Some(status)) => set.contains(status),
            _ => true,
        };
        let by = |by| Some(Met { by });
        match quantifier {
            Quantifier::Some => {
                self.rules.iter().filter(asked).find_map(|rule| rule.any(path)).and_then(|p| by(Some(p)))
            }
            Quantifier::Every => {
                let mut first = None;
                for rule in &self.rules {
                    let pattern = Some(rule).filter(asked).and_then(|rule| rule.any(path))?;
                    first.get_or_insert(pattern);
                }
                by(first)
            }
            Quantifier::SomeWithExcludes => {
                let patterns = || self.rules.iter().filter(asked).flat_map(|rule| &rule.patterns);
                if patterns().any(|pattern| pattern.glob.is_negated() && !pattern.glob.is_match(path)) {
                    return None;
                }
                patterns().find(|p| !p.glob.is_negated() && p.glob.is_match(path)).and_then(|p| by(Some(p)))
            }
            Quantifier::Last => {
                let patterns: Vec<&Pattern> = self.rules.iter().filter(asked).flat_map(|rule| &rule.patterns).collect();
                let decision = match patterns.len() == self.ordered.globs().len() {
                    true => self.ordered.decides(path)?,
                    // Only a filter with statuses comes here; clones share what was compiled.
                    false => {
                        GlobList::new(patterns.iter().map(|pattern| pattern.glob.clone()).collect()).decides(path)?
                    }
                };
                decision.included.then(|| Met { by: Some(patterns[decision.index]) })
            }
        }
    }

    /// Every pattern, in the order of the file.
    pub fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.rules.iter().flat_map(|rule| &rule.patterns)
    }
}

impl Rule {
    fn any(&self, path: &[u8]) -> Option<&Pattern> {
        self.patterns.iter().find(|pattern| pattern.glob.is_match(path))
    }
}
