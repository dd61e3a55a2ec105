//! What changed line by line: files, their hunks, and where an old line is now.

use std::ops::Range;

use crate::{Mode, Status};

/// One changed file with the lines that changed in it.
///
/// Lines are those of files: where a side is a symbolic link or a submodule, what it names is no line, so that a link
/// that became a file has only added lines, and a submodule that moved has no hunk at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// The name on the newer side (on the older one for a deleted file): any bytes but NUL.
    pub path: Vec<u8>,
    /// The name that it had before, if that was another one.
    pub renamed: Option<Rename>,
    /// What happened to it; a renamed file is [`Status::Modified`], with or without changed lines.
    pub status: Status,
    /// Its mode on the older side; `None` where it was not there.
    pub old_mode: Option<Mode>,
    /// Its mode on the newer side; `None` where it is no longer there.
    pub new_mode: Option<Mode>,
    /// The changed lines, from the first to the last.
    pub hunks: Vec<Hunk>,
    /// Whether there is a NUL byte in a changed line.
    pub binary: bool,
}

/// Where a renamed file comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// The name on the older side.
    pub from: Vec<u8>,
    /// How much of the content is the same, in percent.
    pub similarity: u8,
}

/// Lines of the older file that gave way to lines of the newer one, as the header of a hunk without context tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hunk {
    /// The first removed line, counted from 1; where none is removed, the line before (0 at the top).
    pub old_start: u32,
    /// How many lines are removed.
    pub old_lines: u32,
    /// The first added line, counted from 1; where none is added, the line before (0 at the top).
    pub new_start: u32,
    /// How many lines are added.
    pub new_lines: u32,
}

impl Hunk {
    /// The removed lines of the older file; where none is removed, an empty range before the line that follows.
    #[must_use]
    pub fn removed(&self) -> Range<u32> {
        range(self.old_start, self.old_lines)
    }

    /// The added lines of the newer file; where none is added, an empty range before the line that follows.
    #[must_use]
    pub fn added(&self) -> Range<u32> {
        range(self.new_start, self.new_lines)
    }
}

fn range(start: u32, lines: u32) -> Range<u32> {
    let first = start.saturating_add(u32::from(lines == 0));
    first..first.saturating_add(lines)
}

impl FileChange {
    /// The name on the older side.
    #[must_use]
    pub fn old_path(&self) -> &[u8] {
        self.renamed.as_ref().map_or(&self.path, |renamed| &renamed.from)
    }

    /// Which line of the newer file the line `old` of the older one is, both counted from 1.
    ///
    /// `None` when the line was removed or replaced, or when either side is no file. How long the older file was is not
    /// known here: a line after its end is mapped as if it were there.
    #[must_use]
    pub fn new_line(&self, old: u32) -> Option<u32> {
        if old == 0 || !is_file(self.old_mode) || !is_file(self.new_mode) {
            return None;
        }
        let before = self.hunks.partition_point(|hunk| hunk.removed().start <= old);
        let Some(last) = before.checked_sub(1).map(|at| self.hunks[at]) else { return Some(old) };
        last.added().end.checked_add(old.checked_sub(last.removed().end)?)
    }
}

fn is_file(mode: Option<Mode>) -> bool {
    mode.is_some_and(Mode::is_file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn change(hunks: Vec<Hunk>) -> FileChange {
        FileChange {
            path: b"f".to_vec(),
            renamed: None,
            status: Status::Modified,
            old_mode: Some(Mode::FILE),
            new_mode: Some(Mode::EXECUTABLE),
            hunks,
            binary: false,
        }
    }

    fn hunk(old_start: u32, old_lines: u32, new_start: u32, new_lines: u32) -> Hunk {
        Hunk { old_start, old_lines, new_start, new_lines }
    }

    /// Where the lines from 1 on are now.
    fn check(change: &FileChange, expected: &[Option<u32>]) {
        let found: Vec<Option<u32>> = (1..).take(expected.len()).map(|old| change.new_line(old)).collect();
        assert_eq!(found, expected, "{change:?}");
    }

    #[test]
    fn lines_move_by_what_comes_before_them() {
        check(&change(vec![]), &[Some(1), Some(2)]);
        check(&change(vec![hunk(0, 0, 1, 2)]), &[Some(3), Some(4)]);
        check(&change(vec![hunk(1, 0, 2, 1)]), &[Some(1), Some(3)]);
        check(&change(vec![hunk(1, 1, 0, 0)]), &[None, Some(1), Some(2)]);
        check(&change(vec![hunk(2, 1, 2, 2), hunk(4, 0, 6, 1)]), &[Some(1), None, Some(4), Some(5), Some(7)]);
        assert_eq!(change(vec![]).new_line(0), None);
        assert_eq!(change(vec![hunk(0, 0, 1, 2)]).new_line(u32::MAX), None);
        let deleted = FileChange { new_mode: None, ..change(vec![hunk(1, 1, 0, 0)]) };
        check(&deleted, &[None, None]);
        let link = FileChange { old_mode: Some(Mode::LINK), ..change(vec![hunk(0, 0, 1, 1)]) };
        check(&link, &[None, None]);
    }

    #[test]
    fn an_empty_range_lies_where_the_change_is() {
        assert_eq!((hunk(0, 0, 1, 3).removed(), hunk(0, 0, 1, 3).added()), (1..1, 1..4));
        assert_eq!((hunk(5, 2, 4, 0).removed(), hunk(5, 2, 4, 0).added()), (5..7, 5..5));
        assert_eq!(hunk(u32::MAX, 0, u32::MAX, 9).added(), u32::MAX..u32::MAX);
    }

    proptest! {
        /// Runs of kept lines with what is removed and added after each: the hunks by counting, the map by copying.
        #[test]
        fn a_line_is_where_a_copy_puts_it(runs in prop::collection::vec((1u32..4, 0u32..3, 0u32..3), 0..12)) {
            let (mut old, mut new) = (0, 0);
            let (mut hunks, mut expected) = (Vec::new(), Vec::new());
            for (kept, removed, added) in runs {
                expected.extend((1..=kept).map(|line| Some(new + line)));
                expected.extend((0..removed).map(|_| None));
                (old, new) = (old + kept, new + kept);
                if removed + added > 0 {
                    let start = |at: u32, lines: u32| at + u32::from(lines > 0);
                    hunks.push(hunk(start(old, removed), removed, start(new, added), added));
                }
                (old, new) = (old + removed, new + added);
            }
            check(&change(hunks), &expected);
        }
    }
}
