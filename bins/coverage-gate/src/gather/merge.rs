//! The merging of reports into tracked files: what each name means, and what is said of those that mean nothing.
use std::collections::BTreeMap;

use super::named::Named;
use super::reports::ReadReport;
use super::resolve::{Folders, How, Meaning, Wanted, meaning};
use super::tracked::Tracked;
use super::{Asked, Claims, Facts, Measured, Seen, shown};
use crate::formats::{Kind, Parsed, ParsedFile, Sighting};
use crate::record::{LeftOut, Reason, ReportRead, note, problem};
use crate::settings::Settings;

/// Ambiguous names of one report that are told, and the files of each.
const MOST_AMBIGUOUS: usize = 100;
const MOST_NAMED: usize = 10;

/// Merges all reports, in their order.
pub(super) fn all(
    (named, read): (&[Named], Vec<ReadReport>),
    (settings, tracked): (&Settings, &Tracked),
    (asked, facts): (Option<&Asked>, &mut Facts),
) {
    facts.groups = vec![Measured::new(); settings.rules.groups.len()];
    facts.group_found = vec![false; settings.rules.groups.len()];
    let mut merging = Merging { settings, tracked, asked, facts, left_out: BTreeMap::new() };
    for (named, report) in named.iter().zip(read) {
        named.groups.iter().for_each(|group| merging.facts.group_found[*group] = true);
        match report {
            Ok(parsed) => merging.report(named, parsed),
            Err(reason) => merging.facts.problems.push(*reason),
        }
    }
    let left_out = std::mem::take(&mut merging.left_out);
    let row = |(file, why): (String, &str)| LeftOut { file, why: why.to_owned() };
    facts.left_out.extend(left_out.into_iter().map(row));
}

struct Merging<'a> {
    settings: &'a Settings,
    tracked: &'a Tracked,
    asked: Option<&'a Asked>,
    facts: &'a mut Facts,
    /// Names that mean no tracked file, and why.
    left_out: BTreeMap<String, &'static str>,
}

/// The report that is being merged.
struct Current<'a> {
    named: &'a Named,
    kind: Kind,
    sightings: Vec<Sighting>,
    read: ReportRead,
    claims: Claims,
    /// How many of its names could mean several files.
    ambiguous: usize,
}

