//! This crate against the real `git`.

mod histories;
mod hostile;
mod lines;
mod local;
mod remotes;
mod repositories;
mod revisions;
mod support;
mod trees;
