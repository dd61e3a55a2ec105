//! Merge bases and tags: the same answers as git's on generated histories, and careful ones in shallow clones.

use std::collections::{HashMap, HashSet};

use git::{Id, MergeBase, PreviousTag, Repository};

use crate::support::{Import, Numbers, Sandbox};

/// A generated history: commits are numbered from 1, and parents come before children.
struct Graph {
    sandbox: Sandbox,
    ids: HashMap<usize, Id>,
    parents: HashMap<usize, Vec<usize>>,
}

/// How the clocks of a history go.
#[derive(Clone, Copy)]
enum Clocks {
    Right,
    /// Many commits of one second, and some from before their parents.
    Wrong,
}

fn graph(seed: u64, count: usize, clocks: Clocks) -> Graph {
    let mut numbers = Numbers(seed);
    let mut import = Import::default();
    let mut parents: HashMap<usize, Vec<usize>> = HashMap::new();
    for mark in 1..=count {
        let time = match clocks {
            Clocks::Right => 1_700_000_000 + i64::try_from(mark).expect("small") * 10,
            Clocks::Wrong => 1_700_000_000 + i64::try_from(numbers.below(20)).expect("small"),
        };
        // Each on its own branch, so that nothing is lost.
        import.commit(&format!("b{mark}"), mark, time);
        let mut chosen: Vec<usize> = Vec::new();
        let wanted =
            if numbers.chance(4) { 0 } else { 1 + usize::from(numbers.chance(35)) + usize::from(numbers.chance(5)) };
        for _ in 0..wanted.min(mark - 1) {
            let back = 1 + numbers.below((mark - 1).min(6));
            if !chosen.contains(&(mark - back)) {
                chosen.push(mark - back);
            }
        }
        import.parents(&chosen);
        import.file("100644", b"f", format!("{mark}").as_bytes());
        parents.insert(mark, chosen);
    }
    let sandbox = Sandbox::new("sha1");
    let ids = import.run(&sandbox);
    Graph { sandbox, ids, parents }
}

impl Graph {
    /// A commit and everything below it.
    fn below(&self, mark: usize) -> HashSet<usize> {
        let mut found = HashSet::new();
        let mut open = vec![mark];
        while let Some(mark) = open.pop() {
            if found.insert(mark) {
                open.extend(&self.parents[&mark]);
            }
        }
        found
    }

    /// What `git merge-base` prints.
    fn merge_base(&self, a: usize, b: usize) -> MergeBase {
        let (a, b) = (self.ids[&a].to_string(), self.ids[&b].to_string());
        if !self.sandbox.succeeds(&["merge-base", &a, &b]) {
            return MergeBase::None;
        }
        MergeBase::Found(crate::support::id(&self.sandbox.text(["merge-base", &a, &b])))
    }
}

fn check(repository: &Repository, (a, b): (Id, Id), expected: MergeBase) {
    assert_eq!(repository.merge_base(a, b).expect("looks"), expected, "{a} {b}");
}

fn check_merge_bases(seed: u64, clocks: Clocks) {
    let graph = graph(seed, 120, clocks);
    let repository = graph.sandbox.open();
    let mut numbers = Numbers(seed);
    let mut unrelated = 0;
    for _ in 0..150 {
        let (a, b) = (1 + numbers.below(120), 1 + numbers.below(120));
        let expected = graph.merge_base(a, b);
        unrelated += usize::from(expected == MergeBase::None);
        check(&repository, (graph.ids[&a], graph.ids[&b]), expected);
    }
    assert!((1..140).contains(&unrelated), "there are related and unrelated ones: {unrelated}");
    assert_eq!(repository.fell_back(), None);
}

#[test]
fn merge_bases_are_those_of_git() {
    check_merge_bases(11, Clocks::Right);
}

#[test]
fn merge_bases_are_those_of_git_with_wrong_clocks() {
    check_merge_bases(12, Clocks::Wrong);
}

