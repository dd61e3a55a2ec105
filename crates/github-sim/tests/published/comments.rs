//! Comments and who posts them: answers, permissions, and faults before and after the deed.
use github_sim::{Comment, Fault, Issue, PlannedFault, Pull, Repository, Sim, State, Token};
use serde_json::{Value, json};

use crate::described::{COMMENT, COMMENTS, USER, check, exchange};

fn comment(id: u64, author: Option<&str>, body: Option<&str>) -> Comment {
    Comment { id, author: author.map(str::to_owned), author_type: String::new(), body: body.map(str::to_owned) }
}

/// Pull request 1 with two comments, locked 2, issue 3 with one, deleted issue 4.
fn repository(id: u64, name: &str) -> Repository {
    let of_pull = vec![comment(10 * id, Some("ann"), Some("hi")), comment(10 * id + 1, None, None)];
    let of_issue = vec![comment(10 * id + 2, Some("app[bot]"), Some("x"))];
    Repository {
        id,
        owner: "octo".to_owned(),
        name: name.to_owned(),
        private: name == "shut",
        pulls: vec![
            Pull { number: 1, comments: of_pull, ..Pull::default() },
            Pull { number: 2, locked: true, ..Pull::default() },
        ],
        issues: vec![
            Issue { number: 3, comments: of_issue, ..Issue::default() },
            Issue { number: 4, deleted: true, ..Issue::default() },
        ],
        ..Repository::default()
    }
}

fn state() -> State {
    let token = |secret: &str, login: &str, permissions: &[(&str, &str)]| Token {
        secret: secret.to_owned(),
        login: login.to_owned(),
        repositories: vec!["octo/shut".to_owned()],
        permissions: permissions.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
    };
    State {
        repositories: vec![repository(1, "open"), repository(2, "shut")],
        tokens: vec![
            token("run", "", &[("pull_requests", "write")]),
            token("reads", "", &[("pull_requests", "read")]),
            token("none", "", &[("contents", "read")]),
            token("ann", "ann", &[("issues", "write")]),
            token("ann-reads", "ann", &[("issues", "read")]),
        ],
        ..State::default()
    }
}

fn posted(request: &str, body: &str) -> String {
    format!("{request}\n{}", json!({ "body": body }))
}

