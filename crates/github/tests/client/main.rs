//! The client against a simulated GitHub: lists, faults, network, settings.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
mod faults;
mod lists;
mod network;
mod settings;
mod support;
