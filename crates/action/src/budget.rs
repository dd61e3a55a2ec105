//! GitHub shows ten annotations of a level per step: this keeps the heaviest ten and counts the rest.
use std::cmp::Reverse;

use crate::annotation::{Annotation, Level};
use crate::render;

/// What GitHub shows of each level per step.
/// <https://docs.github.com/en/actions/reference/limits>
pub(crate) const PER_LEVEL: usize = 10;
/// Longest message, in UTF-16 units as the runner counts them.
pub(crate) const MESSAGE: usize = 4096;

/// The annotations of one step that will be shown.
#[derive(Default)]
pub(crate) struct Budget {
    levels: [Kept; 3],
}

#[derive(Default)]
struct Kept {
    /// Heaviest first; of equal weight, first come first.
    shown: Vec<Annotation>,
    dropped: usize,
}

impl Budget {
    /// Takes an annotation in; gives back the one that no longer fits, if any.
    pub(crate) fn add(&mut self, annotation: Annotation) -> Option<Annotation> {
        let kept = &mut self.levels[annotation.level as usize];
        let place = kept.shown.partition_point(|other| Reverse(other.weight) <= Reverse(annotation.weight));
        kept.shown.insert(place, annotation);
        let over = (kept.shown.len() > PER_LEVEL).then(|| kept.shown.pop()).flatten();
        kept.dropped += usize::from(over.is_some());
        over
    }

    /// The annotations to show, errors first, heaviest first; the tenth of a level says how many more there were.
    pub(crate) fn take(&mut self) -> Vec<Annotation> {
        let mut all = Vec::new();
        for level in [Level::Error, Level::Warning, Level::Notice] {
            let kept = std::mem::take(&mut self.levels[level as usize]);
            let more = match kept.dropped {
                0 => String::new(),
                count => format!("\n(and {count} more of level {}: see the log of this step)", level.word()),
            };
            let last = kept.shown.len().saturating_sub(1);
            for (at, mut annotation) in kept.shown.into_iter().enumerate() {
                let tail = if at == last { more.as_str() } else { "" };
                annotation.message = fitted(&render::message(&annotation.message), tail);
                all.push(annotation);
            }
        }
        all
    }
}

/// Cuts a message so that it fits together with `tail`, which is ASCII.
fn fitted(message: &str, tail: &str) -> String {
    let room = MESSAGE - tail.len();
    if message.encode_utf16().count() <= room {
        return format!("{message}{tail}");
    }
    let mut units = 0;
    let end = message.char_indices().find(|(_, letter)| {
        units += letter.len_utf16();
        units > room - 1
    });
    format!("{}…{tail}", &message[..end.map_or(message.len(), |(at, _)| at)])
}
