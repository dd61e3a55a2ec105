//! What is probably not meant in a filters file? Pure: filters, tracked names and workflows in, findings out.
#![deny(clippy::disallowed_methods)]
use pathglob::Glob;

use crate::filters::{Filter, Filters, Pattern, Position, Quantifier, Rule};

mod workflow;

pub use workflow::{Workflow, undefined_outputs};

/// One thing to mend: rule, place, what is wrong, remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's name, in kebab-case.
    pub rule: &'static str,
    /// The file it is in; `None` is the filters file.
    pub file: Option<String>,
    /// Where.
    pub at: Position,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl Finding {
    fn new(rule: &'static str, at: Position, message: String, hint: String) -> Finding {
        Finding { rule, file: None, at, message, hint: Some(hint) }
    }
}

/// What the rules look at.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The filters.
    pub filters: &'a Filters,
    /// How their rules combine.
    pub quantifier: Quantifier,
    /// Every name that git tracks, sorted.
    pub tracked: &'a [Vec<u8>],
}

/// All findings of the filters file, in its order.
pub fn findings(subject: &Subject<'_>) -> Vec<Finding> {
    let warning = |p: &crate::filters::Problem| Finding {
        rule: "unknown-status",
        file: None,
        at: p.at,
        message: p.message.clone(),
        hint: p.hint.clone(),
    };
    let mut out: Vec<Finding> = subject.filters.warnings.iter().map(warning).collect();
    for filter in &subject.filters.list {
        for rule in &filter.rules {
            out.extend(rule.patterns.iter().filter_map(|pattern| pattern_finding(pattern, subject)));
        }
        out.extend(shadowed(filter, subject));
    }
    out.extend(collisions(subject.filters));
    out.sort_by_key(|finding| finding.at);
    out
}

/// At most one finding a pattern: the most telling one.
fn pattern_finding(pattern: &Pattern, subject: &Subject<'_>) -> Option<Finding> {
    let glob = &pattern.glob;
    let written = glob.pattern();
    if glob.is_negated() && subject.quantifier == Quantifier::Some {
        let message =
            format!("`{written}` is met by every file that it does not name, so the filter is nearly always true");
        let hint = "set predicate-quantifier to some-with-excludes, where `!` excludes".to_owned();
        return Some(Finding::new("negation-under-some", pattern.at, message, hint));
    }
    if subject.tracked.iter().any(|name| names(glob, name, subject.quantifier)) {
        return lost_root(pattern);
    }
    Some(unmatched(pattern, subject.tracked))
}

/// Whether the pattern, without its `!`, names the file.
fn names(glob: &Glob, name: &[u8], quantifier: Quantifier) -> bool {
    // Only picomatch's own negation turns the answer around; in ordered lists `!` is a mark.
    glob.is_match(name) != (glob.is_negated() && quantifier != Quantifier::Last)
}

fn unmatched(pattern: &Pattern, tracked: &[Vec<u8>]) -> Finding {
    let written = pattern.glob.pattern();
    let bare = written.trim_start_matches('!');
    let folder = bare.trim_start_matches("./").trim_matches('/');
    let is_folder = !folder.is_empty() && tracked.iter().any(|name| is_below(name, folder.as_bytes()));
    let (rule, message, hint) = if is_folder {
        let message = format!("`{written}` names a folder, and no file has the name of a folder");
        ("never-matches", message, format!("write `{folder}/**`"))
    } else if bare.starts_with('/') {
        let message =
            format!("`{written}` can match nothing: names are relative to the repository root, without a leading `/`");
        ("never-matches", message, format!("write `{}`", bare.trim_start_matches('/')))
    } else if bare.ends_with('/') {
        let message = format!("`{written}` can match nothing: no file name ends in `/`");
        ("never-matches", message, format!("write `{folder}/**`"))
    } else {
        let message = format!("`{written}` matches no tracked file");
        ("matches-nothing", message, "mend the pattern, or delete it".to_owned())
    };
    Finding::new(rule, pattern.at, message, hint)
}

