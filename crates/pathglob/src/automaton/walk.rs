//! What can be said about a pattern without a path: by walking its states instead of matching.

use std::collections::HashSet;

use super::alphabet::Symbol;
use super::program::{Op, Program, Side, Slot};
use super::step::Values;
use crate::glob::Reach;

/// Values that [`normalized_reach`] works out before it gives up.
const REACH_BUDGET: usize = 2_000_000;

/// The text that every match begins with.
#[derive(Debug, Default)]
pub(crate) struct Prefix {
    pub(crate) bytes: Vec<u8>,
    /// Whether nothing longer can match.
    pub(crate) complete: bool,
}

/// States that hold at one position when the path is read forwards. Look-aheads and word boundaries count as passed,
/// so more states are found than a match could be in, never fewer.
struct Front {
    takers: Vec<usize>,
    accepts: bool,
}

impl Front {
    /// The states that `slots` lead to; `at_start` at the beginning of the path, `to_end` if it may end here.
    fn new(program: &Program, slots: Vec<Slot>, at_start: bool, to_end: bool) -> Self {
        let width = program.takers.len();
        if let [taker] = slots[..]
            && (taker as usize) < width
        {
            // Within a word there is nothing to follow.
            return Front { takers: vec![taker as usize], accepts: false };
        }
        let mut seen = HashSet::new();
        let mut front = Front { takers: Vec::new(), accepts: false };
        // A state, and whether the path's end was passed on the way to it: then nothing more can be taken.
        let mut open: Vec<(Slot, bool)> = slots.into_iter().map(|slot| (slot, false)).collect();
        while let Some((slot, ended)) = open.pop() {
            if !seen.insert((slot, ended)) {
                continue;
            }
            let slot = slot as usize;
            if slot < width {
                front.takers.extend((!ended).then_some(slot));
                continue;
            }
            match program.ops[slot - width] {
                Op::Accept => front.accepts = true,
                Op::Or(first, second) => open.extend([(first, ended), (second, ended)]),
                Op::Start(next) if at_start => open.push((next, ended)),
                Op::End(next) if to_end => open.push((next, true)),
                Op::Start(_) | Op::End(_) => {}
                Op::Boundary { next, .. } | Op::Look { next, .. } => open.push((next, ended)),
            }
        }
        front
    }
}

/// The longest text that every match of `program` begins with.
pub(crate) fn prefix(program: &Program) -> Prefix {
    let mut prefix = Prefix::default();
    let mut front = Front::new(program, vec![program.start], true, true);
    // More characters than takers are only reached in a circle that nothing leaves: then nothing matches at all.
    for _ in 0..=program.takers.len() {
        if front.accepts {
            prefix.complete = front.takers.is_empty();
            break;
        }
        let Some(character) = only_character(program, &front.takers) else { break };
        prefix.bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        let next = front.takers.iter().map(|&taker| program.takers[taker].next).collect();
        front = Front::new(program, next, false, true);
    }
    prefix
}

/// The only character that any of `takers` takes.
fn only_character(program: &Program, takers: &[usize]) -> Option<char> {
    let literal = |taker: &usize| program.literals[program.takers[*taker].set as usize];
    let character = literal(takers.first()?)?;
    let same = takers.iter().all(|taker| literal(taker) == Some(character));
    if same { char::from_u32(character) } else { None }
}

/// Whether a match may begin with `folder`, a slash and something more; never wrongly false.
pub(crate) fn reaches_below(program: &Program, folder: &[u8]) -> bool {
    let mut front = Front::new(program, vec![program.start], true, false);
    let mut rest = folder;
    let mut slash_to_come = !folder.is_empty();
    while !rest.is_empty() || slash_to_come {
        if front.accepts {
            return true;
        }
        let (symbol, length) = if rest.is_empty() {
            slash_to_come = false;
            (program.alphabet.ascii(b'/'), 0)
        } else {
            program.alphabet.first(rest)
        };
        rest = &rest[length..];
        let taken = front.takers.iter().map(|&taker| program.takers[taker]);
        let next: Vec<Slot> =
            taken.filter(|taker| program.alphabet.holds(symbol, taker.set as usize)).map(|taker| taker.next).collect();
        if next.is_empty() {
            return false;
        }
        front = Front::new(program, next, false, false);
    }
    front.accepts || !front.takers.is_empty()
}

/// The part of a path between two slashes, as far as it was read from its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    Empty,
    Dot,
    TwoDots,
    Name,
}

impl Part {
    /// The part after one more character on the left; `None` if no normalized path goes on like that.
    fn before(self, is_slash: bool, is_dot: bool) -> Option<Self> {
        match (self, is_slash, is_dot) {
            (Part::Name, true, _) => Some(Part::Empty),
            (_, true, _) => None,
            (Part::Empty, _, true) => Some(Part::Dot),
            (Part::Dot, _, true) => Some(Part::TwoDots),
            _ => Some(Part::Name),
        }
    }
}

/// Whether `program` matches any path without a slash at an end and without empty, `.` or `..` parts: a search through
/// the rows that such paths lead to.
pub(crate) fn normalized_reach(program: &Program) -> Reach {
    let (slash, dot) = (program.alphabet.ascii(b'/'), program.alphabet.ascii(b'.'));
    let words = program.takers.len().div_ceil(64).max(1);
    let mut values = Values::default();
    values.reset(program);
    let mut bits = vec![0u64; words];
    let mut seen = HashSet::new();
    let mut open = vec![(bits.clone(), Side::Edge, Part::Empty)];
    let mut budget = REACH_BUDGET;
    while let Some((row, right, part)) = open.pop() {
        values.set_takers(&row, program.takers.len());
        if part == Part::Name && values.settle(program, Side::Edge, right) {
            return Reach::Possible;
        }
        for symbol in 0..program.alphabet.len() as Symbol {
            let Some(next) = part.before(symbol == slash, symbol == dot) else { continue };
            let Some(left) = budget.checked_sub(program.cost) else { return Reach::Unknown };
            budget = left;
            let side = program.side(symbol);
            values.settle(program, side, right);
            if values.take(program, symbol, &mut bits) && seen.insert((bits.clone(), side as u8, next)) {
                open.push((bits.clone(), side, next));
            }
        }
    }
    Reach::Impossible
}