#[test]
fn comments_are_listed_posted_and_changed_as_described() {
    let sim = Sim::start(state()).unwrap();
    let (_, list) = check(&sim, ("/repos/octo/shut/issues/1/comments reads", COMMENTS), 200);
    assert_eq!((&list[0]["user"]["login"], &list[0]["user"]["type"]), (&json!("ann"), &json!("User")));
    assert_eq!(list[0]["html_url"], "https://github.com/octo/shut/pull/1#issuecomment-20");
    assert_eq!((&list[1]["user"], list[1].get("body")), (&Value::Null, None));
    let (_, list) = check(&sim, ("/repos/octo/open/issues/3/comments", COMMENTS), 200);
    assert_eq!(list[0]["user"]["type"], "Bot");
    let text = "é\u{1f980}\n<!-- \"x\" -->\u{0}";
    let post = posted("POST /api/v3/repos/Octo/Shut/issues/1/comments run", text);
    let (_, new) = check(&sim, (&post, COMMENTS), 201);
    assert_eq!((&new["id"], &new["body"]), (&json!(23), &json!(text)));
    assert_eq!((&new["user"]["login"], &new["user"]["type"]), (&json!("github-actions[bot]"), &json!("Bot")));
    let patch = posted("PATCH /repositories/2/issues/comments/20 run", "changed");
    let (_, changed) = check(&sim, (&patch, COMMENT), 200);
    assert_eq!((&changed["body"], &changed["user"]["login"]), (&json!("changed"), &json!("ann")));
    let (head, list) = check(&sim, ("/repos/octo/shut/issues/1/comments?per_page=2&page=2 run", COMMENTS), 200);
    assert_eq!(list, json!([new]));
    let first = format!("<{}/repositories/2/issues/1/comments?per_page=2&page=1>; rel=\"first\"", sim.url());
    assert!(head.contains(&first), "{head}");
    let (_, log) = exchange(&sim, "GET /_sim/calls HTTP/1.1\r\n\r\n");
    let log: Value = serde_json::from_str(&log).unwrap();
    assert_eq!((&log[3]["body"], log[0].get("body")), (&json!(r#"{"body":"changed"}"#), None));
}

#[test]
fn users_have_a_login_and_apps_none() {
    let sim = Sim::start(state()).unwrap();
    let (_, user) = check(&sim, ("/user ann", USER), 200);
    assert_eq!(user["login"], "ann");
    let (_, refused) = check(&sim, ("/user run", USER), 403);
    assert_eq!(refused["message"], "Resource not accessible by integration");
    check(&sim, ("/user", USER), 401);
    check(&sim, ("/user other", USER), 401);
}

#[test]
fn who_may_not_write_is_refused() {
    let sim = Sim::start(state()).unwrap();
    let refused = |request: &str, status: u16, message: &str| {
        let described = if request.starts_with("PATCH") { COMMENT } else { COMMENTS };
        let request = if request.starts_with('/') { request.to_owned() } else { posted(request, "text") };
        let (_, body) = check(&sim, (&request, described), status);
        assert_eq!(body["message"], message, "{request}");
    };
    let app = "Resource not accessible by integration";
    let person = "Resource not accessible by personal access token";
    refused("/repos/octo/shut/issues/1/comments none", 403, app);
    refused("/repos/octo/shut/issues/1/comments", 404, "Not Found");
    refused("/repos/octo/shut/issues/9/comments reads", 404, "Not Found");
    refused("/repos/octo/open/issues/4/comments", 410, "This issue was deleted");
    refused("POST /repos/octo/shut/issues/1/comments", 404, "Not Found");
    refused("POST /repos/octo/open/issues/1/comments", 401, "Requires authentication");
    refused("POST /repos/octo/shut/issues/1/comments reads", 403, app);
    refused("POST /repos/octo/shut/issues/1/comments ann-reads", 403, person);
    // An app writes where it is installed, and with `pull_requests` to no issue.
    refused("POST /repos/octo/open/issues/1/comments run", 403, app);
    refused("POST /repos/octo/shut/issues/3/comments run", 403, app);
    refused("PATCH /repos/octo/shut/issues/comments/22 run", 403, app);
    refused("POST /repos/octo/shut/issues/9/comments run", 404, "Not Found");
    refused("PATCH /repos/octo/shut/issues/comments/10 run", 404, "Not Found");
    refused("POST /repos/octo/shut/issues/2/comments run", 403, "Unable to create comment because issue is locked.");
    refused("POST /repos/octo/shut/issues/4/comments ann", 410, "This issue was deleted");
    check(&sim, (&posted("POST /repos/octo/open/issues/3/comments ann", "text"), COMMENTS), 201);
}

#[test]
fn bodies_have_bounds() {
    let sim = Sim::start(state()).unwrap();
    let path = "POST /repos/octo/shut/issues/1/comments run";
    let why = |body: &str, status: u16| {
        let (_, answer) = check(&sim, (&format!("{path}\n{body}"), COMMENTS), status);
        let errors = answer["errors"][0]["message"].as_str().unwrap_or_default();
        format!("{} {errors}", answer["message"].as_str().unwrap_or_default())
    };
    assert_eq!(why(r#"{"body": " \n"}"#, 422), "Validation Failed Body cannot be blank");
    let long = |length| json!({ "body": "\u{1f980}".repeat(length) }).to_string();
    why(&long(65_536), 201);
    assert_eq!(why(&long(65_537), 422), "Validation Failed Body is too long (maximum is 65536 characters)");
    assert_eq!(why("{}", 422), "Invalid request.\n\n\"body\" wasn't supplied. ");
    assert_eq!(why(r#"{"body": 1}"#, 422), "Invalid request.\n\nFor 'properties/body', 1 is not a string. ");
    assert_eq!(why("{", 400), "Problems parsing JSON ");
    assert_eq!(why("", 400), "Problems parsing JSON ");
}

/// How many comments there are after one was posted under this fault.
fn check_fault(fault: Fault, expected: u64) {
    let text = format!("{fault:?}");
    let sim = Sim::start(State { faults: vec![PlannedFault { call: 1, times: 1, fault }], ..state() }).unwrap();
    let json = json!({ "body": "text" }).to_string();
    let head = "POST /repos/octo/shut/issues/1/comments HTTP/1.1\r\nuser-agent: t\r\nauthorization: Bearer run";
    let request = format!("{head}\r\ncontent-length: {}\r\n\r\n{json}", json.len());
    let mut stream = std::net::TcpStream::connect(sim.address()).unwrap();
    std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    // One byte, or the end: then the call was answered, or is over.
    let _ = std::io::Read::read(&mut stream, &mut [0; 1]);
    let (_, list) = check(&sim, ("/repos/octo/shut/issues/1/comments run", COMMENTS), 200);
    assert_eq!(list.as_array().unwrap().len() as u64, 2 + expected, "{text}");
}

#[test]
fn faults_come_before_the_deed_or_after_it() {
    let before = [
        Fault::Status { status: 502, retry_after: None },
        Fault::SecondaryRateLimit { retry_after: None },
        Fault::Redirect { status: 307, to: "/x".to_owned() },
        Fault::Cut,
        Fault::Hang,
        Fault::Garbage,
        Fault::Html,
        Fault::Endless,
    ];
    for fault in before {
        check_fault(fault.clone(), 0);
        check_fault(Fault::CarriedOut(Box::new(fault)), 1);
    }
    for fault in [Fault::Truncate, Fault::HalfJson, Fault::WrongType, Fault::Empty, Fault::Dribble, Fault::NoLink] {
        check_fault(fault, 1);
    }
}

#[test]
fn state_files_may_leave_everything_out() {
    let text = r#"{"repositories": [{"owner": "o", "name": "r", "pulls": [{"number": 1, "comments": [{"id": 7, "author": "a", "body": "b"}]}]}],
        "tokens": [{"secret": "s", "login": "a"}], "faults": [{"call": 1, "fault": {"carried-out": {"status": {"status": 502}}}}]}"#;
    let state = State::from_json(text).unwrap();
    let lost = Fault::CarriedOut(Box::new(Fault::Status { status: 502, retry_after: None }));
    assert_eq!(state.faults[0], PlannedFault { call: 1, times: 1, fault: lost });
    assert_eq!(state.repositories[0].pulls[0].comments[0].id, 7);
    assert_eq!(State::from_json(&serde_json::to_string(&state).unwrap()).unwrap(), state);
}
