//! Cobertura XML, as coverage.py, istanbul, vitest, gcovr, coverlet, cargo-llvm-cov and others write it.
//!
//! Only the lines directly below a class count: those below its methods are said again there. A file may be in many
//! classes, and what `line-rate` claims is kept for comparison only.
use std::io::Read;

use super::xml::{Event, Scanner, Tag};
use super::{Builder, Problem, number};
use crate::lines::State;

/// Reads the report, whose root has not been read yet.
///
/// # Errors
/// As the scanner, and `bad-number`, `limit-line`, `bad-report`.
pub(super) fn read<R: Read>(scanner: &mut Scanner<R>, builder: &mut Builder) -> Result<(), Problem> {
    let mut in_methods = 0u32;
    loop {
        while in_methods == 0 && builder.in_file() {
            let Some(line) = scanner.pair(b"<line number=\"", b"\" hits=\"") else { break };
            let number = number::line(line.first.0, line.first.1)?;
            let hit = number::is_hit(builder, line.second, "hits")?;
            builder.line(number, if hit { State::Hit } else { State::Missed }, line.at)?;
        }
        match scanner.next()? {
            Event::Start(tag) => match tag.name() {
                b"line" if in_methods == 0 && builder.in_file() => line(&tag, builder)?,
                b"methods" if !tag.empty => in_methods += 1,
                b"class" => {
                    class(&tag, builder)?;
                    let (empty, at) = (tag.empty, tag.at);
                    in_methods = 0;
                    if empty {
                        builder.leave(at)?;
                    }
                }
                b"source" if !tag.empty => {
                    let at = tag.at;
                    let folder = scanner.content()?;
                    builder.source(folder.trim_ascii(), at)?;
                }
                b"coverage" => header(&tag, builder),
                _ => {}
            },
            Event::End(b"class") => {
                let at = scanner.at();
                builder.leave(at)?;
            }
            Event::End(b"methods") => in_methods = in_methods.saturating_sub(1),
            Event::End(_) => {}
            Event::Eof => return Ok(()),
        }
    }
}

fn header(tag: &Tag<'_>, builder: &mut Builder) {
    let text = |name: &[u8]| tag.raw(name).and_then(|(value, _)| std::str::from_utf8(value).ok()).map(str::to_owned);
    let count = |name: &[u8]| tag.raw(name).and_then(|(value, _)| number::whole(value));
    let header = builder.header();
    header.rate = text(b"line-rate");
    header.lines = count(b"lines-covered").zip(count(b"lines-valid"));
}

fn class(tag: &Tag<'_>, builder: &mut Builder) -> Result<(), Problem> {
    let Some((raw, at)) = tag.raw(b"filename") else {
        return Err(Problem::new("bad-report", tag.at, "a class without a file name"));
    };
    if raw.is_empty() {
        return Err(Problem::new("bad-report", at, "a class with an empty file name"));
    }
    let name = tag.text(b"filename")?;
    let rate = tag.raw(b"line-rate").and_then(|(rate, _)| std::str::from_utf8(rate).ok()?.parse().ok());
    builder.class(tag.raw(b"name").map_or(b"", |(name, _)| name));
    let file = builder.file(&name, at)?;
    file.rate = file.rate.or(rate);
    Ok(())
}

#[inline]
fn line(tag: &Tag<'_>, builder: &mut Builder) -> Result<(), Problem> {
    let missing = |what: &str| Problem::new("bad-number", tag.at, format!("a line without {what}"));
    let (text, at) = tag.raw(b"number").ok_or_else(|| missing("its number"))?;
    let number = number::line(text, at)?;
    let hits = tag.raw(b"hits").ok_or_else(|| missing("hits"))?;
    let hit = number::is_hit(builder, hits, "hits")?;
    let branches = tag.raw(b"condition-coverage").and_then(|(text, _)| fraction(text));
    let whole = branches.is_none_or(|(covered, total)| covered >= total);
    let state = match (hit, whole) {
        (false, _) => State::Missed,
        (true, true) => State::Hit,
        (true, false) => State::Partial,
    };
    builder.line(number, state, tag.at)?;
    if let Some(branches) = branches {
        builder.branches(number, branches);
    }
    Ok(())
}

/// `50% (1/2)`: the numbers in the parentheses.
fn fraction(text: &[u8]) -> Option<(u64, u64)> {
    let open = memchr::memchr(b'(', text)?;
    let inner = text[open + 1..].strip_suffix(b")")?;
    let slash = memchr::memchr(b'/', inner)?;
    Some((number::whole(&inner[..slash])?, number::whole(&inner[slash + 1..])?))
}
