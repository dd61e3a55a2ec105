//! A strict reader of what tools write for the runner: the oracle of our tests.
//!
//! It follows the rules of the runner itself (<https://github.com/actions/runner>, `FileCommandManager`,
//! `ActionCommandManager` and `ActionCommand`), and refuses where the runner would go on with damaged text. A local
//! runner that takes anything is no oracle.
mod files;
mod log;

pub use files::{Records, Refused, env, output, path, state, summary};
pub use log::{Command, Log, log};
