//! Which lines of two texts differ, as `git diff --text --unified=0 --diff-algorithm=myers --indent-heuristic` tells it.
//!
//! Of two texts there are often several shortest differences. The one that git chooses follows from its search, from what
//! it leaves out of the search (lines that are in every place), and from how it slides what it has found; the search and
//! the sliding are imara-diff's, which does all that in the same way, and what git does before is here.

use gix::bstr::ByteSlice as _;
use imara_diff::{Algorithm, Diff, IndentHeuristic, IndentLevel, InternedInput, sources::byte_lines};

use crate::Hunk;

/// As many columns go to a tab.
const TAB: u8 = 8;

/// The hunks between two texts, and whether there is a NUL byte in a changed line.
pub(crate) fn hunks(old: &[u8], new: &[u8]) -> (Vec<Hunk>, bool) {
    if old.is_empty() || new.is_empty() {
        return whole(old, new);
    }
    let (old, new) = without_common_end(old, new);
    let input = InternedInput::new(byte_lines(old), byte_lines(new));
    let mut diff = Diff::compute(Algorithm::Myers, &input);
    diff.postprocess_with_heuristic(&input, IndentHeuristic::new(|token| indent(input.interner[token])));
    let mut nul = false;
    let mut holds_nul = |lines: &[imara_diff::Token]| {
        nul = nul || lines.iter().any(|&line| input.interner[line].contains(&0));
    };
    let found = diff.hunks().map(|hunk| {
        let (before, after) = (hunk.before, hunk.after);
        holds_nul(&input.before[before.start as usize..before.end as usize]);
        holds_nul(&input.after[after.start as usize..after.end as usize]);
        hunk_of((before.start, before.end - before.start), (after.start, after.end - after.start))
    });
    let found = found.collect();
    (found, nul)
}

/// A text that came or went: all of its lines.
fn whole(old: &[u8], new: &[u8]) -> (Vec<Hunk>, bool) {
    let lines = |text: &[u8]| u32::try_from(byte_lines(text).count()).unwrap_or(u32::MAX);
    let hunk = hunk_of((0, lines(old)), (0, lines(new)));
    let is_hunk = hunk.old_lines > 0 || hunk.new_lines > 0;
    (Vec::from_iter(is_hunk.then_some(hunk)), old.contains(&0) || new.contains(&0))
}

/// From how many lines come before and how many there are.
fn hunk_of((old_before, old_lines): (u32, u32), (new_before, new_lines): (u32, u32)) -> Hunk {
    let start = |before: u32, lines: u32| before + u32::from(lines > 0);
    Hunk { old_start: start(old_before, old_lines), old_lines, new_start: start(new_before, new_lines), new_lines }
}

/// Where no context is asked for, git first cuts off the whole kilobytes that both texts end with, but for the rest of the
/// line that the cut is in; so nothing slides over the cut.
fn without_common_end<'a>(old: &'a [u8], new: &'a [u8]) -> (&'a [u8], &'a [u8]) {
    const BLOCK: usize = 1024;
    let blocks = old.rchunks_exact(BLOCK).zip(new.rchunks_exact(BLOCK)).take_while(|(old, new)| old == new).count();
    let end = &old[old.len() - blocks * BLOCK..];
    let cut = end.len() - end.find_byte(b'\n').map_or(end.len(), |at| at + 1);
    (&old[..old.len() - cut], &new[..new.len() - cut])
}

/// Git knows four bytes of white space; imara-diff takes the form feed for a fifth.
fn indent(line: &[u8]) -> IndentLevel {
    IndentLevel::for_ascii_line(line.iter().map(|&byte| if byte == b'\x0c' { b'x' } else { byte }), TAB)
}
