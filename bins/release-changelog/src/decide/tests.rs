//! The ledger sums up whatever history there is; reverts cancel in pairs; breaking changes are never hidden.
use proptest::prelude::*;

use super::*;

/// A commit with parents by place and a message, in which `@3` is the id of place 3.
type Written = (Vec<u32>, String);

fn id(place: usize) -> Id {
    Id::from_hex(format!("{:040x}", (place as u128 + 1) * 0x0123_4567_89ab_cdef_u128).as_bytes()).unwrap()
}

fn facts(written: &[Written]) -> Facts {
    let text = |message: &str| match message.split_once('@') {
        Some((before, digits)) => format!("{before}{}", id(digits.parse().unwrap())),
        None => message.to_owned(),
    };
    let commits = written.iter().enumerate().map(|(at, (parents, message))| Commit {
        id: id(at),
        parents: parents.iter().copied().collect(),
        cut: false,
        time: 0,
        author: 0,
        told: Told::of(&text(message)),
    });
    Facts::new(commits.collect(), Vec::new())
}

fn ledger(facts: &Facts) -> Ledger {
    let members: Vec<u32> = (0..facts.commits.len() as u32).collect();
    Ledger::of(facts, &members, &Sections::default())
}

/// The buckets of a line of history, one message a commit; for `merge` it is one of the two before.
fn check(messages: &[&str], expected: &[Bucket]) {
    let written: Vec<Written> = messages
        .iter()
        .enumerate()
        .map(|(at, message)| {
            let at = at as u32;
            let parents = match at {
                0 => vec![OUTSIDE],
                at if message.starts_with("Merge") => vec![at - 2, at - 1],
                at if messages.get(at as usize + 1).is_some_and(|next| next.starts_with("Merge")) => vec![at - 1],
                at => vec![at - 1],
            };
            (parents, (*message).to_owned())
        })
        .collect();
    let facts = facts(&written);
    let found: Vec<Bucket> = ledger(&facts).entries.iter().map(|entry| entry.bucket).collect();
    assert_eq!(found, expected, "{messages:?}");
}

const REVERT: &str = "Revert \"x\"\n\nThis reverts commit @";

#[test]
fn each_rule_has_its_bucket() {
    use Bucket::{Hidden, Listed, Merge, Other, Release};
    check(
        &[
            "feat: a",
            "docs: b",
            "docs!: c",
            "chore(release): 1.0.0",
            "anything",
            "deps: d",
            "✨ feat: e",
            "chore(release)!: 2.0.0",
        ],
        &[Listed, Hidden, Listed, Release, Other, Listed, Other, Listed],
    );
    check(&["feat: a", "fix: b", "Merge branch 'x'"], &[Listed, Listed, Merge]);
}

#[test]
fn reverts_cancel_in_pairs() {
    use Bucket::{Listed, Merge, Other, Reverted};
    let revert = |place: usize| format!("{REVERT}{place}.").replace('.', "");
    let (r0, r1, r2, r3) = (revert(0), revert(1), revert(2), revert(3));
    check(&["feat: a", &r0], &[Reverted, Reverted]);
    check(&["feat: a", &r0, &r1], &[Listed, Reverted, Reverted]);
    check(&["feat: a", &r0, &r1, &r2], &[Reverted; 4]);
    check(&["feat: a", &r0, &r1, &r2, &r3], &[Listed, Reverted, Reverted, Reverted, Reverted]);
    check(&["feat: a", &r0, &r0], &[Reverted; 3]);
    // What is not in the range cannot cancel.
    check(
        &["feat: a", "Revert \"y\"\n\nThis reverts commit fedcba9876543210fedcba9876543210fedcba98."],
        &[Listed, Listed],
    );
    check(&["feat: a (#7)", "Revert \"feat: a (#7)\" (#8)\n\nReverts o/r#7"], &[Reverted, Reverted]);
    check(&["feat: a", "revert: feat: a\n\nRefs: @0"], &[Reverted, Reverted]);
    check(&["Revert \"x\"\n\nThis reverts commit @0"], &[Listed]);
    // With a merge goes what it brought.
    check(&["feat: a", "feat: b", "Merge branch 'b'", &r2], &[Listed, Reverted, Reverted, Reverted]);
    check(&["feat: a", "feat: b", "Merge branch 'b'"], &[Listed, Listed, Merge]);
    check(&["wip"], &[Other]);
}

#[test]
fn numbers_of_pull_requests_may_go_in_circles() {
    let facts = facts(&[
        (vec![OUTSIDE], "Revert \"b\" (#1)\n\nReverts o/r#2".to_owned()),
        (vec![0], "Revert \"a\" (#2)\n\nReverts o/r#1".to_owned()),
    ]);
    assert_eq!(ledger(&facts).total(), 2);
}

