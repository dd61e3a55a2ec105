//! What git prints, taken piece by piece, so that memory does not follow the length of lines.

use std::io::{BufRead, Error, ErrorKind, Result};

use gix::bstr::ByteSlice as _;

/// All names together may take this many bytes.
const MOST_NAME_BYTES: usize = 1 << 28;

/// A reader, and the piece taken last.
pub(super) struct Input<R> {
    reader: R,
    piece: Vec<u8>,
    name_bytes_left: usize,
}

impl<R: BufRead> Input<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, piece: Vec::new(), name_bytes_left: MOST_NAME_BYTES }
    }

    /// The next byte, which stays; `None` at the end.
    pub(super) fn peek(&mut self) -> Result<Option<u8>> {
        Ok(self.fill()?.first().copied())
    }

    /// Takes a line; gives its first `most` bytes.
    pub(super) fn line(&mut self, most: usize) -> Result<&[u8]> {
        self.piece(b'\n', most)?;
        Ok(&self.piece)
    }

    /// Takes what comes before the next NUL; gives its first `most` bytes.
    pub(super) fn field(&mut self, most: usize) -> Result<&[u8]> {
        self.piece(0, most)?;
        Ok(&self.piece)
    }

    /// Takes a name that NUL ends.
    pub(super) fn name(&mut self) -> Result<Vec<u8>> {
        let len = self.piece(0, self.name_bytes_left)?;
        self.name_bytes_left = self.name_bytes_left.checked_sub(len).ok_or_else(|| Error::other("too many names"))?;
        Ok(self.piece.clone())
    }

    /// Takes a line; says whether there is a NUL byte in it.
    pub(super) fn line_with_nul(&mut self) -> Result<bool> {
        let mut found = false;
        self.until(b'\n', |part| found = found || part.find_byte(0).is_some())?;
        Ok(found)
    }

    /// Takes exactly `text`.
    pub(super) fn expect(&mut self, mut text: &[u8]) -> Result<()> {
        while !text.is_empty() {
            let part = self.fill()?;
            let len = part.len().min(text.len());
            if len == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            if part[..len] != text[..len] {
                return Err(Error::other("there is something else"));
            }
            self.reader.consume(len);
            text = &text[len..];
        }
        Ok(())
    }

    /// Takes what comes before the next `end`, and `end`; keeps the first `most` bytes and says how many there were.
    fn piece(&mut self, end: u8, most: usize) -> Result<usize> {
        let mut piece = std::mem::take(&mut self.piece);
        piece.clear();
        let mut len = 0;
        let taken = self.until(end, |part| {
            piece.extend_from_slice(&part[..part.len().min(most - piece.len())]);
            len += part.len();
        });
        self.piece = piece;
        taken.map(|()| len)
    }

    fn until(&mut self, end: u8, mut see: impl FnMut(&[u8])) -> Result<()> {
        loop {
            let part = self.fill()?;
            let len = part.len();
            if len == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            let found = part.find_byte(end);
            see(&part[..found.unwrap_or(len)]);
            self.reader.consume(found.map_or(len, |at| at + 1));
            if found.is_some() {
                return Ok(());
            }
        }
    }

    /// What has been read and not been taken; empty only at the end.
    fn fill(&mut self) -> Result<&[u8]> {
        while let Err(error) = self.reader.fill_buf() {
            if error.kind() != ErrorKind::Interrupted {
                return Err(error);
            }
        }
        self.reader.fill_buf()
    }
}
