//! Opening files and reading them to their end, by as few system calls as there can be: with many small files they are most of the time.
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use formats::sums::Digest;
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use sha2::{Digest as _, Sha256};

/// Reads a file that was just opened, by calls that name the offset: threads share the table of open files, and the system
/// would lock and move the common offset for each call. What has no offset, such as a pipe, is read as ever.
pub(super) enum FromStart<'f> {
    At(&'f File, u64),
    Stream(&'f File),
}

impl<'f> FromStart<'f> {
    pub(super) fn of(file: &'f File) -> Self {
        Self::At(file, 0)
    }
}

impl Read for FromStart<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::At(file, offset) => match rustix::io::pread(*file, &mut *buffer, *offset) {
                Ok(count) => {
                    *offset += count as u64;
                    Ok(count)
                }
                Err(Errno::SPIPE) if *offset == 0 => {
                    let file: &File = file;
                    *self = Self::Stream(file);
                    self.read(buffer)
                }
                Err(error) => Err(error.into()),
            },
            Self::Stream(file) => (&**file).read(buffer),
        }
    }
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

/// The digest and the length of what a reader gives until its end.
pub(super) fn digest(
    reader: &mut impl Read,
    buffer: &mut [u8],
    mut counted: impl FnMut(usize),
) -> io::Result<(Digest, u64)> {
    let mut hasher = Sha256::new();
    let mut length = 0;
    loop {
        match reader.read(buffer) {
            Ok(0) => return Ok((hasher.finalize().into(), length)),
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
