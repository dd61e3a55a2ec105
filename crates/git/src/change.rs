//! What a comparison finds: changed names, and modes of tree entries.

use std::fmt;

/// How a name changed, as `git diff --no-renames --name-status` tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// `A`: only in the newer tree.
    Added,
    /// `M`: other content or another executable bit.
    Modified,
    /// `D`: only in the older tree.
    Deleted,
    /// `T`: a file, symbolic link or submodule became another of these three.
    TypeChanged,
    /// `U`: in conflict in the index. Git says so where it compares with the index alone; where it compares with the
    /// work tree, as for [`Repository::local_changes`](crate::Repository::local_changes), it tells what became of the
    /// file there.
    Unmerged,
}

/// One changed name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Change {
    /// The name relative to the root of the repository: any bytes but NUL.
    pub path: Vec<u8>,
    /// What happened to it.
    pub status: Status,
}

/// The mode of a tree or index entry; `Display` prints six octal digits, as `git ls-tree` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mode(pub u32);

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06o}", self.0)
    }
}

impl Mode {
    /// A folder.
    pub const TREE: Self = Self(0o040_000);
    /// A plain file.
    pub const FILE: Self = Self(0o100_644);
    /// A file that may be run.
    pub const EXECUTABLE: Self = Self(0o100_755);
    /// A symbolic link.
    pub const LINK: Self = Self(0o120_000);
    /// A submodule: the id is a commit of another repository.
    pub const SUBMODULE: Self = Self(0o160_000);

    const KIND: u32 = 0o170_000;

    /// Whether it is a folder.
    #[must_use]
    pub fn is_tree(self) -> bool {
        self.0 & Self::KIND == Self::TREE.0
    }

    /// Whether it is a file, which may be run or not: no link, folder or submodule.
    #[must_use]
    pub fn is_file(self) -> bool {
        self.0 & Self::KIND == Self::FILE.0 & Self::KIND
    }

    /// File, link, folder or submodule: a change between these is a type change.
    pub(crate) fn same_kind(self, other: Self) -> bool {
        (self.0 ^ other.0) & Self::KIND == 0
    }

    /// The mode that git takes it for: old trees hold some like 100664.
    pub(crate) fn canonical(self) -> Self {
        match self.0 & Self::KIND {
            0o100_000 if self.0 & 0o100 != 0 => Self::EXECUTABLE,
            0o100_000 => Self::FILE,
            0o120_000 => Self::LINK,
            0o040_000 => Self::TREE,
            _ => Self::SUBMODULE,
        }
    }
}
