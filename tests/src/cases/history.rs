//! Repositories written as text: commits, branches, tags, merges, and what a checkout in a workflow looks like.
//!
//! ```text
//! commit one on main               # the first commit on a branch begins it; `from one` begins it elsewhere
//!   write src/app.rs fn main() {}  # the rest of the line and a line feed; a JSON string where it has to be exact
//!   write "odd\nname" x
//!   delete old.txt
//!   move a.txt b.txt
//!   exec run.sh                    # makes it executable
//!   link current releases/3
//!   submodule vendor/lib 0123456789012345678901234567890123456789
//!   message fix: read it           # the label is the message unless one is given; `@{one}` in it, or in a file, is an id
//!   author A B <a@b.example>
//!   date 1600000000                # seconds since 1970; a minute after the commit before unless given
//! merge both on main of topic      # three-way by file; changes may follow to settle the rest
//! merge all on main of topic other # with more than one: an octopus
//! tag v1 at one
//! annotate v2 at one               # a tag with a tagger and a date, a day after all commits
//! branch release at one            # also moves a branch back
//! ref refs/pull/7/merge at both
//! forget topic                     # removes the branch; what only it reached is not cloned
//! clone depth=1 main               # the work tree becomes a shallow clone, as actions/checkout makes it
//! checkout both                    # a label (detached) or a branch
//! edit src/app.rs changed          # in the work tree only
//! stage src/new.rs new             # and in the index
//! ```
//! Authors and dates are fixed, so ids never change. Commits that no reference reaches stay out of a clone, and its
//! origin refuses them: history that is lost.
mod build;
mod read;
mod stream;

use std::path::Path;

pub use build::Built;

/// Builds the repository in `folder/work`, with its origin beside it.
///
/// # Errors
/// A line that cannot be read, or what git said.
pub fn build(text: &str, folder: &Path) -> Result<Built, String> {
    build::build(&read::read(text)?, folder)
}

#[cfg(test)]
mod tests;
