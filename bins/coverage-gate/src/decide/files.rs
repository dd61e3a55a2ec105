//! The files of the record: every measured one, and every changed one that a report should have named.
#![deny(clippy::disallowed_methods)]
use std::collections::BTreeMap;

use git::{FileChange, Status as GitStatus};

use super::{Counted, Deciding, patch, rates, scope};
use crate::gather::{Coverage, shown};
use crate::inputs::Unmeasured;
use crate::record::{self, File, Reason, Status, Verdict, note, problem};

impl Deciding<'_> {
    /// All files of the record: every measured one, and every changed one that should be.
    pub(super) fn files(&mut self, counted: &Counted<'_>) -> Vec<File> {
        let changes = self.facts.change.iter().flat_map(|change| &change.files);
        let changes: BTreeMap<&[u8], &FileChange> = changes.map(|change| (change.path.as_slice(), change)).collect();
        let mut files = Vec::with_capacity(counted.list.len() + changes.len());
        for (path, coverage) in &counted.list {
            self.past_end(path, coverage);
            files.push(self.file(path, coverage, changes.get(path.as_ref()).copied()));
        }
        for change in changes.values() {
            files.extend(self.changed(change, counted));
        }
        files.sort_by(|a, b| a.file.cmp(&b.file));
        files
    }

    pub(super) fn file(&self, path: &[u8], coverage: &Coverage, change: Option<&FileChange>) -> File {
        let (part, unit) = rates::of_file(coverage, self.rules.metric);
        let change = change.filter(|change| scope::without_lines(change).is_none());
        let source = self.facts.sources.get(path);
        File {
            file: shown(path),
            status: match (&self.facts.change, change) {
                (None, _) => Status::Unknown,
                (Some(_), None) => Status::Unchanged,
                (Some(_), Some(change)) => status(change),
            },
            from: change.and_then(|change| change.renamed.as_ref()).map(|renamed| shown(&renamed.from)),
            unit: unit.into(),
            covered: part.covered,
            measured: part.measured,
            percent: record::percent(part.covered, part.measured),
            reported: true,
            patch: change.map(|change| patch::of_file(change, coverage, (source, self.rules.metric))),
        }
    }

    /// A report that names lines which a file does not have was made from another version of it, or by a tool that puts
    /// inlined code there.
    fn past_end(&mut self, path: &[u8], coverage: &Coverage) {
        let (Some(source), Some(last)) = (self.facts.sources.get(path), coverage.lines.last()) else { return };
        let lines = source.lines;
        if last > lines {
            let message =
                format!("a report names line {last}, and the file has {lines}: was it made from this version?");
            self.notes.push(Reason { file: Some(shown(path)), ..note("line-past-end", message) });
        }
    }

    /// A changed file that no report names, if that matters.
    fn changed(&mut self, change: &FileChange, counted: &Counted<'_>) -> Option<File> {
        let path = change.path.as_slice();
        let why = scope::without_lines(change).or_else(|| scope::left_out(path, self.facts, self.rules));
        if let Some(why) = why {
            self.leave_out(path, why);
            return None;
        }
        if counted.get(path).is_some() {
            return None;
        }
        if let Some(why) =
            scope::needs_no_report(change, self.facts.sources.get(path).is_some_and(|source| source.declares_only))
        {
            self.leave_out(path, why);
            return None;
        }
        let added: u64 = change.hunks.iter().map(|hunk| u64::from(hunk.new_lines)).sum();
        let only_totals = !self.facts.has_lines && self.facts.totals.is_some();
        // While a report cannot be used nobody knows what it would have named.
        if added > 0 && !only_totals && self.facts.problems.is_empty() {
            self.unmeasured(change);
        }
        Some(File {
            file: shown(path),
            status: status(change),
            from: change.renamed.as_ref().map(|renamed| shown(&renamed.from)),
            unit: "line".into(),
            covered: 0,
            measured: 0,
            percent: None,
            reported: false,
            patch: Some(record::FilePatch { added, ..record::FilePatch::default() }),
        })
    }

    fn unmeasured(&mut self, change: &FileChange) {
        let verdict = match self.rules.unmeasured {
            Unmeasured::Unknown => Verdict::Unknown,
            Unmeasured::Fail => Verdict::Fail,
            Unmeasured::Ignore => Verdict::Pass,
        };
        let word = if change.status == GitStatus::Added { "added" } else { "changed" };
        let group = self.rules.groups.iter().find(|group| group.paths.is_match(&change.path));
        let hint = "have its tests write a report that lists it, exclude it, or set `unmeasured: ignore`";
        self.reasons.push(Reason {
            verdict,
            file: Some(shown(&change.path)),
            group: group.map(|group| group.name.clone()),
            hint: (verdict != Verdict::Pass).then(|| hint.to_owned()),
            ..problem("unmeasured-source", format!("this {word} source file is in no report"))
        });
    }
}

fn status(change: &FileChange) -> Status {
    match (change.status, &change.renamed) {
        (_, Some(_)) => Status::Renamed,
        (GitStatus::Added, _) => Status::Added,
        _ => Status::Modified,
    }
}
