//! Sums over files, held against thresholds: the reasons of a "no".
#![deny(clippy::disallowed_methods)]
use super::Deciding;
use super::rates::Part;
use crate::inputs::FilesRule;
use crate::record::{self, File, Rate, Reason, Status, Verdict, problem};
use crate::settings::Thresholds;
use crate::threshold::Threshold;

/// The rates of one set of files.
#[derive(Clone)]
pub(super) struct Sums {
    pub(super) all: Rate,
    pub(super) patch: Rate,
    pub(super) new: Rate,
    pub(super) modified: Rate,
    pub(super) thresholds: Thresholds,
    /// Changed files in it that have lines.
    pub(super) changed: usize,
}

impl Sums {
    pub(super) fn of(files: &[File], thresholds: Thresholds) -> Self {
        let whole = |file: &File| Part { covered: file.covered, measured: file.measured };
        let of = |chosen: &dyn Fn(&File) -> bool| {
            files.iter().filter(|f| chosen(f)).map(whole).fold(Part::default(), Part::plus)
        };
        let patches = files.iter().filter_map(|file| file.patch.as_ref());
        let part = |patch: &record::FilePatch| Part { covered: patch.covered, measured: patch.measured };
        let patch = patches.clone().map(part).fold(Part::default(), Part::plus);
        let is_modified = |file: &File| matches!(file.status, Status::Modified | Status::Renamed);
        Self {
            all: of(&|_| true).rate(thresholds.all),
            patch: patch.rate(thresholds.patch),
            new: of(&|file| file.status == Status::Added).rate(thresholds.new),
            modified: of(&is_modified).rate(thresholds.modified),
            thresholds,
            changed: patches.filter(|patch| patch.added > 0).count(),
        }
    }
}

impl Deciding<'_> {
    /// Compares every rate with its threshold.
    pub(super) fn thresholds(&mut self, (all, sums): (&Rate, &Sums), files: &[File], group: Option<&str>) {
        let of = |name: &str| group.map_or(name.to_owned(), |group| format!("{name} of {}", action::neutral(group)));
        let mut found = Vec::new();
        found.extend(below("all-below", &of("all lines"), all));
        found.extend(below("patch-below", &of("the changed lines"), &sums.patch));
        let added: Vec<&File> = files.iter().filter(|file| file.status == Status::Added).collect();
        let is_modified = |file: &&File| matches!(file.status, Status::Modified | Status::Renamed);
        let modified: Vec<&File> = files.iter().filter(is_modified).collect();
        found.extend(self.by_file(("new-below", &of("added files")), (&sums.new, sums.thresholds.new), &added));
        found.extend(self.by_file(
            ("modified-below", &of("modified files")),
            (&sums.modified, sums.thresholds.modified),
            &modified,
        ));
        for reason in &mut found {
            reason.group = group.map(str::to_owned);
        }
        self.reasons.extend(found);
    }

    /// Added or modified files: together, or each by itself.
    fn by_file(
        &self,
        (code, what): (&str, &str),
        (rate, threshold): (&Rate, Option<Threshold>),
        files: &[&File],
    ) -> Vec<Reason> {
        let Some(threshold) = threshold else { return Vec::new() };
        if self.rules.files_rule == FilesRule::Each {
            let short =
                files.iter().filter(|file| file.measured > 0 && !threshold.reached(file.covered, file.measured));
            let reason = |file: &&&File| {
                let part = Part { covered: file.covered, measured: file.measured };
                let reason = below(code, "the file", &part.rate(Some(threshold)))?;
                Some(Reason { file: Some(file.file.clone()), ..reason })
            };
            return short.filter_map(|file| reason(&file)).collect();
        }
        let mut reasons: Vec<Reason> = below(code, what, rate).into_iter().collect();
        if let Some(reason) = reasons.first_mut() {
            // The file that misses most says best where to begin.
            let part = |file: &&&File| Part { covered: file.covered, measured: file.measured };
            let worst = files.iter().min_by(|a, b| part(a).worse(&part(b)).then(a.file.cmp(&b.file)));
            reason.file = worst.map(|file| file.file.clone());
        }
        reasons
    }
}

fn below(code: &str, what: &str, rate: &Rate) -> Option<Reason> {
    if rate.reached != Some(false) {
        return None;
    }
    let threshold = rate.threshold.as_deref().unwrap_or_default();
    let percent = rate.percent.as_deref().unwrap_or_default();
    let Rate { covered, measured, .. } = rate;
    let message = format!("{what}: {covered} of {measured} covered, {percent} %, and {threshold} % have to be");
    Some(Reason { verdict: Verdict::Fail, ..problem(code, message) })
}
