//! The report files that the inputs name: each once, in an order of their own, with the groups that name them.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Facts, find, reports, shown};
use crate::record::{Reason, note, problem};
use crate::settings::Settings;

/// One report file.
pub(super) struct Named {
    /// Its path: of several spellings the shortest relative one, so that no order of inputs shows.
    pub(super) path: PathBuf,
    /// The groups that name it, by index.
    pub(super) groups: Vec<usize>,
    /// Whether two inputs name it outright.
    twice: bool,
    outright: bool,
}

/// Looks for all of them; a pattern that names nothing is a problem, but for a group that may be carried forward.
pub(super) fn reports(settings: &Settings, here: &Path, facts: &mut Facts) -> Vec<Named> {
    let groups = settings.rules.groups.iter().enumerate();
    let of_groups = groups.map(|(index, group)| (&group.reports, Some((index, group.carried))));
    let patterns: Vec<_> = settings.sources.reports.iter().map(|pattern| (pattern, None)).chain(of_groups).collect();
    if patterns.is_empty() {
        let hint = Some("name them: `--reports '**/coverage.xml'`, or the input `reports`".to_owned());
        facts.problems.push(Reason { hint, ..problem("no-report", "no report was named".to_owned()) });
    }
    let mut named: BTreeMap<PathBuf, Named> = BTreeMap::new();
    for (pattern, group) in patterns {
        match find::files(pattern, here) {
            Err(why) => {
                let message = format!("reports has `{}`: {why}", action::neutral(pattern));
                facts.problems.push(problem("bad-glob", message));
            }
            Ok(found) if found.is_empty() && !group.is_some_and(|(_, carried)| carried) => {
                facts.problems.push(none(pattern))
            }
            Ok(found) => {
                let outright = group.is_none() && here.join(pattern).is_file();
                for path in found {
                    add(&mut named, here, (path, group.map(|(index, _)| index), outright));
                }
            }
        }
    }
    let mut named: Vec<Named> = named.into_values().collect();
    named.sort_by(|a, b| a.path.cmp(&b.path));
    if named.len() > reports::MOST_REPORTS {
        let message = format!("{} reports, and one run reads at most {}", named.len(), reports::MOST_REPORTS);
        facts.problems.push(problem("limit-reports", message));
        named.clear();
    }
    copies(&named, here, facts);
    named
}

fn none(pattern: &str) -> Reason {
    let message = format!("no file matches `{}`", action::neutral(pattern));
    let hint = Some("look at the step that makes the report, and at the folder that this one runs in".to_owned());
    Reason { hint, ..problem("no-report", message) }
}

fn add(named: &mut BTreeMap<PathBuf, Named>, here: &Path, (path, group, outright): (PathBuf, Option<usize>, bool)) {
    let path = path.strip_prefix("./").map(Path::to_path_buf).unwrap_or(path);
    let full = here.join(&path).canonicalize().unwrap_or_else(|_| path.clone());
    let entry = named.entry(full).or_insert_with(|| Named {
        path: path.clone(),
        groups: Vec::new(),
        twice: false,
        outright: false,
    });
    let rank = |path: &Path| (path.is_absolute(), path.as_os_str().len(), path.to_owned());
    if rank(&path) < rank(&entry.path) {
        entry.path = path;
    }
    entry.twice |= entry.outright && outright;
    entry.outright |= outright;
    entry.groups.extend(group);
    entry.groups.dedup();
}

/// Notes what is named twice or is a copy; merging takes it once either way.
fn copies(named: &[Named], here: &Path, facts: &mut Facts) {
    let shown = |named: &Named| shown(named.path.as_os_str().as_encoded_bytes());
    let said = |file: &Named, message: String| Reason { file: Some(shown(file)), ..note("duplicate-report", message) };
    for file in named.iter().filter(|file| file.twice) {
        facts.notes.push(said(file, "it is named twice".to_owned()));
    }
    let paths: Vec<PathBuf> = named.iter().map(|named| named.path.clone()).collect();
    for (earlier, later) in reports::duplicates(&paths, here) {
        facts.notes.push(said(&named[later], format!("it is a copy of {}", shown(&named[earlier]))));
    }
}
