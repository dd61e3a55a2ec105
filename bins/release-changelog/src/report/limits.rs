//! What fits into a release on GitHub, and what is left out where not everything does.
use super::markdown::{Look, Stage, notes};
use crate::record::Record;

/// GitHub refuses a longer body; it counts characters, and bytes are never fewer.
pub(crate) const LARGEST_BODY: usize = crate::apply::LONGEST_BODY;

/// The notes as a release's body.
pub(crate) struct Body {
    pub(crate) text: String,
    pub(crate) stage: Stage,
}

/// The fullest text that fits; `None` where not even what breaks does.
pub(crate) fn body(record: &Record<'_>, look: &Look<'_>, full: &str) -> Option<Body> {
    if full.len() <= LARGEST_BODY {
        return Some(Body { text: full.to_owned(), stage: Stage::Full });
    }
    let shorter = Stage::ALL.into_iter().skip(1);
    let mut texts = shorter.map(|stage| Body { text: notes(record, look, stage), stage });
    texts.find(|body| body.text.len() <= LARGEST_BODY)
}

/// Nothing is cut out of what breaks: the people who read it decide how to say it shorter.
pub(crate) fn too_long(bytes: usize) -> action::Failure {
    let cause =
        format!("they have {bytes} bytes, and what breaks alone has more than the {LARGEST_BODY} that GitHub takes");
    action::Failure::inputs("fit the notes into a release", cause)
        .hint("shorten the notes of breaking changes by overrides")
}
