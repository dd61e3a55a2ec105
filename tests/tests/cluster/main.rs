//! canary-step as a process on a real control plane: `cargo xtask test cluster` starts one and says where it is.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod applies;
mod autoscaler;
mod ground;
mod matrix;
mod nodes;
mod pages;
mod point;
mod prometheus;
mod rights;
mod rollouts;
mod runbook;
mod scenarios;
mod server;
mod signals;
mod strike;
