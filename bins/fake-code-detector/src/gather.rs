//! Which files are looked into, and which of their lines changed.
mod walk;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use action::{Failure, Kind, Location, OrFail as _, Workflow};
use comparison::{Range, is_workflow};
use git::{Id, Newer, Repository, Status};

use crate::baseline::Baseline;
use crate::decide::Mode;
use crate::engine::LARGEST;
use crate::model::PathClass;
use crate::settings::Settings;

/// Endings of files that are looked into.
const ENDINGS: [&str; 8] = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];
/// The largest baseline.
const LARGEST_BASELINE: u64 = 64 << 20;

/// A file to look into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// How it is shown: relative to the root of the repository, or to the current folder where there is none.
    pub(crate) name: String,
    pub(crate) class: PathClass,
    /// Changed lines of the newer side; nothing where all of it is judged.
    pub(crate) changed: Option<Vec<RangeInclusive<u32>>>,
    /// The text before the change, of a test that changed together with production code.
    pub(crate) before: Option<String>,
}

/// What is looked into.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) mode: Mode,
    /// What a change is compared with, for people.
    pub(crate) compared: Option<String>,
    /// By name.
    pub(crate) files: Vec<Candidate>,
}

/// Finds the files.
pub(crate) fn facts(settings: &Settings, workflow: &Workflow) -> Result<Facts, Failure> {
    let here = Path::new(".");
    let repo = Repository::discover(here).map_err(failed)?;
    let mode = settings.mode.unwrap_or(match (&settings.base, &repo) {
        (Some(_), _) => Mode::ChangedFunctions,
        (None, Some(_)) if is_change(workflow) && settings.paths.is_empty() => Mode::ChangedFunctions,
        _ => Mode::All,
    });
    let root = repo.as_ref().and_then(Repository::work_tree).map(Path::to_owned);
    let namer = walk::Namer::new(root.as_deref());
    if mode == Mode::All {
        let files = walk::files(&settings.paths, (&namer, settings))?;
        return Ok(Facts { mode, compared: None, files });
    }
    let repo = repo.ok_or_else(|| {
        Failure::inputs("find what changed", "this folder is in no git repository")
            .hint("`--mode all` looks at everything")
    })?;
    let root = root.ok_or_else(|| Failure::inputs("find what changed", "the repository has no work tree"))?;
    let (compared, base, changes) = changes(&repo, (settings, workflow))?;
    let within =
        |path: &Path| settings.paths.is_empty() || settings.paths.iter().any(|asked| namer.is_within(path, asked));
    let mut earlier = Vec::new();
    let files = changes.into_iter().filter_map(|(name, Touched { lines, old_name })| {
        let path = root.join(path_of(&name));
        let shown = shown(&name);
        let class = settings.class_of(&shown, PathClass::of(&shown));
        let wanted = has_ending(&shown) && class != PathClass::Generated && within(&path) && !settings.ignores(&shown);
        let is_file = std::fs::symlink_metadata(&path).is_ok_and(|data| data.is_file());
        (wanted && is_file).then(|| {
            earlier.push(old_name);
            Candidate { path, name: shown, class, changed: Some(lines), before: None }
        })
    });
    let mut files: Vec<Candidate> = files.collect();
    if files.iter().any(|file| file.class == PathClass::Production) {
        for (file, old_name) in files.iter_mut().zip(earlier).filter(|(file, _)| file.class == PathClass::Test) {
            file.before = old_name.map(|name| before(&repo, (base, &name))).transpose()?.flatten();
        }
    }
    Ok(Facts { mode, compared: Some(compared), files })
}

/// The text of a file at a commit; nothing where it was no text.
fn before(repo: &Repository, (base, name): (Id, &[u8])) -> Result<Option<String>, Failure> {
    let bytes = repo.blob(base, name).map_err(failed)?;
    let text = bytes.filter(|bytes| bytes.len() as u64 <= LARGEST).and_then(|bytes| String::from_utf8(bytes).ok());
    Ok(text.map(|text| text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)))
}

/// Whether the event is about a change.
fn is_change(workflow: &Workflow) -> bool {
    is_workflow(workflow)
        && matches!(
            workflow.event_name.as_deref(),
            Some("pull_request" | "pull_request_target" | "push" | "merge_group")
        )
}

