//! What is known before anything is decided: the reports by tracked file, the change, sources, baseline, waivers.
mod base;
mod find;
mod reports;
mod resolve;
mod tracked;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Display, Write as _};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use action::{Failure, OrFail as _, Workflow};
use git::{FileChange, Id, Newer, Repository};

use crate::baseline::{self, Baseline};
use crate::formats::{Blocks, Header, Kind, Parsed, Sighting};
use crate::inputs::{GroupSettings, Settings, is_workflow};
use crate::lines::Lines;
use crate::record::{LeftOut, Reason, ReportRead, Verdict};
use crate::waivers::{self, Waivers};
use base::Range;
pub(crate) use resolve::How;
use resolve::{Meaning, Wanted, meaning};

/// The largest source file that is looked into.
const LARGEST_SOURCE: u64 = 16 << 20;
/// The largest baseline or waivers file.
const LARGEST_FILE: u64 = 256 << 20;

/// What the reports say of one tracked file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Coverage {
    /// Lines, merged over all reports.
    pub(crate) lines: Lines,
    /// Go's blocks, where a Go profile is among them.
    pub(crate) blocks: Blocks,
}

/// Coverage by tracked name.
pub(crate) type Measured = BTreeMap<Vec<u8>, Coverage>;

/// The change that is judged.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// Sorted by name.
    pub(crate) files: Vec<FileChange>,
}

/// An earlier measurement that can be compared with.
pub(crate) struct Earlier {
    pub(crate) baseline: Baseline,
    /// What changed since it was made.
    pub(crate) files: Vec<FileChange>,
}

/// What a report's head claims, and its files' own rates: what the replaced action looks at.
pub(crate) struct Claims {
    pub(crate) path: String,
    pub(crate) header: Header,
    /// By tracked name, as text.
    pub(crate) rates: BTreeMap<String, f64>,
    /// What the report's lines come to.
    pub(crate) counted: (u64, u64),
}

/// Everything.
#[derive(Default)]
pub(crate) struct Facts {
    pub(crate) measured: Measured,
    /// For each group, in order: what its own reports say of its own files.
    pub(crate) groups: Vec<Measured>,
    /// For each group whether any report was found.
    pub(crate) group_found: Vec<bool>,
    pub(crate) reports: Vec<ReportRead>,
    /// Covered and measured lines of reports that have nothing but totals.
    pub(crate) totals: Option<(u64, u64)>,
    /// Whether any report has lines.
    pub(crate) has_lines: bool,
    /// What changed; `None` when nothing is compared.
    pub(crate) change: Option<Change>,
    /// Why nothing is compared although there is something.
    pub(crate) base_missing: Option<Reason>,
    pub(crate) base: Option<String>,
    pub(crate) head: Option<String>,
    pub(crate) compared: String,
    /// When HEAD was committed, in seconds since 1970.
    pub(crate) head_time: Option<i64>,
    /// The commit that was measured, when a baseline is to be written and the work tree is that commit.
    pub(crate) measured_at: Option<String>,
    /// Names with `linguist-generated` or `linguist-vendored`.
    pub(crate) generated: BTreeSet<Vec<u8>>,
    pub(crate) vendored: BTreeSet<Vec<u8>>,
    /// The text of changed files, and of those that waivers speak of.
    pub(crate) sources: BTreeMap<Vec<u8>, Vec<u8>>,
    pub(crate) left_out: Vec<LeftOut>,
    pub(crate) problems: Vec<Reason>,
    pub(crate) notes: Vec<Reason>,
    /// `None` without one; the error says why it cannot be used.
    pub(crate) earlier: Option<Result<Earlier, String>>,
    pub(crate) waivers: Waivers,
    pub(crate) claims: Vec<Claims>,
    /// For `explain`: what each report says of the asked line.
    pub(crate) sightings: Vec<Seen>,
}

/// One sighting of the asked line.
pub(crate) struct Seen {
    pub(crate) report: String,
    pub(crate) kind: Kind,
    /// The name in the report.
    pub(crate) name: Vec<u8>,
    pub(crate) how: How,
    pub(crate) sighting: Sighting,
}

/// A line that `explain` asks about.
pub(crate) struct Asked {
    pub(crate) file: Vec<u8>,
    pub(crate) line: u32,
}

