//! Tags: prefix, version, class and order. A tag is classified by its name; no filter of a workflow is trusted.
use std::cmp::Ordering;

use git::Id;
use semver::Version;
use serde::{Deserialize, Serialize};

/// What a tag marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// A version without pre-release.
    Final,
    /// A pre-release of any name: `-rc.1`, `-beta`.
    Rc,
    /// No version.
    Other,
}

impl Class {
    /// The word that is printed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Final => "final",
            Self::Rc => "rc",
            Self::Other => "other",
        }
    }
}

/// A tag with a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// In full, without `refs/tags/`.
    pub name: String,
    /// The commit that it comes down to.
    pub commit: Id,
    /// `None` for one that names no version of this prefix.
    pub version: Option<Version>,
}

impl Tag {
    /// Reads a tag's name behind a prefix.
    pub fn new(name: &str, commit: Id, prefix: &str) -> Self {
        Self { name: name.to_owned(), commit, version: version(name, prefix) }
    }

    /// What it marks.
    pub fn class(&self) -> Class {
        match &self.version {
            None => Class::Other,
            Some(version) if version.pre.is_empty() => Class::Final,
            Some(_) => Class::Rc,
        }
    }

    /// The order of versions, in which build metadata means nothing; then names, so that no order is left to chance.
    pub fn cmp_version(&self, other: &Self) -> Ordering {
        let precedence = match (&self.version, &other.version) {
            (Some(a), Some(b)) => a.cmp_precedence(b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        precedence.then_with(|| self.name.cmp(&other.name))
    }
}

/// The version behind a prefix and at most one `v`: `1.2.3`, or `1.2` for `1.2.0`. A lone `v1` is a name that moves.
pub fn version(name: &str, prefix: &str) -> Option<Version> {
    let rest = name.strip_prefix(prefix)?;
    let rest = rest.strip_prefix('v').unwrap_or(rest);
    if let Ok(version) = Version::parse(rest) {
        return Some(version);
    }
    let (major, minor) = rest.split_once('.')?;
    let number = |digits: &str| {
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits.len() == 1 || !digits.starts_with('0'));
        plain.then(|| digits.parse::<u64>().ok()).flatten()
    };
    Some(Version::new(number(major)?, number(minor)?, 0))
}

/// What stands in front of the version in a tag's name, without its `v`: `cli/` of `cli/v1.2.0`. `None` without a version.
pub fn prefix(name: &str) -> Option<&str> {
    let starts = name.char_indices().filter(|(at, letter)| {
        let before = name[..*at].chars().next_back();
        letter.is_ascii_digit() && !before.is_some_and(|c| c.is_ascii_digit() || c == '.')
    });
    // The longest version that the name ends with; a name has few places where digits begin.
    let start = starts.map(|(at, _)| at).take(64).find(|&at| version(name, &name[..at]).is_some())?;
    let prefix = &name[..start];
    let bare = prefix.strip_suffix('v').filter(|bare| !bare.ends_with(|c: char| c.is_alphanumeric()));
    let bare = bare.unwrap_or(prefix);
    // `abc1.2.3` and `dev1.2.3` are names of other things.
    (!bare.ends_with(|c: char| c.is_alphanumeric())).then_some(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: Option<(&str, &str, Class)>) {
        let found = prefix(name).map(|prefix| {
            let tag = Tag::new(name, id(), prefix);
            (prefix.to_owned(), tag.version.as_ref().map(ToString::to_string).unwrap_or_default(), tag.class())
        });
        let expected = expected.map(|(prefix, version, class)| (prefix.to_owned(), version.to_owned(), class));
        assert_eq!(found, expected, "{name}");
    }

    fn id() -> Id {
        Id::from_hex(&[b'1'; 40]).unwrap()
    }

    #[test]
    fn prefixes_and_classes() {
        check("v1.2.3", Some(("", "1.2.3", Class::Final)));
        check("1.2.3", Some(("", "1.2.3", Class::Final)));
        check("v1.2.3-rc.1", Some(("", "1.2.3-rc.1", Class::Rc)));
        check("v1.2.3+build.5", Some(("", "1.2.3+build.5", Class::Final)));
        check("cli/v1.2.0", Some(("cli/", "1.2.0", Class::Final)));
        check("cli-2/v1.2.0", Some(("cli-2/", "1.2.0", Class::Final)));
        check("api-1.2.0-beta", Some(("api-", "1.2.0-beta", Class::Rc)));
        check("v1.2", Some(("", "1.2.0", Class::Final)));
        check("v1", None);
        check("nightly", None);
        check("dev1.2.3", None);
        check("release-2024-11-01", None);
        check("v01.2.3", None);
    }

    #[test]
    fn versions_are_ordered_as_versions() {
        let names = ["v1.9.0", "v1.10.0-alpha", "v1.10.0-rc.2", "v1.10.0-rc.10", "v1.10.0"];
        let tags: Vec<Tag> = names.iter().map(|name| Tag::new(name, id(), "")).collect();
        assert!(tags.windows(2).all(|pair| pair[0].cmp_version(&pair[1]).is_lt()));
    }
}
