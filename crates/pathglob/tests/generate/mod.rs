//! Patterns from the grammar of globs, sound and broken ones, and paths that they might match.

mod paths;
mod patterns;
