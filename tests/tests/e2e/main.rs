//! Workflows under a real runner on this machine, with the trees that users get: `cargo xtask test e2e`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod coverage_gate;
mod fake_code_detector;
mod job_gate;
mod paths_filter;
mod release_changelog;
mod release_verify;
mod runner;
mod sha256sums;
mod trees;
mod umbrella;
