//! Which names a reading has to reach.

/// A set of literal prefixes of names; whatever none of them reaches is neither read nor reported.
///
/// A prefix may end inside a name: `src/fo` reaches `src/foo` and `src/food/a`. The empty prefix reaches everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Sorted, and none starts with another.
    prefixes: Vec<Vec<u8>>,
}

/// How a folder lies to a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Nothing in it is wanted.
    Nothing,
    /// Some names in it may be.
    Part,
    /// Everything in it is wanted.
    Everything,
}

impl Scope {
    /// Every name.
    #[must_use]
    pub fn everything() -> Self {
        Self { prefixes: vec![Vec::new()] }
    }

    /// The names that start with one of `prefixes`; no prefix, no name.
    #[must_use]
    pub fn prefixes<P: Into<Vec<u8>>>(prefixes: impl IntoIterator<Item = P>) -> Self {
        let mut prefixes: Vec<Vec<u8>> = prefixes.into_iter().map(Into::into).collect();
        prefixes.sort_unstable();
        prefixes.dedup_by(|later, kept| later.starts_with(kept));
        Self { prefixes }
    }

    /// Whether the scope reaches a name of a file, link or submodule.
    #[must_use]
    pub fn contains(&self, path: &[u8]) -> bool {
        // No prefix starts with another, so only the last one that does not come after `path` can be its prefix.
        let after = self.prefixes.partition_point(|prefix| prefix.as_slice() <= path);
        after.checked_sub(1).is_some_and(|at| path.starts_with(&self.prefixes[at]))
    }

    /// How the folder `path` lies, written with its slash at the end; empty for the root.
    pub(crate) fn reach(&self, path: &[u8]) -> Reach {
        let after = self.prefixes.partition_point(|prefix| prefix.as_slice() < path);
        if self.contains(path) {
            Reach::Everything
        } else if self.prefixes.get(after).is_some_and(|prefix| prefix.starts_with(path)) {
            Reach::Part
        } else {
            Reach::Nothing
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(prefixes: &[&str], path: &str, expected: Reach) {
        let scope = Scope::prefixes(prefixes.iter().copied());
        let found = match path.ends_with('/') || path.is_empty() {
            true => scope.reach(path.as_bytes()),
            false if scope.contains(path.as_bytes()) => Reach::Everything,
            false => Reach::Nothing,
        };
        assert_eq!(found, expected, "{prefixes:?} on {path:?}");
    }

    #[test]
    fn a_prefix_may_end_inside_a_name() {
        let prefixes = ["src/fo", "src/foo/deep", "zoo", ""];
        check(&prefixes[..3], "", Reach::Part);
        check(&prefixes[..3], "src/", Reach::Part);
        check(&prefixes[..3], "src/food/", Reach::Everything);
        check(&prefixes[..3], "src/foo", Reach::Everything);
        check(&prefixes[..3], "src/f", Reach::Nothing);
        check(&prefixes[..3], "a/", Reach::Nothing);
        check(&prefixes[..3], "zoology", Reach::Everything);
        check(&prefixes[..3], "zo/", Reach::Nothing);
        check(&prefixes, "", Reach::Everything);
        check(&prefixes, "a/", Reach::Everything);
        check(&[], "", Reach::Nothing);
        check(&[], "a", Reach::Nothing);
        check(&["a/b"], "a/b", Reach::Everything);
        check(&["a/b/"], "a/b", Reach::Nothing);
        check(&["a/b/"], "a/b/", Reach::Everything);
    }

    proptest! {
        #[test]
        fn answers_as_asking_each_prefix_does(
            prefixes in prop::collection::vec("[ab/]{0,4}", 0..6),
            path in "[ab/]{0,5}",
        ) {
            let scope = Scope::prefixes(prefixes.iter().map(String::as_str));
            prop_assert_eq!(scope.contains(path.as_bytes()), prefixes.iter().any(|p| path.starts_with(p.as_str())));
            let expected = if prefixes.iter().any(|p| path.starts_with(p.as_str())) {
                Reach::Everything
            } else if prefixes.iter().any(|p| p.starts_with(path.as_str())) {
                Reach::Part
            } else {
                Reach::Nothing
            };
            prop_assert_eq!(scope.reach(path.as_bytes()), expected);
        }
    }
}
