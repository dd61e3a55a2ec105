//! This crate against the real `git`.

mod checkouts;
mod contents;
mod histories;
mod hostile;
mod hostile_lines;
mod lines;
mod local;
mod own_lines;
mod random_lines;
mod remotes;
mod repositories;
mod revisions;
mod support;
mod trees;
