//! Comments listed, posted and changed, and whose token it is.
use github::{Author, AuthorKind, Comment, Comments, ErrorKind};
use github_sim::{Fault, PlannedFault, Pull, Sim, State};

use crate::support::{client, repo, settings, state, told, told_call};

/// A pull request with so many comments, of a token that may write.
pub(crate) fn commented(count: u64, faults: Vec<PlannedFault>) -> State {
    let comment = |id| github_sim::Comment {
        id,
        author: Some("ann".to_owned()),
        body: Some(format!("text {id}")),
        ..github_sim::Comment::default()
    };
    let mut state = state(Pull { comments: (1..=count).map(comment).collect(), ..Pull::default() }, faults);
    state.tokens[0].permissions.insert("pull_requests".to_owned(), "write".to_owned());
    state
}

/// How many comments are listed, in a changed world.
fn check(count: u64, fault: Option<(u64, Fault)>, expected: &str) {
    let faults = fault.map(|(call, fault)| PlannedFault { call, times: 1, fault });
    let sim = Sim::start(commented(count, faults.into_iter().collect())).unwrap();
    let (client, clock) = client(&settings(&sim.url()));
    let list = client.issue_comments(&repo(), 5).map(|list| {
        let ids: Vec<u64> = list.comments.iter().map(|comment| comment.id).collect();
        assert_eq!(ids, (1..=ids.len() as u64).collect::<Vec<_>>());
        format!("{}{}", ids.len(), if list.more { " and more" } else { "" })
    });
    let sent = told_call(&sim, &list, &clock);
    let what = "could not list the comments of 5 in octo/demo: GET /repos/octo/demo/issues/5/comments?per_page=100";
    assert_eq!(sent.replace(&vec!["200"; 100].join(" "), "100 pages").replace(what, "LIST"), expected);
}

#[test]
fn all_pages_are_read_up_to_the_limit() {
    check(0, None, "0 | sent 200");
    check(250, None, "250 | sent 200 200 200");
    check(250, Some((1, Fault::NoLink)), "250 | sent 200 200 200");
    check(250, Some((2, Fault::Cut)), "250 | waited 1s | sent 200 - 200 200");
    check(10_000, None, "10000 | sent 100 pages");
    check(10_000, Some((100, Fault::NoLink)), "10000 and more | sent 100 pages");
    check(10_001, None, "10000 and more | sent 100 pages");
    let circle = "answered a Link header that leads from page 2 back to page 2 [no hint]";
    check(250, Some((2, Fault::LinkLoop)), &format!("BadAnswer: LIST&page=2 {circle} | sent 200 200"));
    let half = "answered other JSON than described: EOF while parsing";
    let sim = Sim::start(commented(1, vec![PlannedFault { call: 1, times: 1, fault: Fault::HalfJson }])).unwrap();
    let error = client(&settings(&sim.url())).0.issue_comments(&repo(), 5).unwrap_err();
    assert!(error.kind() == ErrorKind::BadAnswer && error.to_string().contains(half), "{error}");
}

#[test]
fn authors_and_texts_may_be_missing() {
    let mut world = commented(0, Vec::new());
    let comment = |author: Option<&str>, author_type: &str, body: Option<&str>| github_sim::Comment {
        id: 7,
        author: author.map(str::to_owned),
        author_type: author_type.to_owned(),
        body: body.map(str::to_owned),
    };
    world.repositories[0].pulls[0].comments = vec![
        comment(Some("ann"), "", Some("\u{1f980}\r\n\u{0}::error::x")),
        comment(Some("github-actions[bot]"), "", Some("")),
        comment(Some("octo"), "Mannequin", None),
        comment(None, "", Some("ghost")),
    ];
    let sim = Sim::start(world).unwrap();
    let (client, _) = client(&settings(&sim.url()));
    let author = |login: &str, kind| Some(Author { login: login.to_owned(), kind });
    let read = |author, body: Option<&str>| Comment {
        id: 7,
        author,
        body: body.map(str::to_owned),
        html_url: "https://github.com/octo/demo/pull/5#issuecomment-7".to_owned(),
    };
    let expected = vec![
        read(author("ann", AuthorKind::User), Some("\u{1f980}\r\n\u{0}::error::x")),
        read(author("github-actions[bot]", AuthorKind::Bot), Some("")),
        read(author("octo", AuthorKind::Other), None),
        read(None, Some("ghost")),
    ];
    assert_eq!(client.issue_comments(&repo(), 5).unwrap(), Comments { comments: expected, more: false });
}

#[test]
fn texts_arrive_as_they_were_sent() {
    let sim = Sim::start(commented(1, Vec::new())).unwrap();
    // As an own server has it.
    let (client, _) = client(&settings(&format!("{}/api/v3", sim.url())));
    let hostile = "é \u{1f980} \u{0}\u{7f}\u{2028} \\ \" ${{ x }} </script>\r\n<!-- marker -->";
    for text in [hostile, &"x".repeat(60_000), &"\u{1f980}".repeat(65_536), "{\"body\": \"y\"}"] {
        let new = client.create_comment(&repo(), 5, text).unwrap();
        assert_eq!(new.body.as_deref(), Some(text));
        assert_eq!(new.author, Some(Author { login: "github-actions[bot]".to_owned(), kind: AuthorKind::Bot }));
        let turned: String = text.chars().rev().collect();
        let changed = client.update_comment(&repo(), new.id, &turned).unwrap();
        assert_eq!(changed, Comment { body: Some(turned), ..new });
        assert_eq!(client.issue_comments(&repo(), 5).unwrap().comments.last(), Some(&changed));
    }
    let calls = sim.calls();
    let of = |call: usize, name: &str| calls[call].headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    assert_eq!((calls[0].method.as_str(), calls[1].method.as_str()), ("POST", "PATCH"));
    assert_eq!(
        (of(0, "content-type"), of(1, "content-type"), of(2, "content-type")),
        (Some("application/json"), Some("application/json"), None)
    );
    assert_eq!((of(0, "transfer-encoding"), of(2, "content-length"), of(2, "transfer-encoding")), (None, None, None));
    assert_eq!(of(0, "content-length"), Some(calls[0].body.len().to_string().as_str()));
    assert_eq!(calls[0].authorization.as_deref(), Some("Bearer ghs_secretsecret"));
}

#[test]
fn users_have_a_login_and_workflows_none() {
    let check = |login: &str, expected: Result<&str, &str>| {
        let mut world = commented(0, Vec::new());
        world.tokens[0].login = login.to_owned();
        let sim = Sim::start(world).unwrap();
        let seen = client(&settings(&sim.url())).0.current_login().map_err(|error| told(&error));
        assert_eq!(seen.as_deref().map_err(String::as_str), expected);
    };
    check("ann", Ok("ann"));
    let none = "Forbidden: could not ask whose token this is: GET /user answered 403: Resource not accessible by integration [a workflow's own token has no user, whatever its permissions]";
    check("", Err(none));
    check("my-app[bot]", Err(none));
}
