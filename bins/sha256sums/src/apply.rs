//! What is written: whole files or none.
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use action::{Failure, OrFail as _};

use crate::gather::shown;

/// Where a file is written before it takes its name; always the same, so that what a killed run leaves is replaced.
pub(crate) fn partial(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".partial");
    path.with_file_name(name)
}

/// Writes a file so that whoever looks finds the old one or the new one, whole.
pub(crate) fn write(path: &Path, what: &str, bytes: &[u8]) -> Result<(), Failure> {
    whole(path, bytes).or_fail(|| format!("write {what} {}", shown(path)))
}

fn whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let partial = partial(path);
    match fs::remove_file(&partial) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let written = filled(&partial, bytes).and_then(|()| fs::rename(&partial, path));
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&partial);
    }
    written
}

fn filled(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // Not through a link that somebody put there.
    let mut file: File = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
