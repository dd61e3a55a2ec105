//! Every answer of the simulator, held against GitHub's published description.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
mod comments;
mod described;
mod releases;

use std::io::{Read, Write};
use std::net::TcpStream;

use described::{FILES, PULL, PULLS, check, exchange, validator};
use github_sim::{Fault, File, PlannedFault, Pull, RateLimit, Repository, Sim, State, Token};
use proptest::prelude::*;
use serde_json::{Value, json};

fn state() -> State {
    let file =
        |name: &str, status: &str| File { filename: name.to_owned(), status: status.to_owned(), ..File::default() };
    let renamed = File { previous_filename: Some("old \u{1f980}\n".to_owned()), ..file("new", "renamed") };
    let files = vec![file("a b/#?%.txt", "added"), file("x", "removed"), renamed, file("y", "changed")];
    let pull = |number, files, generated_files| Pull {
        number,
        files,
        generated_files,
        base_sha: "b".repeat(40),
        ..Pull::default()
    };
    let repository = |id, name: &str, private| Repository {
        id,
        owner: "octo".to_owned(),
        name: name.to_owned(),
        private,
        pulls: vec![pull(1, files.clone(), 0), pull(2, Vec::new(), 3_001), pull(3, Vec::new(), 0)],
        ..Repository::default()
    };
    let token = |secret: &str, repositories: &[&str], permission: Option<&str>| Token {
        secret: secret.to_owned(),
        repositories: repositories.iter().map(|r| (*r).to_owned()).collect(),
        permissions: permission.map(|p| (p.to_owned(), "read".to_owned())).into_iter().collect(),
        ..Token::default()
    };
    State {
        repositories: vec![repository(1, "open", false), repository(2, "shut", true)],
        tokens: vec![
            token("reads", &["octo/shut"], Some("pull_requests")),
            token("elsewhere", &[], Some("pull_requests")),
            token("poor", &["octo/shut"], Some("contents")),
        ],
        ..State::default()
    }
}

#[test]
fn answers_are_as_described() {
    let sim = Sim::start(state()).unwrap();
    for prefix in ["", "/api/v3"] {
        for (repository, token) in [("open", ""), ("open", "poor"), ("shut", "reads")] {
            for number in [1, 2, 3] {
                let path = format!("{prefix}/repos/octo/{repository}/pulls/{number}");
                let (_, pull) = check(&sim, (&format!("{path} {token}"), PULL), 200);
                assert_eq!(pull["number"], number);
                assert_eq!(pull["changed_files"], [4, 3_001, 0][number - 1]);
                assert_eq!(pull["url"], format!("https://api.github.com/repos/octo/{repository}/pulls/{number}"));
                assert!(!pull.to_string().contains("Hello-World"));
                let (_, files) = check(&sim, (&format!("{path}/files {token}"), FILES), 200);
                assert_eq!(files.as_array().unwrap().len(), [4, 30, 0][number - 1]);
            }
        }
    }
}

#[test]
fn open_pulls_are_as_described() {
    let mut state = state();
    let pulls = &mut state.repositories[0].pulls;
    pulls[0].head_ref = "a/b c".to_owned();
    pulls[1].fork = Some("Some-One/copy".to_owned());
    pulls[1].head_ref = "a/b c".to_owned();
    pulls[2].closed = true;
    let sim = Sim::start(state).unwrap();
    let numbers = |query: &str, expected: Value| {
        let (_, pulls) = check(&sim, (&format!("/repos/octo/open/pulls{query}"), PULLS), 200);
        let seen: Vec<_> = pulls.as_array().unwrap().iter().map(|pull| pull["number"].clone()).collect();
        assert_eq!(json!(seen), expected, "{query}");
        pulls
    };
    let pulls = numbers("", json!([2, 1]));
    assert_eq!(pulls[0]["changed_files"], Value::Null);
    numbers("?state=all", json!([3, 2, 1]));
    numbers("?state=closed", json!([3]));
    numbers("?state=open&head=OCTO:a/b%20c", json!([1]));
    numbers("?state=open&head=octo:a/B%20c", json!([]));
    numbers("?state=open&head=nonsense", json!([2, 1]));
    let fork = numbers("?state=open&head=some-one%3Aa%2Fb%20c", json!([2]));
    let head = &fork[0]["head"];
    assert_eq!((&head["label"], &head["user"]["login"]), (&json!("Some-One:a/b c"), &json!("Some-One")));
    assert_eq!((&head["repo"]["full_name"], &head["repo"]["fork"]), (&json!("Some-One/copy"), &json!(true)));
    assert_eq!(fork[0]["base"]["repo"]["full_name"], "octo/open");
    let (head, _) = check(&sim, ("/repos/octo/open/pulls?per_page=1&head=x&state=all", PULLS), 200);
    let next = format!("<{}/repositories/1/pulls?state=all&head=x&per_page=1&page=2>; rel=\"next\"", sim.url());
    assert!(head.contains(&next), "{head}");
}

