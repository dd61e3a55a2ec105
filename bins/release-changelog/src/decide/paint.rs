//! Which tag each commit came with: tags are painted from the oldest on, and each commit keeps its first colour.
use super::{Facts, OUTSIDE};

/// No tag has the commit.
pub const NONE: u32 = u32::MAX;

/// Colours and the order in which they were given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Painted {
    /// For each commit the place in `order` of its tag, or [`NONE`].
    pub colours: Vec<u32>,
    /// Tags, the oldest first; numbers are those of the tags given.
    pub order: Vec<usize>,
}

/// Paints in the order given, which is that of versions. Where a younger version is older history, as after a change of the
/// way of counting, the order of history is taken instead: a tag never gets what belongs to a tag below it.
///
/// Each commit is visited once, or twice in the second case.
pub fn paint(facts: &Facts, tags: &[u32]) -> Painted {
    let mut order: Vec<usize> = (0..tags.len()).collect();
    if let Some(colours) = colours(facts, tags, &order) {
        return Painted { colours, order };
    }
    // Parents come before their children among the facts.
    order.sort_by_key(|&tag| tags[tag]);
    let colours = colours(facts, tags, &order).unwrap_or_else(|| vec![NONE; facts.commits.len()]);
    Painted { colours, order }
}

/// `None` where a tag would get the commit of one that comes later.
fn colours(facts: &Facts, tags: &[u32], order: &[usize]) -> Option<Vec<u32>> {
    let mut colours = vec![NONE; facts.commits.len()];
    let mut waiting = vec![false; facts.commits.len()];
    tags.iter().for_each(|&place| waiting[place as usize] = true);
    let mut stack = Vec::new();
    for (colour, &tag) in order.iter().enumerate() {
        waiting[tags[tag] as usize] = false;
        stack.push(tags[tag]);
        while let Some(place) = stack.pop() {
            if place == OUTSIDE || colours[place as usize] != NONE {
                continue;
            }
            if waiting[place as usize] {
                return None;
            }
            colours[place as usize] = colour as u32;
            stack.extend(facts.commits[place as usize].parents.iter().copied());
        }
    }
    Some(colours)
}
