//! The inputs as types: what to look for, by which rules, and what to write; and what is wrong with them.
use std::path::PathBuf;

use action::Secret;
use jiff::civil::Date;
use pathglob::{Glob, Syntax};

use crate::inputs::{Comment, FilesRule, Format, NoBaseline, Unmeasured};
use crate::record::{Metric, Reason, problem};
use crate::report::Icons;
use crate::threshold::Threshold;

/// Four thresholds; what is absent is not judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Thresholds {
    pub(crate) all: Option<Threshold>,
    pub(crate) patch: Option<Threshold>,
    pub(crate) new: Option<Threshold>,
    pub(crate) modified: Option<Threshold>,
}

impl Thresholds {
    /// Whether anything is judged that takes a comparison with the base.
    pub(crate) fn of_change(&self) -> bool {
        self.patch.is_some() || self.new.is_some() || self.modified.is_some()
    }

    /// Whether anything is judged.
    pub(crate) fn any(&self) -> bool {
        self.all.is_some() || self.of_change()
    }
}

/// A part of the repository.
#[derive(Clone, Debug)]
pub(crate) struct GroupSettings {
    pub(crate) name: String,
    pub(crate) paths: Glob,
    pub(crate) reports: String,
    pub(crate) thresholds: Thresholds,
    pub(crate) carried: bool,
}

/// The rules that the verdict follows.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(crate) title: String,
    pub(crate) metric: Metric,
    pub(crate) thresholds: Thresholds,
    pub(crate) files_rule: FilesRule,
    pub(crate) include: Vec<Glob>,
    pub(crate) exclude: Vec<Glob>,
    pub(crate) unmeasured: Unmeasured,
    pub(crate) groups: Vec<GroupSettings>,
    pub(crate) allow_drop: Option<Threshold>,
    pub(crate) no_baseline: NoBaseline,
    pub(crate) today: Date,
}

/// Where to look, and what for.
#[derive(Clone)]
pub(crate) struct Sources {
    /// Paths and globs, in the order given; those of groups come besides.
    pub(crate) reports: Vec<String>,
    pub(crate) base: Option<String>,
    pub(crate) path_map: Vec<(Vec<u8>, Vec<u8>)>,
    pub(crate) path_roots: Vec<Vec<u8>>,
    pub(crate) source_dir: Option<Vec<u8>>,
    pub(crate) baseline: Option<PathBuf>,
    pub(crate) waivers: Option<PathBuf>,
    pub(crate) threads: usize,
}

/// What is written where.
#[derive(Clone)]
pub(crate) struct Sinks {
    pub(crate) baseline: Option<PathBuf>,
    pub(crate) html: Option<PathBuf>,
    pub(crate) record: Option<PathBuf>,
    pub(crate) badge: Option<PathBuf>,
    pub(crate) icons: Icons,
    pub(crate) format: Format,
}

/// Whether and how to comment.
#[derive(Clone)]
pub(crate) struct Commenting {
    pub(crate) wished: Comment,
    pub(crate) author: String,
    pub(crate) token: Option<Secret>,
    pub(crate) icons: Icons,
}

/// The inputs, checked.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) sources: Sources,
    pub(crate) rules: Rules,
    pub(crate) sinks: Sinks,
    pub(crate) commenting: Commenting,
    /// Inputs that make no sense: the verdict is unknown, whatever else is found.
    pub(crate) problems: Vec<Reason>,
}

/// Turns text into types and keeps what cannot be turned.
#[derive(Default)]
pub(crate) struct Check {
    /// What could not be turned.
    pub(crate) problems: Vec<Reason>,
}

impl Check {
    fn problem(&mut self, code: &str, message: String, hint: Option<&str>) {
        self.problems.push(Reason { hint: hint.map(str::to_owned), ..problem(code, message) });
    }

    /// A threshold.
    pub(crate) fn threshold(&mut self, input: &str, text: Option<&str>) -> Option<Threshold> {
        let text = text?;
        match Threshold::parse(text.trim()) {
            Ok(threshold) => Some(threshold),
            Err(why) => {
                let message = format!("{input} is `{}`, and {why}", action::neutral(text));
                self.problem("bad-threshold", message, Some("write a ratio such as 0.7, or a percentage such as 70%"));
                None
            }
        }
    }