/// Gathers. A report that cannot be used is a problem in the facts; a failure is for what has nothing to do with them.
pub(crate) fn facts(settings: &Settings, workflow: &Workflow, asked: Option<&Asked>) -> Result<Facts, Failure> {
    let here = Path::new(".");
    let repo = Repository::discover(here).map_err(failed)?.ok_or_else(|| {
        Failure::inputs("find the source files", "this folder is in no git repository")
            .hint("check the repository out first (actions/checkout), or run this inside one")
    })?;
    let mut facts = Facts { problems: settings.problems.clone(), ..Facts::default() };
    let head = repo.head().map_err(failed)?;
    change(&repo, (workflow, settings, head), &mut facts)?;
    let paths = report_paths(settings, here, &mut facts);
    let read = reports::read(&paths, here, (settings.sources.threads, asked.map(|asked| asked.line)));
    let tracked = tracked::Tracked::read(&repo, settings, workflow)?;
    Gathering { settings, tracked: &tracked, asked, facts: &mut facts }.merge(read);
    attributes(&repo, &mut facts)?;
    if let Some(path) = &settings.sources.waivers {
        facts.waivers = read_waivers(path)?;
    }
    sources(tracked.root(), &mut facts);
    if let Some(path) = &settings.sources.baseline {
        facts.earlier = Some(earlier(&repo, path, (workflow, head), &facts)?);
    }
    Ok(facts)
}

/// The newer side: what was measured is the checked-out commit in a workflow, and the work tree in a terminal.
fn newer(workflow: &Workflow, head: Id) -> Newer {
    if is_workflow(workflow) { Newer::Commit(head) } else { Newer::WorkTree }
}

fn change(
    repo: &Repository,
    (workflow, settings, head): (&Workflow, &Settings, Option<Id>),
    facts: &mut Facts,
) -> Result<(), Failure> {
    let Some(head) = head else {
        facts.compared = "nothing, because the repository has no commit yet".to_owned();
        return Ok(());
    };
    if is_workflow(workflow) {
        facts.head = Some(head.to_string());
    }
    facts.head_time = Some(repo.commit(head).map_err(failed)?.time);
    if settings.sinks.baseline.is_some() {
        let differs = |changes: Vec<FileChange>| !changes.is_empty();
        let clean = is_workflow(workflow) || !differs(repo.line_changes(Some(head), Newer::WorkTree).map_err(failed)?);
        facts.measured_at = clean.then(|| head.to_string());
    }
    match base::choose(repo, workflow, (head, settings.sources.base.as_deref()))? {
        Range::From { base, why } => {
            let files = repo.line_changes(Some(base), newer(workflow, head)).map_err(failed)?;
            facts.change = Some(Change { files });
            facts.base = Some(base.to_string());
            facts.compared = why;
        }
        Range::Nothing(why) => facts.compared = format!("nothing, because {why}"),
        Range::Missing { what, hint } => {
            facts.compared = format!("nothing, because {what}");
            let mut reason = problem("base-missing", what);
            reason.hint = Some(hint);
            facts.base_missing = Some(reason);
        }
    }
    Ok(())
}

