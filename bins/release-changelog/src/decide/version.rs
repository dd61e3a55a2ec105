//! The version that a ledger demands.
use semver::{Prerelease, Version};
use serde::{Deserialize, Serialize};

use super::{Bucket, Facts, Ledger};
use crate::inputs::Zero;

/// What changes of a version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// Nothing asks for a release.
    #[default]
    None,
    /// Fixes, and whatever cannot be told.
    Patch,
    /// Features.
    Minor,
    /// Breaking changes.
    Major,
}

impl Bump {
    /// The word that is printed.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    /// What it comes to below 1.0.
    pub(crate) fn at(self, base: &Version, zero: Zero) -> Self {
        match (self, zero) {
            (bump, _) if base.major > 0 => bump,
            (bump, Zero::Strict) => bump,
            (Self::Major, Zero::Shifted) => Self::Minor,
            (Self::Minor, Zero::Shifted) => Self::Patch,
            (bump, Zero::Shifted) => bump,
        }
    }

    /// The version after a final one.
    pub fn after(self, base: &Version) -> Version {
        let Version { major, minor, patch, .. } = *base;
        match self {
            Self::None => Version::new(major, minor, patch),
            Self::Patch => Version::new(major, minor, patch.saturating_add(1)),
            Self::Minor => Version::new(major, minor.saturating_add(1), 0),
            Self::Major => Version::new(major.saturating_add(1), 0, 0),
        }
    }
}

/// What a ledger asks for, by the rules from 1.0 on.
pub fn demanded(facts: &Facts, ledger: &Ledger) -> Bump {
    if ledger.breaking(facts).next().is_some() {
        return Bump::Major;
    }
    let of = |entry: &super::Entry| match entry.bucket {
        Bucket::Listed | Bucket::Other => match facts.commits[entry.place as usize].told.kind.as_deref() {
            Some("feat") => Bump::Minor,
            _ => Bump::Patch,
        },
        // A feature is one wherever it is shown.
        Bucket::Hidden if facts.commits[entry.place as usize].told.kind.as_deref() == Some("feat") => Bump::Minor,
        Bucket::Hidden if facts.commits[entry.place as usize].told.kind.as_deref() == Some("fix") => Bump::Patch,
        _ => Bump::None,
    };
    ledger.entries.iter().map(of).max().unwrap_or_default()
}

/// What a next version is made from.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// The last final version; `None` before the first.
    pub base: Option<Version>,
    /// Pre-releases above it, in this history.
    pub pending: Vec<Version>,
    /// Versions that have a tag anywhere.
    pub taken: Vec<Version>,
    /// The version of the first release, where one is named.
    pub first: Option<Version>,
}

impl Past {
    /// The final version that comes next: not below what is demanded nor below what pre-releases have promised. `None` where
    /// nothing asks for one.
    pub(crate) fn next(&self, demanded: Bump, zero: Zero) -> Option<Version> {
        let promised = self.pending.iter().map(core).max();
        let Some(base) = &self.base else {
            let first = self.first.clone().unwrap_or_else(|| Version::new(0, 1, 0));
            return (demanded != Bump::None || promised.is_some()).then(|| promised.unwrap_or(first));
        };
        let bump = demanded.at(base, zero);
        if bump == Bump::None && promised.is_none() {
            return None;
        }
        Some(bump.after(base)).into_iter().chain(promised).max()
    }

    /// The pre-release of that final version that comes next: one more than the highest of its identifier, or the first.
    pub fn pre(&self, next: &Version, identifier: &str) -> Option<Version> {
        let number = |version: &Version| {
            let rest = version.pre.as_str().strip_prefix(identifier)?;
            let digits = rest.strip_prefix('.').unwrap_or(rest);
            if digits.is_empty() { Some(0) } else { digits.parse::<u64>().ok() }
        };
        let last = self.taken.iter().filter(|known| core(known) == core(next)).filter_map(number).max();
        let pre = Prerelease::new(&format!("{identifier}.{}", last.map_or(1, |last| last.saturating_add(1)))).ok()?;
        Some(Version { pre, ..core(next) })
    }
}

/// The version without pre-release and build.
pub fn core(version: &Version) -> Version {
    Version::new(version.major, version.minor, version.patch)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    fn check((base, pending, demanded): (Option<&str>, &[&str], Bump), zero: Zero, expected: Option<&str>) {
        let pending: Vec<Version> = pending.iter().map(|text| version(text)).collect();
        let past = Past { base: base.map(version), taken: pending.clone(), pending, first: None };
        assert_eq!(past.next(demanded, zero), expected.map(version), "{base:?} {demanded:?} {zero:?}");
    }

    #[test]
    fn the_next_version() {
        use Bump::{Major, Minor, None as Nothing, Patch};
        use Zero::{Shifted, Strict};
        check((Some("1.2.3"), &[], Nothing), Shifted, None);
        check((Some("1.2.3"), &[], Patch), Shifted, Some("1.2.4"));
        check((Some("1.2.3"), &[], Minor), Shifted, Some("1.3.0"));
        check((Some("1.2.3"), &[], Major), Shifted, Some("2.0.0"));
        check((Some("0.2.3"), &[], Patch), Shifted, Some("0.2.4"));
        check((Some("0.2.3"), &[], Minor), Shifted, Some("0.2.4"));
        check((Some("0.2.3"), &[], Major), Shifted, Some("0.3.0"));
        check((Some("0.2.3"), &[], Minor), Strict, Some("0.3.0"));
        check((Some("0.2.3"), &[], Major), Strict, Some("1.0.0"));
        check((Some("1.2.3"), &["1.3.0-rc.1"], Patch), Shifted, Some("1.3.0"));
        check((Some("1.2.3"), &["1.3.0-rc.1"], Major), Shifted, Some("2.0.0"));
        check((None, &[], Minor), Shifted, Some("0.1.0"));
        check((None, &["1.0.0-rc.1"], Nothing), Shifted, Some("1.0.0"));
        check((None, &[], Nothing), Shifted, None);
    }

    #[test]
    fn pre_releases_start_and_go_on() {
        let past = Past {
            taken: ["1.3.0-rc.1", "1.3.0-rc.9", "1.3.0-rc.10", "1.3.0-beta.4"].map(version).into(),
            ..Past::default()
        };
        let pre = |next: &str, identifier: &str| past.pre(&version(next), identifier).map(|found| found.to_string());
        assert_eq!(pre("1.3.0", "rc").as_deref(), Some("1.3.0-rc.11"));
        assert_eq!(pre("1.3.0", "beta").as_deref(), Some("1.3.0-beta.5"));
        assert_eq!(pre("2.0.0", "rc").as_deref(), Some("2.0.0-rc.1"));
        assert_eq!(pre("2.0.0", "r c"), None);
    }
}
