//! Where the numbers come from: pages of pods by way of the API server, Prometheus, an endpoint, a program; a recorded range, or one line
//! of JSON.
//!
//! Each tells counters that only grow; what the judge gets are their differences from tick to tick, pod by pod.
pub mod actuator;
pub mod command;
pub mod counters;
pub mod observation;
pub mod page;
pub mod pattern;
pub mod pods;
pub mod prometheus;
pub mod reading;
pub mod recording;
pub mod selector;
pub mod web;

pub use counters::{Counters, Ledger};
