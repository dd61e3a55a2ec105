//! JaCoCo XML: only `<sourcefile>` counts, since its classes say the same lines again.
//!
//! A name is a package and a source file without any folder of the repository; [`ParsedFile::in_package`] says so.
//!
//! [`ParsedFile::in_package`]: super::ParsedFile::in_package
use std::io::Read;

use super::xml::{Event, Scanner, Tag};
use super::{Builder, Problem, number};
use crate::lines::State;

/// Reads the report, whose root has not been read yet.
///
/// # Errors
/// As the scanner, and `bad-number`, `limit-line`, `bad-report`.
pub(super) fn read<R: Read>(scanner: &mut Scanner<R>, builder: &mut Builder) -> Result<(), Problem> {
    let mut groups: Vec<Vec<u8>> = Vec::new();
    let mut package = Vec::new();
    loop {
        match scanner.next()? {
            Event::Start(tag) => match tag.name() {
                b"line" if builder.in_file() => line(&tag, builder)?,
                b"group" if !tag.empty => groups.push(tag.text(b"name")?),
                b"package" => package = tag.text(b"name")?,
                b"sourcefile" => {
                    source_file(&tag, builder, (&groups, &package))?;
                    if tag.empty {
                        builder.leave(tag.at)?;
                    }
                }
                b"sessioninfo" => {
                    if let Some(start) = tag.raw(b"start").and_then(|(start, _)| number::whole(start)) {
                        builder.made(start);
                    }
                }
                _ => {}
            },
            Event::End(b"sourcefile") => {
                let at = scanner.at();
                builder.leave(at)?;
            }
            Event::End(b"group") => drop(groups.pop()),
            Event::End(_) => {}
            Event::Eof => return Ok(()),
        }
    }
}

fn source_file(tag: &Tag<'_>, builder: &mut Builder, (groups, package): (&[Vec<u8>], &[u8])) -> Result<(), Problem> {
    let file = tag.text(b"name")?;
    if file.is_empty() {
        return Err(Problem::new("bad-report", tag.at, "a source file without a name"));
    }
    let name = if package.is_empty() { file } else { [package, b"/", &file].concat() };
    // Two modules may have the same package and file: they are two files.
    let key = [groups.join(&0).as_slice(), b"\0", &name].concat();
    let key = if groups.is_empty() { &name } else { &key };
    let parsed = builder.file(key, tag.at)?;
    parsed.name = name;
    parsed.in_package = true;
    parsed.module = groups.last().cloned().unwrap_or_default();
    Ok(())
}

#[inline]
fn line(tag: &Tag<'_>, builder: &mut Builder) -> Result<(), Problem> {
    let count = |name: &'static str| match tag.raw(name.as_bytes()) {
        Some((text, at)) => number::whole(text).ok_or_else(|| number::bad(name, text, at)),
        None => Err(Problem::new("bad-number", tag.at, format!("a line without `{name}`"))),
    };
    let (text, at) = tag.raw(b"nr").ok_or_else(|| Problem::new("bad-number", tag.at, "a line without its number"))?;
    let number = number::line(text, at)?;
    let (mi, ci, mb, cb) = (count("mi")?, count("ci")?, count("mb")?, count("cb")?);
    let state = match (ci, mi, mb) {
        (0, ..) => State::Missed,
        (_, 0, 0) => State::Hit,
        _ => State::Partial,
    };
    builder.line(number, state, tag.at)?;
    builder.branches(number, (cb, cb.saturating_add(mb)));
    Ok(())
}
