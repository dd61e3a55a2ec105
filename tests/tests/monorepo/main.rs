//! Each part of fixtures/monorepo built and tested with its own tools: `cargo xtask test monorepo` installs them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod cli;
mod copy;
mod deploy;
mod docker;
mod filters;
mod frontend;
mod kotlin;
mod migrations;
mod nginx;
mod openapi;
mod python;
mod terraform;