/// The files of all patterns, each once, sorted by path, so that no order of inputs shows in the answer.
fn report_paths(settings: &Settings, here: &Path, facts: &mut Facts) -> Vec<PathBuf> {
    let mut paths: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    let mut twice = Vec::new();
    let optional = |pattern: &str| settings.rules.groups.iter().any(|group| group.carried && group.reports == pattern);
    let given = &settings.sources.reports;
    let of_groups = settings.rules.groups.iter().map(|group| &group.reports);
    let patterns: Vec<&String> = given.iter().chain(of_groups).collect();
    if patterns.is_empty() {
        let hint = "name them: `--reports '**/coverage.xml'`, or the input `reports`";
        facts
            .problems
            .push(Reason { hint: Some(hint.to_owned()), ..problem("no-report", "no report was named".into()) });
    }
    for (index, pattern) in patterns.into_iter().enumerate() {
        match find::files(pattern, here) {
            Err(why) => {
                facts.problems.push(problem("bad-glob", format!("reports has `{}`: {why}", action::neutral(pattern))))
            }
            Ok(found) if found.is_empty() && !optional(pattern) => {
                let message = format!("no file matches `{}`", action::neutral(pattern));
                let hint =
                    Some("look at the step that makes the report, and at the folder that this one runs in".to_owned());
                facts.problems.push(Reason { hint, ..problem("no-report", message) });
            }
            Ok(found) => {
                for path in found {
                    let full = here.join(&path).canonicalize().unwrap_or_else(|_| path.clone());
                    let again = index < given.len() && given[..index].contains(pattern);
                    if paths.insert(full, path.clone()).is_some() && again {
                        twice.push(path);
                    }
                }
            }
        }
    }
    let mut paths: Vec<PathBuf> = paths.into_values().collect();
    paths.sort_unstable();
    if paths.len() > reports::MOST_REPORTS {
        let message = format!("{} reports, and one run reads at most {}", paths.len(), reports::MOST_REPORTS);
        facts.problems.push(problem("limit-reports", message));
        paths.clear();
    }
    let copies = reports::duplicates(&paths, here);
    let pairs = copies.iter().map(|(earlier, later)| (&paths[*later], &paths[*earlier]));
    for (copy, first) in pairs.chain(twice.iter().map(|path| (path, path))) {
        let (copy, first) = (shown(copy.as_os_str().as_encoded_bytes()), shown(first.as_os_str().as_encoded_bytes()));
        let message = if copy == first { "it is named twice".to_owned() } else { format!("it is a copy of {first}") };
        facts.notes.push(Reason { file: Some(copy), ..note("duplicate-report", message) });
    }
    paths
}

/// The merging of reports into tracked files.
struct Gathering<'a> {
    settings: &'a Settings,
    tracked: &'a tracked::Tracked,
    asked: Option<&'a Asked>,
    facts: &'a mut Facts,
}

