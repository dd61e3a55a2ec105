//! Record and world → the next step. Level-triggered: what is to be done follows from what is there, so that a fresh process that
//! reads both goes on where the last one stopped.
//!
//! | file | idea |
//! |---|---|
//! | `advance.rs` | canaries up to the share of the step, observation, the next step |
//! | `alarm.rs` | what stops a rollout before promotion, and during it |
//! | `floor.rs`, `guard.rs` | the autoscaler's floor, the dead-man switch |
//! | `inplace.rs` | the same with one Deployment and a bounded surge |
//! | `nodes.rs` | pods that wait for a node |
//! | `promote.rs` | new templates, service by service |
//! | `undo.rs` | abort and rollback |
//! | `teardown.rs` | canaries, guard, floors and fence labels go |
//! | `proof.rs` | what has to be true at the end |
#![deny(clippy::disallowed_methods)]
mod advance;
mod alarm;
mod floor;
mod guard;
mod inplace;
mod nodes;
pub mod object;
mod promote;
pub mod proof;
mod safety;
mod teardown;
mod undo;
mod world;

pub(crate) use guard::{FIRST as GUARD_FIRST, known as known_guard, times as guard_times};
pub(crate) use inplace::HELD;
pub use safety::Safety;
pub use world::*;

use crate::evidence::Reason;
use crate::record::{Intent, Phase, Record, ServerTime};

/// What a decision is made from.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// What is known of the rollout.
    pub record: &'a Record,
    /// What there is.
    pub world: &'a World,
    /// How far this run goes.
    pub goal: Goal,
    /// The safety rules, all of them on but in a test of one.
    pub safety: Safety,
}

/// How far a run goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// To the end of the step with this index, and no further.
    Step(usize),
    /// To the end.
    End,
}

/// What is done next.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Ask the programs that are gates of the step.
    Ask,
    /// Nothing, until something changes, a tick is over, or this time comes.
    Wait(Option<ServerTime>),
    /// One change of the cluster.
    Do(Intent),
    /// The record goes on to this phase and step.
    Enter(Phase, usize),
    /// Stop, and put things back.
    Abort(Vec<Reason>),
    /// Stop driving and leave everything as it is: this run's part is done, or somebody has to decide.
    Hold(Held),
    /// The rollout is over; what is not as it should be is named.
    Finish(Phase, Vec<String>),
    /// Nothing is left to do.
    Done,
}

/// Why a run stops driving without being at the end.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    /// Its part is done.
    Goal,
    /// A gate of the policy says so.
    Gate,
    /// There is not enough evidence.
    Inconclusive,
    /// A program that is a gate could not tell.
    Unclear,
}

/// A reason that people or the infrastructure gave, not the release.
pub(crate) fn alarm_reason(view: View<'_>, service: &str, what: (&str, String)) -> Reason {
    alarm::reason(view, service, what)
}

/// The next step.
#[must_use]
pub fn next(view: View<'_>) -> Step {
    let step = match view.record.phase {
        Phase::Stepping | Phase::Observing | Phase::Holding => advance::next(view),
        Phase::Promoting => promote::next(view),
        Phase::Verifying => promote::verify(view),
        Phase::Aborting => undo::abort(view),
        Phase::RollingBack => undo::roll_back(view),
        Phase::Promoted | Phase::Aborted | Phase::RolledBack => Step::Done,
    };
    match step {
        Step::Wait(until) => Step::Wait(until.into_iter().chain(nodes::next_end(view)).min()),
        other => other,
    }
}
