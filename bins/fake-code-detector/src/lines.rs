//! Lines of a text.
use std::cell::OnceCell;

/// Where lines begin.
pub(crate) struct Lines<'s> {
    text: &'s str,
    /// Found out when a line is first asked for: in most files nothing is found.
    starts: OnceCell<Vec<u32>>,
}

impl<'s> Lines<'s> {
    pub(crate) fn of(text: &'s str) -> Self {
        Self { text, starts: OnceCell::new() }
    }

    fn starts(&self) -> &[u32] {
        self.starts.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', self.text.as_bytes());
            std::iter::once(0).chain(ends.map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX))).collect()
        })
    }

    /// The line of a byte, from 1.
    pub(crate) fn line(&self, at: u32) -> u32 {
        self.starts().partition_point(|start| *start <= at).try_into().unwrap_or(u32::MAX)
    }

    /// The column of a byte in characters, from 1.
    pub(crate) fn column(&self, at: u32) -> u32 {
        let start = self.starts()[self.line(at) as usize - 1] as usize;
        self.text.get(start..at as usize).map_or(1, |before| before.chars().count() as u32 + 1)
    }

    /// The text of a line, without its end.
    pub(crate) fn text(&self, line: u32) -> &'s str {
        let start = self.starts().get(line as usize - 1).map_or(self.text.len(), |start| *start as usize);
        let end = self.starts().get(line as usize).map_or(self.text.len(), |end| *end as usize);
        self.text.get(start..end).unwrap_or("").trim_end_matches(['\n', '\r'])
    }
}
