//! Record and world → the next step. Level-triggered: what is to be done follows from what is there, so that a fresh process that
//! reads both goes on where the last one stopped.
#![deny(clippy::disallowed_methods)]
mod world;

pub use world::*;

use crate::evidence::Reason;
use crate::record::{Intent, Phase};

/// What is done next.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Nothing, until something changes or a tick is over.
    Wait,
    /// One change of the cluster.
    Do(Intent),
    /// The record goes on to this phase.
    Enter(Phase),
    /// Stop, and put things back.
    Abort(Vec<Reason>),
    /// Stay where we are: what there is does not say what to do.
    Freeze(Vec<Reason>),
    /// Nothing is left to do.
    Done,
}
