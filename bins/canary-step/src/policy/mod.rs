//! The policy: which services move, in which steps, and when to stop.
mod model;

pub use model::*;
