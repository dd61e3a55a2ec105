//! Where two histories meet.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use crate::history::History;
use crate::{Error, Id, Repository};

/// What two commits have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeBase {
    /// The best common ancestor; of several, the one that `git merge-base` prints.
    Found(Id),
    /// Both histories are complete and share no commit.
    None,
    /// The clone is shallow, and what it has left behind could hold a better answer than what is visible.
    Unknown,
}

impl Repository {
    /// The best common ancestor of two commits.
    ///
    /// In a shallow clone git answers from what it sees, which can be an older base, or none. Here the answer is
    /// [`MergeBase::Unknown`] as soon as the walk ends at a cut-off commit that only one side was seen to reach,
    /// because what lies behind it could belong to the other side too.
    pub fn merge_base(&self, a: Id, b: Id) -> Result<MergeBase, Error> {
        let (a, b) = (self.peel(a)?, self.peel(b)?);
        if a == b {
            return Ok(MergeBase::Found(a));
        }
        let mut history = History::new(self)?;
        let mut paint = Paint::new(&mut history);
        let bases = paint.common(a, &[b])?;
        // Of a commit and its ancestor the ancestor is the base, whatever else has been cut off.
        if let Some(base) = bases.iter().find(|&&base| base == a || base == b) {
            return Ok(MergeBase::Found(*base));
        }
        if paint.uncertain {
            return Ok(MergeBase::Unknown);
        }
        let best = independent(&mut history, bases)?;
        Ok(best.map_or(MergeBase::None, MergeBase::Found))
    }
}

/// The first of `bases` that is no ancestor of another one: clocks that were wrong can let both get here.
fn independent(history: &mut History<'_>, bases: Vec<Id>) -> Result<Option<Id>, Error> {
    if let [_, _, ..] = bases.as_slice() {
        for base in &bases {
            let others: Vec<Id> = bases.iter().copied().filter(|other| other != base).collect();
            let mut paint = Paint::new(history);
            paint.common(*base, &others)?;
            if paint.states[base].flags & SECOND == 0 {
                return Ok(Some(*base));
            }
        }
    }
    Ok(bases.first().copied())
}

/// Reached from the first commit.
const FIRST: u8 = 1;
/// Reached from one of the others.
const SECOND: u8 = 2;
/// Below a common ancestor, and so not a best one.
const STALE: u8 = 4;

/// What is known of a commit.
#[derive(Clone, Copy, Default)]
struct State {
    flags: u8,
    /// How often it waits in the queue: it is looked at again when more becomes known of it.
    waiting: usize,
    result: bool,
}

/// A walk from two sides down to where they meet, youngest commits first, as git does it.
struct Paint<'a, 'r> {
    history: &'a mut History<'r>,
    states: HashMap<Id, State>,
    /// Youngest first; of equally old ones the one that came first.
    queue: BinaryHeap<(i64, Reverse<usize>, Id)>,
    pushed: usize,
    /// How many in the queue are not stale; when all are, nothing new can be found.
    fresh: usize,
    /// Whether history was cut off where only one side is known to come.
    uncertain: bool,
}

impl<'a, 'r> Paint<'a, 'r> {
    fn new(history: &'a mut History<'r>) -> Self {
        Self { history, states: HashMap::new(), queue: BinaryHeap::new(), pushed: 0, fresh: 0, uncertain: false }
    }

    /// The common ancestors of `first` and any of `others` that are below no other one, youngest first.
    fn common(&mut self, first: Id, others: &[Id]) -> Result<Vec<Id>, Error> {
        let mut results = Vec::new();
        let mut cut = Vec::new();
        self.reach(first, FIRST)?;
        for other in others {
            self.reach(*other, SECOND)?;
        }
        while self.fresh > 0 {
            let Some((time, _, id)) = self.queue.pop() else { break };
            let mut flags = self.pop(id);
            if flags == FIRST | SECOND {
                let state = self.states.entry(id).or_default();
                if !std::mem::replace(&mut state.result, true) {
                    results.push((Reverse(time), results.len(), id));
                }
                flags |= STALE;
            }
            let node = self.history.node(id)?;
            if node.cut {
                cut.push(id);
            }
            for parent in node.parents {
                self.reach(parent, flags)?;
            }
        }
        self.uncertain = cut.iter().any(|id| self.states[id].flags & (FIRST | SECOND) != FIRST | SECOND);
        results.retain(|(_, _, id)| self.states[id].flags & STALE == 0);
        results.sort_unstable();
        Ok(results.into_iter().map(|(_, _, id)| id).collect())
    }

    fn pop(&mut self, id: Id) -> u8 {
        let state = self.states.entry(id).or_default();
        state.waiting -= 1;
        if state.flags & STALE == 0 {
            self.fresh -= 1;
        }
        state.flags
    }

    /// Adds what is known of a commit, and has it looked at if that is new.
    fn reach(&mut self, id: Id, flags: u8) -> Result<(), Error> {
        let state = self.states.entry(id).or_default();
        if state.flags & flags == flags {
            return Ok(());
        }
        if flags & STALE != 0 && state.flags & STALE == 0 {
            self.fresh -= state.waiting;
        }
        state.flags |= flags;
        state.waiting += 1;
        if state.flags & STALE == 0 {
            self.fresh += 1;
        }
        let time = self.history.node(id)?.time;
        self.queue.push((time, Reverse(self.pushed), id));
        self.pushed += 1;
        Ok(())
    }
}
