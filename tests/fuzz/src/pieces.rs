//! A reader that gives what it has in small pieces.
use std::io::Read;

/// Gives `whole` bytes at once, and from there one to seven at a time.
pub struct Pieces<'a> {
    left: &'a [u8],
    whole: usize,
    length: usize,
}

impl<'a> Pieces<'a> {
    /// Nothing has been read yet.
    pub fn new(bytes: &'a [u8], whole: usize) -> Self {
        Self { left: bytes, whole, length: bytes.len() % 7 }
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.length = (self.length * 3 + 5) % 7;
        let wanted = if self.whole > 0 { self.whole } else { self.length + 1 };
        let count = wanted.min(out.len()).min(self.left.len());
        out[..count].copy_from_slice(&self.left[..count]);
        self.left = &self.left[count..];
        self.whole = self.whole.saturating_sub(count);
        Ok(count)
    }
}
