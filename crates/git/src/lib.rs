//! Reading Git repositories: tree diffs, commit walks, tags, merge bases.
//!
//! Names are bytes relative to the root of the repository, whatever the current folder is. Nothing that is read can
//! make a program run: no hook, filter, text conversion, monitor or credential helper. Only the folder given to
//! [`Repository::discover`] decides which repository is read; `GIT_DIR` and its relatives in the environment do not.

mod attributes;
mod batch;
mod blob;
mod change;
mod checkout;
mod command;
mod diff;
mod entries;
mod error;
mod fetch;
mod history;
mod hunks;
mod line_changes;
mod lines;
mod local;
mod log;
mod merge_base;
mod objects;
mod own_diff;
mod packs;
mod patch;
mod quoted;
mod repository;
mod resolve;
mod scope;
mod tags;
mod tracked;
mod untracked;

pub use change::{Change, Mode, Status};
pub use error::Error;
pub use fetch::{Credentials, Depth, FetchRequest, Filter};
pub use history::Commit;
pub use line_changes::Newer;
pub use lines::{FileChange, Hunk, Rename};
pub use log::{Log, LogCommit};
pub use merge_base::MergeBase;
pub use patch::parse_patch;
pub use repository::{Format, Repository};
pub use scope::Scope;
pub use tags::PreviousTag;

/// The id of an object: 20 bytes in a SHA-1 repository, 32 in a SHA-256 one; `Display` prints lower-case hex.
pub type Id = gix::ObjectId;
