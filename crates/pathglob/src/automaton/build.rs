//! Makes the states of a tree. Each piece is built onto the state that follows it, so equal ends become one state.

use std::collections::HashMap;

use super::alphabet::Alphabet;
use super::order::{Ordered, order};
use super::program::{Op, Program, Slot, Taker};
use crate::charset::CharSet;
use crate::regex::Node;

/// Marks a slot of an op while the number of takers is not known.
pub(super) const OP: Slot = 1 << 31;

/// States that a pattern may have whatever its length.
const BASE_STATES: usize = 256;
/// States that it may have more for each of its bytes. What the dialects themselves write takes fewer than three;
/// counted repeats, which only come from brackets that do not balance, can take any number.
const STATES_PER_BYTE: usize = 3;
/// Different characters and classes that a pattern may hold, and ranges in all of these together: the alphabet's table
/// grows with the product.
const MAX_SETS: usize = 1024;
const MAX_RANGES: usize = 8192;

/// A limit was reached.
#[derive(Debug)]
pub(crate) struct TooLarge;

struct Builder {
    sets: Vec<CharSet>,
    set_index: HashMap<CharSet, u32>,
    takers: Vec<Taker>,
    taker_index: HashMap<Taker, Slot>,
    ops: Vec<Op>,
    op_index: HashMap<Op, Slot>,
    limit: usize,
}

/// A loop: from `entry` there may be no round at all, from `body` there is one at least.
struct Rounds {
    entry: Slot,
    body: Slot,
}

/// Compiles `node`, the tree of a pattern of `length` bytes.
pub(crate) fn build(node: &Node, length: usize) -> Result<Program, TooLarge> {
    let mut builder = Builder {
        sets: Vec::new(),
        set_index: HashMap::new(),
        takers: Vec::new(),
        taker_index: HashMap::new(),
        ops: vec![Op::Accept],
        op_index: HashMap::new(),
        limit: BASE_STATES + STATES_PER_BYTE * length,
    };
    let start = builder.node(node, OP)?;
    builder.finish(start, begins_at_start(node))
}

/// Whether every way through `node` begins with `^`.
fn begins_at_start(node: &Node) -> bool {
    match node {
        Node::Start => true,
        Node::Concat(nodes) => nodes.first().is_some_and(begins_at_start),
        Node::Alternate(nodes) => nodes.iter().all(begins_at_start),
        _ => false,
    }
}

impl Builder {
    /// The state from which `node` and then `next` matches.
    fn node(&mut self, node: &Node, next: Slot) -> Result<Slot, TooLarge> {
        match node {
            Node::Set(set) => self.taker(set, next),
            Node::Concat(nodes) => nodes.iter().rev().try_fold(next, |next, node| self.node(node, next)),
            Node::Alternate(nodes) => self.alternate(nodes, next),
            Node::Repeat { node, min, max } => self.repeat(node, (*min, *max), next),
            Node::Look { node, negative } => {
                let body = self.node(node, OP)?;
                self.op(Op::Look { body, negative: *negative, next })
            }
            Node::Start => self.op(Op::Start(next)),
            Node::End => self.op(Op::End(next)),
            Node::WordBoundary { negative } => self.op(Op::Boundary { negative: *negative, next }),
        }
    }

    fn taker(&mut self, set: &CharSet, next: Slot) -> Result<Slot, TooLarge> {
        let set = match self.set_index.get(set) {
            Some(&index) => index,
            None => {
                if self.sets.len() == MAX_SETS {
                    return Err(TooLarge);
                }
                let index = self.sets.len() as u32;
                self.sets.push(set.clone());
                self.set_index.insert(set.clone(), index);
                index
            }
        };
        let taker = Taker { set, next };
        if let Some(&slot) = self.taker_index.get(&taker) {
            return Ok(slot);
        }
        self.room()?;
        let slot = self.takers.len() as Slot;
        self.takers.push(taker);
        self.taker_index.insert(taker, slot);
        Ok(slot)
    }

    fn op(&mut self, op: Op) -> Result<Slot, TooLarge> {
        if let Op::Or(first, second) = op
            && first == second
        {
            return Ok(first);
        }
        if let Some(&slot) = self.op_index.get(&op) {
            return Ok(slot);
        }
        let slot = self.fresh(op)?;
        self.op_index.insert(op, slot);
        Ok(slot)
    }

    fn fresh(&mut self, op: Op) -> Result<Slot, TooLarge> {
        self.room()?;
        self.ops.push(op);
        Ok(OP | (self.ops.len() - 1) as Slot)
    }

    fn room(&self) -> Result<(), TooLarge> {
        if self.takers.len() + self.ops.len() < self.limit { Ok(()) } else { Err(TooLarge) }
    }

    fn alternate(&mut self, nodes: &[Node], next: Slot) -> Result<Slot, TooLarge> {
        let mut rest = None;
        for node in nodes.iter().rev() {
            let slot = self.node(node, next)?;
            rest = Some(match rest {
                Some(rest) => self.op(Op::Or(slot, rest))?,
                None => slot,
            });
        }
        // No alternative at all: nothing matches, like a taker of nothing.
        rest.map_or_else(|| self.taker(&CharSet::default(), next), Ok)
    }

