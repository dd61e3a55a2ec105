//! Is coverage high enough? Pure: facts and rules in, the verdict record out.
#![deny(clippy::disallowed_methods)]
mod delta;
mod files;
mod groups;
mod judge;
mod patch;
mod rates;
mod scope;
mod upstream;
mod waive;

use std::borrow::Cow;
use std::collections::BTreeMap;

use judge::Sums;

use crate::gather::{Coverage, Facts, Measured, shown};
use crate::record::{self, File, Group, LeftOut, Rate, Reason, Record, Verdict, note, problem};
use crate::settings::Rules;
use rates::Part;

/// What counts, after scope, waivers and carried groups.
pub(crate) struct Counted<'a> {
    /// Coverage of all files in scope, in the order of names.
    list: Vec<(Cow<'a, [u8]>, Cow<'a, Coverage>)>,
}

impl<'a> Counted<'a> {
    fn find(&self, path: &[u8]) -> Option<usize> {
        self.list.binary_search_by(|(name, _)| name.as_ref().cmp(path)).ok()
    }

    fn get(&self, path: &[u8]) -> Option<&Coverage> {
        Some(&self.list[self.find(path)?].1)
    }

    fn get_mut(&mut self, path: &[u8]) -> Option<&mut Cow<'a, Coverage>> {
        let at = self.find(path)?;
        Some(&mut self.list[at].1)
    }

    /// Covered and measured lines, whatever the metric: what a baseline knows.
    fn lines(&self) -> Part {
        let part = |coverage: &Cow<'_, Coverage>| Part::of(coverage.lines.counts(), record::Metric::Line);
        self.list.iter().map(|(_, coverage)| part(coverage)).fold(Part::default(), Part::plus)
    }
}

/// Decides.
pub(crate) fn verdict(facts: &Facts, rules: &Rules) -> Record {
    let mut deciding = Deciding {
        facts,
        rules,
        reasons: facts.problems.clone(),
        notes: facts.notes.clone(),
        left_out: facts.left_out.iter().map(|left| (left.file.clone(), left.why.clone())).collect(),
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
    let (baseline, delta) = if usable { delta::compare(facts, rules, &counted) } else { (None, Vec::new()) };
    deciding.reasons.extend(delta);
    deciding.waived(&waivers);
    deciding.finish(Parts { all, sums, files, groups, baseline, waivers, usable })
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

struct Deciding<'a> {
    facts: &'a Facts,
    rules: &'a Rules,
    reasons: Vec<Reason>,
    notes: Vec<Reason>,
    /// Why each name counts nowhere.
    left_out: BTreeMap<String, String>,
}

impl<'a> Deciding<'a> {
    /// Leaves out what is not in scope, and takes waived lines away.
    fn counted<'m>(
        &mut self,
        measured: &'m Measured,
        carried: &'m [Option<Measured>],
    ) -> (Counted<'m>, Vec<record::Waiver>) {
        let mut list = Vec::with_capacity(measured.len());
        for (path, coverage) in measured.iter().chain(carried.iter().flatten().flatten()) {
            match scope::left_out(path, self.facts, self.rules) {
                Some(why) => self.leave_out(path, why),
                None => list.push((Cow::Borrowed(path.as_slice()), Cow::Borrowed(coverage))),
            }
        }
        // A report says more than a carried baseline; it comes first, and the sort keeps that order.
        list.sort_by(|(a, _): &(Cow<'_, [u8]>, _), (b, _)| a.cmp(b));
        list.dedup_by(|later, kept| later.0 == kept.0);
        let mut counted = Counted { list };
        let waivers = waive::apply(&mut counted, self.facts, self.rules);
        (counted, waivers)
    }

    fn leave_out(&mut self, path: &[u8], why: &str) {
        let file = shown(path);
        let known = self.left_out.entry(file).or_insert_with(|| why.to_owned());
        // What became of a file says more than that it is not tracked now.
        if known == "untracked" {
            why.clone_into(known);
        }
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
        self.attributes_changed();
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

    /// A change that calls its own files generated takes them out of the count: that is worth a look.
    fn attributes_changed(&mut self) {
        let files = self.facts.change.iter().flat_map(|change| &change.files);
        let mut changed = files.filter(|file| file.path.rsplit(|byte| *byte == b'/').next() == Some(b".gitattributes"));
        let out = self.left_out.values().filter(|why| *why == "generated" || *why == "vendored").count();
        if let Some(file) = changed.next().filter(|_| out > 0) {
            let message = {
                let files = if out == 1 { "1 file".to_owned() } else { format!("{out} files") };
                format!("this change edits attributes, and attributes leave {files} out of the count")
            };
            self.notes.push(Reason { file: Some(shown(&file.path)), ..note("attributes-changed", message) });
        }
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
            files.iter().filter(|file| file.reported).map(|file| file.unit.as_ref()).collect();
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
            left_out: self.left_out.into_iter().map(|(file, why)| LeftOut { file, why }).collect(),
            waivers,
            baseline,
            reports: self.facts.reports.clone(),
        };
        record.notes.extend(upstream::difference(self.facts, self.rules, &record));
        record
    }
}
