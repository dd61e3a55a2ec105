//! Workflows under a real runner on this machine, with the trees that users get: `cargo xtask test e2e`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod ci;
mod coverage_gate;
mod database;
mod deploy;
mod fake_code_detector;
mod identity;
mod job_gate;
mod monorepo;
mod pages;
mod paths_filter;
mod registry;
mod release;
mod release_changelog;
mod release_verify;
mod runner;
mod security_scan;
mod sha256sums;
mod shop;
mod trees;
mod umbrella;
mod zero_tolerance;
