//! Is coverage high enough? Pure: facts and rules in, the verdict record out.
#![deny(clippy::disallowed_methods)]
mod delta;
mod patch;
mod rates;
mod scope;
mod statement;
mod upstream;
mod waive;

use std::borrow::Cow;
use std::collections::BTreeMap;

use git::{FileChange, Status as GitStatus};

use crate::gather::{Coverage, Earlier, Facts, Measured, note, problem, shown};
use crate::inputs::{FilesRule, GroupSettings, Rules, Thresholds, Unmeasured};
use crate::lines::{Lines, State};
use crate::record::{self, File, Group, LeftOut, Rate, Reason, Record, Status, Verdict};
use crate::threshold::Threshold;
use rates::Part;
pub(crate) use statement::Source;

/// What counts, after scope, waivers and carried groups.
pub(crate) struct Counted<'a> {
    /// Coverage by name of all files in scope.
    measured: BTreeMap<Cow<'a, [u8]>, Cow<'a, Coverage>>,
}

impl Counted<'_> {
    /// Covered and measured lines, whatever the metric: what a baseline knows.
    fn lines(&self) -> Part {
        let part = |coverage: &Cow<'_, Coverage>| Part::of(coverage.lines.counts(), record::Metric::Line);
        self.measured.values().map(part).fold(Part::default(), Part::plus)
    }
}

/// Decides.
pub(crate) fn verdict(facts: &Facts, rules: &Rules) -> Record {
    let mut deciding = Deciding {
        facts,
        rules,
        reasons: facts.problems.clone(),
        notes: facts.notes.clone(),
        left_out: facts.left_out.clone(),
    };
    let carried = deciding.carried();
    let (counted, waivers) = deciding.counted(&facts.measured, &carried);
    let files = deciding.files(&counted);
    let usable = facts.problems.is_empty();
    let sums = Sums::of(&files, rules.thresholds);
    let mut all = sums.all.clone();
    if !facts.has_lines
        && let Some((covered, measured)) = facts.totals
    {
        all = Part { covered, measured }.rate(rules.thresholds.all);
    }
    deciding.evidence(&all, usable);
    deciding.change(&sums, usable);
    if usable {
        deciding.thresholds((&all, &sums), &files, None);
    }
    let groups = deciding.groups(&carried, usable);
    let (baseline, delta) = delta::compare(facts, rules, &counted);
    deciding.reasons.extend(delta);
    let waived: Vec<record::Waiver> = waivers;
    deciding.waived(&waived);
    deciding.finish(Parts { all, sums, files, groups, baseline, waivers: waived, usable })
}

/// The pieces of a record.
struct Parts {
    all: Rate,
    sums: Sums,
    files: Vec<File>,
    groups: Vec<Group>,
    baseline: Option<record::Baseline>,
    waivers: Vec<record::Waiver>,
    /// Whether every report could be used: no number is shown that a part of them made.
    usable: bool,
}

/// The rates of one set of files.
#[derive(Clone)]
struct Sums {
    all: Rate,
    patch: Rate,
    new: Rate,
    modified: Rate,
    thresholds: Thresholds,
    /// Changed files in it that have lines.
    changed: usize,
}

impl Sums {
    fn of(files: &[File], thresholds: Thresholds) -> Self {
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

struct Deciding<'a> {
    facts: &'a Facts,
    rules: &'a Rules,
    reasons: Vec<Reason>,
    notes: Vec<Reason>,
    left_out: Vec<LeftOut>,
}

impl<'a> Deciding<'a> {
    /// The lines of groups whose tests did not run, from the baseline.
    fn carried(&mut self) -> Vec<Option<Measured>> {
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
            (of_group(&file.path) || of_group(file.old_path())) && scope::needs_no_report(file, None).is_none()
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

    /// Leaves out what is not in scope, and takes waived lines away.
    fn counted<'m>(
        &mut self,
        measured: &'m Measured,
        carried: &'m [Option<Measured>],
    ) -> (Counted<'m>, Vec<record::Waiver>) {
        let mut counted: BTreeMap<Cow<'m, [u8]>, Cow<'m, Coverage>> = BTreeMap::new();
        for (path, coverage) in measured.iter().chain(carried.iter().flatten().flatten()) {
            match scope::left_out(path, self.facts, self.rules) {
                Some(why) => self.leave_out(path, why),
                None => drop(counted.entry(Cow::Borrowed(path)).or_insert(Cow::Borrowed(coverage))),
            }
        }
        let waivers = waive::apply(&mut counted, self.facts, self.rules);
        (Counted { measured: counted }, waivers)
    }