    fn repeat(&mut self, node: &Node, (min, max): (u32, Option<u32>), next: Slot) -> Result<Slot, TooLarge> {
        let (mut slot, mut copies) = (next, min);
        match max {
            None if min == 0 || node.is_nullable() => return self.star(node, next),
            None => {
                // The loop's own body is the last of the copies that must be there.
                slot = self.rounds(node, next)?.body;
                copies -= 1;
            }
            Some(max) => {
                for _ in min..max {
                    let before = slot;
                    let once = self.node(node, slot)?;
                    slot = self.op(Op::Or(once, next))?;
                    if slot == before {
                        break;
                    }
                }
            }
        }
        for _ in 0..copies {
            let before = slot;
            slot = self.node(node, slot)?;
            if slot == before {
                break;
            }
        }
        Ok(slot)
    }

    fn star(&mut self, node: &Node, next: Slot) -> Result<Slot, TooLarge> {
        if !node.is_nullable() {
            return Ok(self.rounds(node, next)?.entry);
        }
        let node = starred(node);
        // Nothing is left when each round would take nothing, and then no round is as good as any.
        if node == Node::empty() { Ok(next) } else { Ok(self.rounds(&node, next)?.entry) }
    }

    fn rounds(&mut self, node: &Node, next: Slot) -> Result<Rounds, TooLarge> {
        let entry = self.fresh(Op::Or(next, next))?;
        let body = self.node(node, entry)?;
        self.ops[(entry & !OP) as usize] = Op::Or(body, next);
        Ok(Rounds { entry, body })
    }

    fn finish(mut self, start: Slot, anchored: bool) -> Result<Program, TooLarge> {
        let mut start = start;
        if !anchored {
            // A search: begin here, or take a character and begin further on.
            let slot = self.fresh(Op::Or(start, start))?;
            let on = self.taker(&CharSet::all(), slot)?;
            self.ops[(slot & !OP) as usize] = Op::Or(start, on);
            start = slot;
        }
        let uses_words = self.ops.iter().any(|op| matches!(op, Op::Boundary { .. }));
        let word_set = uses_words.then_some(self.sets.len());
        if uses_words {
            self.sets.push(CharSet::word());
        }
        // The shape of a normalized path is told by these two, see `normalized_reach`.
        self.sets.extend([CharSet::one('/' as u32), CharSet::one('.' as u32)]);
        let Ordered { takers, ops, loops, start, cost } = order(self.takers, self.ops, start);
        let ranges: usize = self.sets.iter().map(|set| set.ranges().len()).sum();
        if cost > self.limit || ranges > MAX_RANGES {
            return Err(TooLarge);
        }
        let vital = vital(&takers, &ops, start);
        let alphabet = Alphabet::new(&self.sets);
        let literals = self.sets.iter().map(CharSet::single).collect();
        Ok(Program { alphabet, literals, takers, ops, loops, start, vital, word_set, cost })
    }
}

/// The takers that are reached from `start` outside of look-aheads, if each way to acceptance passes the path's end.
fn vital(takers: &[Taker], ops: &[Op], start: Slot) -> Option<Vec<u64>> {
    let mut seen = vec![false; takers.len() + ops.len()];
    let mut open = vec![start];
    let mut reached = vec![0u64; takers.len().div_ceil(64).max(1)];
    while let Some(slot) = open.pop() {
        if std::mem::replace(&mut seen[slot as usize], true) {
            continue;
        }
        let slot = slot as usize;
        if slot < takers.len() {
            reached[slot / 64] |= 1 << (slot % 64);
            open.push(takers[slot].next);
            continue;
        }
        match ops[slot - takers.len()] {
            Op::Accept => return None,
            Op::End(_) => {}
            Op::Or(first, second) => open.extend([first, second]),
            Op::Start(next) | Op::Boundary { next, .. } | Op::Look { next, .. } => open.push(next),
        }
    }
    Some(reached)
}

/// A tree with the same repeats as `node`, which takes something each time where that can be had by rewriting.
///
/// `(a*)*` is `a*` and `(a?b?)*` is `(a|b)*`: what may be empty unconditionally can be left out of any round.
fn starred(node: &Node) -> Node {
    if !node.is_nullable() {
        return node.clone();
    }
    match node {
        // Any number of rounds of this inside any number of rounds of that is any number of rounds.
        Node::Repeat { node, .. } => starred(node),
        Node::Concat(nodes) | Node::Alternate(nodes) => {
            let mut parts: Vec<Node> = nodes.iter().map(starred).filter(|part| *part != Node::empty()).collect();
            match parts.len() {
                0 => Node::empty(),
                1 => parts.remove(0),
                _ => Node::Alternate(parts),
            }
        }
        _ => node.clone(),
    }
}