impl Gathering<'_> {
    fn merge(mut self, read: Vec<reports::ReadReport>) {
        self.facts.groups = vec![Measured::new(); self.settings.rules.groups.len()];
        self.facts.group_found = vec![false; self.settings.rules.groups.len()];
        let mut left_out: BTreeMap<String, &'static str> = BTreeMap::new();
        for report in read {
            let path = shown(report.path.as_os_str().as_encoded_bytes());
            match report.parsed {
                Ok(parsed) => self.report((&report.path, path), parsed, &mut left_out),
                Err(reason) => self.facts.problems.push(*reason),
            }
        }
        let row = |(file, why): (String, &str)| LeftOut { file, why: why.to_owned() };
        self.facts.left_out.extend(left_out.into_iter().map(row));
    }

    fn report(&mut self, (path, name): (&Path, String), parsed: Parsed, left_out: &mut BTreeMap<String, &'static str>) {
        let groups = self.groups_of(path);
        groups.iter().for_each(|group| self.facts.group_found[*group] = true);
        let mut read = ReportRead {
            path: name.clone(),
            format: parsed.kind.to_string(),
            files: parsed.files.len() as u64,
            used: 0,
        };
        for (code, (count, first)) in &parsed.notes {
            let more = if *count > 1 { format!(", and {} more", count - 1) } else { String::new() };
            self.facts.notes.push(Reason { file: Some(name.clone()), ..note(code, format!("{first}{more}")) });
        }
        self.aged(&name, parsed.made);
        if let Some((covered, measured)) = parsed.totals {
            let sum = self.facts.totals.get_or_insert((0, 0));
            *sum = (sum.0 + covered, sum.1 + measured);
        }
        self.facts.has_lines |= parsed.totals.is_none();
        let mut claims = Claims { path: name, header: parsed.header, rates: BTreeMap::new(), counted: (0, 0) };
        let report_path = self.tracked.below_root(path);
        let mut ambiguous = false;
        for (index, file) in parsed.files.into_iter().enumerate() {
            let wanted = Wanted {
                name: &file.name,
                kind: parsed.kind,
                module: &file.module,
                sources: &parsed.sources,
                report: &report_path,
            };
            let counts = file.lines.counts();
            claims.counted = (claims.counted.0 + counts.hit, claims.counted.1 + counts.measured);
            match meaning(&self.tracked.known(self.settings), &wanted) {
                Meaning::File(found, how) => {
                    read.used += 1;
                    let tracked = self.tracked.tree().name(found).to_vec();
                    self.noted(&file.name, &tracked, how);
                    self.sighted((&claims.path, parsed.kind, &file.name), (&tracked, how), (&parsed.sightings, index));
                    if let Some(rate) = file.rate {
                        claims.rates.entry(shown(&tracked)).or_insert(rate);
                    }
                    for group in &groups {
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
                // Nothing is at stake for a file without lines, such as a package's empty `__init__.py`.
                Meaning::Ambiguous(found) if file.lines.is_empty() => {
                    for index in found {
                        self.facts.measured.entry(self.tracked.tree().name(index).to_vec()).or_default();
                    }
                }
                Meaning::Ambiguous(found) => {
                    ambiguous = true;
                    self.ambiguous(&claims.path, &file.name, &found);
                }
                Meaning::Outside => drop(left_out.insert(shown(&file.name), "outside")),
                Meaning::Untracked => drop(left_out.insert(shown(&file.name), "untracked")),
            }
        }
        if read.used == 0 && parsed.totals.is_none() && !ambiguous {
            let message = "no file that the report names is tracked here".to_owned();
            let hint = Some(
                "it may come from another repository or folder: see path-map, path-roots and source-dir".to_owned(),
            );
            self.facts.problems.push(Reason {
                file: Some(claims.path.clone()),
                hint,
                ..problem("no-path-resolved", message)
            });
        }
        self.facts.reports.push(read);
        self.facts.claims.push(claims);
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

    /// The groups that a report belongs to.
    fn groups_of(&self, path: &Path) -> Vec<usize> {
        let fits = |group: &GroupSettings| {
            find::files(&group.reports, Path::new(".")).is_ok_and(|found| found.iter().any(|known| known == path))
        };
        let groups = self.settings.rules.groups.iter().enumerate();
        groups.filter(|(_, group)| fits(group)).map(|(index, _)| index).collect()
    }

    fn noted(&mut self, name: &[u8], tracked: &[u8], how: How) {
        let said = match how {
            How::Package => note("kotlin-short-path", format!("{} was found by its package line", shown(name))),
            How::AnyCase => note("other-case", format!("the report writes {}", shown(name))),
            _ => return,
        };
        self.facts.notes.push(Reason { file: Some(shown(tracked)), ..said });
    }

    fn sighted(
        &mut self,
        (report, kind, name): (&str, Kind, &[u8]),
        (tracked, how): (&[u8], How),
        (sightings, index): (&[Sighting], usize),
    ) {
        if self.asked.is_some_and(|asked| asked.file == tracked) {
            let of_file = sightings.iter().filter(|sighting| sighting.file == index).cloned();
            let seen = |sighting| Seen { report: report.to_owned(), kind, name: name.to_vec(), how, sighting };
            self.facts.sightings.extend(of_file.map(seen));
        }
    }

    fn ambiguous(&mut self, report: &str, name: &[u8], found: &[u32]) {
        let names: Vec<String> = found.iter().map(|index| shown(self.tracked.tree().name(*index))).collect();
        let message = format!("{} could be any of: {}", shown(name), names.join(", "));
        let hint = Some("say which by path-map or source-dir, or keep the report in its module's folder".to_owned());
        self.facts.problems.push(Reason { file: Some(report.to_owned()), hint, ..problem("ambiguous-path", message) });
    }
}

/// Asks for the attributes of all names that matter, if any `.gitattributes` speaks of them.
fn attributes(repo: &Repository, facts: &mut Facts) -> Result<(), Failure> {
    let root = repo.work_tree().unwrap_or(Path::new("."));
    let files = repo.attribute_files().map_err(failed)?;
    let speaks = |path: &Vec<u8>| {
        let path = root.join(path_of(path));
        bounded(&path, LARGEST_SOURCE).is_some_and(|text| memchr::memmem::find(&text, b"linguist-").is_some())
    };
    if !files.iter().any(speaks) {
        return Ok(());
    }
    const NAMES: [&str; 2] = ["linguist-generated", "linguist-vendored"];
    let mut names: BTreeSet<&Vec<u8>> = facts.measured.keys().collect();
    names.extend(facts.change.iter().flat_map(|change| &change.files).map(|file| &file.path));
    let found = repo.attributes(&NAMES, names).map_err(failed)?;
    for (path, set) in found {
        if set.contains(&NAMES[0]) {
            facts.generated.insert(path.clone());
        }
        if set.contains(&NAMES[1]) {
            facts.vendored.insert(path);
        }
    }
    Ok(())
}

/// Reads the text of changed files and of those that waivers name, as they lie in the work tree.
fn sources(root: &Path, facts: &mut Facts) {
    let changed = facts.change.iter().flat_map(|change| &change.files).filter(|file| !file.hunks.is_empty());
    let mut wanted: BTreeSet<Vec<u8>> = changed.map(|file| file.path.clone()).collect();
    wanted.extend(facts.waivers.list.iter().map(|waiver| waiver.path.clone().into_bytes()));
    for path in wanted {
        let full = root.join(path_of(&path));
        let is_file = fs::symlink_metadata(&full).is_ok_and(|data| data.is_file());
        if is_file && let Some(text) = bounded(&full, LARGEST_SOURCE) {
            facts.sources.insert(path, text);
        }
    }
}

fn read_waivers(path: &Path) -> Result<Waivers, Failure> {
    let name = shown(path.as_os_str().as_encoded_bytes());
    let text = fs::read_to_string(path).or_bad_input(|| format!("read the waivers {name}"))?;
    waivers::parse(&text).map_err(|problem| {
        Failure::inputs(format!("read the waivers {name}"), problem.message)
            .at(action::Location::line(&name, problem.line))
            .hint("a waiver reads `2027-01-31 path:lines reason`")
    })
}

/// Reads the baseline and finds out what changed since; the inner error says why it cannot be compared with.
fn earlier(
    repo: &Repository,
    path: &Path,
    (workflow, head): (&Workflow, Option<Id>),
    facts: &Facts,
) -> Result<Result<Earlier, String>, Failure> {
    let name = shown(path.as_os_str().as_encoded_bytes());
    let Some(text) = bounded(path, LARGEST_FILE) else {
        return Ok(Err(format!("the baseline {name} is missing or cannot be read")));
    };
    let baseline = match baseline::parse(&text) {
        Ok(baseline) => baseline,
        Err(why) => return Ok(Err(format!("the baseline {name} cannot be used: {why}"))),
    };
    if Some(&baseline.commit) == facts.base.as_ref()
        && let Some(change) = &facts.change
    {
        return Ok(Ok(Earlier { baseline, files: change.files.clone() }));
    }
    let id = Id::from_hex(baseline.commit.as_bytes()).ok().filter(|id| repo.has(*id));
    let (Some(id), Some(head)) = (id, head) else {
        let commit = action::neutral(&baseline.commit);
        return Ok(Err(format!("the baseline was made at {commit}, which is not in this clone")));
    };
    let files = repo.line_changes(Some(id), newer(workflow, head)).map_err(failed)?;
    Ok(Ok(Earlier { baseline, files }))
}

/// A file's bytes, if it can be read and is no larger than that.
fn bounded(path: &Path, largest: u64) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    fs::File::open(path).ok()?.take(largest + 1).read_to_end(&mut text).ok()?;
    (text.len() as u64 <= largest).then_some(text)
}

fn path_of(name: &[u8]) -> &Path {
    use std::os::unix::ffi::OsStrExt as _;
    Path::new(std::ffi::OsStr::from_bytes(name))
}

/// A reason for not being able to tell.
pub(crate) fn problem(code: &str, message: String) -> Reason {
    Reason {
        code: code.to_owned(),
        verdict: Verdict::Unknown,
        file: None,
        line: None,
        group: None,
        message,
        hint: None,
    }
}

/// Something worth knowing.
pub(crate) fn note(code: &str, message: String) -> Reason {
    Reason { verdict: Verdict::Pass, ..problem(code, message) }
}

/// A name as text: bytes that are not UTF-8 become `\xNN`, everything else stays.
pub(crate) fn shown(name: &[u8]) -> String {
    let mut out = String::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

/// What an adapter could not do. Its error says "could not …" already, as a failure does.
pub(crate) fn failed(error: impl Display) -> Failure {
    let text = error.to_string();
    let text = text.strip_prefix("could not ").unwrap_or(&text);
    let (doing, cause) = text.split_once(": ").unwrap_or((text, ""));
    Failure::outside(doing, cause)
}