    fn leave_out(&mut self, path: &[u8], why: &str) {
        let file = shown(path);
        match self.left_out.iter_mut().find(|known| known.file == file) {
            // What became of a file says more than that it is not tracked now.
            Some(known) if known.why == "untracked" => known.why = why.to_owned(),
            Some(_) => {}
            None => self.left_out.push(LeftOut { file, why: why.to_owned() }),
        }
    }

    /// All files of the record: every measured one, and every changed one that should be.
    fn files(&mut self, counted: &Counted<'_>) -> Vec<File> {
        let changes = self.facts.change.iter().flat_map(|change| &change.files);
        let changes: BTreeMap<&[u8], &FileChange> = changes.map(|change| (change.path.as_slice(), change)).collect();
        let mut files = Vec::new();
        for (path, coverage) in &counted.measured {
            self.past_end(path, coverage);
            files.push(self.file(path, coverage, changes.get(path.as_ref()).copied()));
        }
        for change in changes.values() {
            files.extend(self.changed(change, counted));
        }
        files.sort_by(|a, b| a.file.cmp(&b.file));
        files
    }

    fn file(&self, path: &[u8], coverage: &Coverage, change: Option<&FileChange>) -> File {
        let (part, unit) = rates::of_file(coverage, self.rules.metric);
        let change = change.filter(|change| scope::without_lines(change).is_none());
        let text = self.facts.sources.get(path);
        File {
            file: shown(path),
            status: match (&self.facts.change, change) {
                (None, _) => Status::Unknown,
                (Some(_), None) => Status::Unchanged,
                (Some(_), Some(change)) => status(change),
            },
            from: change.and_then(|change| change.renamed.as_ref()).map(|renamed| shown(&renamed.from)),
            unit: unit.to_owned(),
            covered: part.covered,
            measured: part.measured,
            percent: record::percent(part.covered, part.measured),
            reported: true,
            patch: change.map(|change| patch::of_file(change, coverage, (text, self.rules.metric))),
        }
    }

