//! Reading Git repositories: tree diffs, commit walks, tags, merge bases.
