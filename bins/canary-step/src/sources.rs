//! Where the numbers come from: pages of pods, read by way of the API server.
//!
//! A page tells counters that only grow; what the judge gets are their differences from tick to tick, pod by pod.
pub mod counters;
pub mod page;
pub mod pods;

pub use counters::{Counters, Ledger};
