//! Whether a release becomes the repository's latest: pure.
#![deny(clippy::disallowed_methods)]
use github::MakeLatest;
use semver::Version;

/// What publishing says about "latest"; `finals` are the tags of all public releases that are no pre-releases.
///
/// A pre-release never is. A final release is, unless one of the same prefix has a higher version (then this is a
/// backport), or it belongs to a part (`cli/v1.2.0`) of a repository that releases itself as a whole (`v3.0.0`) too. Where a
/// tag holds no version GitHub decides by date.
pub(crate) fn make_latest(tag: &str, prerelease: bool, finals: &[String]) -> MakeLatest {
    if prerelease {
        return MakeLatest::No;
    }
    let Some((prefix, version)) = split(tag) else { return MakeLatest::Legacy };
    let others = || finals.iter().filter(|other| *other != tag).filter_map(|other| split(other));
    let higher = others().any(|(of, other)| of == prefix && other.cmp_precedence(&version).is_gt());
    let part_of_a_whole = !prefix.is_empty() && others().any(|(of, _)| of.is_empty());
    if higher || part_of_a_whole { MakeLatest::No } else { MakeLatest::Yes }
}

/// A tag's prefix without the `v` in front of the version, and the version: `cli/v1.2.0` is `cli/` and 1.2.0.
fn split(tag: &str) -> Option<(&str, Version)> {
    let starts = tag.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at);
    let whole = |at: &usize| !tag[..*at].ends_with(|c: char| c.is_ascii_digit() || c == '.');
    starts.filter(whole).find_map(|at| {
        let version = Version::parse(&tag[at..]).ok()?;
        let before = &tag[..at];
        let prefix = before.strip_suffix(['v', 'V']).filter(|rest| !rest.ends_with(char::is_alphanumeric));
        Some((prefix.unwrap_or(before), version))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(tag: &str, finals: &[&str], expected: MakeLatest) {
        let finals: Vec<String> = finals.iter().map(|tag| (*tag).to_owned()).collect();
        assert_eq!(make_latest(tag, false, &finals), expected, "{tag} among {finals:?}");
        assert_eq!(make_latest(tag, true, &finals), MakeLatest::No, "{tag}");
    }

    #[test]
    fn the_highest_final_of_the_whole_is_the_latest() {
        use MakeLatest::*;
        check("v1.0.0", &[], Yes);
        check("v1.10.0", &["v1.9.0", "v1.2.0"], Yes);
        check("v1.9.1", &["v1.9.0", "v1.10.0"], No);
        check("1.9.1", &["v1.10.0"], No);
        check("v2.0.0", &["v2.0.0"], Yes);
        check("v2.0.0+b", &["v2.0.0+a"], Yes);
        check("cli/v1.0.0", &["web/v9.0.0"], Yes);
        check("cli/v1.0.0", &["cli/v1.0.1"], No);
        check("cli/v1.0.0", &["v0.1.0"], No);
        check("v0.1.0", &["cli/v1.0.0"], Yes);
        check("nightly", &["v1.0.0"], Legacy);
        check("v1.2", &["v1.0.0"], Legacy);
        check("1.2.3.4", &[], Legacy);
        check("rev1.2.3", &["v9.0.0"], No);
        check("release-2024-1.2.3", &["release-2024-1.2.4"], No);
        check("v1.0.0", &["nightly", "v1"], Yes);
    }

    proptest! {
        #[test]
        fn any_tag_has_an_answer(tag in "[a-z0-9v./+-]{0,20}|\\PC{0,20}", finals in prop::collection::vec("v?[0-9]\\.[0-9]\\.[0-9]", 0..4)) {
            let answer = make_latest(&tag, false, &finals);
            prop_assert_eq!(answer == MakeLatest::Legacy, split(&tag).is_none());
        }
    }
}
