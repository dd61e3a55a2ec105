//! The notes are the release's: its text, or one of the attested files.
use super::Seen;
use super::attestation::Coverage;
use super::sums;
use crate::gather::{Asset, Facts};
use crate::record::Finding;

pub(crate) fn seen(facts: &Facts, coverage: &Coverage) -> Seen {
    let Some(notes) = &facts.notes else { return Seen::skipped("no notes were given to compare") };
    let asset = Asset { name: notes.name.clone(), sha256: notes.sha256.clone(), ..Asset::default() };
    if let Some(release) = &facts.release {
        let body = release.body.as_deref().unwrap_or_default();
        if lines(body).eq(lines(&notes.text)) {
            return Seen::fine(format!("{} is the text of the release", notes.name));
        }
        let line = lines(body).zip(lines(&notes.text)).take_while(|(a, b)| a == b).count() + 1;
        let message = format!("the text of the release is another one from line {line} on");
        let hint = "set the release's text from this file again, or find out who edited it";
        return Seen::of("", vec![Finding::fail("notes-differ", message).file(&notes.name).hint(hint)]);
    }
    if sums::lists(&facts.sums, &asset) {
        return Seen::fine(format!("{} is listed with its digest", notes.name));
    }
    if !coverage.of_asset(&asset).is_empty() {
        return Seen::fine(format!("{} is attested", notes.name));
    }
    let message =
        "nothing says which notes this release has: they are not listed, and no record of the release is given";
    let hint = "give the release's record (release-json), or list the notes among the assets";
    Seen::of("", vec![Finding::unknown("notes-unknown", message).file(&notes.name).hint(hint)])
}

/// The lines of a text; GitHub's form sends CR LF, and keeps or drops line feeds at the end.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.trim_end().lines()
}
