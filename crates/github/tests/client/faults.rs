//! Every fault of the plan, and what the client makes of it.
use std::sync::Arc;

use github::{Settings, Token};
use github_sim::{Fault, PlannedFault, Pull, RateLimit, Sim, State};

use crate::support::{client, repo, settings, state, story, told_list};

/// A list of two files, read with this fault at the first calls (0: at all).
fn check((fault, times): (Fault, u64), expected: &str) {
    check_state((|_| {}, |_| {}), Some((fault, times)), expected);
}

/// The same in a changed world, or with changed settings.
fn check_state(
    (world, ours): (impl FnOnce(&mut State), impl FnOnce(&mut Settings)),
    fault: Option<(Fault, u64)>,
    expected: &str,
) {
    let faults = fault.map(|(fault, times)| PlannedFault { call: 1, times, fault });
    let pull = Pull { generated_files: 2, ..Pull::default() };
    let mut state = state(pull, faults.into_iter().collect());
    world(&mut state);
    let sim = Sim::start(state).unwrap();
    let mut settings = settings(&sim.url());
    ours(&mut settings);
    let what = "could not list the files of pull request 5 of octo/demo: GET /repos/octo/demo/pulls/5/files?per_page=100&page=1";
    assert_eq!(story(&sim, &settings, 2).replace(what, "LIST"), expected);
}

fn status(status: u16, retry_after: Option<u64>) -> Fault {
    Fault::Status { status, retry_after }
}

const NETWORK: &str = "[check the network, and HTTPS_PROXY and NO_PROXY where a proxy is needed]";
const OTHER: &str = "[something other than GitHub's API answered: a proxy, a sign-in page, or a wrong GITHUB_API_URL]";
const LATER: &str = "[run again later, or pass a token with a limit of its own]";

#[test]
fn failures_on_github_s_side_are_repeated() {
    check((status(500, None), 1), "2 files | waited 1s | sent 500 200");
    check((status(502, None), 3), "2 files | waited 1s 2s 4s | sent 502 502 502 200");
    check((status(503, Some(7)), 1), "2 files | waited 7s | sent 503 200");
    check((status(408, None), 1), "2 files | waited 1s | sent 408 200");
    let gone = "Refused: LIST answered 504: Server Error (5 attempts) [no hint]";
    check((status(504, None), 0), &format!("{gone} | waited 1s 2s 4s 8s | sent 504 504 504 504 504"));
    check((status(503, Some(61)), 0), "Refused: LIST answered 503: Server Error [no hint] | sent 503");
}

#[test]
fn rate_limits_are_waited_for_within_bounds() {
    check((status(429, Some(30)), 1), "2 files | waited 30s | sent 429 200");
    check((status(429, None), 1), "2 files | waited 60s | sent 429 200");
    check((Fault::SecondaryRateLimit { retry_after: Some(5) }, 2), "2 files | waited 5s 5s | sent 403 403 200");
    let text =
        "answered 403: You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
    check(
        (Fault::SecondaryRateLimit { retry_after: None }, 0),
        &format!("RateLimited: LIST {text} (2 attempts) {LATER} | waited 60s | sent 403 403"),
    );
    check(
        (Fault::SecondaryRateLimit { retry_after: Some(3_600) }, 0),
        &format!("RateLimited: LIST {text}; it asks to wait 3600 s {LATER} | sent 403"),
    );
}

#[test]
fn used_up_limits_say_when_they_reset() {
    let used_up = |reset| move |state: &mut State| state.rate_limit = RateLimit { limit: 60, remaining: 0, reset };
    let text = "answered 403: API rate limit exceeded for installation ID 1.; the limit resets at 2030-03-17T17:46:40Z";
    check_state((used_up(1_900_000_000), |_| {}), None, &format!("RateLimited: LIST {text} {LATER} | sent 403"));
    // 20 s from the clock's now: worth the wait, but the simulated limit never resets.
    let soon = "answered 403: API rate limit exceeded for installation ID 1.; the limit resets at 2027-01-15T08:00:20Z (5 attempts)";
    let story = format!("RateLimited: LIST {soon} {LATER} | waited 20s 1s 1s 1s | sent 403 403 403 403 403");
    check_state((used_up(1_800_000_020), |_| {}), None, &story);
}

#[test]
fn total_time_bounds_all_waits() {
    let ours = |s: &mut Settings| s.limits.total_time = std::time::Duration::from_secs(70);
    let text = "Refused: LIST answered 503: Server Error (2 attempts) [no hint]";
    check_state(
        (|_: &mut State| {}, ours),
        Some((status(503, Some(40)), 0)),
        &format!("{text} | waited 40s | sent 503 503"),
    );
}

#[test]
fn broken_connections_are_repeated() {
    check((Fault::Cut, 2), "2 files | waited 1s 2s | sent - - 200");
    check((Fault::Truncate, 1), "2 files | waited 1s | sent 200 200");
    check((Fault::Dribble, 1), "2 files | sent 200");
    let cut = "Unreachable: LIST got no whole answer: connection closed before message completed (5 attempts)";
    check((Fault::Cut, 0), &format!("{cut} {NETWORK} | waited 1s 2s 4s 8s | sent - - - - -"));
    let garbage = "Unreachable: LIST got no whole answer: invalid HTTP version parsed (5 attempts)";
    check((Fault::Garbage, 0), &format!("{garbage} {NETWORK} | waited 1s 2s 4s 8s | sent - - - - -"));
    let short = "Unreachable: LIST got no whole answer: end of file before message length reached (5 attempts)";
    check((Fault::Truncate, 0), &format!("{short} {NETWORK} | waited 1s 2s 4s 8s | sent 200 200 200 200 200"));
}

