//! Opening files and reading them to their end, by as few system calls as there can be: with many small files they are most of the time.
use std::fs::File;
use std::io;
use std::path::Path;

use formats::sums::Digest;
use nix::sched::{CloneFlags, unshare};
use rustix::fs::{Mode, OFlags};
use sha2::{Digest as _, Sha256};

/// Gives the calling thread a table of open files of its own: in a common one the system locks and counts with every call,
/// which is a tenth of the time that opening and reading many small ones takes. What the thread opens from now on is for itself alone, and so it must be.
pub(super) fn with_a_table_of_its_own() {
    // Some containers refuse it; then it is only slower.
    let _ = unshare(CloneFlags::CLONE_FILES);
}

/// By the system call itself: the open of musl is followed by another call, which shows with many small files.
pub(super) fn open(path: &Path, more: OFlags) -> io::Result<File> {
    Ok(rustix::fs::open(path, OFlags::RDONLY | OFlags::CLOEXEC | more, Mode::empty())?.into())
}

pub(super) fn regular(path: &Path) -> io::Result<File> {
    // Otherwise a named pipe would wait for a writer; regular files are read as ever.
    let file = open(path, OFlags::NONBLOCK)?;
    let kind = file.metadata()?.file_type();
    match () {
        () if kind.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        () if !kind.is_file() => Err(io::Error::other("it is no regular file")),
        () => Ok(file),
    }
}

/// Reads what comes next of a file; by the system call itself, as above.
pub(super) fn next(file: &File, buffer: &mut [u8]) -> io::Result<usize> {
    Ok(rustix::io::read(file, buffer)?)
}

/// The digest and the length of what `read` gives until its end.
pub(super) fn digest(
    mut read: impl FnMut(&mut [u8]) -> io::Result<usize>,
    buffer: &mut [u8],
    mut counted: impl FnMut(usize),
) -> io::Result<(Digest, u64)> {
    let mut hasher = Sha256::new();
    let mut length = 0;
    loop {
        match read(buffer) {
            Ok(0) => {
                let mut digest = Digest::default();
                hasher.finalize_into((&mut digest).into());
                return Ok((digest, length));
            }
            Ok(count) => {
                hasher.update(&buffer[..count]);
                length += count as u64;
                counted(count);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
