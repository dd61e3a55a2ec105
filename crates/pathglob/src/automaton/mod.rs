//! From a tree to an answer: states, an alphabet, and a table that is filled while paths are read.
//!
//! The automaton is read from the end of the path to its beginning. `value[q]` at a position says whether the rest of
//! the path, from there on, can be matched from state `q`. So a look-ahead is the value of another state at the same
//! position, its negation is a "not", and nothing is ever tried twice: the time is states × characters.

mod alphabet;
mod build;
mod order;
mod program;
mod step;
mod table;
mod walk;

pub(crate) use build::build;
pub(crate) use program::Program;
pub(crate) use table::Table;
pub(crate) use walk::{Prefix, normalized_reach, prefix, reaches_below};

#[cfg(test)]
mod tests;
