//! The bytes of a report as they come: a window that grows up to the longest token, and how far it is.
use std::io::Read;

use super::Problem;

/// The longest tag, line or string.
pub(super) const LONGEST_TOKEN: usize = 1 << 20;
/// The largest report, unpacked.
pub(super) const LARGEST_REPORT: u64 = 2 << 30;
/// How much is read at a time.
const READ: usize = 128 << 10;

/// A reader with a window onto what comes next.
pub(super) struct Input<R> {
    reader: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Where the buffer begins in the report.
    offset: u64,
    ended: bool,
}

/// One line of a report.
pub(super) struct Line<'a> {
    /// Its bytes.
    pub(super) bytes: &'a [u8],
    /// The byte of the report that it begins at.
    pub(super) at: u64,
    /// Whether the report ended before a line feed came: it may have been cut off.
    pub(super) cut: bool,
}

impl<R: Read> Input<R> {
    /// Nothing is read yet.
    pub(super) fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new(), start: 0, end: 0, offset: 0, ended: false }
    }

    /// What has been read and not been consumed.
    #[inline]
    pub(super) fn window(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// The byte of the report that the window begins at.
    #[inline]
    pub(super) fn at(&self) -> u64 {
        self.offset + self.start as u64
    }

    /// Moves on.
    #[inline]
    pub(super) fn consume(&mut self, count: usize) {
        self.start += count;
    }

    /// Widens the window; false at the end of the report.
    ///
    /// # Errors
    /// `limit-token` when the window is as long as a token may be, `limit-size`, and what the reader says.
    pub(super) fn more(&mut self) -> Result<bool, Problem> {
        if self.ended {
            return Ok(false);
        }
        let held = self.end - self.start;
        if held > LONGEST_TOKEN {
            let message = format!("a single tag, line or text of more than {LONGEST_TOKEN} bytes");
            return Err(Problem::new("limit-token", self.at(), message));
        }
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.offset += self.start as u64;
            (self.start, self.end) = (0, held);
        }
        if self.buffer.len() < held + READ {
            self.buffer.resize((held + READ).max(2 * held), 0);
        }
        let count = loop {
            match self.reader.read(&mut self.buffer[held..]) {
                Ok(count) => break count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Problem::unreadable(self.offset + held as u64, &error)),
            }
        };
        self.end += count;
        self.ended = count == 0;
        if self.offset + self.end as u64 > LARGEST_REPORT {
            let message = format!("more than {} MiB, unpacked", LARGEST_REPORT >> 20);
            return Err(Problem::new("limit-size", self.at(), message));
        }
        Ok(!self.ended)
    }

    /// Widens the window until it has so many bytes or the report ends; for looking ahead.
    ///
    /// # Errors
    /// As [`Input::more`].
    pub(super) fn look(&mut self, count: usize) -> Result<&[u8], Problem> {
        while self.window().len() < count && self.more()? {}
        Ok(self.window())
    }

    /// The next line without its line feed and carriage return; `None` at the end.
    ///
    /// # Errors
    /// As [`Input::more`].
    pub(super) fn line(&mut self) -> Result<Option<Line<'_>>, Problem> {
        let mut searched = 0;
        let length = loop {
            match memchr::memchr(b'\n', &self.window()[searched..]) {
                Some(found) => break searched + found + 1,
                None => {
                    searched = self.window().len();
                    if !self.more()? {
                        break searched;
                    }
                }
            }
        };
        if length == 0 {
            return Ok(None);
        }
        let (from, at) = (self.start, self.at());
        self.start += length;
        let line = &self.buffer[from..from + length];
        let cut = !line.ends_with(b"\n");
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        Ok(Some(Line { bytes: line.strip_suffix(b"\r").unwrap_or(line), at, cut }))
    }
}

/// The rest of the report as a plain reader, for parsers that have a window of their own.
impl<R: Read> Read for Input<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.window().is_empty() && !self.more().map_err(std::io::Error::other)? {
            return Ok(0);
        }
        let count = self.window().len().min(out.len());
        out[..count].copy_from_slice(&self.window()[..count]);
        self.consume(count);
        Ok(count)
    }
}
