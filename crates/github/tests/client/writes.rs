//! Faults at a write: what may have been carried out is not posted again, and what may be repeated is.
use std::sync::Arc;

use github::{Client, Error, Settings};
use github_sim::{Fault, PlannedFault, Sim, State};

use crate::comments::commented;
use crate::support::{VirtualClock, client, repo, settings, told_call};

const LOOK: &str = "[it may have been carried out: look before it is repeated]";
const NETWORK: &str = "[check the network, and HTTPS_PROXY and NO_PROXY where a proxy is needed]";
const WRITE: &str =
    "[give the job `permissions: pull-requests: write`; a run for a fork's pull request cannot have it]";

/// A write, by its name.
#[derive(Clone, Copy)]
enum Write {
    Post(&'static str),
    Patch(&'static str),
}

fn write(client: &Client, write: Write) -> Result<String, Error> {
    let done = match write {
        Write::Post(text) => client.create_comment(&repo(), 5, text),
        Write::Patch(text) => client.update_comment(&repo(), 1, text),
    };
    done.map(|comment| format!("{} {}", comment.id, comment.body.unwrap_or_default()))
}

/// What a write says, and the texts of all comments afterwards; at first there is one, `text 1`.
fn told_write(sim: &Sim, (result, clock): (&Result<String, Error>, &VirtualClock)) -> String {
    let story = told_call(sim, result, clock);
    let mut texts = Vec::new();
    sim.change(|state| {
        let comments = &state.repositories[0].pulls[0].comments;
        texts.extend(comments.iter().map(|comment| comment.body.clone().unwrap_or_default()));
    });
    format!("{story} | now {}", texts.join(", "))
        .replace("could not comment on 5 in octo/demo: POST /repos/octo/demo/issues/5/comments", "POST")
        .replace("could not change comment 1 in octo/demo: PATCH /repos/octo/demo/issues/comments/1", "PATCH")
}

fn check(what: Write, (fault, times): (Fault, u64), expected: &str) {
    check_world(
        what,
        (|_: &mut State| {}, |_: &mut Settings| {}),
        (vec![PlannedFault { call: 1, times, fault }], expected),
    );
}

fn check_world(
    what: Write,
    (world, ours): (impl FnOnce(&mut State), impl FnOnce(&mut Settings)),
    (faults, expected): (Vec<PlannedFault>, &str),
) {
    let mut state = commented(1, faults);
    world(&mut state);
    let sim = Sim::start(state).unwrap();
    let mut settings = settings(&sim.url());
    ours(&mut settings);
    let (client, clock) = client(&settings);
    let result = write(&client, what);
    assert_eq!(told_write(&sim, (&result, &clock)), expected);
}

const POST: Write = Write::Post("new");
const PATCH: Write = Write::Patch("new");

fn status(status: u16) -> Fault {
    Fault::Status { status, retry_after: None }
}

fn done(fault: Fault) -> Fault {
    Fault::CarriedOut(Box::new(fault))
}

#[test]
fn lost_answers_are_not_posted_again() {
    let cut =
        format!("MaybeDone: POST got no whole answer: connection closed before message completed {LOOK} | sent -");
    check(POST, (done(Fault::Cut), 1), &format!("{cut} | now text 1, new"));
    check(POST, (Fault::Cut, 1), &format!("{cut} | now text 1"));
    for number in [500, 502, 503, 504, 408] {
        let failed = format!("MaybeDone: POST answered {number}: Server Error {LOOK} | sent {number}");
        check(POST, (done(status(number)), 1), &format!("{failed} | now text 1, new"));
        check(POST, (status(number), 1), &format!("{failed} | now text 1"));
    }
    let after = |what: &str, sent: &str| format!("MaybeDone: POST {what} {LOOK} | sent {sent} | now text 1, new");
    let short = "got no whole answer: end of file before message length reached";
    check(POST, (Fault::Truncate, 1), &after(short, "201"));
    check(POST, (done(Fault::Garbage), 1), &after("got no whole answer: invalid HTTP version parsed", "-"));
    check(POST, (Fault::Empty, 1), &after("answered 201 with an empty body", "201"));
    check(POST, (Fault::WrongType, 1), &after("answered 201 with text/plain, not GitHub's JSON", "201"));
    let html = "answered 200 with text/html; charset=utf-8, not GitHub's JSON";
    check(POST, (done(Fault::Html), 1), &after(html, "200"));
    check(POST, (done(Fault::Endless), 1), &after("answered more than 33554432 bytes", "201"));
    check(POST, (Fault::Dribble, 1), "2 new | sent 201 | now text 1, new");
}

#[test]
fn half_an_answer_is_not_posted_again() {
    let sim = Sim::start(commented(1, vec![PlannedFault { call: 1, times: 1, fault: Fault::HalfJson }])).unwrap();
    let (client, clock) = client(&settings(&sim.url()));
    let story = told_write(&sim, (&write(&client, POST), &clock));
    assert!(story.starts_with("MaybeDone: POST answered other JSON than described: EOF"), "{story}");
    assert!(story.ends_with(&format!("{LOOK} | sent 201 | now text 1, new")), "{story}");
}

#[test]
fn changes_are_repeated() {
    let again = |sent: &str| format!("1 new | waited 1s | sent {sent} 200 | now new");
    for fault in [Fault::Cut, done(Fault::Cut)] {
        check(PATCH, (fault, 1), &again("-"));
    }
    for fault in [status(502), done(status(502))] {
        check(PATCH, (fault, 1), &again("502"));
    }
    check(PATCH, (Fault::Truncate, 1), &again("200"));
    let gone = "Refused: PATCH answered 500: Server Error (5 attempts) [no hint] | waited 1s 2s 4s 8s";
    check(PATCH, (status(500), 0), &format!("{gone} | sent 500 500 500 500 500 | now text 1"));
    let html = "BadAnswer: PATCH answered 200 with text/html; charset=utf-8, not GitHub's JSON [something other than GitHub's API answered: a proxy, a sign-in page, or a wrong GITHUB_API_URL]";
    check(PATCH, (Fault::Html, 1), &format!("{html} | sent 200 | now text 1"));
}

#[test]
fn rate_limits_are_waited_for() {
    for (what, sent, now) in [(POST, 201, "2 new | TIME | now text 1, new"), (PATCH, 200, "1 new | TIME | now new")] {
        let time = |waited: u64, first: u16| now.replace("TIME", &format!("waited {waited}s | sent {first} {sent}"));
        check(what, (Fault::Status { status: 429, retry_after: Some(9) }, 1), &time(9, 429));
        check(what, (status(429), 1), &time(60, 429));
        check(what, (Fault::SecondaryRateLimit { retry_after: Some(5) }, 1), &time(5, 403));
        check(what, (Fault::SecondaryRateLimit { retry_after: None }, 1), &time(60, 403));
    }
    let long = "RateLimited: POST answered 429: Server Error; it asks to wait 3600 s [run again later, or pass a token with a limit of its own]";
    let fault = Fault::Status { status: 429, retry_after: Some(3_600) };
    check(POST, (fault, 0), &format!("{long} | sent 429 | now text 1"));
}

#[test]
fn redirects_keep_what_is_sent() {
    let to = |status, to: &str| Fault::Redirect { status, to: to.to_owned() };
    for status in [307, 308] {
        let post = to(status, "/repositories/42/issues/5/comments");
        check(POST, (post, 1), &format!("2 new | sent {status} 201 | now text 1, new"));
        let patch = to(status, "/repositories/42/issues/comments/1");
        check(PATCH, (patch, 1), &format!("1 new | sent {status} 200 | now new"));
        let away = "redirects to https://evil.example, and the token stays here [check GITHUB_API_URL: it must be the address that answers, not one that redirects to it]";
        check(
            POST,
            (to(status, "https://evil.example/x"), 1),
            &format!("BadAnswer: POST {away} | sent {status} | now text 1"),
        );
    }
    for status in [301, 302] {
        let lost = format!(
            "answered {status}: what is sent would be lost on the way [use the repository's present name, and the address that answers in GITHUB_API_URL]"
        );
        for (what, name) in [(POST, "POST"), (PATCH, "PATCH")] {
            let fault = to(status, "/repositories/42/issues/5/comments");
            check(what, (fault, 1), &format!("BadAnswer: {name} {lost} | sent {status} | now text 1"));
        }
    }
}

#[test]
fn refusals_say_what_is_missing() {
    let refused = |what: Write, world: fn(&mut State), expected: &str| {
        check_world(what, (world, |_: &mut Settings| {}), (Vec::new(), &format!("{expected} | now text 1")));
    };
    let poor: fn(&mut State) = |s| drop(s.tokens[0].permissions.insert("pull_requests".to_owned(), "read".to_owned()));
    let app = "answered 403: Resource not accessible by integration";
    refused(POST, poor, &format!("Forbidden: POST {app} {WRITE} | sent 403"));
    refused(PATCH, poor, &format!("Forbidden: PATCH {app} {WRITE} | sent 403"));
    let locked = "answered 403: Unable to create comment because issue is locked. [unlock the conversation]";
    refused(POST, |s| s.repositories[0].pulls[0].locked = true, &format!("Forbidden: POST {locked} | sent 403"));
    let unseen = "answered 404: Not Found [it does not exist, or the token may not see it: it needs `pull-requests: write` there]";
    refused(POST, |s| s.tokens[0].repositories.clear(), &format!("NotFound: POST {unseen} | sent 404"));
    refused(PATCH, |s| s.tokens[0].repositories.clear(), &format!("NotFound: PATCH {unseen} | sent 404"));
    let blank = "answered 422: Validation Failed: Body cannot be blank [no hint] | sent 422";
    refused(Write::Post(""), |_| {}, &format!("Refused: POST {blank}"));
    refused(Write::Patch(" \n"), |_| {}, &format!("Refused: PATCH {blank}"));
}

#[test]
fn too_long_texts_are_refused_by_github() {
    let sim = Sim::start(commented(1, Vec::new())).unwrap();
    let (client, clock) = client(&settings(&sim.url()));
    let result = client.create_comment(&repo(), 5, &"x".repeat(65_537)).map(|comment| comment.html_url);
    let long =
        "Refused: POST answered 422: Validation Failed: Body is too long (maximum is 65536 characters) [no hint]";
    assert_eq!(told_write(&sim, (&result, &clock)), format!("{long} | sent 422 | now text 1"));
}

#[test]
fn without_a_connection_nothing_was_posted() {
    // Port 1 was tcpmux, which nobody runs.
    let gone = |s: &mut Settings| s.api_url = "http://127.0.0.1:1".to_owned();
    let text =
        "Unreachable: POST got no whole answer: tcp connect error: Connection refused (os error 111) (5 attempts)";
    let text = format!("{text} {NETWORK} | waited 1s 2s 4s 8s | sent  | now text 1");
    check_world(POST, (|_: &mut State| {}, gone), (Vec::new(), &text));
}

/// The same for a write that is never answered; the time of so many attempts runs out.
fn check_silence(what: Write, (fault, attempts): (Fault, u64), expected: &str) {
    let plan = PlannedFault { call: 1, times: attempts, fault };
    let sim = Arc::new(Sim::start(commented(1, vec![plan])).unwrap());
    let (client, clock) = client(&settings(&sim.url()));
    let time = std::thread::spawn({
        let (sim, clock) = (Arc::clone(&sim), clock.clone());
        move || {
            (1..=attempts).for_each(|count| {
                sim.wait_for_hang(count);
                clock.expire_one();
            })
        }
    });
    let result = write(&client, what);
    time.join().unwrap();
    assert_eq!(told_write(&sim, (&result, &clock)), expected);
}

#[test]
fn silence_after_a_post_is_not_repeated() {
    let silent = format!("MaybeDone: POST got no answer in time {LOOK} | sent -");
    check_silence(POST, (Fault::Hang, 1), &format!("{silent} | now text 1"));
    check_silence(POST, (done(Fault::Hang), 1), &format!("{silent} | now text 1, new"));
    check_silence(PATCH, (Fault::Hang, 2), "1 new | waited 1s 2s | sent - - 200 | now new");
    let gone = format!("Unreachable: PATCH got no answer in time (5 attempts) {NETWORK} | waited 1s 2s 4s 8s");
    check_silence(PATCH, (done(Fault::Hang), 5), &format!("{gone} | sent - - - - - | now new"));
}