#[test]
fn a_shallow_clone_never_gives_another_base_than_the_whole_history() {
    let graph = graph(13, 120, Clocks::Right);
    let tips: Vec<usize> = (1..=12).map(|at| at * 10).collect();
    for mark in (1..=120).filter(|mark| !tips.contains(mark)) {
        graph.sandbox.git(["update-ref", "-d", &format!("refs/heads/b{mark}")]);
    }
    let (mut found, mut unknown) = (0, 0);
    for depth in ["1", "2", "3", "5"] {
        let clone = Sandbox::clone_of(
            &graph.sandbox.path(),
            &["--no-single-branch", "--no-checkout", "--depth", depth, "-b", "b120"],
        );
        let repository = clone.open();
        assert!(repository.is_shallow().expect("reads"));
        let mut numbers = Numbers(13);
        for _ in 0..40 {
            let (a, b) = (*numbers.pick(&tips), *numbers.pick(&tips));
            match repository.merge_base(graph.ids[&a], graph.ids[&b]).expect("looks") {
                MergeBase::Unknown => unknown += 1,
                certain => {
                    assert_eq!(certain, graph.merge_base(a, b), "depth {depth}: {a} {b}");
                    found += 1;
                }
            }
        }
    }
    assert!(found > 20 && unknown > 20, "both happen: {found} {unknown}");
}

#[test]
fn a_shallow_line_of_two_branches_has_its_base_when_the_base_is_there() {
    let mut import = Import::default();
    for mark in 1..=9 {
        import.commit(
            if mark < 7 { "main" } else { "feature" },
            mark,
            1_700_000_000 + 10 * i64::try_from(mark).expect("small"),
        );
        // The feature branch leaves main at its fourth commit.
        let parent = if mark == 7 { 4 } else { mark - 1 };
        import.parents(if mark == 1 { &[] } else { std::slice::from_ref(&parent) });
    }
    let origin = Sandbox::new("sha1");
    let ids = import.run(&origin);
    let clone = |depth| Sandbox::clone_of(&origin.path(), &["--no-single-branch", "--depth", depth]);
    let (four, three) = (clone("4"), clone("3"));
    check(&four.open(), (ids[&6], ids[&9]), MergeBase::Found(ids[&4]));
    check(&three.open(), (ids[&6], ids[&9]), MergeBase::Unknown);
    check(&three.open(), (ids[&6], ids[&5]), MergeBase::Found(ids[&5]));
    check(&origin.open(), (ids[&6], ids[&9]), MergeBase::Found(ids[&4]));
}

fn check_tag(repository: &Repository, head: Id, except: Option<&str>, expected: Option<(&str, Id)>) {
    let expected = match expected {
        Some((name, id)) => PreviousTag::Found { name: name.to_owned(), id },
        None => PreviousTag::None,
    };
    assert_eq!(repository.previous_tag(head, except).expect("looks"), expected);
}

#[test]
fn the_previous_tag_is_the_nearest_of_another_commit() {
    let sandbox = Sandbox::new("sha1");
    let commits: Vec<Id> = (0..5).map(|at| sandbox.commit_all(&format!("c{at}"))).collect();
    let tag = |name: &str, at: usize| drop(sandbox.git(["tag", name, &commits[at].to_string()]));
    check_tag(&sandbox.open(), commits[4], None, None);
    tag("v1.9.0", 1);
    tag("v1.10.0", 1);
    tag("v1.10.0-rc.1", 1);
    tag("nightly", 1);
    sandbox.git(["tag", "-a", "-m", "release", "v2.0.0", &commits[3].to_string()]);
    tag("elsewhere", 3);
    let repository = sandbox.open();
    check_tag(&repository, commits[4], None, Some(("v2.0.0", commits[3])));
    check_tag(&repository, commits[4], Some("v2.0.0"), Some(("elsewhere", commits[3])));
    check_tag(&repository, commits[3], Some("v2.0.0"), Some(("v1.10.0", commits[1])));
    check_tag(&repository, commits[1], None, None);
    let names: Vec<String> = repository.tags().expect("lists").into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["elsewhere", "nightly", "v1.10.0", "v1.10.0-rc.1", "v1.9.0", "v2.0.0"]);
    sandbox.git(["pack-refs", "--all"]);
    check_tag(&sandbox.open(), commits[4], None, Some(("v2.0.0", commits[3])));
}