fn is_below(name: &[u8], folder: &[u8]) -> bool {
    name.strip_prefix(folder).is_some_and(|rest| rest.starts_with(b"/"))
}

/// `{**/*.kt,**/*.kts}` does not reach `a.kt` at the root, although `**/*.kt` alone does.
fn lost_root(pattern: &Pattern) -> Option<Finding> {
    let written = pattern.glob.pattern();
    let (open, close) = (written.find('{')?, written.rfind('}')?);
    let (before, inside, after) = (&written[..open], written.get(open + 1..close)?, &written[close + 1..]);
    for part in inside.split(',').filter(|part| !part.contains(['{', '}'])) {
        let alone = format!("{before}{part}{after}");
        let Some(rest) = alone.strip_prefix("**/") else { continue };
        let sample: String = rest.replace(['*', '?'], "x");
        let single = Glob::new(&alone, pathglob::Syntax::Picomatch).ok()?;
        if single.is_match(sample.as_bytes()) && !pattern.glob.is_match(sample.as_bytes()) {
            let message = format!("inside braces `{part}` misses files at the root, such as `{sample}`");
            let hint = format!("write one pattern a line: `{alone}`");
            return Some(Finding::new("brace-loses-root", pattern.at, message, hint));
        }
    }
    None
}

/// A pattern that adds nothing, because an earlier one of the same filter matches all that it matches.
fn shadowed(filter: &Filter, subject: &Subject<'_>) -> Vec<Finding> {
    if !matches!(subject.quantifier, Quantifier::Some | Quantifier::SomeWithExcludes) {
        return Vec::new();
    }
    let plain = |rule: &&Rule| rule.statuses.is_none();
    let patterns: Vec<&Pattern> = filter.rules.iter().filter(plain).flat_map(|rule| &rule.patterns).collect();
    let positive: Vec<&Pattern> = patterns.into_iter().filter(|pattern| !pattern.glob.is_negated()).collect();
    let mut found = Vec::new();
    for (index, later) in positive.iter().enumerate() {
        let matched: Vec<&Vec<u8>> = subject.tracked.iter().filter(|name| later.glob.is_match(name)).collect();
        let covers = |earlier: &&&Pattern| matched.iter().all(|name| earlier.glob.is_match(name));
        let Some(earlier) = positive[..index].iter().find(covers).filter(|_| !matched.is_empty()) else { continue };
        let (written, line) = (earlier.glob.pattern(), earlier.at.line);
        let message = format!("`{}` adds nothing to `{written}` in line {line}", later.glob.pattern());
        found.push(Finding::new("shadowed", later.at, message, "delete it".to_owned()));
    }
    found
}

/// A filter whose name is also a key that another filter's answer takes.
fn collisions(filters: &Filters) -> Vec<Finding> {
    let derived = |filter: &Filter| ["_count", "_files", "_hash"].map(|suffix| format!("{}{suffix}", filter.name));
    let mut found = Vec::new();
    for filter in &filters.list {
        if let Some(owner) = filters.list.iter().find(|other| derived(other).contains(&filter.name)) {
            let message = format!("`{}` is also a key of `{}`'s answer and hides it", filter.name, owner.name);
            found.push(Finding::new("output-collision", filter.at, message, "rename one of the two".to_owned()));
        }
        if OWN_OUTPUTS.contains(&filter.name.as_str()) {
            let message = format!("`{}` is the name of an output of the action itself", filter.name);
            let hint = "rename the filter, or read it from `result` only".to_owned();
            found.push(Finding::new("output-collision", filter.at, message, hint));
        }
    }
    found
}

/// What the action declares.
pub(crate) const OWN_OUTPUTS: [&str; 7] = ["changes", "result", "any", "matrix", "base", "head", "uncertain"];