impl Merging<'_> {
    fn report(&mut self, named: &Named, parsed: Parsed) {
        let path = shown(named.path.as_os_str().as_encoded_bytes());
        let Parsed { kind, files, sources, totals, header, made, notes, sightings } = parsed;
        for (code, (count, first)) in notes {
            let more = if count > 1 { format!(", and {} more", count - 1) } else { String::new() };
            self.facts.notes.push(Reason { file: Some(path.clone()), ..note(code, format!("{first}{more}")) });
        }
        self.aged(&path, made);
        if let Some((covered, measured)) = totals {
            let sum = self.facts.totals.get_or_insert((0, 0));
            *sum = (sum.0 + covered, sum.1 + measured);
        }
        self.facts.has_lines |= totals.is_none();
        let read = ReportRead { path: path.clone(), format: kind.to_string(), files: files.len() as u64, used: 0 };
        let claims = Claims { path, header, rates: BTreeMap::new(), counted: (0, 0) };
        let mut current = Current { named, kind, sightings, read, claims, ambiguous: 0 };
        let report = self.tracked.below_root(&named.path);
        let known = self.tracked.known(self.settings);
        let folders = Folders::new(&known, &sources);
        for (index, file) in files.into_iter().enumerate() {
            let module = file.module.clone();
            let wanted = Wanted { name: &file.name, kind, module: &module, folders: &folders, report: &report };
            let meaning = meaning(&known, &wanted);
            self.file(&mut current, (index, file), meaning);
        }
        if current.read.used == 0 && totals.is_none() && current.ambiguous == 0 {
            let message = "no file that the report names is tracked here".to_owned();
            let hint =
                "it may come from another repository or folder: see path-map, path-roots and source-dir".to_owned();
            let file = Some(current.claims.path.clone());
            self.facts.problems.push(Reason { file, hint: Some(hint), ..problem("no-path-resolved", message) });
        }
        self.facts.reports.push(current.read);
        self.facts.claims.push(current.claims);
    }

    fn file(&mut self, current: &mut Current<'_>, (index, file): (usize, ParsedFile), meaning: Meaning) {
        let counts = file.lines.counts();
        let counted = &mut current.claims.counted;
        *counted = (counted.0 + counts.hit, counted.1 + counts.measured);
        match meaning {
            Meaning::File(found, how) => {
                current.read.used += 1;
                let tracked = self.tracked.tree().name(found).to_vec();
                self.noted(&file.name, &tracked, how);
                self.sighted(current, (index, &file.name), (&tracked, how));
                if let Some(rate) = file.rate.filter(|_| self.has_changed(&tracked)) {
                    current.claims.rates.entry(shown(&tracked)).or_insert(rate);
                }
                self.add(current.named, tracked, file);
            }
            // Nothing is at stake for a file without lines, such as a package's empty `__init__.py`.
            Meaning::Ambiguous(found) if file.lines.is_empty() => {
                for index in found {
                    self.facts.measured.entry(self.tracked.tree().name(index).to_vec()).or_default();
                }
            }
            Meaning::Ambiguous(found) => {
                current.ambiguous += 1;
                if current.ambiguous <= MOST_AMBIGUOUS {
                    self.ambiguous(&current.claims.path, &file.name, &found);
                }
            }
            Meaning::Outside => drop(self.left_out.insert(shown(&file.name), "outside")),
            Meaning::Untracked => drop(self.left_out.insert(shown(&file.name), "untracked")),
        }
    }

    fn has_changed(&self, path: &[u8]) -> bool {
        let files = self.facts.change.as_ref().map(|change| change.files.as_slice()).unwrap_or_default();
        files.binary_search_by(|change| change.path.as_slice().cmp(path)).is_ok()
    }

    /// Adds what is said of a tracked file, to all and to the groups of the report that it is in.
    fn add(&mut self, named: &Named, tracked: Vec<u8>, file: ParsedFile) {
        for group in &named.groups {
            if self.settings.rules.groups[*group].paths.is_match(&tracked) {
                let place = self.facts.groups[*group].entry(tracked.clone()).or_default();
                place.lines.merge(&file.lines);
                place.blocks.merge(&file.blocks);
            }
        }
        let place = self.facts.measured.entry(tracked).or_default();
        match place.lines.is_empty() {
            true => place.lines = file.lines,
            false => place.lines.merge(&file.lines),
        }
        place.blocks.merge(&file.blocks);
    }

    /// A report from before the commit that it should have measured may be left over from an earlier run.
    fn aged(&mut self, report: &str, made: Option<u64>) {
        /// Clocks of machines differ, and a build may begin before its commit's time.
        const SLACK: i64 = 600;
        let made = made.and_then(|milliseconds| i64::try_from(milliseconds / 1000).ok());
        if let (Some(made), Some(head)) = (made, self.facts.head_time)
            && made + SLACK < head
        {
            let message = format!("it was made {} minutes before the commit that is checked out", (head - made) / 60);
            self.facts.notes.push(Reason { file: Some(report.to_owned()), ..note("old-report", message) });
        }
    }

    fn noted(&mut self, name: &[u8], tracked: &[u8], how: How) {
        let said = match how {
            How::Package => note("kotlin-short-path", format!("{} was found by its package line", shown(name))),
            How::AnyCase => note("other-case", format!("the report writes {}", shown(name))),
            _ => return,
        };
        self.facts.notes.push(Reason { file: Some(shown(tracked)), ..said });
    }

    fn sighted(&mut self, current: &Current<'_>, (index, name): (usize, &[u8]), (tracked, how): (&[u8], How)) {
        if self.asked.is_some_and(|asked| asked.file == tracked) {
            let of_file = current.sightings.iter().filter(|sighting| sighting.file == index).cloned();
            let report = &current.claims.path;
            let seen =
                |sighting| Seen { report: report.clone(), kind: current.kind, name: name.to_vec(), how, sighting };
            self.facts.sightings.extend(of_file.map(seen));
        }
    }

    fn ambiguous(&mut self, report: &str, name: &[u8], found: &[u32]) {
        let more = found.len().saturating_sub(MOST_NAMED);
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        let names: Vec<String> =
            found.iter().take(MOST_NAMED).map(|index| shown(self.tracked.tree().name(*index))).collect();
        let message = format!("{} could be any of: {}{more}", shown(name), names.join(", "));
        let hint = "say which by path-map or source-dir, or keep the report in its module's folder".to_owned();
        let file = Some(report.to_owned());
        self.facts.problems.push(Reason { file, hint: Some(hint), ..problem("ambiguous-path", message) });
    }
}
