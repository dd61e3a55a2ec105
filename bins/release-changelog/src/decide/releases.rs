//! Commits that only make a release.
use semver::Version;

use crate::told::Told;

/// Types and scopes that releases are committed with.
const TYPES: [&str; 4] = ["chore", "build", "ci", "release"];

/// Whether a commit names a version and tells nothing else: `chore(release): 2.0.0 [skip ci]`, `Release v1.2.3`, `1.2.3`.
pub fn only_names_a_version(told: &Told) -> bool {
    let kind = told.kind.as_deref().filter(|_| told.conventional);
    if kind.is_some_and(|kind| !TYPES.contains(&kind)) {
        return false;
    }
    let scope = told.scope.as_deref().unwrap_or_default().to_lowercase();
    let mut words = told.description().split_whitespace().filter(|word| !is_filler(word)).peekable();
    let announced =
        words.next_if(|word| ["release", "version", "bump"].contains(&word.to_lowercase().as_str())).is_some();
    let bump = words.next_if(|word| ["version", "release"].contains(&word.to_lowercase().as_str())).is_some();
    let named = words.next_if(|word| ["to", "for"].contains(word)).is_some() && (announced || bump);
    let Some(version) = words.next() else { return false };
    // In a monorepo the part's name comes first: `chore(main): release cli 1.2.0`.
    let version = if is_version(version) {
        Some(version)
    } else {
        words.next().filter(|next| announced && !named && is_version(next))
    };
    // A type alone is no announcement: `chore: 2.0` may be about anything.
    let is_release =
        announced || bump || kind.is_none() || kind == Some("release") || ["release", "main"].contains(&scope.as_str());
    version.is_some() && words.next().is_none() && is_release
}

fn is_version(word: &str) -> bool {
    let word = word.rsplit_once('/').map_or(word, |(_, version)| version);
    let word = word.rsplit_once('@').map_or(word, |(_, version)| version);
    Version::parse(word.trim_start_matches('v')).is_ok()
}

/// What asks machines to leave a commit alone.
fn is_filler(word: &str) -> bool {
    let bare = word.trim_matches(['[', ']']).to_lowercase();
    word.starts_with('[') && ["skip", "ci-skip", "skip-ci", "no"].contains(&bare.as_str())
        || word.ends_with(']') && ["ci", "skip", "cd", "actions"].contains(&bare.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(subject: &str, expected: bool) {
        assert_eq!(only_names_a_version(&Told::of(subject)), expected, "{subject}");
    }

    #[test]
    fn release_commits() {
        for release in [
            "chore(release): 2.0.0 [skip ci]",
            "chore(release): v2.0.0-rc.1",
            "chore: release 1.2.3",
            "chore(main): release 1.2.3",
            "chore(main): release cli 1.2.3 (#12)",
            "release: v1.2.3",
            "Release 1.2.3",
            "v1.2.3",
            "1.2.3",
            "chore: bump version to 1.2.3",
            "chore(release): cli@1.2.3",
            "Release v1.2.3 (#4)",
            "build: release v1.2.3 [skip ci]",
        ] {
            check(release, true);
        }
        for other in [
            "feat: release 1.2.3",
            "chore: 1.2.3",
            "chore: bump serde to 1.2.3",
            "Release notes for 1.2.3",
            "fix(release): 1.2.3",
            "chore(release): fix the script",
            "",
            "chore(deps): release 1.2.3 of foo",
            "Update to 1.2.3",
        ] {
            check(other, false);
        }
    }
}