#[test]
fn shortened_ids_are_found_where_they_are_unique() {
    let facts = facts(&[(vec![OUTSIDE], "feat: a".to_owned()), (vec![0], "feat: b".to_owned())]);
    let full = id(1).to_string();
    assert_eq!(facts.find(&full), Some(1));
    assert_eq!(facts.find(&full[..39]), Some(1));
    assert_eq!(facts.find("0000000"), None, "both begin so");
    assert_eq!(facts.find("fffffff"), None);
}

#[test]
fn tags_are_painted_from_the_oldest() {
    // 0 ← 1 ← 3 (merge of 2) ← 4; 2 is on a branch from 0.
    let tree = [vec![OUTSIDE], vec![0], vec![0], vec![1, 2], vec![3]];
    let facts = facts(&tree.map(|parents| (parents, "feat: a".to_owned())));
    let colours = |tags: &[u32]| paint::paint(&facts, tags).colours;
    let none = paint::NONE;
    assert_eq!(colours(&[1, 3]), [0, 0, 1, 1, none]);
    assert_eq!(colours(&[2, 4]), [0, 1, 0, 1, 1]);
    assert_eq!(colours(&[3, 3]), [0, 0, 0, 0, none], "of two on one commit the older has it");
    // The younger version is older history.
    let painted = paint::paint(&facts, &[4, 1]);
    assert_eq!((painted.colours, painted.order), (vec![0, 0, 1, 1, 1], vec![1, 0]));
}

fn message(at: usize) -> impl Strategy<Value = String> {
    let target = 0..at.max(1);
    prop_oneof![
        4 => prop::sample::select(vec!["feat: a", "fix: b (#3)", "docs: c", "chore!: d", "x", "chore(release): 1.0.0", "fix: a\n\nBREAKING CHANGE: b"])
            .prop_map(str::to_owned),
        2 => target.clone().prop_map(|target| format!("{REVERT}{target}")),
        1 => target.prop_map(|target| format!("revert: x\n\nRefs: @{target}")),
        1 => Just("Revert \"z\" (#3)\n\nReverts o/r#3".to_owned()),
    ]
}

/// Any history: up to four parents each, among those before.
fn history() -> impl Strategy<Value = Vec<Written>> {
    let one = |at: usize| (prop::collection::vec(any::<prop::sample::Index>(), 0..4), message(at));
    (1..14_usize).prop_flat_map(move |count| (0..count).map(one).collect::<Vec<_>>()).prop_map(|written| {
        let place = |(at, (parents, message)): (usize, (Vec<prop::sample::Index>, String))| {
            let mut parents: Vec<u32> =
                parents.iter().filter(|_| at > 0).map(|index| index.index(at.max(1)) as u32).collect();
            parents.sort_unstable();
            parents.dedup();
            (parents, message)
        };
        written.into_iter().enumerate().map(place).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_ledger_sums_up(written in history(), keep in prop::collection::vec(any::<bool>(), 14)) {
        let facts = facts(&written);
        let members: Vec<u32> = (0..facts.commits.len() as u32).filter(|place| keep[*place as usize]).collect();
        let ledger = Ledger::of(&facts, &members, &Sections::default());
        prop_assert_eq!(ledger.total(), members.len());
        prop_assert_eq!(ledger.entries.iter().map(|entry| entry.place).collect::<Vec<_>>(), members);
        for entry in &ledger.entries {
            let told = &facts.commits[entry.place as usize].told;
            prop_assert!(!(told.breaking() && matches!(entry.bucket, Bucket::Hidden | Bucket::Release)));
            // A pair has two ends, and both are in the part.
            if let Why::RevertedBy(by) = entry.why {
                prop_assert!(ledger.entries.iter().any(|other| other.place == by));
            }
        }
        let breaks = ledger.breaking(&facts).next().is_some();
        prop_assert_eq!(breaks, version::demanded(&facts, &ledger) == version::Bump::Major);
    }

    #[test]
    fn every_commit_has_one_colour(written in history(), tags in prop::collection::vec(any::<prop::sample::Index>(), 0..6)) {
        let facts = facts(&written);
        let tags: Vec<u32> = tags.iter().map(|tag| tag.index(facts.commits.len()) as u32).collect();
        let painted = paint::paint(&facts, &tags);
        let mut reached = vec![false; facts.commits.len()];
        let mut stack = tags.clone();
        while let Some(place) = stack.pop() {
            if !std::mem::replace(&mut reached[place as usize], true) {
                stack.extend(facts.commits[place as usize].parents.iter().copied());
            }
        }
        for (place, colour) in painted.colours.iter().enumerate() {
            prop_assert_eq!(*colour != paint::NONE, reached[place]);
            // No commit comes later than what is built on it.
            for &parent in facts.commits[place].parents.iter() {
                let older = painted.colours[parent as usize];
                prop_assert!(older <= *colour, "{} over {}", place, parent);
            }
        }
    }
}
