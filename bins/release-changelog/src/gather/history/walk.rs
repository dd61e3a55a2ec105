//! Walks over places: two sides at once, or from one commit towards its ancestors.
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use action::Failure;

use super::{History, Place};

/// How many commits more are looked at after a walk seems done, in case dates are out of order. Git takes 5.
pub(super) const SLACK: usize = 512;

pub(super) const WANTED: u8 = 1;
pub(super) const KNOWN: u8 = 2;
const QUEUED: u8 = 4;
const VISITED: u8 = 8;

/// Marks by place, and the queue of what is still to be walked.
#[derive(Default)]
pub(super) struct Walk {
    marks: Vec<u8>,
    queue: BinaryHeap<(i64, Reverse<Place>)>,
    /// How many in the queue are wanted and not known.
    pub(super) open: usize,
}

impl Walk {
    /// Adds marks to a place, and queues it where that is news; says whether a visited commit turned out to be known.
    pub(super) fn push(&mut self, place: Place, time: i64, mark: u8) -> bool {
        if self.marks.len() <= place as usize {
            self.marks.resize(place as usize + 1, 0);
        }
        let marks = &mut self.marks[place as usize];
        let before = *marks;
        *marks |= mark;
        if *marks == before {
            return false;
        }
        let was_open = before & QUEUED != 0 && before & (WANTED | KNOWN) == WANTED;
        let is_open = *marks & (WANTED | KNOWN) == WANTED;
        self.open = self.open + usize::from(is_open) - usize::from(was_open);
        if before & QUEUED == 0 {
            *marks |= QUEUED;
            self.queue.push((time, Reverse(place)));
        }
        before & VISITED != 0
    }

    pub(super) fn pop(&mut self) -> Option<(Place, u8)> {
        let (_, Reverse(place)) = self.queue.pop()?;
        let marks = &mut self.marks[place as usize];
        *marks = *marks & !QUEUED | VISITED;
        let mark = *marks & (WANTED | KNOWN);
        self.open -= usize::from(mark == WANTED);
        Some((place, mark))
    }

    pub(super) fn only_wanted(&self) -> Vec<Place> {
        let places = self.marks.iter().enumerate().filter(|(_, marks)| **marks & (WANTED | KNOWN) == WANTED);
        places.map(|(place, _)| place as Place).collect()
    }
}

/// A walk from one commit towards its ancestors that goes on where it stopped.
pub(crate) struct Descent {
    queue: BinaryHeap<(i64, Reverse<Place>)>,
    reached: Vec<bool>,
}

impl Descent {
    pub(crate) fn from(history: &mut History<'_>, start: Place) -> Result<Self, Failure> {
        let time = history.read(start)?.time;
        let mut descent = Self { queue: BinaryHeap::new(), reached: Vec::new() };
        descent.push(start, time);
        Ok(descent)
    }

    fn push(&mut self, place: Place, time: i64) {
        if self.reached.len() <= place as usize {
            self.reached.resize(place as usize + 1, false);
        }
        if !std::mem::replace(&mut self.reached[place as usize], true) {
            self.queue.push((time, Reverse(place)));
        }
    }

    fn has(&self, place: Place) -> bool {
        self.reached.get(place as usize).copied().unwrap_or(false)
    }

    /// Whether the start has this commit in its history, or is it.
    pub(crate) fn reaches(&mut self, history: &mut History<'_>, wanted: Place) -> Result<bool, Failure> {
        let limit = history.read(wanted)?.time;
        let mut idle = 0;
        while !self.has(wanted) {
            // Older than what is looked for: it comes no more, unless dates are out of order.
            if self.queue.peek().is_some_and(|(time, _)| *time < limit) {
                idle += 1;
            }
            if idle > SLACK {
                return Ok(false);
            }
            let Some((_, Reverse(place))) = self.queue.pop() else { return Ok(false) };
            let parents = history.read(place)?.parents.clone();
            for &parent in &*parents {
                let time = history.read(parent)?.time;
                self.push(parent, time);
            }
        }
        Ok(true)
    }
}