#[test]
fn pages_lead_to_the_limit_and_not_beyond() {
    let sim = Sim::start(state()).unwrap();
    let (head, _) = check(&sim, ("/repos/OCTO/Open/pulls/2/files?per_page=100&page=1", FILES), 200);
    let link = |page: u32, rel: &str| {
        format!("<{}/repositories/1/pulls/2/files?per_page=100&page={page}>; rel=\"{rel}\"", sim.url())
    };
    assert!(head.contains(&format!("\r\nlink: {}, {}\r\n", link(2, "next"), link(30, "last"))), "{head}");
    let (head, files) = check(&sim, ("/repositories/1/pulls/2/files?per_page=100&page=30", FILES), 200);
    assert!(head.contains(&format!("\r\nlink: {}, {}\r\n", link(29, "prev"), link(1, "first"))), "{head}");
    assert_eq!(files[99]["filename"], "generated/03000.txt");
    let (_, files) = check(&sim, ("/repositories/1/pulls/2/files?per_page=100&page=31", FILES), 200);
    assert_eq!(files, json!([]));
}

#[test]
fn refusals_are_as_described() {
    let mut state = state();
    let sim = Sim::start(state.clone()).unwrap();
    let refused = |request: &str, status: u16, message: &str| {
        let (head, body) = check(&sim, (request, FILES), status);
        assert_eq!(body["message"], message, "{request}");
        assert_eq!(body["status"], status.to_string());
        assert!(head.contains("\r\nx-ratelimit-remaining: "), "{head}");
    };
    refused("/repos/octo/shut/pulls/1/files", 404, "Not Found");
    refused("/repos/octo/shut/pulls/1/files elsewhere", 404, "Not Found");
    refused("/repos/octo/shut/pulls/1/files poor", 403, "Resource not accessible by integration");
    refused("/repos/octo/open/pulls/1/files wrong", 401, "Bad credentials");
    refused("/repos/octo/open/pulls/9/files", 404, "Not Found");
    refused("/repos/octo/none/pulls/1/files reads", 404, "Not Found");
    refused("/elsewhere", 404, "Not Found");
    state.private_mode = true;
    state.rate_limit = RateLimit { limit: 1, remaining: 1, reset: 7 };
    let own = Sim::start(state).unwrap();
    check(&own, ("/repos/octo/open/pulls/1/files", FILES), 401);
    let (head, body) = check(&own, ("/repos/octo/open/pulls/1/files reads", FILES), 403);
    assert!(head.contains("x-ratelimit-remaining: 0\r\nx-ratelimit-used: 1\r\nx-ratelimit-reset: 7\r\n"), "{head}");
    assert_eq!(body["message"], "API rate limit exceeded for installation ID 1.");
}

