//! `create`: the list of a release folder.
use std::path::{Path, PathBuf};

use action::{Annotation, Answer, Failure, Line, OrFail as _, Report, neutral};
use formats::sums::{Dialect, Digest, End, Form, needs_escape, read, write};
use serde::Serialize;

use crate::apply;
use crate::gather::tree::{self, Item};
use crate::gather::{self, shown};
use crate::inputs::{CreateInputs, Format};
use crate::report::{self as say, files};
use formats::sums::names::is_beside;

pub(crate) fn run(inputs: CreateInputs, report: &mut Report) -> Result<Answer, Failure> {
    let CreateInputs { path, out, allow_escapes, format } = inputs;
    let folder = path.ok_or_else(|| {
        Failure::inputs("make a list", "there is no folder").hint("name the folder of the release in `path`")
    })?;
    let out = out.unwrap_or_else(|| folder.join("SHA256SUMS.txt"));
    let items = candidates(&folder, &out)?;
    refuse(report, &items, (&folder, allow_escapes))?;
    let paths: Vec<PathBuf> = items.iter().map(|item| gather::below(&folder, &item.name)).collect();
    let digests = digests(&paths, report)?;
    let listed: Vec<(&[u8], &Digest)> = items.iter().map(Item::base).zip(&digests).collect();
    let bytes = list(&listed)?;
    let printed = out == Path::new("-");
    match printed {
        true => report.machine(&bytes),
        false => apply::write(&out, "the list", &bytes)?,
    }
    say(report, (&listed, &out), format, printed)?;
    Ok(Answer::Yes)
}

/// The files to list, sorted by the names that they get.
fn candidates(folder: &Path, out: &Path) -> Result<Vec<Item>, Failure> {
    let mut items = tree::items(folder)?;
    let own: Vec<PathBuf> =
        [out.to_path_buf(), apply::partial(out)].iter().filter_map(|path| path.canonicalize().ok()).collect();
    items.retain(|item| {
        // A file that is refused is told of, whatever it is called.
        let beside = is_beside(item.base()) && item.refused.is_none();
        let path = gather::below(folder, &item.name).canonicalize();
        !beside && !path.is_ok_and(|path| own.contains(&path))
    });
    items.sort_by(|one, other| one.base().cmp(other.base()).then_with(|| one.name.cmp(&other.name)));
    match items.is_empty() {
        false => Ok(items),
        true => {
            let hint = "build first, and name the folder that the files are put into";
            Err(Failure::inputs(format!("make a list of {}", shown(folder)), "there is no file to list").hint(hint))
        }
    }
}

/// Says which files cannot be listed.
fn refuse(report: &mut Report, items: &[Item], (folder, allow_escapes): (&Path, bool)) -> Result<(), Failure> {
    let mut bad = 0;
    let mut last: Option<&Item> = None;
    for item in items {
        let twin = last.replace(item).filter(|last| last.base() == item.base());
        let problem = match item.refused {
            Some(why) => format!("{}; put a file in its place", why.words()),
            None if twin.is_some() => {
                let twin = twin.map(|twin| neutral(&twin.name)).unwrap_or_default();
                format!("{twin} has the same name, and a release has no folders; rename one of them")
            }
            None if item.base() == b"-" => "its name means standard input to many programs; rename it".to_owned(),
            None if needs_escape(item.base()) && !allow_escapes => {
                "its name has to be escaped, which not every program reads; rename it, or set `allow-escapes`"
                    .to_owned()
            }
            None => continue,
        };
        bad += 1;
        report.annotate(Annotation::error(format!("{}: {problem}", neutral(&item.name))));
    }
    match bad {
        0 => Ok(()),
        _ => Err(Failure::inputs(
            format!("make a list of {}", shown(folder)),
            format!("{} cannot be listed", files(bad)),
        )),
    }
}

fn digests(paths: &[PathBuf], report: &mut Report) -> Result<Vec<Digest>, Failure> {
    let results = gather::digests(paths, report);
    let digest = |(path, result): (&PathBuf, std::io::Result<Digest>)| {
        result.or_fail(|| format!("hash the file {}", shown(path)))
    };
    paths.iter().zip(results).map(digest).collect()
}

/// The list, and proof that it reads as it was meant.
fn list(listed: &[(&[u8], &Digest)]) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    listed.iter().for_each(|file| write(&mut bytes, *file, Form::Text, End::Line));
    let again = read(&bytes, Dialect::Strict);
    let same = again.entries.iter().map(|entry| (entry.name.as_slice(), &entry.digest)).eq(listed.iter().copied());
    match same && again.problems.is_empty() {
        true => Ok(bytes),
        false => Err(Failure::outside("make a list", "it does not read as it was written, which is a bug")),
    }
}

/// What was made, for programs.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Made {
    sums_file: String,
    count: usize,
    files: Vec<say::Listed>,
}

fn say(
    report: &mut Report,
    (listed, out): (&[(&[u8], &Digest)], &Path),
    format: Format,
    printed: bool,
) -> Result<(), Failure> {
    if !printed {
        report.output("sums-file", shown(out));
    }
    report.output("count", listed.len().to_string());
    say::table(report, &format!("{} in {}", files(listed.len()), action::markdown::code(shown(out))), listed);
    match format {
        _ if printed => {}
        Format::Json => {
            let made = Made { sums_file: shown(out), count: listed.len(), files: say::as_json(listed) };
            say::json(report, &made)?;
        }
        Format::Text => {
            let text = format!(", {} in {}", files(listed.len()), shown(out));
            report.line(Line::new().good("ok").plain(text));
        }
    }
    Ok(())
}
