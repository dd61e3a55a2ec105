//! What is known before anything is decided: the reports by tracked file, the change, sources, baseline, waivers.
mod find;
mod merge;
mod named;
mod reports;
mod resolve;
mod tracked;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Display, Write as _};
use std::fs;
use std::io::Read as _;
use std::path::Path;

use action::{Failure, OrFail as _, Workflow};
use comparison::{Range, is_workflow};
use git::{FileChange, Id, Newer, Repository};

use crate::baseline::{self, Baseline};
use crate::formats::{Blocks, Header, Kind, Sighting};
use crate::lines::Lines;
use crate::record::{LeftOut, Reason, ReportRead, problem};
use crate::settings::Settings;
use crate::source::Source;
use crate::waivers::{self, Waivers};
pub(crate) use resolve::How;

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
    pub(crate) sources: BTreeMap<Vec<u8>, Source>,
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
    let named = named::reports(settings, here, &mut facts);
    let paths: Vec<_> = named.iter().map(|named| named.path.clone()).collect();
    let read = reports::read(&paths, here, (settings.sources.threads, asked.map(|asked| asked.line)));
    let tracked = tracked::Tracked::read(&repo, settings, workflow)?;
    merge::all((&named, read), (settings, &tracked), (asked, &mut facts));
    attributes(&repo, &mut facts)?;
    if let Some(path) = &settings.sources.waivers {
        facts.waivers = read_waivers(path)?;
    }
    sources(tracked.root(), (settings, asked), &mut facts);
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
        facts.base_missing = Some(problem("base-missing", "the repository has no commit yet".to_owned()));
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
    match comparison::choose(repo, workflow, (head, settings.sources.base.as_deref()))? {
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

/// Reads the text of changed files, and of those that waivers or `explain` speak of, as they lie in the work tree. The
/// texts themselves are kept for the HTML report and for waivers only.
fn sources(root: &Path, (settings, asked): (&Settings, Option<&Asked>), facts: &mut Facts) {
    let changed = facts.change.iter().flat_map(|change| &change.files).filter(|file| !file.hunks.is_empty());
    let asked = asked.map(|asked| (asked.file.clone(), false));
    let waived = facts.waivers.list.iter().map(|waiver| (waiver.path.clone().into_bytes(), true));
    let show = settings.sinks.html.is_some();
    let mut wanted: BTreeMap<Vec<u8>, bool> = BTreeMap::new();
    for (path, keep) in changed.map(|file| (file.path.clone(), show)).chain(asked).chain(waived) {
        *wanted.entry(path).or_default() |= keep;
    }
    for (path, keep) in wanted {
        let full = root.join(path_of(&path));
        let is_file = fs::symlink_metadata(&full).is_ok_and(|data| data.is_file());
        if is_file && let Some(text) = bounded(&full, LARGEST_SOURCE) {
            let source = Source::new(&path, text, keep);
            facts.sources.insert(path, source);
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
    let file = fs::File::open(path).ok()?;
    let length = file.metadata().ok()?.len().min(largest);
    let mut text = Vec::with_capacity(usize::try_from(length).ok()? + 1);
    file.take(largest + 1).read_to_end(&mut text).ok()?;
    (text.len() as u64 <= largest).then_some(text)
}

fn path_of(name: &[u8]) -> &Path {
    use std::os::unix::ffi::OsStrExt as _;
    Path::new(std::ffi::OsStr::from_bytes(name))
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
    Failure::told(action::Kind::Outside, error)
}