    /// Patterns of picomatch's dialect.
    pub(crate) fn globs(&mut self, input: &str, patterns: &[String]) -> Vec<Glob> {
        patterns.iter().filter_map(|pattern| self.glob(input, pattern)).collect()
    }

    fn glob(&mut self, input: &str, pattern: &str) -> Option<Glob> {
        match Glob::new(pattern, Syntax::Picomatch) {
            Ok(glob) => Some(glob),
            Err(error) => {
                self.problem("bad-glob", format!("{input} has `{}`: {error}", action::neutral(pattern)), None);
                None
            }
        }
    }

    /// A day.
    pub(crate) fn date(&mut self, text: Option<&str>) -> Option<Date> {
        let text = text?;
        match text.parse() {
            Ok(date) => Some(date),
            Err(_) => {
                let message = format!("now is `{}`, and that is no day such as 2026-11-27", action::neutral(text));
                self.problem("bad-date", message, None);
                None
            }
        }
    }

    /// `from=to`, one each.
    pub(crate) fn path_map(&mut self, list: &[String]) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut map = Vec::new();
        for entry in list {
            match entry.split_once('=') {
                Some((from, to)) if !from.is_empty() => map.push((from.as_bytes().to_vec(), to.as_bytes().to_vec())),
                _ => self.problem(
                    "bad-path-map",
                    format!("path-map has `{}`, not from=to", action::neutral(entry)),
                    None,
                ),
            }
        }
        map
    }

    /// Groups, each with the thresholds of the whole where it has none of its own.
    pub(crate) fn groups(&mut self, list: &[String], (all, carried): (Thresholds, &[String])) -> Vec<GroupSettings> {
        let mut groups: Vec<GroupSettings> = Vec::new();
        for entry in list {
            if let Some(group) = self.group(entry, (all, carried)) {
                if groups.iter().any(|known| known.name == group.name) {
                    self.problem("bad-group", format!("two groups are called {}", action::neutral(&group.name)), None);
                }
                groups.push(group);
            }
        }
        for name in carried.iter().filter(|name| !groups.iter().any(|group| group.name == **name)) {
            let message = format!("carry-forward names {}, and there is no such group", action::neutral(name));
            self.problem("bad-group", message, None);
        }
        groups
    }

    fn group(&mut self, entry: &str, (all, carried): (Thresholds, &[String])) -> Option<GroupSettings> {
        let mut parts = entry.splitn(4, ':').map(str::trim);
        let (name, paths, reports) = (parts.next()?, parts.next(), parts.next());
        let (Some(paths), Some(reports)) = (paths.filter(|p| !p.is_empty()), reports.filter(|r| !r.is_empty())) else {
            let hint = "write name:path-glob:report-glob, and `:all=0.7,patch=0.8` behind it for its own thresholds";
            self.problem("bad-group", format!("the group `{}` lacks a part", action::neutral(entry)), Some(hint));
            return None;
        };
        let mut thresholds = all;
        for item in parts.next().into_iter().flat_map(|own| own.split(',')).map(str::trim).filter(|i| !i.is_empty()) {
            let (key, value) = item.split_once('=').unwrap_or((item, ""));
            let place = match key.trim() {
                "all" => &mut thresholds.all,
                "patch" => &mut thresholds.patch,
                "new" => &mut thresholds.new,
                "modified" => &mut thresholds.modified,
                _ => {
                    let message = format!("the group {} has `{}`", action::neutral(name), action::neutral(item));
                    self.problem("bad-group", message, Some("its thresholds are all, patch, new and modified"));
                    continue;
                }
            };
            *place = self.threshold(&format!("{key} of the group {}", action::neutral(name)), Some(value));
        }
        Some(GroupSettings {
            name: name.to_owned(),
            paths: self.glob("groups", paths)?,
            reports: reports.to_owned(),
            thresholds,
            carried: carried.iter().any(|carried| carried == name),
        })
    }
}
