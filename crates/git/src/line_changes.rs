//! Which lines differ between a commit and a later state.

use std::io::BufReader;

use crate::{Error, FileChange, Id, Repository, parse_patch};

/// The newer side of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newer {
    /// A commit, or an annotated tag that names one.
    Commit(Id),
    /// The work tree with its index: staged and unstaged changes, and new files once they are added to the index, be it
    /// with `--intent-to-add`. Lines are compared as they would be committed, with line ends converted.
    WorkTree,
}

/// A touched file is no change; there is no option for it.
const SETTING: &str = "diff.autoRefreshIndex=true";

/// Everything else that somebody's configuration could change, and attributes that could hide lines (`--text`).
///
/// The algorithm, the heuristic and the limit of renames are git's own defaults. Without abbreviation git need not look
/// for the shortest unique form of each id.
const OPTIONS: [&str; 20] = [
    "--raw",
    "-z",
    "--patch",
    "--unified=0",
    "--inter-hunk-context=0",
    "--text",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "--no-abbrev",
    "--full-index",
    "--find-renames=50%",
    "-l1000",
    "--diff-algorithm=myers",
    "--indent-heuristic",
    "--ignore-submodules=dirty",
    "--submodule=short",
    "-O/dev/null",
];

impl Repository {
    /// The changed files between `base` and a newer state with their changed lines, sorted by name; `None` as base is
    /// the empty tree.
    ///
    /// Looks itself where git's answer is certain (nothing was renamed, and the work tree is what the index says), and else
    /// runs `git diff` once and reads its patch as it comes; nobody's configuration changes the answer, and an attribute
    /// such as `-diff` hides no line. A renamed file is one that keeps half of its content; where more than a million
    /// pairs of a deleted and an added file remain, only files that were renamed as they are get recognized. Of a
    /// submodule only its commit counts. For the work tree no filter such as the one of LFS is run, as for
    /// [`Repository::local_changes`], and a name in conflict is compared as it lies there.
    pub fn line_changes(&self, base: Option<Id>, newer: Newer) -> Result<Vec<FileChange>, Error> {
        if let Some(changes) = self.own_line_changes(base, newer) {
            return Ok(changes);
        }
        self.line_changes_by_git(base, newer)
    }

    /// The same by git alone.
    ///
    /// For tests, which hold both answers against each other.
    #[doc(hidden)]
    pub fn line_changes_by_git(&self, base: Option<Id>, newer: Newer) -> Result<Vec<FileChange>, Error> {
        let base = match base {
            Some(base) => self.peel(base)?,
            None => Id::empty_tree(self.format().kind()),
        };
        let mut git = self.git().set(SETTING);
        let mut sides = vec![base.to_string()];
        match newer {
            Newer::Commit(id) => sides.push(self.peel(id)?.to_string()),
            Newer::WorkTree if self.work_tree().is_none() => {
                return Err(Error::new(format!("compare {base} with the work tree"), "there is none"));
            }
            Newer::WorkTree => {
                for (key, value) in self.no_filters()? {
                    git = git.hide(key, value);
                }
            }
        }
        let git = git.args(["diff"]).args(OPTIONS).args(sides).args(["--"]);
        git.through(|_| Ok(()), |printed| parse_patch(BufReader::with_capacity(1 << 16, printed)))
    }
}
