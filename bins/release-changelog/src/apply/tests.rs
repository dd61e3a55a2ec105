//! Releases made against a GitHub on loopback, with everything going wrong that can.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
mod faults;
mod outcomes;
mod world;
