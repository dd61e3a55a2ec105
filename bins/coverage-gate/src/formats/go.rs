//! Go's coverprofile: blocks of statements. With `-coverpkg` each test binary lists every block again.
//! <https://pkg.go.dev/golang.org/x/tools/cover#Profile>
use std::io::Read;

use super::input::{Input, Line};
use super::number::{self, shown};
use super::{Block, Builder, Problem};
use crate::lines::{LAST_LINE, State};

/// Reads the profile.
///
/// # Errors
/// As the input, and `bad-number`, `limit-line`, `limit-blocks`, `bad-report`.
pub(super) fn read<R: Read>(input: &mut Input<R>, builder: &mut Builder) -> Result<(), Problem> {
    while let Some(Line { bytes: line, at, cut }) = input.line()? {
        if line.trim_ascii().is_empty() || line.starts_with(b"mode:") {
            continue;
        }
        let (name, block) = match block(line, at) {
            Ok(read) => read,
            Err(_) if cut => {
                let end = at + line.len() as u64;
                return Err(Problem::new("truncated-report", end, "the report ends within a line"));
            }
            Err(problem) => return Err(problem),
        };
        builder.file(name, at)?;
        builder.block(block);
        let state = if block.hit { State::Hit } else { State::Missed };
        builder.range((block.start.0, last_line(&block)), state, at)?;
    }
    builder.leave(input.at())
}

/// `name.go:3.14,5.2 2 1`: from the right, since a name may hold anything.
fn block(line: &[u8], at: u64) -> Result<(&[u8], Block), Problem> {
    let bad = |what: &str| Problem::new("bad-report", at, format!("{what} in {}", shown(line)));
    let mut fields = line.rsplitn(3, |byte| *byte == b' ');
    let (count, statements, rest) = (fields.next().unwrap_or_default(), fields.next(), fields.next());
    let (Some(statements), Some(rest)) = (statements, rest) else { return Err(bad("no block")) };
    let colon = memchr::memrchr(b':', rest).filter(|colon| *colon > 0).ok_or_else(|| bad("no file name"))?;
    let comma = memchr::memrchr(b',', &rest[colon..]).ok_or_else(|| bad("no end of a block"))? + colon;
    let start = position(&rest[colon + 1..comma], at)?;
    let end = position(&rest[comma + 1..], at)?;
    if end < start {
        return Err(bad("a block that ends before it begins"));
    }
    let statements = number::whole(statements).and_then(|count| u32::try_from(count).ok());
    let statements = statements.ok_or_else(|| Problem::new("bad-number", at, "a number of statements is none"))?;
    let hit = match number::hits(count) {
        Some(hits) => hits == number::Hits::Some,
        None => return Err(number::bad("a count", count, at)),
    };
    Ok((&rest[..colon], Block { start, end, statements, hit }))
}

/// `line.column`
fn position(text: &[u8], at: u64) -> Result<(u32, u32), Problem> {
    let dot = memchr::memchr(b'.', text).ok_or_else(|| number::bad("a position", text, at))?;
    let line = number::line(&text[..dot], at)?;
    let column = number::whole(&text[dot + 1..]).ok_or_else(|| number::bad("a column", text, at))?;
    debug_assert!(line <= u64::from(LAST_LINE));
    Ok((line as u32, u32::try_from(column).unwrap_or(u32::MAX)))
}

/// The last line of a block that has code: one that holds only its closing brace has none.
fn last_line(block: &Block) -> u32 {
    let only_brace = block.end.1 <= 2 && block.end.0 > block.start.0;
    if only_brace { block.end.0 - 1 } else { block.end.0 }
}
