//! Files that are written: notes and changelog, each as a whole or not at all.
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use action::{Failure, Location, OrFail, Workflow};

use crate::changelog;
use crate::record::Record;
use crate::settings::Settings;

/// A larger changelog is none.
const LARGEST: u64 = 64 << 20;

/// Writes the notes by themselves; gives the path.
pub(crate) fn notes(settings: &Settings, notes: &str, workflow: &Workflow) -> Result<Option<String>, Failure> {
    let by_default = || {
        let folder = workflow.runner_temp.as_ref().filter(|_| workflow.in_actions)?;
        Some(folder.join("release-changelog-notes.md"))
    };
    let Some(path): Option<PathBuf> = settings.notes_out.clone().or_else(by_default) else { return Ok(None) };
    replace(&path, notes)?;
    Ok(Some(path.display().to_string()))
}

/// Puts releases into the changelog; the oldest first, so that each stands in front of those before it.
pub(crate) fn changelog(file: &Path, releases: impl Iterator<Item = (String, String)>) -> Result<(), Failure> {
    let mut whole = existing(file)?;
    for (name, notes) in releases {
        whole = changelog::with(&whole, &name, &notes).map_err(|refused| {
            let doing = format!("put {} into the changelog {}", action::neutral(&name), file.display());
            Failure::inputs(doing, refused.cause).at(Location::line(file.display().to_string(), refused.line))
        })?;
    }
    replace(file, &whole)
}

/// What a release is called in a changelog.
pub(crate) fn name(record: &Record<'_>) -> String {
    record.version.clone().or(record.tag.clone()).unwrap_or_else(|| "Unreleased".to_owned())
}

fn existing(file: &Path) -> Result<String, Failure> {
    let doing = || format!("read the changelog {}", file.display());
    let opened = match fs::File::open(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(String::new()),
        opened => opened.or_fail(doing)?,
    };
    let mut bytes = Vec::new();
    opened.take(LARGEST + 1).read_to_end(&mut bytes).or_fail(doing)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::inputs(doing(), format!("it has more than {} MiB", LARGEST >> 20)));
    }
    String::from_utf8(bytes).or_bad_input(doing)
}

/// Replaces a file; one that is the same already is not touched.
fn replace(file: &Path, text: &str) -> Result<(), Failure> {
    let doing = || format!("write {}", file.display());
    // A link stays one: what it leads to is replaced.
    let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_path_buf());
    if fs::read(&file).is_ok_and(|known| known == text.as_bytes()) {
        return Ok(());
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut new = tempfile::NamedTempFile::new_in(folder).or_fail(doing)?;
    new.write_all(text.as_bytes()).or_fail(doing)?;
    new.as_file().sync_all().or_fail(doing)?;
    let permissions = fs::metadata(&file).map_or_else(|_| ordinary(), |known| known.permissions());
    new.as_file().set_permissions(permissions).or_fail(doing)?;
    new.persist(&file).map(drop).map_err(|error| error.error).or_fail(doing)
}

fn ordinary() -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    fs::Permissions::from_mode(0o644)
}