#[test]
fn the_previous_tag_leaves_out_the_fewest_commits() {
    let graph = graph(14, 120, Clocks::Right);
    let mut numbers = Numbers(14);
    let mut tagged: Vec<usize> = (0..25).map(|_| 1 + numbers.below(110)).collect();
    tagged.sort_unstable();
    tagged.dedup();
    for mark in &tagged {
        graph.sandbox.git(["tag", &format!("t{mark}"), &graph.ids[mark].to_string()]);
    }
    let repository = graph.sandbox.open();
    let mut found = 0;
    for head in 1..=120 {
        let below = graph.below(head);
        let distance = |tag: &usize| below.difference(&graph.below(*tag)).count();
        let reachable = tagged.iter().filter(|tag| **tag != head && below.contains(tag));
        let expected = reachable.map(distance).min();
        let answer = match repository.previous_tag(graph.ids[&head], None).expect("looks") {
            PreviousTag::Found { name, id } => {
                let mark: usize = name[1..].parse().expect("a number");
                assert_eq!(graph.ids[&mark], id);
                found += 1;
                Some(distance(&mark))
            }
            PreviousTag::None => None,
            PreviousTag::Unknown => panic!("nothing is shallow"),
        };
        assert_eq!(answer, expected, "head {head}");
    }
    assert!(found > 50, "most have one: {found}");
}

#[test]
fn the_previous_tag_is_that_of_git_describe_on_a_line() {
    let sandbox = Sandbox::new("sha1");
    for at in 0..12 {
        sandbox.git(["commit", "-q", "--allow-empty", "-m", &format!("c{at}")]);
        if at % 3 == 0 {
            sandbox.git(["tag", &format!("t{at}")]);
        }
    }
    for back in 1..8 {
        let head = sandbox.id(&format!("HEAD~{back}"));
        let expected = sandbox.text(["describe", "--tags", "--abbrev=0", &format!("HEAD~{}", back + 1)]);
        check_tag(&sandbox.open(), head, None, Some((&expected, sandbox.id(&expected))));
    }
}

#[test]
fn a_shallow_clone_without_tags_does_not_know_the_previous_tag() {
    let origin = Sandbox::new("sha1");
    for at in 0..5 {
        origin.git(["commit", "-q", "--allow-empty", "-m", &format!("c{at}")]);
    }
    origin.git(["tag", "v1", "HEAD~3"]);
    let clone = Sandbox::clone_of(&origin.path(), &["--depth", "2"]);
    let head = clone.id("HEAD");
    assert_eq!(clone.open().previous_tag(head, None).expect("looks"), PreviousTag::Unknown);
}

#[test]
fn a_commit_is_read_as_it_is() {
    let sandbox = Sandbox::new("sha256");
    let first = sandbox.commit_all("first\n\nbody");
    sandbox.git(["commit", "-q", "--allow-empty", "-m", "second"]);
    let second = sandbox.id("HEAD");
    sandbox.git(["checkout", "-q", "-b", "side", &first.to_string()]);
    sandbox.git(["commit", "-q", "--allow-empty", "-m", "third"]);
    sandbox.git(["merge", "-q", "--no-ff", "-m", "merge", "main"]);
    sandbox.git(["tag", "-a", "-m", "tag", "v1"]);
    let repository = sandbox.open();
    let merge = repository.commit(sandbox.id("v1")).expect("reads");
    assert_eq!(merge.id, sandbox.id("HEAD"));
    assert_eq!(merge.tree, sandbox.id("HEAD^{tree}"));
    assert_eq!(merge.parents, [sandbox.id("HEAD^1"), second]);
    assert_eq!(merge.first_parent(), Some(sandbox.id("HEAD^1")));
    assert!(merge.is_merge());
    assert_eq!(merge.time, 1_700_000_000);
    let root = repository.commit(first).expect("reads");
    assert_eq!((root.parents.len(), root.message.as_slice()), (0, &b"first\n\nbody\n"[..]));
    assert!(repository.commit(merge.tree).is_err(), "a tree is no commit");
}