#[test]
fn planned_refusals_are_as_described() {
    let status = |status, retry_after| Fault::Status { status, retry_after };
    let plan = [
        (status(500, None), 500, ""),
        (status(502, None), 502, ""),
        (status(503, Some(9)), 503, "retry-after: 9\r\n"),
        (status(429, Some(3)), 429, "retry-after: 3\r\n"),
        (Fault::SecondaryRateLimit { retry_after: Some(1) }, 403, "retry-after: 1\r\n"),
        (Fault::Redirect { status: 301, to: "/x".to_owned() }, 301, "location: /x\r\n"),
        (Fault::NoLink, 200, ""),
        (Fault::LinkLoop, 200, "rel=\"next\"\r\n"),
    ];
    for (fault, expected, header) in plan {
        let faults = vec![PlannedFault { call: 1, times: 1, fault }];
        let sim = Sim::start(State { faults, ..state() }).unwrap();
        let (head, _) = check(&sim, ("/repos/octo/open/pulls/1/files", FILES), expected);
        assert!(head.contains(header), "{head}");
        check(&sim, ("/repos/octo/open/pulls/1/files", FILES), 200);
    }
}

#[test]
fn the_check_can_fail() {
    let broken = json!([{ "filename": "a", "status": "conflicted" }]);
    let errors = validator(("get", FILES), 200).iter_errors(&broken).count();
    assert!(errors >= 2, "{errors}");
}

#[test]
fn calls_are_logged_without_their_tokens() {
    let sim = Sim::start(state()).unwrap();
    check(&sim, ("/repos/octo/shut/pulls/1/files?page=2 reads", FILES), 200);
    let (_, log) = exchange(&sim, "GET /_sim/calls HTTP/1.1\r\n\r\n");
    let log: Value = serde_json::from_str(&log).unwrap();
    assert_eq!(log[0]["target"], "/repos/octo/shut/pulls/1/files?page=2");
    assert_eq!((&log[0]["method"], &log[0]["status"], log[1].is_null()), (&json!("GET"), &json!(200), true));
    assert!(!log.to_string().contains("reads"));
    assert_eq!(sim.calls()[0].authorization.as_deref(), Some("Bearer reads"));
}

#[test]
fn callers_without_a_name_are_refused() {
    let sim = Sim::start(state()).unwrap();
    let (head, body) = exchange(&sim, "GET /repos/octo/open/pulls/1 HTTP/1.1\r\n\r\n");
    assert!(head.starts_with("HTTP/1.1 403 ") && body.contains("User-Agent"), "{head}{body}");
}

#[test]
fn a_dropped_server_is_gone() {
    let sim = Sim::start(state()).unwrap();
    let address = sim.address();
    let mut open = TcpStream::connect(address).unwrap();
    open.write_all(b"GET /").unwrap();
    drop(sim);
    assert_eq!(open.read(&mut [0; 1]).unwrap_or(0), 0);
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn state_files_are_strict() {
    let text = serde_json::to_string(&state()).unwrap();
    assert_eq!(State::from_json(&text).unwrap(), state());
    let fault =
        r#"{"faults": [{"call": 2, "fault": {"status": {"status": 502}}}, {"call": 3, "times": 0, "fault": "hang"}]}"#;
    assert_eq!(State::from_json(fault).unwrap().faults[1], PlannedFault { call: 3, times: 0, fault: Fault::Hang });
    let unknown = State::from_json("{\n \"repos\": []}").unwrap_err().to_string();
    assert!(unknown.starts_with("unknown field `repos`") && unknown.ends_with("at line 2 column 8"), "{unknown}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_request_ends_the_server(bytes in prop::collection::vec(any::<u8>(), 0..200), path in "[/a-z0-9?&=%.]{0,40}") {
        let sim = Sim::start(state()).unwrap();
        let mut stream = TcpStream::connect(sim.address()).unwrap();
        let head = format!("GET /repos/octo/open/pulls{path} HTTP/1.1\r\nuser-agent: t\r\n\r\n");
        let _ = stream.write_all(&[head.as_bytes(), &bytes].concat());
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
        check(&sim, ("/repos/octo/open/pulls/1", PULL), 200);
    }
}
