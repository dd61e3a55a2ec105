//! Globs for file names in the picomatch, GitHub and gitignore dialects, in linear time.
#![doc = include_str!("../README.md")]

mod automaton;
mod charset;
mod error;
mod glob;
mod list;
mod regex;
mod syntax;

pub use error::{Error, ErrorKind};
pub use glob::{Glob, Reach, Syntax};
pub use list::{Decision, GlobList};
