//! Puts the states into an order in which each value can be worked out from earlier ones.

use std::ops::Range;

use super::build::OP;
use super::program::{Op, Slot, Taker};

/// States in their final order and numbering.
pub(super) struct Ordered {
    pub(super) takers: Vec<Taker>,
    pub(super) ops: Vec<Op>,
    pub(super) loops: Vec<Range<usize>>,
    pub(super) start: Slot,
    pub(super) cost: usize,
}

const UNSEEN: u32 = u32::MAX;
const DONE: u32 = u32::MAX - 1;

/// Tarjan's strongly connected components, without recursion: they come out with what they need before them.
struct Search<'a> {
    ops: &'a [Op],
    /// Per op: when it was found, `UNSEEN`, or `DONE` once its component is complete.
    found: Vec<u32>,
    low: Vec<u32>,
    open: Vec<usize>,
    clock: u32,
    sorted: Vec<usize>,
    components: Vec<Range<usize>>,
}

/// Sorts the ops that `start` and the takers lead to; the slots of `ops` come marked with `OP`.
pub(super) fn order(takers: Vec<Taker>, ops: Vec<Op>, start: Slot) -> Ordered {
    let count = ops.len();
    let mut search = Search {
        ops: &ops,
        found: vec![UNSEEN; count],
        low: vec![0; count],
        open: Vec::new(),
        clock: 0,
        sorted: Vec::with_capacity(count),
        components: Vec::new(),
    };
    for root in takers.iter().map(|taker| taker.next).chain([start]) {
        if root & OP != 0 {
            search.from((root & !OP) as usize);
        }
    }
    let Search { sorted, components, .. } = search;
    let mut place = vec![0; count];
    for (position, &index) in sorted.iter().enumerate() {
        place[index] = position as Slot;
    }
    let width = takers.len() as Slot;
    let slot = |slot: Slot| if slot & OP == 0 { slot } else { width + place[(slot & !OP) as usize] };
    let ordered: Vec<Op> = sorted.iter().map(|&index| renumber(ops[index], &slot)).collect();
    let loops: Vec<Range<usize>> =
        components.into_iter().filter(|range| !later_needs(&ordered, range, width).is_empty()).collect();
    let sweeps: usize = loops.iter().map(|range| range.len() * (later_needs(&ordered, range, width).len() + 1)).sum();
    Ordered {
        cost: takers.len() + ordered.len() + sweeps,
        takers: takers.iter().map(|taker| Taker { next: slot(taker.next), ..*taker }).collect(),
        start: slot(start),
        ops: ordered,
        loops,
    }
}

fn renumber(op: Op, slot: &impl Fn(Slot) -> Slot) -> Op {
    match op {
        Op::Accept => Op::Accept,
        Op::Or(first, second) => Op::Or(slot(first), slot(second)),
        Op::Start(next) => Op::Start(slot(next)),
        Op::End(next) => Op::End(slot(next)),
        Op::Boundary { negative, next } => Op::Boundary { negative, next: slot(next) },
        Op::Look { body, negative, next } => Op::Look { body: slot(body), negative, next: slot(next) },
    }
}

/// The members of a component that one needs which comes before (or is the same). A path without a circle passes each
/// at most once, so that many sweeps and two more (the first, and the one that finds all calm) are enough.
fn later_needs(ops: &[Op], range: &Range<usize>, width: Slot) -> Vec<Slot> {
    let mut later: Vec<Slot> = range
        .clone()
        .flat_map(|at| ops[at].needs().into_iter().flatten().filter(move |&need| need >= width + at as Slot))
        .collect();
    later.sort_unstable();
    later.dedup();
    later
}

impl Search<'_> {
    fn needs(&self, index: usize) -> [Option<usize>; 2] {
        self.ops[index].needs().map(|need| need.filter(|slot| slot & OP != 0).map(|slot| (slot & !OP) as usize))
    }

    fn from(&mut self, root: usize) {
        if self.found[root] != UNSEEN {
            return;
        }
        // (op, how many of its needs were looked at)
        let mut path = vec![(root, 0)];
        self.enter(root);
        while let Some(&mut (index, ref mut next)) = path.last_mut() {
            if *next == 2 {
                path.pop();
                self.leave(index);
                if let Some(&(before, _)) = path.last() {
                    self.low[before] = self.low[before].min(self.low[index]);
                }
                continue;
            }
            *next += 1;
            let Some(need) = self.needs(index)[*next - 1] else { continue };
            match self.found[need] {
                UNSEEN => {
                    path.push((need, 0));
                    self.enter(need);
                }
                DONE => {}
                found => self.low[index] = self.low[index].min(found),
            }
        }
    }

    fn enter(&mut self, index: usize) {
        self.found[index] = self.clock;
        self.low[index] = self.clock;
        self.clock += 1;
        self.open.push(index);
    }

    fn leave(&mut self, index: usize) {
        if self.low[index] != self.found[index] {
            return;
        }
        let from = self.sorted.len();
        while let Some(member) = self.open.pop() {
            self.sorted.push(member);
            // Later readers take the smaller of the two, so a finished component must not pull them down.
            self.found[member] = DONE;
            self.low[member] = DONE;
            if member == index {
                break;
            }
        }
        self.components.push(from..self.sorted.len());
    }
}
