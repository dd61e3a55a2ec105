//! The files below the paths that were named, as .gitignore says, without following links.
use std::path::{Path, PathBuf};

use action::Failure;
use ignore::WalkBuilder;

use super::{Candidate, has_ending, shown};
use crate::model::PathClass;
use crate::settings::Settings;

/// How a path is shown.
pub(crate) struct Namer {
    here: PathBuf,
    root: PathBuf,
}

impl Namer {
    /// Relative to the root of the repository, else to the current folder.
    pub(crate) fn new(root: Option<&Path>) -> Self {
        let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
        let root = root.and_then(|root| root.canonicalize().ok()).unwrap_or_else(|| here.clone());
        Self { here, root }
    }

    fn name(&self, path: &Path) -> String {
        let clean = self.clean(path);
        let name = clean.strip_prefix(&self.root).unwrap_or(&clean);
        shown(name.as_os_str().as_encoded_bytes())
    }

    /// What the names of all files below a folder begin with; nothing where that differs from file to file.
    fn beginning(&self, folder: &Path) -> Option<String> {
        let clean = self.clean(folder);
        let name = shown(clean.strip_prefix(&self.root).ok()?.as_os_str().as_encoded_bytes());
        Some(if name.is_empty() { name } else { name + "/" })
    }

    /// Without asking the file system: what a link names is none of our business.
    fn clean(&self, path: &Path) -> PathBuf {
        let full = self.here.join(path);
        full.components().filter(|part| !matches!(part, std::path::Component::CurDir)).collect()
    }

    /// Whether a path is the asked one or below it.
    pub(crate) fn is_within(&self, path: &Path, asked: &Path) -> bool {
        let full = self.here.join(asked);
        path.starts_with(full.canonicalize().unwrap_or(full))
    }
}

/// All files to look into, by name. A path that leads nowhere is an error: a typo must not pass.
pub(crate) fn files(paths: &[PathBuf], (namer, settings): (&Namer, &Settings)) -> Result<Vec<Candidate>, Failure> {
    let mut found = Vec::new();
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here[..] } else { paths };
    for asked in paths {
        let data = std::fs::metadata(asked).map_err(|error| {
            let name = shown(asked.as_os_str().as_encoded_bytes());
            Failure::inputs(format!("look into {}", action::neutral(&name)), error.to_string())
        })?;
        if data.is_file() {
            found.extend(named(asked, (namer, settings))?);
        } else {
            below(asked, (namer, settings), &mut found)?;
        }
    }
    found.sort_by(|a: &Candidate, b| a.name.cmp(&b.name));
    found.dedup_by(|a, b| a.name == b.name);
    Ok(found)
}

/// A file that was named itself: its folders excuse nothing, only its own name says what it is.
fn named(path: &Path, (namer, settings): (&Namer, &Settings)) -> Result<Option<Candidate>, Failure> {
    let name = namer.name(path);
    if !has_ending(&name) {
        let hint = "files of .ts, .tsx, .mts, .cts, .js, .jsx, .mjs and .cjs are looked into";
        return Err(Failure::inputs(
            format!("look into {}", action::neutral(&name)),
            "it is no TypeScript or JavaScript",
        )
        .hint(hint));
    }
    let file = name.rsplit('/').next().unwrap_or(&name);
    let own = match (PathClass::of(file), PathClass::of(&name)) {
        (PathClass::Production, PathClass::Test) => PathClass::Test,
        (own, _) => own,
    };
    let class = settings.class_of(&name, own);
    Ok((class != PathClass::Generated && !settings.ignores(&name)).then(|| Candidate {
        path: path.to_owned(),
        name,
        class,
        changed: None,
        before: None,
    }))
}

fn below(folder: &Path, (namer, settings): (&Namer, &Settings), found: &mut Vec<Candidate>) -> Result<(), Failure> {
    let walk = WalkBuilder::new(folder)
        .require_git(false)
        .hidden(false)
        .filter_entry(|entry| entry.file_name() != ".git" && entry.file_name() != "node_modules")
        .build();
    let beginning = namer.beginning(folder);
    for entry in walk {
        let entry = entry.map_err(|error| Failure::outside("look through the folders", error.to_string()))?;
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            continue;
        }
        // Folders above the one that was named excuse nothing.
        let inner = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        let inner = shown(inner.as_os_str().as_encoded_bytes());
        let name = match &beginning {
            Some(beginning) => format!("{beginning}{inner}"),
            None => namer.name(entry.path()),
        };
        if !has_ending(&name) || settings.ignores(&name) {
            continue;
        }
        let class = settings.class_of(&name, PathClass::of(&inner));
        if class != PathClass::Generated {
            found.push(Candidate { path: entry.into_path(), name, class, changed: None, before: None });
        }
    }
    Ok(())
}