#[test]
fn answers_that_are_not_json_are_refused() {
    let bad = |what: &str| format!("BadAnswer: LIST answered 200 with {what} {OTHER} | sent 200");
    check((Fault::Html, 1), &bad("text/html; charset=utf-8, not GitHub's JSON"));
    check((Fault::WrongType, 1), &bad("text/plain, not GitHub's JSON"));
    check((Fault::Empty, 1), &bad("an empty body"));
    let half = "BadAnswer: LIST answered other JSON than described: EOF while parsing a list at line 1 column 516";
    check((Fault::HalfJson, 1), &format!("{half} [no hint] | sent 200"));
    check((Fault::Endless, 1), "BadAnswer: LIST answered more than 33554432 bytes [no hint] | sent 200");
}

#[test]
fn redirects_stay_at_the_host() {
    let to = |to: &str| Fault::Redirect { status: 301, to: to.to_owned() };
    check((to("/repositories/42/pulls/5/files?per_page=100&page=1"), 1), "2 files | sent 301 200");
    let check_url = "[check GITHUB_API_URL: it must be the address that answers, not one that redirects to it]";
    let away = "BadAnswer: LIST redirects to https://evil.example, and the token stays here";
    check((to("https://evil.example/x"), 1), &format!("{away} {check_url} | sent 301"));
    let circle = "BadAnswer: LIST redirects to itself";
    check((to("/repos/octo/demo/pulls/5/files?per_page=100&page=1"), 1), &format!("{circle} {check_url} | sent 301"));
    let chain = |state: &mut State| {
        let planned = |call| PlannedFault { call, times: 1, fault: to(&format!("/{call}")) };
        state.faults = (1..=5).map(planned).collect();
    };
    let many = "BadAnswer: LIST redirects more than 3 times [no hint] | sent 301 301 301 301";
    check_state((chain, |_| {}), None, many);
}

#[test]
fn refusals_say_what_is_missing() {
    let with = |token: &str| {
        let token = Token::new(token);
        move |s: &mut Settings| s.token = Some(token)
    };
    let none = |s: &mut Settings| s.token = None;
    let same = |_: &mut State| {};
    let told = |text: &str, status: u16| format!("{text} | sent {status}");
    let bad = "Unauthorized: LIST answered 401: Bad credentials [the token is wrong or expired]";
    check_state((same, with("ghs_other")), None, &told(bad, 401));
    let private = "NotFound: LIST answered 404: Not Found [it does not exist, or it is private: pass a token]";
    check_state((same, none), None, &told(private, 404));
    let unseen = "NotFound: LIST answered 404: Not Found [it does not exist, or the token may not see it: it needs `pull-requests: read` there]";
    check_state((|s: &mut State| s.tokens[0].repositories.clear(), |_| {}), None, &told(unseen, 404));
    let forbidden = "Forbidden: LIST answered 403: Resource not accessible by integration [give the job `permissions: pull-requests: read`]";
    check_state((|s: &mut State| s.tokens[0].permissions.clear(), |_| {}), None, &told(forbidden, 403));
    let closed = "Unauthorized: LIST answered 401: Must authenticate to access this API. [pass a token]";
    check_state((|s: &mut State| s.private_mode = true, none), None, &told(closed, 401));
    check_state((|s: &mut State| s.repositories[0].private = false, none), None, "2 files | sent 200");
    let limited = "RateLimited: LIST answered 403: API rate limit exceeded for installation ID 1.; the limit resets at 2030-03-17T17:46:40Z [pass a token: calls without one share 60 an hour with everyone behind the same address]";
    check_state((|s: &mut State| s.rate_limit.remaining = 0, none), None, &told(limited, 403));
}

#[test]
fn silence_ends_in_time() {
    let pull = Pull { generated_files: 2, ..Pull::default() };
    for (times, expected) in [
        (2, "2 files | waited 1s 2s | sent - - 200".to_owned()),
        (
            0,
            format!(
                "Unreachable: LIST got no answer in time (5 attempts) {NETWORK} | waited 1s 2s 4s 8s | sent - - - - -"
            ),
        ),
    ] {
        let plan = PlannedFault { call: 1, times, fault: Fault::Hang };
        let sim = Arc::new(Sim::start(state(pull.clone(), vec![plan])).unwrap());
        let (client, clock) = client(&settings(&sim.url()));
        let time = std::thread::spawn({
            let (sim, clock) = (Arc::clone(&sim), clock.clone());
            move || {
                (1..=if times == 0 { 5 } else { times }).for_each(|count| {
                    sim.wait_for_hang(count);
                    clock.expire_one();
                })
            }
        });
        let result = client.pull_request_files(&repo(), 5);
        time.join().unwrap();
        let what = "could not list the files of pull request 5 of octo/demo: GET /repos/octo/demo/pulls/5/files?per_page=100&page=1";
        assert_eq!(told_list(&sim, (&result, &clock), 2).replace(what, "LIST"), expected);
    }
}