    /// A report that names lines which a file does not have was made from another version of it, or by a tool that puts
    /// inlined code there.
    fn past_end(&mut self, path: &[u8], coverage: &Coverage) {
        let (Some(text), Some(last)) = (self.facts.sources.get(path), coverage.lines.last()) else { return };
        let lines = memchr::memchr_iter(b'\n', text).count() + usize::from(!text.is_empty() && !text.ends_with(b"\n"));
        if last as usize > lines {
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
        if counted.measured.contains_key(path) {
            return None;
        }
        if let Some(why) = scope::needs_no_report(change, self.facts.sources.get(path)) {
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
            unit: "line".to_owned(),
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

    /// Without any evidence nothing passes.
    fn evidence(&mut self, all: &Rate, usable: bool) {
        if usable && all.measured == 0 {
            let message = "none of the measured lines is in scope".to_owned();
            let hint = "look at include and exclude, and at what the report names".to_owned();
            self.reasons.push(Reason { hint: Some(hint), ..problem("nothing-measured", message) });
        }
        if self.facts.has_lines && self.facts.totals.is_some() {
            let message = "a summary has totals only, which the other reports count by line".to_owned();
            self.notes.push(note("summary-ignored", message));
        }
    }

    /// What there is to say of the change as a whole.
    fn change(&mut self, sums: &Sums, usable: bool) {
        let judged = self.rules.thresholds.of_change() || self.rules.groups.iter().any(|g| g.thresholds.of_change());
        if let Some(missing) = &self.facts.base_missing {
            match judged {
                true => self.reasons.push(missing.clone()),
                false => self.notes.push(Reason { verdict: Verdict::Pass, ..missing.clone() }),
            }
            return;
        }
        if self.facts.change.is_none() {
            self.notes
                .push(note("nothing-compared", format!("no change was judged: compared with {}", self.facts.compared)));
            return;
        }
        if !self.facts.has_lines && self.facts.totals.is_some() {
            if judged {
                let message = "the report has totals only, and no lines to judge a change by".to_owned();
                let hint = "give the full report, such as coverage-final.json, or leave the thresholds of changes out"
                    .to_owned();
                self.reasons.push(Reason { hint: Some(hint), ..problem("no-line-data", message) });
            }
            return;
        }
        let unmeasured = self.reasons.iter().any(|reason| reason.code == "unmeasured-source");
        if usable && !unmeasured && sums.patch.measured == 0 {
            self.reasons.push(match sums.changed {
                0 => note("no-source-changed", "no line of a source file changed".to_owned()),
                _ => note(
                    "no-measured-lines-changed",
                    "none of the changed lines is code that reports measure".to_owned(),
                ),
            });
        }
    }

    fn thresholds(&mut self, (all, sums): (&Rate, &Sums), files: &[File], group: Option<&str>) {
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

    fn groups(&mut self, carried: &[Option<Measured>], usable: bool) -> Vec<Group> {
        let mut groups = Vec::new();
        for (index, group) in self.rules.groups.iter().enumerate() {
            let is_carried = carried.get(index).is_some_and(Option::is_some);
            let own = carried.get(index).and_then(Option::as_ref).or(self.facts.groups.get(index));
            let Some(own) = own else { continue };
            let before = self.reasons.len();
            let (counted, _) = self.counted(own, &[]);
            let files = counted.measured.iter().map(|(path, coverage)| {
                let changes = self.facts.change.iter().flat_map(|change| &change.files);
                let change = changes.clone().find(|change| change.path == path.as_ref());
                self.file(path, coverage, change)
            });
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
            let Sums { all, patch, new, modified, .. } = sums;
            groups.push(Group { name: group.name.clone(), verdict, carried: is_carried, all, patch, new, modified });
        }
        groups
    }

    fn waived(&mut self, waivers: &[record::Waiver]) {
        for waiver in waivers.iter().filter(|waiver| waiver.expired) {
            let message = format!("the waiver of {} ended on {}: {}", waiver.file, waiver.expires, waiver.reason);
            let reason = note("waiver-expired", message);
            let line = waiver.lines.first().map(|span| span.0);
            self.notes.push(Reason { file: Some(waiver.file.clone()), line, ..reason });
        }
        let waived: u64 = waivers.iter().map(|waiver| waiver.waived).sum();
        if let Some(budget) = self.facts.waivers.budget.filter(|budget| waived > *budget) {
            let message = format!("{waived} missed lines are waived, and the budget is {budget}");
            self.reasons.push(Reason { verdict: Verdict::Fail, ..problem("waiver-budget", message) });
        }
    }

    fn finish(mut self, parts: Parts) -> Record {
        let Parts { all, sums, files, groups, baseline, waivers, usable } = parts;
        self.reasons.sort_by_key(|reason| std::cmp::Reverse(reason.verdict));
        let headers = self.facts.claims.iter().filter_map(|claims| upstream::header(claims, self.rules));
        self.notes.extend(headers.collect::<Vec<_>>());
        if !self.rules.thresholds.any() && !self.rules.groups.iter().any(|group| group.thresholds.any()) {
            self.notes.push(note("no-threshold", "no threshold was given, so none was judged".to_owned()));
        }
        let units: std::collections::BTreeSet<&str> =
            files.iter().filter(|file| file.reported).map(|file| file.unit.as_str()).collect();
        let unit = match units.into_iter().collect::<Vec<_>>().as_slice() {
            [one] => (*one).to_owned(),
            [] => "line".to_owned(),
            _ => "mixed".to_owned(),
        };
        let compared = usable && self.facts.change.is_some() && self.facts.has_lines;
        let mut record = Record {
            schema: record::SCHEMA.to_owned(),
            verdict: self.reasons.iter().map(|reason| reason.verdict).max().unwrap_or(Verdict::Pass),
            title: self.rules.title.clone(),
            metric: self.rules.metric,
            unit,
            base: self.facts.base.clone(),
            head: self.facts.head.clone(),
            compared: self.facts.compared.clone(),
            all: usable.then_some(all),
            patch: compared.then_some(sums.patch),
            new: compared.then_some(sums.new),
            modified: compared.then_some(sums.modified),
            groups,
            reasons: self.reasons,
            notes: self.notes,
            files: if usable { files } else { Vec::new() },
            left_out: self.left_out,
            waivers,
            baseline,
            reports: self.facts.reports.clone(),
        };
        record.left_out.sort_by(|a, b| a.file.cmp(&b.file));
        record.notes.extend(upstream::difference(self.facts, self.rules, &record));
        record
    }
}

fn status(change: &FileChange) -> Status {
    match (change.status, &change.renamed) {
        (_, Some(_)) => Status::Renamed,
        (GitStatus::Added, _) => Status::Added,
        _ => Status::Modified,
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
