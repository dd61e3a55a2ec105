//! The client against a simulated GitHub: lists, comments, writes, faults, network, settings.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
mod attestations;
mod comments;
mod faults;
mod lists;
mod network;
mod open_pulls;
mod releases;
mod settings;
mod support;
mod writes;
