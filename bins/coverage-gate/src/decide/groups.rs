//! Parts of the repository with thresholds of their own; a part whose tests did not run carries the baseline's lines on.
#![deny(clippy::disallowed_methods)]
use std::collections::BTreeMap;

use git::FileChange;

use super::judge::Sums;
use super::{Deciding, scope};
use crate::gather::{Coverage, Earlier, Measured, shown};
use crate::lines::{Lines, State};
use crate::record::{File, Group, Rate, Reason, Verdict, note, problem};
use crate::settings::GroupSettings;

impl Deciding<'_> {
    /// The lines of groups whose tests did not run, from the baseline.
    pub(super) fn carried(&mut self) -> Vec<Option<Measured>> {
        let groups: Vec<&GroupSettings> = self.rules.groups.iter().collect();
        groups.iter().enumerate().map(|(index, group)| self.carry(group, index)).collect()
    }

    fn carry(&mut self, group: &GroupSettings, index: usize) -> Option<Measured> {
        if !group.carried || self.facts.group_found.get(index).copied().unwrap_or(false) {
            return None;
        }
        let name = action::neutral(&group.name);
        let Some(Ok(Earlier { baseline, .. })) = &self.facts.earlier else {
            let message =
                format!("the group {name} has no report, and there is no baseline to carry its lines forward from");
            self.reasons.push(Reason { group: Some(group.name.clone()), ..problem("no-baseline", message) });
            return Some(Measured::new());
        };
        let changed = self.facts.change.iter().flat_map(|change| &change.files).find(|file| {
            let of_group = |path: &[u8]| group.paths.is_match(path);
            (of_group(&file.path) || of_group(file.old_path())) && scope::needs_no_report(file, false).is_none()
        });
        if let Some(file) = changed {
            let message = format!("the group {name} is carried forward, and this file of it changed");
            let reason = Reason { group: Some(group.name.clone()), ..problem("carried-but-changed", message) };
            self.reasons.push(Reason { file: Some(shown(&file.path)), ..reason });
        }
        let mut measured = Measured::new();
        for (file, runs) in baseline.files.iter().filter(|(file, _)| group.paths.is_match(file.as_bytes())) {
            let Some((all, hit)) = runs.spans() else { continue };
            let mut lines = Lines::default();
            all.iter().for_each(|span| lines.add_range(span.0, span.1, State::Missed));
            hit.iter().for_each(|span| lines.add_range(span.0, span.1, State::Hit));
            lines.settle();
            measured.insert(file.clone().into_bytes(), Coverage { lines, ..Coverage::default() });
        }
        let message = format!("the lines of {name} are carried forward from the baseline, {} files", measured.len());
        self.notes.push(Reason { group: Some(group.name.clone()), ..note("carried-forward", message) });
        Some(measured)
    }

    /// The answer for each group.
    pub(super) fn groups(&mut self, carried: &[Option<Measured>], usable: bool) -> Vec<Group> {
        let mut groups = Vec::new();
        let changes = self.facts.change.iter().flat_map(|change| &change.files);
        let changes: BTreeMap<&[u8], &FileChange> = changes.map(|change| (change.path.as_slice(), change)).collect();
        for (index, group) in self.rules.groups.iter().enumerate() {
            let is_carried = carried.get(index).is_some_and(Option::is_some);
            let own = carried.get(index).and_then(Option::as_ref).or(self.facts.groups.get(index));
            let Some(own) = own else { continue };
            let before = self.reasons.len();
            let (counted, _) = self.counted(own, &[]);
            let files = counted
                .list
                .iter()
                .map(|(path, coverage)| self.file(path, coverage, changes.get(path.as_ref()).copied()));
            let files: Vec<File> = files.collect();
            let sums = Sums::of(&files, group.thresholds);
            if usable {
                if sums.all.measured == 0 && group.thresholds.any() {
                    let message = format!("nothing of the group {} is measured", action::neutral(&group.name));
                    self.reasons
                        .push(Reason { group: Some(group.name.clone()), ..problem("nothing-measured", message) });
                }
                self.thresholds((&sums.all.clone(), &sums), &files, Some(&group.name));
            }
            let of_group = |reason: &&Reason| reason.group.as_deref() == Some(group.name.as_str());
            let own = self.reasons.iter().filter(of_group).map(|reason| reason.verdict).max();
            debug_assert!(self.reasons.len() >= before);
            let verdict = if usable { own.unwrap_or(Verdict::Pass) } else { Verdict::Unknown };
            let shown = |rate: Rate| if usable { rate } else { Rate::default() };
            let (all, patch) = (shown(sums.all), shown(sums.patch));
            let (new, modified) = (shown(sums.new), shown(sums.modified));
            groups.push(Group { name: group.name.clone(), verdict, carried: is_carried, all, patch, new, modified });
        }
        groups
    }
}
