//! Reading a list of changed files and the patch behind it, of which only the places of the hunks are kept.

mod input;

use std::io::{BufRead, Error as Cause, ErrorKind, Result as Read};

use crate::lines::{FileChange, Hunk, Rename};
use crate::quoted::strip_name;
use crate::{Error, Mode, Status};
use input::Input;

/// More files than a comparison ever changes.
const MOST_FILES: usize = 1 << 22;

/// All hunks together take 16 bytes each.
const MOST_HUNKS: usize = 10_000_000;

/// Extended headers of one section: two modes, similarity, two names and two ids are seven lines.
const MOST_HEADERS: usize = 8;

/// Reads what `git diff --raw -z --patch --unified=0 --text` prints, with `a/` and `b/` before names and no colour.
///
/// The result is sorted by name. Names are taken from the list only. The patch has to hold one section for each of its
/// entries, in the same order and under the same name (two for a type change), and its lines are counted off by the
/// headers of hunks, so no content can pass for a header. Anything else, or an end before the end, is an error, as are
/// more than 4,194,304 files or 10,000,000 hunks. Memory follows their number, not the length of what is read.
pub fn parse_patch(printed: impl BufRead) -> Result<Vec<FileChange>, Error> {
    let mut patch = Patch { input: Input::new(printed), hunks_left: MOST_HUNKS };
    let mut changes = patch.list().map_err(|cause| failed("what git diff printed", &cause))?;
    for change in &mut changes {
        patch
            .sections(change)
            .map_err(|cause| failed(&format!("what git diff printed of '{}'", change.path.escape_ascii()), &cause))?;
    }
    patch.end().map_err(|cause| failed("what git diff printed", &cause))?;
    changes.sort_by(|a, b| a.path.cmp(&b.path).then(a.status.cmp(&b.status)));
    Ok(changes)
}

fn failed(what: &str, cause: &Cause) -> Error {
    let cause = if cause.kind() == ErrorKind::UnexpectedEof { "it ends early".to_owned() } else { cause.to_string() };
    Error::new(format!("read {what}"), cause)
}

struct Patch<R> {
    input: Input<R>,
    hunks_left: usize,
}

impl<R: BufRead> Patch<R> {
    /// The entries, up to the NUL that ends their list.
    fn list(&mut self) -> Read<Vec<FileChange>> {
        let mut changes = Vec::new();
        loop {
            match self.input.peek()? {
                None if changes.is_empty() => return Ok(changes),
                Some(0) if !changes.is_empty() => return self.input.expect(b"\0").map(|()| changes),
                Some(b':') if changes.len() < MOST_FILES => changes.push(self.entry()?),
                Some(b':') => return Err(Cause::other("there are too many files")),
                None => return Err(early()),
                Some(_) => return Err(Cause::other("its list makes no sense")),
            }
        }
    }

    /// `:mode mode id id status NUL name NUL`, with a second name where the status is a rename.
    fn entry(&mut self) -> Read<FileChange> {
        const LONGEST: usize = 256;
        let facts = Facts::read(self.input.field(LONGEST)?).ok_or_else(|| Cause::other("its list makes no sense"))?;
        let mut path = self.input.name()?;
        let mut renamed = None;
        if let Some(similarity) = facts.similarity {
            let from = std::mem::replace(&mut path, self.input.name()?);
            renamed = Some(Rename { from, similarity });
        }
        let Facts { old_mode, new_mode, status, .. } = facts;
        Ok(FileChange { path, renamed, status, old_mode, new_mode, hunks: Vec::new(), binary: false })
    }

    /// Everything that the patch says of an entry.
    fn sections(&mut self, change: &mut FileChange) -> Read<()> {
        let (old, new) = (change.old_mode, change.new_mode);
        match change.status {
            Status::Unmerged => {
                self.input.expect(b"* Unmerged path ")?;
                self.input.expect(&change.path)?;
                self.input.expect(b"\n")?;
            }
            // A file, link or submodule that became another of these goes and comes.
            Status::TypeChanged => {
                self.section(change, [old, None])?;
                self.section(change, [None, new])?;
            }
            Status::Added | Status::Modified | Status::Deleted => {
                let hunks = self.section(change, [old, new])?;
                let plain = change.status == Status::Modified && change.renamed.is_none() && old == new;
                if plain && hunks == 0 {
                    return Err(self.early_or(Cause::other("it is changed but no line of it is")));
                }
            }
        }
        change.hunks.shrink_to_fit();
        Ok(())
    }

    /// One section; says how many hunks there are. Those of files are kept.
    fn section(&mut self, change: &mut FileChange, modes: [Option<Mode>; 2]) -> Read<usize> {
        self.heading(change)?;
        if modes[1].is_none() && !self.input.line(64)?.starts_with(b"deleted file mode ") {
            return Err(misfit());
        }
        let mut headers = 0;
        while let Some(b'o' | b'n' | b's' | b'r' | b'i') = self.input.peek()? {
            headers += 1;
            if headers > MOST_HEADERS {
                return Err(misfit());
            }
            self.input.line(0)?;
        }
        let mut hunks = 0;
        if self.input.peek()? == Some(b'-') {
            self.input.expect(b"--- ")?;
            self.input.line(0)?;
            self.input.expect(b"+++ ")?;
            self.input.line(0)?;
            let of_file = modes.into_iter().flatten().all(Mode::is_file);
            let mut next = (1, 1);
            while self.input.peek()? == Some(b'@') {
                let hunk = self.hunk(&mut next)?;
                let nul = self.lines(hunk)?;
                if of_file {
                    change.hunks.push(hunk);
                    change.binary |= nul;
                }
                hunks += 1;
            }
            if hunks == 0 {
                return Err(self.early_or(misfit()));
            }
        }
        Ok(hunks)
    }

