//! The filters file: found, read, parsed.
use std::fs;
use std::io::Read as _;
use std::path::Path;

use action::{Failure, Location, OrFail};

use super::Place;
use crate::filters::{Filters, Problem, parse};
use crate::inputs::SourceSettings;

/// Where a filters file usually is, relative to the root of the repository.
pub(crate) const USUAL: [&str; 6] = [
    ".github/filters.yml",
    ".github/filters.yaml",
    ".github/path-filters.yml",
    ".github/path-filters.yaml",
    ".github/paths-filter.yml",
    ".github/paths-filter.yaml",
];

/// Filters and the file they came from, relative to the root of the repository; `None` for filters written into the step.
pub(crate) struct Read {
    pub(crate) filters: Filters,
    pub(crate) path: Option<String>,
}

/// Reads the filters that the input names or holds; without an input, those of a usual place. `None`: there are none, in a terminal.
pub(crate) fn filters(source: &SourceSettings, place: &Place) -> Result<Option<Read>, Failure> {
    match source.filters.as_deref().map(str::trim_end) {
        // Upstream's rule: a path has neither a line break nor a colon.
        Some(yaml) if yaml.contains(['\n', ':']) => {
            let filters = parse(yaml, source.dialect).map_err(|problem| refused("the filters", None, &problem))?;
            Ok(Some(Read { filters, path: None }))
        }
        Some(path) => from_file(source, place, &place.folder.join(path)).map(Some),
        None => match USUAL.iter().map(|name| place.root().join(name)).find(|path| path.is_file()) {
            Some(path) => from_file(source, place, &path).map(Some),
            None if source.in_actions => Err(Failure::inputs("find the filters", "the input `filters` is empty")
                .hint(format!("set `filters` to a path or to YAML, or write {}", USUAL[0]))),
            None => Ok(None),
        },
    }
}

fn from_file(source: &SourceSettings, place: &Place, path: &Path) -> Result<Read, Failure> {
    let name = relative(place.root(), path);
    let what = format!("the filters file {name}");
    let mut bytes = Vec::new();
    let file = fs::File::open(path).or_bad_input(|| format!("open {what}"))?;
    file.take(2 << 20).read_to_end(&mut bytes).or_bad_input(|| format!("read {what}"))?;
    let text = String::from_utf8(bytes).or_bad_input(|| format!("read {what}"))?;
    let filters = parse(&text, source.dialect).map_err(|problem| refused(&what, Some(&name), &problem))?;
    Ok(Read { filters, path: Some(name) })
}

/// A path as git names it, where it lies in the repository.
fn relative(root: &Path, path: &Path) -> String {
    let full = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let (root, path) = (full(root), full(path));
    path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().into_owned()
}

fn refused(what: &str, file: Option<&str>, problem: &Problem) -> Failure {
    let failure = match file {
        Some(name) => Failure::inputs(format!("read {what}"), &problem.message).at(location(name, problem.at)),
        None => Failure::inputs(format!("read {what}"), problem.to_string()),
    };
    match &problem.hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// A place in the filters file as annotations want it.
pub(crate) fn location(file: &str, at: crate::filters::Position) -> Location {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Location::column(file, number(at.line), number(at.column))
}
