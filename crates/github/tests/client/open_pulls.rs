//! Open pull requests found by a branch whose name nobody vouches for.
use github::OpenPull;
use github_sim::{Fault, PlannedFault, Pull, Sim, State};
use proptest::prelude::*;

use crate::support::{client, repo, settings, state, told};

fn pull(number: u64, fork: Option<&str>, branch: &str) -> Pull {
    Pull {
        number,
        fork: fork.map(str::to_owned),
        head_ref: branch.to_owned(),
        head_sha: format!("{number:040x}"),
        ..Pull::default()
    }
}

fn world(pulls: Vec<Pull>) -> State {
    let mut state = state(Pull::default(), Vec::new());
    state.repositories[0].pulls = pulls;
    state
}

/// The numbers and head repositories found for an owner and a branch.
fn check(state: State, (owner, branch): (&str, &str), expected: &str) {
    let sim = Sim::start(state).unwrap();
    let seen = match client(&settings(&sim.url())).0.open_pulls_of(&repo(), owner, branch) {
        Err(error) => told(&error),
        Ok(pulls) => pulls.iter().map(told_pull).collect::<Vec<_>>().join(", "),
    };
    assert_eq!(seen, expected, "{owner}:{branch}");
}

fn told_pull(pull: &OpenPull) -> String {
    assert_eq!(pull.head_sha, format!("{:040x}", pull.number));
    format!("{} from {}", pull.number, pull.head_repo.as_deref().unwrap_or("nowhere"))
}

#[test]
fn forks_are_told_from_each_other() {
    let pulls = || {
        let closed = Pull { closed: true, ..pull(6, Some("ann/demo"), "topic") };
        let gone = Pull { fork_deleted: true, ..pull(7, Some("gone/demo"), "topic") };
        vec![
            pull(1, None, "topic"),
            pull(2, Some("ann/demo"), "topic"),
            pull(3, Some("bob/copy"), "topic"),
            pull(4, Some("ann/demo"), "other"),
            pull(5, Some("ann/demo"), "topic"),
            closed,
            gone,
        ]
    };
    check(world(pulls()), ("ANN", "topic"), "5 from ann/demo, 2 from ann/demo");
    check(world(pulls()), ("octo", "topic"), "1 from octo/demo");
    check(world(pulls()), ("bob", "topic"), "3 from bob/copy");
    check(world(pulls()), ("gone", "topic"), "7 from nowhere");
    check(world(pulls()), ("bob", "Topic"), "");
    let many = (1..=250).map(|number| pull(number, Some("ann/demo"), "topic")).collect();
    let all: Vec<_> = (1..=250).rev().map(|number| format!("{number} from ann/demo")).collect();
    check(world(many), ("ann", "topic"), &all.join(", "));
}

#[test]
fn hostile_branches_find_only_themselves() {
    let names = [
        "a&state=all",
        "a#b",
        "a?b",
        "a%2Fb",
        "a%",
        "a+b",
        "a b",
        "../../user",
        "a/b",
        "é\u{1f980}",
        "a:b",
        "::error::x",
        "a\r\nx-evil: 1",
        "a\u{0}b",
        "$(id)",
        "\"'`",
        "a\\b",
        ".",
        "--help",
        "refs/heads/a",
    ];
    let pulls = || (1..).zip(names).map(|(number, name)| pull(number, Some("ann/demo"), name)).collect();
    for (number, name) in (1..).zip(names) {
        check(world(pulls()), ("ann", name), &format!("{number} from ann/demo"));
    }
    check(world(pulls()), ("ann", "a"), "");
}

#[test]
fn what_is_no_branch_is_refused_before_any_call() {
    let refused = |of: &str| {
        format!("Settings: could not find pull requests: {of:?} is not the owner and the name of a branch [no hint]")
    };
    for (owner, branch) in [("", "topic"), ("ann", ""), ("ann:x", "topic"), ("a&b", "topic"), ("..", "x")] {
        check(world(Vec::new()), (owner, branch), &refused(&format!("{owner}:{branch}")));
    }
    check(world(Vec::new()), ("ann", &"x".repeat(1_001)), &refused(&format!("ann:{}…", "x".repeat(296))));
    check(world(Vec::new()), ("ann", &"\u{1f980}".repeat(250)), "");
}

#[test]
fn refusals_and_odd_answers_are_told() {
    let what = "could not find the pull requests of \"ann:a b\" in octo/demo: GET /repos/octo/demo/pulls?state=open&head=ann%3Aa%20b&per_page=100&page=1";
    let mut poor = world(Vec::new());
    poor.tokens[0].permissions.clear();
    let hint = "[give the job `permissions: pull-requests: read`]";
    let text = format!("Forbidden: {what} answered 403: Resource not accessible by integration {hint}");
    check(poor, ("ann", "a b"), &text);
    let short = Pull { head_sha: "abc".to_owned(), ..pull(1, Some("ann/demo"), "a b") };
    let text = format!("BadAnswer: {what} answered a commit without an id [no hint]");
    check(world(vec![short]), ("ann", "a b"), &text);
    // A server that ignores `head` lists others too: they are left out.
    let to = "/repos/octo/demo/pulls?state=open&per_page=100&page=1".to_owned();
    let fault = Fault::Redirect { status: 302, to };
    let faults = vec![PlannedFault { call: 1, times: 1, fault }];
    let pulls = vec![pull(1, None, "a b"), pull(2, Some("ann/demo"), "x"), pull(3, Some("ann/demo"), "a b")];
    check(State { faults, ..world(pulls) }, ("ann", "a b"), "3 from ann/demo");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_branch_is_found(branch in any::<String>(), other in "[a-c/&=%:?# ]{1,6}") {
        prop_assume!(!branch.is_empty() && branch.len() <= 1_000 && branch != other);
        let sim = Sim::start(world(vec![pull(1, Some("ann/demo"), &branch), pull(2, Some("ann/demo"), &other)])).unwrap();
        let (client, _) = client(&settings(&sim.url()));
        for (number, name) in [(1, &branch), (2, &other)] {
            let found = client.open_pulls_of(&repo(), "ann", name).unwrap();
            prop_assert_eq!(found.iter().map(|pull| pull.number).collect::<Vec<_>>(), vec![number]);
        }
    }
}