/// A file of the change.
struct Touched {
    lines: Vec<RangeInclusive<u32>>,
    /// Its name before; nothing where it is new.
    old_name: Option<Vec<u8>>,
}

type Changes = BTreeMap<Vec<u8>, Touched>;

/// What it is compared with, and the changed lines by name. Where nothing can be compared nothing can be told.
fn changes(repo: &Repository, (settings, workflow): (&Settings, &Workflow)) -> Result<(String, Id, Changes), Failure> {
    let doing = "find what changed";
    let head =
        repo.head().map_err(failed)?.ok_or_else(|| Failure::inputs(doing, "the repository has no commit yet"))?;
    let (base, why) = match comparison::choose(repo, workflow, (head, settings.base.as_deref()))? {
        Range::From { base, why } => (base, why),
        Range::Nothing(why) => return Err(Failure::inputs(doing, why).hint("name a base, or set `mode: all`")),
        Range::Missing { what, hint } => return Err(Failure::inputs(doing, what).hint(hint)),
    };
    let mut all = Changes::new();
    for change in repo.line_changes(Some(base), Newer::WorkTree).map_err(failed)? {
        if change.status == Status::Deleted {
            continue;
        }
        // A hunk that only removes lines touches the code on both sides of the gap.
        let lines = change.hunks.iter().map(|hunk| match hunk.added() {
            added if added.is_empty() => hunk.new_start.max(1)..=hunk.new_start + 1,
            added => added.start..=added.end - 1,
        });
        let lines = lines.collect();
        let old_name = (change.status != Status::Added).then(|| change.old_path().to_vec());
        all.insert(change.path, Touched { lines, old_name });
    }
    if !is_workflow(workflow) {
        // New files that nobody has added to the index yet.
        let wanted = |name: &[u8]| has_ending(&shown(name));
        let new = repo.untracked_like(wanted).map_err(failed)?;
        all.extend(new.into_iter().map(|name| (name, Touched { lines: vec![1..=u32::MAX], old_name: None })));
    }
    Ok((why, base, all))
}

/// Whether the name is one of a program that is looked into.
pub(crate) fn has_ending(name: &str) -> bool {
    ENDINGS.iter().any(|ending| name.len() > ending.len() && name.ends_with(ending))
}

/// The text of a file, without a byte order mark; why it cannot be looked into otherwise.
pub(crate) fn text(path: &Path) -> Result<String, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let size = file.metadata().map_err(|error| error.to_string())?.len();
    if size > LARGEST {
        return Err(format!("it has {size} bytes; more than {LARGEST} are not looked into"));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!("it has more than {LARGEST} bytes, which are not looked into"));
    }
    if memchr::memchr(0, &bytes).is_some() {
        return Err("it is no text: it has NUL bytes".to_owned());
    }
    let text = String::from_utf8(bytes)
        .map_err(|error| format!("it is not UTF-8 from byte {} on", error.utf8_error().valid_up_to()))?;
    Ok(text)
}

/// Reads the baseline; none where the file is missing and was only looked for.
pub(crate) fn baseline(path: &Path) -> Result<Baseline, Failure> {
    let name = shown(path.as_os_str().as_encoded_bytes());
    let doing = || format!("read the baseline {name}");
    let size = std::fs::metadata(path).or_bad_input(doing)?.len();
    if size > LARGEST_BASELINE {
        return Err(Failure::inputs(doing(), format!("it has {size} bytes, more than {LARGEST_BASELINE}")));
    }
    let text = std::fs::read_to_string(path).or_bad_input(doing)?;
    Baseline::read(&text).map_err(|why| {
        Failure::inputs(doing(), why)
            .at(Location::file(name.clone()))
            .hint("`fake-code-detector baseline` writes it anew")
    })
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
        chunk.invalid().iter().for_each(|byte| out.push_str(&format!("\\x{byte:02x}")));
    }
    out
}

/// What the repository could not do. Its error says "could not …" already, as a failure does.
fn failed(error: git::Error) -> Failure {
    Failure::told(Kind::Outside, error)
}