    /// `diff --git a/name b/name`, under the names of the entry.
    fn heading(&mut self, change: &FileChange) -> Read<()> {
        // Every byte may be written as a backslash and three digits.
        let longest = 4 * (change.old_path().len() + change.path.len()) + 32;
        let line = self.input.line(longest)?;
        let rest = line.strip_prefix(b"diff --git ").and_then(|rest| strip_name(rest, b"a/", change.old_path()));
        let rest = rest.and_then(|rest| strip_name(rest.strip_prefix(b" ")?, b"b/", &change.path));
        if rest == Some(b"") { Ok(()) } else { Err(misfit()) }
    }

    /// The header of a hunk; `next` are the first lines of both files that none has told of yet.
    fn hunk(&mut self, next: &mut (u32, u32)) -> Read<Hunk> {
        self.hunks_left = self.hunks_left.checked_sub(1).ok_or_else(|| Cause::other("there are too many hunks"))?;
        let hunk = hunk(self.input.line(64)?).ok_or_else(misfit)?;
        let (removed, added) = (hunk.removed(), hunk.added());
        // As many lines are kept on one side as on the other.
        let kept = removed.start.checked_sub(next.0);
        if kept.is_none() || kept != added.start.checked_sub(next.1) {
            return Err(misfit());
        }
        *next = (removed.end, added.end);
        Ok(hunk)
    }

    /// Counts off the lines of a hunk; says whether there is a NUL byte in them.
    fn lines(&mut self, hunk: Hunk) -> Read<bool> {
        let (mut removed, mut added) = (hunk.old_lines, hunk.new_lines);
        let mut nul = false;
        loop {
            match self.input.peek()? {
                Some(b'-') if removed > 0 => removed -= 1,
                Some(b'+') if added > 0 => added -= 1,
                // `\ No newline at end of file` is about the line before it.
                Some(b'\\') => {}
                _ if removed > 0 || added > 0 => return Err(self.early_or(misfit())),
                _ => return Ok(nul),
            }
            nul |= self.input.line_with_nul()?;
        }
    }

    /// What is wrong where something is missing.
    fn early_or(&mut self, cause: Cause) -> Cause {
        match self.input.peek() {
            Ok(Some(_)) => cause,
            Ok(None) => early(),
            Err(error) => error,
        }
    }

    fn end(&mut self) -> Read<()> {
        if self.input.peek()?.is_none() { Ok(()) } else { Err(Cause::other("it goes on after its last file")) }
    }
}

fn early() -> Cause {
    ErrorKind::UnexpectedEof.into()
}

fn misfit() -> Cause {
    Cause::other("the patch does not fit the list of files")
}

/// What an entry of the list says before the names.
struct Facts {
    old_mode: Option<Mode>,
    new_mode: Option<Mode>,
    status: Status,
    /// Only of a renamed file.
    similarity: Option<u8>,
}

impl Facts {
    fn read(entry: &[u8]) -> Option<Self> {
        let entry = std::str::from_utf8(entry.strip_prefix(b":")?).ok()?;
        let words: Vec<&str> = entry.split(' ').collect();
        let [old_mode, new_mode, _, _, status] = words.as_slice() else { return None };
        let mut similarity = None;
        let status = match *status {
            "A" => Status::Added,
            "M" => Status::Modified,
            "D" => Status::Deleted,
            "T" => Status::TypeChanged,
            "U" => Status::Unmerged,
            renamed => {
                similarity = Some(renamed.strip_prefix('R')?.parse().ok().filter(|&percent| percent <= 100)?);
                Status::Modified
            }
        };
        Some(Self { old_mode: mode(old_mode)?, new_mode: mode(new_mode)?, status, similarity })
    }
}

/// Six octal digits; all zero where there is nothing.
fn mode(word: &str) -> Option<Option<Mode>> {
    let mode = u32::from_str_radix(word, 8).ok()?;
    Some((mode != 0).then_some(Mode(mode)))
}

/// `@@ -start,lines +start,lines @@`, where `,1` may be left out, and anything behind.
fn hunk(line: &[u8]) -> Option<Hunk> {
    let (old_start, old_lines, rest) = place(line.strip_prefix(b"@@ -")?)?;
    let (new_start, new_lines, rest) = place(rest.strip_prefix(b" +")?)?;
    let ends = rest.strip_prefix(b" @@")?;
    let tells = old_lines > 0 || new_lines > 0;
    (tells && matches!(ends.first(), None | Some(b' '))).then_some(Hunk { old_start, old_lines, new_start, new_lines })
}

fn place(text: &[u8]) -> Option<(u32, u32, &[u8])> {
    let (start, rest) = number(text)?;
    let (lines, rest) = rest.strip_prefix(b",").map_or(Some((1, rest)), number)?;
    // The line after the last one has a number too.
    start.checked_add(lines)?.checked_add(1)?;
    Some((start, lines, rest))
}

fn number(text: &[u8]) -> Option<(u32, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(digits);
    Some((std::str::from_utf8(digits).ok()?.parse().ok()?, rest))
}

#[cfg(test)]
mod tests;
