//! Clover XML, as istanbul, PHPUnit and OpenClover write it.
//!
//! istanbul puts the base name into `name` and the whole path into `path`; the others put the path into `name`. Lines of
//! type `method` are signatures and no statements.
use std::io::Read;

use super::xml::{Event, Scanner, Tag};
use super::{Builder, Problem, number};
use crate::lines::State;

/// Whether `truecount` and `falsecount` mean taken and untaken branches: istanbul claims version 3.2.0, and gcovr puts a
/// time into the place of the version. Clover's own mean how often the condition was true and false.
fn counts_taken(version: &[u8]) -> bool {
    version == b"3.2.0" || (!version.is_empty() && version.iter().all(u8::is_ascii_digit))
}

/// Reads the report, whose root has not been read yet.
///
/// # Errors
/// As the scanner, and `bad-number`, `limit-line`, `bad-report`.
pub(super) fn read<R: Read>(scanner: &mut Scanner<R>, builder: &mut Builder) -> Result<(), Problem> {
    let (mut taken, mut in_tests) = (false, false);
    loop {
        match scanner.next()? {
            Event::Start(tag) => match tag.name() {
                b"line" if builder.in_file() => line(&tag, builder, taken)?,
                b"coverage" => taken = tag.raw(b"clover").is_some_and(|(version, _)| counts_taken(version)),
                b"testproject" => in_tests = !tag.empty,
                b"file" if !in_tests => {
                    file(&tag, builder)?;
                    if tag.empty {
                        builder.leave(tag.at)?;
                    }
                }
                b"class" => builder.class(tag.raw(b"name").map_or(b"", |(name, _)| name)),
                _ => {}
            },
            Event::End(b"testproject") => in_tests = false,
            Event::End(b"file") => {
                let at = scanner.at();
                builder.leave(at)?;
            }
            Event::End(_) => {}
            Event::Eof => return Ok(()),
        }
    }
}

fn file(tag: &Tag<'_>, builder: &mut Builder) -> Result<(), Problem> {
    let path = tag.text(b"path")?;
    let name = if path.is_empty() { tag.text(b"name")? } else { path };
    if name.is_empty() {
        return Err(Problem::new("bad-report", tag.at, "a file without a name"));
    }
    builder.class(b"");
    builder.file(&name, tag.at)?;
    Ok(())
}

fn line(tag: &Tag<'_>, builder: &mut Builder, taken: bool) -> Result<(), Problem> {
    let kind = tag.raw(b"type").map_or(&b"stmt"[..], |(kind, _)| kind);
    if kind == b"method" {
        return Ok(());
    }
    let missing = |what: &str| Problem::new("bad-number", tag.at, format!("a line without {what}"));
    let (text, at) = tag.raw(b"num").ok_or_else(|| missing("its number"))?;
    let number = number::line(text, at)?;
    let count = |name: &'static str| match tag.raw(name.as_bytes()) {
        Some((text, at)) => number::whole(text).ok_or_else(|| number::bad(name, text, at)),
        None => Ok(0),
    };
    let mut branches = None;
    if kind == b"cond" {
        let (yes, no) = (count("truecount")?, count("falsecount")?);
        let of = if taken { (yes, yes.saturating_add(no)) } else { (yes.min(1) + no.min(1), 2) };
        branches = Some(of);
    }
    let hit = match (tag.raw(b"count"), branches) {
        (Some(count), _) => number::is_hit(builder, count, "count")?,
        // OpenClover's conditions have no count of their own.
        (None, Some((covered, _))) => covered > 0,
        (None, None) => return Err(missing("a count")),
    };
    let whole = branches.is_none_or(|(covered, total)| covered >= total);
    let state = if hit && whole {
        State::Hit
    } else if hit {
        State::Partial
    } else {
        State::Missed
    };
    builder.line(number, state, tag.at)?;
    if let Some(branches) = branches {
        builder.branches(number, branches);
    }
    Ok(())
}
