//! The comment on a pull request against a GitHub on loopback: what it says, and that no verdict depends on it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod world;

use std::fs;

use github_sim::{Comment, Fault, PlannedFault, Pull, Repository, Sim, State, Token};
use serde_json::{Value, json};
use world::{Step, Stepped, World, arg, lcov};

const TOKEN: &str = "ghs_job";

fn token(secret: &str, login: &str, level: &str) -> Token {
    Token {
        secret: secret.to_owned(),
        login: login.to_owned(),
        repositories: vec!["dataflow/monorepo".to_owned()],
        permissions: [("pull_requests", level), ("issues", level), ("contents", "read")]
            .map(|(name, level)| (name.to_owned(), level.to_owned()))
            .into(),
    }
}

/// A GitHub with pull request 7, these comments on it, and these faults.
fn github(comments: &[(&str, &str)], faults: &[(u64, Fault)]) -> Sim {
    let comment = |(at, (author, body)): (usize, &(&str, &str))| Comment {
        id: at as u64 + 1,
        author: Some((*author).to_owned()),
        author_type: String::new(),
        body: Some((*body).to_owned()),
    };
    let pull = Pull {
        number: 7,
        base_ref: "main".to_owned(),
        head_ref: "topic".to_owned(),
        head_sha: "1".repeat(40),
        comments: comments.iter().enumerate().map(comment).collect(),
        ..Pull::default()
    };
    let repository = Repository {
        id: 1,
        owner: "dataflow".to_owned(),
        name: "monorepo".to_owned(),
        private: true,
        pulls: vec![pull],
        ..Repository::default()
    };
    let planned = |(call, fault): &(u64, Fault)| PlannedFault { call: *call, times: 1, fault: fault.clone() };
    Sim::start(State {
        repositories: vec![repository],
        tokens: vec![token(TOKEN, "", "write"), token("ghs_read", "", "read"), token("ghp_me", "octocat", "write")],
        faults: faults.iter().map(planned).collect(),
        ..State::default()
    })
    .unwrap()
}

fn comments(sim: &Sim) -> Vec<(String, String)> {
    let mut found = Vec::new();
    sim.change(|state| {
        let comments = &state.repositories[0].pulls[0].comments;
        found = comments.iter().map(|c| (c.author.clone().unwrap(), c.body.clone().unwrap())).collect();
    });
    found
}

/// Requests by method.
fn methods(sim: &Sim) -> Vec<String> {
    sim.calls().into_iter().map(|call| call.method).collect()
}

/// A merge of a pull request that adds line 5 of `f.py`, and a report by which it is covered or not.
fn world() -> World {
    let world = World::new(
        "commit base on main\n  write f.py \"a = 1\\nb = 2\\nc = 3\\nd = 4\\n\"\n\
         commit change on topic from base\n  write f.py \"a = 1\\nb = 2\\nc = 3\\nd = 4\\ne = 5\\n\"\n\
         branch pull at base\nmerge both on pull of topic\ncheckout both\n",
    );
    report(&world, 1);
    world
}

fn report(world: &World, hits: u32) {
    world.write("cov.info", lcov(&[("f.py", &[(1, 1), (2, 1), (3, 1), (4, 1), (5, hits)])]));
}

fn event(world: &World) -> Value {
    json!({
        "number": 7,
        "pull_request": {
            "number": 7,
            "base": { "sha": world.id("base"), "ref": "main", "repo": { "full_name": "dataflow/monorepo" } },
            "head": { "sha": world.id("change"), "ref": "topic", "repo": { "full_name": "dataflow/monorepo" } }
        },
        "repository": { "full_name": "dataflow/monorepo", "default_branch": "main" }
    })
}

fn step<'a>(world: &'a World, sim: &Sim, inputs: &[(&str, &str)]) -> Step<'a> {
    let usual =
        [("reports", "cov.info"), ("threshold-all", "0.70"), ("threshold-new", "0.80"), ("threshold-patch", "0.80")];
    let token = [("token", TOKEN)];
    let all: Vec<(&str, &str)> = usual.into_iter().chain(token).chain(inputs.iter().copied()).collect();
    Step::new(world, &all)
        .env("GITHUB_API_URL", sim.url())
        .env("GITHUB_REF", "refs/pull/7/merge")
        .env("GITHUB_SHA", world.id("both"))
        .event("pull_request", &event(world))
}

fn run(world: &World, sim: &Sim, inputs: &[(&str, &str)]) -> Stepped {
    step(world, sim, inputs).run()
}

fn skipped(stepped: &Stepped) -> bool {
    let warned = |(level, text): &(String, String)| level == "warning" && text.contains("comment-skipped");
    stepped.annotations().iter().any(warned)
}

/// All but what is said of the comment is the same as without one.
#[track_caller]
fn complete(world: &World, stepped: &Stepped, exit: i32) {
    let sim = github(&[], &[]);
    let without = run(world, &sim, &[("comment", "never")]);
    assert_eq!(sim.calls(), [], "nobody was to be asked");
    assert_eq!(without.ran.exit, Some(exit), "{without:?}");
    assert_eq!(stepped.ran.exit, Some(exit), "{stepped:?}");
    assert_eq!(stepped.outputs, without.outputs);
    assert_eq!(stepped.summary, without.summary);
    let others = |stepped: &Stepped| {
        let mut others = stepped.annotations();
        others.retain(|(_, text)| !text.contains("comment-skipped"));
        others
    };
    assert_eq!(others(stepped), others(&without));
}

#[test]
fn a_comment_is_posted_once_updated_and_left_alone() {
    let (world, sim) = (world(), github(&[("octocat", "nice")], &[]));
    let first = run(&world, &sim, &[]);
    complete(&world, &first, 0);
    assert!(!skipped(&first));
    let posted = comments(&sim);
    assert_eq!(posted.len(), 2);
    assert_eq!(posted[1].0, "github-actions[bot]");
    assert!(posted[1].1.starts_with("<!-- coverage-gate: Coverage -->\n"), "{}", posted[1].1);
    assert!(
        posted[1].1.contains("pass") && posted[1].1.contains("/dataflow/monorepo/actions/runs/42"),
        "{}",
        posted[1].1
    );

    report(&world, 0);
    let second = run(&world, &sim, &[]);
    complete(&world, &second, 1);
    let updated = comments(&sim);
    assert_eq!((updated.len(), &updated[0]), (2, &posted[0]));
    assert!(updated[1].1.contains("fail") && updated[1] != posted[1], "{}", updated[1].1);

    let before = sim.calls().len();
    let third = run(&world, &sim, &[]);
    complete(&world, &third, 1);
    assert_eq!(methods(&sim)[before..], ["GET"], "what says the same already is not written again");
    assert_eq!(comments(&sim), updated);
}

#[test]
fn there_is_one_comment_per_title() {
    let (world, sim) = (world(), github(&[], &[]));
    for title in ["Backend", "Frontend", "Backend", "Back", "Frontend", "Back --> end"] {
        assert_eq!(run(&world, &sim, &[("title", title)]).ran.exit, Some(0));
    }
    let bodies: Vec<String> =
        comments(&sim).into_iter().map(|(_, body)| body.lines().next().unwrap().to_owned()).collect();
    assert_eq!(bodies.len(), 4, "{bodies:?}");
    assert!(bodies.iter().all(|line| line.matches("-->").count() == 1), "{bodies:?}");
}

#[test]
fn a_stranger_s_comment_with_our_marker_is_left_alone() {
    let marker = "<!-- coverage-gate: Coverage -->\n### mine";
    let strangers = [
        ("mallory", marker),
        ("github-actions", marker),
        ("dependabot[bot]", marker),
        ("github-actions[bot]", "quoted:\n<!-- coverage-gate: Coverage -->\n"),
        ("github-actions[bot]", "<!-- coverage-gate: Other -->\n"),
    ];
    let (world, sim) = (world(), github(&strangers, &[]));
    assert_eq!(run(&world, &sim, &[]).ran.exit, Some(0));
    let found = comments(&sim);
    assert_eq!(found.len(), strangers.len() + 1);
    for ((author, body), (old_author, old_body)) in found.iter().zip(strangers) {
        assert_eq!((author.as_str(), body.as_str()), (old_author, old_body));
    }
    assert_eq!(run(&world, &sim, &[]).ran.exit, Some(0));
    assert_eq!(comments(&sim), found);
}

/// A user's account called like the bot is no bot.
#[test]
fn a_user_named_as_the_bot_is_a_stranger() {
    let (world, sim) = (world(), github(&[("github-actions[bot]", "<!-- coverage-gate: Coverage -->\n")], &[]));
    sim.change(|state| state.repositories[0].pulls[0].comments[0].author_type = "User".to_owned());
    assert_eq!(run(&world, &sim, &[]).ran.exit, Some(0));
    assert_eq!(comments(&sim).len(), 2);
}

#[test]
fn our_comment_is_found_behind_hundreds_of_others() {
    let mut many = vec![("octocat", "x"); 250];
    many.push(("github-actions[bot]", "<!-- coverage-gate: Coverage -->\nold"));
    let (world, sim) = (world(), github(&many, &[]));
    assert_eq!(run(&world, &sim, &[]).ran.exit, Some(0));
    let found = comments(&sim);
    assert_eq!(found.len(), 251);
    assert!(found[250].1.contains("100.00"), "{}", found[250].1);
}

#[test]
fn a_personal_token_finds_its_own_comment() {
    let (world, sim) = (world(), github(&[], &[]));
    for hits in [1, 0] {
        report(&world, hits);
        run(&world, &sim, &[("token", "ghp_me")]);
    }
    let found = comments(&sim);
    assert_eq!((found.len(), found[0].0.as_str()), (1, "octocat"));
}

#[test]
fn a_token_that_may_not_write_changes_nothing_but_the_comment() {
    for hits in [1, 0] {
        let (world, sim) = (world(), github(&[], &[]));
        report(&world, hits);
        let stepped = run(&world, &sim, &[("token", "ghs_read")]);
        complete(&world, &stepped, i32::from(hits == 0));
        assert!(skipped(&stepped), "{stepped:?}");
        assert_eq!(comments(&sim), []);
    }
}

#[test]
fn an_api_that_fails_changes_nothing_but_the_comment() {
    let status = |status| Fault::Status { status, retry_after: None };
    let faults: [(&str, Fault); 8] = [
        ("403", status(403)),
        ("422", status(422)),
        ("500", status(500)),
        ("401", status(401)),
        ("404", status(404)),
        ("an HTML page", Fault::Html),
        ("no HTTP", Fault::Garbage),
        ("a connection that closes", Fault::Cut),
    ];
    for (what, fault) in faults {
        let (world, sim) = (world(), github(&[], &[(2, fault)]));
        report(&world, 0);
        let stepped = run(&world, &sim, &[]);
        assert!(skipped(&stepped), "{what}: {stepped:?}");
        complete(&world, &stepped, 1);
        assert_eq!(comments(&sim), [], "{what}");
        assert_eq!(methods(&sim).iter().filter(|method| *method == "POST").count(), 1, "{what}: {:?}", methods(&sim));
    }
}

#[test]
fn an_update_that_is_refused_changes_nothing_else() {
    let ours = [("github-actions[bot]", "<!-- coverage-gate: Coverage -->\nold")];
    for status in [403, 422, 404] {
        let (world, sim) = (world(), github(&ours, &[(2, Fault::Status { status, retry_after: None })]));
        let stepped = run(&world, &sim, &[]);
        assert!(skipped(&stepped), "{status}: {stepped:?}");
        complete(&world, &stepped, 0);
        assert_eq!(comments(&sim)[0].1, ours[0].1);
    }
}

/// The comment is there, and its answer is not: it is never posted again, in this run or the next.
#[test]
fn a_lost_answer_leads_to_no_second_comment() {
    let lost = [
        Fault::CarriedOut(Box::new(Fault::Cut)),
        Fault::CarriedOut(Box::new(Fault::Status { status: 500, retry_after: None })),
        Fault::CarriedOut(Box::new(Fault::Status { status: 502, retry_after: None })),
        Fault::CarriedOut(Box::new(Fault::Html)),
        Fault::Truncate,
        Fault::HalfJson,
        Fault::Empty,
    ];
    for fault in lost {
        let (world, sim) = (world(), github(&[], &[(2, fault.clone())]));
        let stepped = run(&world, &sim, &[]);
        assert_eq!(stepped.ran.exit, Some(0), "{fault:?}: {stepped:?}");
        assert_eq!(comments(&sim).len(), 1, "{fault:?}");
        assert!(!skipped(&stepped), "{fault:?}: it is there: {stepped:?}");
        run(&world, &sim, &[]);
        assert_eq!(comments(&sim).len(), 1, "{fault:?}");
    }
}

#[cfg_attr(
    debug_assertions,
    ignore = "waits as long as the client waits for an answer; `cargo xtask test e2e` runs it"
)]
#[test]
fn an_answer_that_never_comes_changes_nothing_but_the_comment() {
    let (world, sim) = (world(), github(&[], &[(2, Fault::Hang)]));
    let stepped = run(&world, &sim, &[]);
    assert!(skipped(&stepped), "{stepped:?}");
    complete(&world, &stepped, 0);
    assert_eq!(comments(&sim), []);
}

#[test]
fn without_a_token_or_an_api_there_is_a_warning() {
    let (world, sim) = (world(), github(&[], &[]));
    let stepped = run(&world, &sim, &[("token", "")]);
    assert!(skipped(&stepped), "{stepped:?}");
    complete(&world, &stepped, 0);
    assert_eq!(sim.calls(), []);
    let stepped = run(&world, &sim, &[("token", "ghs_nobody")]);
    assert!(skipped(&stepped), "{stepped:?}");
    complete(&world, &stepped, 0);
}

/// A report that cannot be used is said in the comment, too.
#[test]
fn an_unknown_verdict_is_commented() {
    let (world, sim) = (world(), github(&[], &[]));
    world.write("cov.info", "SF:f.py\nDA:1,1\n");
    let stepped = run(&world, &sim, &[]);
    assert_eq!(stepped.ran.exit, Some(2), "{stepped:?}");
    let found = comments(&sim);
    assert!(found[0].1.contains("cov.info") && found[0].1.contains("unknown"), "{}", found[0].1);
}

#[test]
fn hostile_names_stay_text_in_the_comment() {
    let names = [
        "a\n::error::x.py",
        "t|u.py",
        "b`c`.py",
        "<script>.py",
        "@team @octocat.py",
        "[x](http:evil).py",
        "--> <b>.py",
    ];
    let write = |name: &&str| format!("  write {} \"a\\nb\\n\"\n", serde_json::to_string(name).unwrap());
    let world = World::new(&format!(
        "commit base on main\n  write README.md x\ncommit change on topic from base\n{}\
         branch pull at base\nmerge both on pull of topic\ncheckout both\n",
        names.iter().map(write).collect::<String>()
    ));
    let class = |name: &&str| {
        let quoted = name.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('\n', "&#10;");
        format!("<class filename=\"{quoted}\"><lines><line number=\"1\" hits=\"0\"/></lines></class>")
    };
    world.write("cov.info", format!("<coverage>{}</coverage>", names.iter().map(class).collect::<String>()));
    let sim = github(&[], &[]);
    let stepped = run(&world, &sim, &[("title", "<!-- @team --> | `x`")]);
    assert_eq!(stepped.ran.exit, Some(1), "{stepped:?}");
    let body = comments(&sim)[0].1.clone();
    let (marker, rest) = body.split_once('\n').unwrap();
    assert_eq!((marker.matches("<!--").count(), marker.matches("-->").count()), (1, 1), "{marker}");
    for sign in ["<script", "<b>", "\n::error", "\n# "] {
        assert!(!without_code(rest).contains(sign), "{sign} in {rest}");
    }
    assert!(!without_code(rest).contains("@team") && !without_code(rest).contains("@octocat"), "{rest}");
    let rows = rest.lines().filter(|line| line.starts_with('|') && line.contains(".py") || line.contains("&#46;py"));
    let columns: Vec<usize> = rows.filter(|line| line.starts_with('|')).map(|line| line.matches('|').count()).collect();
    assert_eq!(columns.len(), names.len(), "{rest}");
    assert!(columns.iter().all(|count| *count == columns[0]), "{columns:?} {rest}");
}

/// Without spans of code; one ends at as many backticks as it begins with.
fn without_code(markdown: &str) -> String {
    let (mut outside, mut rest) = (String::new(), markdown);
    while let Some(at) = rest.find('`') {
        let run = rest[at..].find(|letter| letter != '`').unwrap_or(rest.len() - at);
        let (before, after) = (&rest[..at], &rest[at + run..]);
        let ends = |place: &usize| !after[..*place].ends_with('`') && !after[place + run..].starts_with('`');
        let end = after.match_indices(&rest[at..at + run]).map(|(place, _)| place).find(ends);
        outside.push_str(before);
        rest = end.map_or("", |end| &after[end + run..]);
    }
    outside + rest
}

/// 400 new files with names of 170 letters: each misses one line more than the one before.
#[test]
fn four_hundred_long_names_fit_a_comment() {
    let name = |at: usize| format!("{}/{at:03}.py", "long".repeat(41) + "xx");
    assert!(name(1).len() >= 170);
    let lines = |at: usize| 2 + at % 50;
    let write = |at| format!("  write {} {}\n", name(at), serde_json::to_string(&"a\n".repeat(lines(at))).unwrap());
    let history: String = (0..400).map(write).collect();
    let world = World::new(&format!(
        "commit base on main\n  write README.md x\ncommit change on topic from base\n{history}\
         branch pull at base\nmerge both on pull of topic\ncheckout both\n"
    ));
    let lcov = |at: usize| {
        // Every second line is missed, so that no two runs of lines are one.
        let line = |line: usize| format!("DA:{line},{}\n", line % 2);
        format!("SF:{}\n{}end_of_record\n", name(at), (1..=lines(at)).map(line).collect::<String>())
    };
    // The last hundred are in no report.
    world.write("cov.info", (0..300).map(lcov).collect::<String>());
    for (unmeasured, exit) in [("unknown", 2), ("fail", 1), ("ignore", 1)] {
        let sim = github(&[], &[]);
        let stepped = run(&world, &sim, &[("unmeasured", unmeasured)]);
        assert_eq!(stepped.ran.exit, Some(exit), "{unmeasured}");
        let body = comments(&sim)[0].1.clone();
        assert!(body.len() <= 60_000, "{}", body.len());
        assert!(body.contains("more files"), "{body}");
        let annotations = stepped.annotations();
        for level in ["error", "warning", "notice"] {
            let count = annotations.iter().filter(|(known, _)| known == level).count();
            assert!(count <= 10, "{count} of {level}");
        }
        assert!(stepped.summary.len() < 1 << 20, "{}", stepped.summary.len());
        assert_eq!(stepped.record()["files"].as_array().unwrap().len(), 400);
    }
    let sim = github(&[], &[]);
    run(&world, &sim, &[("include", "**/[012]??.py")]);
    let body = comments(&sim)[0].1.clone();
    let worst = (0..300).filter(|at| at % 50 == 49).all(|at| body.contains(&name(at)));
    assert!(worst, "the worst come first: {body}");
}

const RECORD: &str = "record.json";

/// What a workflow_run says of a run of a fork's pull request.
fn workflow_run(sha: &str, fork: &str, branch: &str) -> Value {
    json!({
        "action": "completed",
        "workflow_run": {
            "id": 1, "event": "pull_request", "head_sha": sha, "head_branch": branch, "pull_requests": [],
            "conclusion": "failure", "head_repository": { "full_name": fork },
            "repository": { "full_name": "dataflow/monorepo" }
        },
        "repository": { "full_name": "dataflow/monorepo", "default_branch": "main" }
    })
}

fn second_stage(world: &World, sim: &Sim, payload: &Value) -> Stepped {
    Step::new(world, &[])
        .env("GITHUB_API_URL", sim.url())
        .event("workflow_run", payload)
        .args(&["comment", "--token", TOKEN, "--record", &arg(&world.beside(RECORD))])
        .run()
}

/// The first stage runs for a fork, whose token may not write; it leaves its record.
fn first_stage(hits: u32) -> World {
    let (world, sim) = (world(), github(&[], &[]));
    report(&world, hits);
    let file = arg(&world.beside(RECORD));
    let stepped = run(&world, &sim, &[("token", "ghs_read"), ("record-out", &file)]);
    assert!(skipped(&stepped), "{stepped:?}");
    assert_eq!(stepped.ran.exit, Some(i32::from(hits == 0)));
    world
}

fn from_fork(sim: &Sim) {
    sim.change(|state| state.repositories[0].pulls[0].fork = Some("mallory/monorepo".to_owned()));
}

#[test]
fn a_second_stage_comments_for_a_fork() {
    let (world, sim) = (first_stage(0), github(&[], &[]));
    from_fork(&sim);
    let payload = workflow_run(&"1".repeat(40), "mallory/monorepo", "topic");
    for _ in 0..2 {
        let stepped = second_stage(&world, &sim, &payload);
        assert_eq!(stepped.ran.exit, Some(0), "{stepped:?}");
        let found = comments(&sim);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].1.starts_with("<!-- coverage-gate: Coverage -->\n") && found[0].1.contains("fail"),
            "{found:?}"
        );
    }
}

#[test]
fn a_second_stage_comments_on_no_other_pull_request() {
    for (sha, fork, branch) in [
        ("2".repeat(40), "mallory/monorepo", "topic"),
        ("1".repeat(40), "someone/monorepo", "topic"),
        ("1".repeat(40), "mallory/monorepo", "other"),
    ] {
        let (world, sim) = (first_stage(1), github(&[], &[]));
        from_fork(&sim);
        let stepped = second_stage(&world, &sim, &workflow_run(&sha, fork, branch));
        assert_eq!(stepped.ran.exit, Some(0), "{stepped:?}");
        assert_eq!(comments(&sim), [], "{sha} {fork} {branch}");
    }
    let (world, sim) = (first_stage(1), github(&[], &[]));
    from_fork(&sim);
    sim.change(|state| state.repositories[0].pulls[0].closed = true);
    second_stage(&world, &sim, &workflow_run(&"1".repeat(40), "mallory/monorepo", "topic"));
    assert_eq!(comments(&sim), []);
}

/// The record is a stranger's: whatever is in it is text.
#[test]
fn a_second_stage_shows_a_hostile_record_as_text() {
    let (world, sim) = (first_stage(0), github(&[], &[]));
    from_fork(&sim);
    let file = world.beside(RECORD);
    let mut record: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    record["title"] = "x -->\n# <img src=x> @team".into();
    record["compared"] = "@team <b>".into();
    record["reasons"][0]["message"] = "| @team\n::error::x [a](http://evil)".into();
    record["files"][0]["file"] = "`|\n<script>@team".into();
    record["all"]["percent"] = "<b>@team".into();
    record["all"]["threshold"] = "|\n# @team".into();
    record["files"][0]["unit"] = "<i>@team".into();
    record["head"] = "<b>@team".into();
    fs::write(&file, record.to_string()).unwrap();
    let stepped = second_stage(&world, &sim, &workflow_run(&"1".repeat(40), "mallory/monorepo", "topic"));
    assert_eq!(stepped.ran.exit, Some(0), "{stepped:?}");
    let body = comments(&sim)[0].1.clone();
    let outside = without_code(body.split_once('\n').unwrap().1);
    for sign in ["@team", "<img", "<b>", "<i>", "<script", "\n::error", "\n# ", "](http"] {
        assert!(!outside.contains(sign), "{sign} in {body}");
    }
}

#[test]
fn a_second_stage_refuses_what_is_no_record() {
    let (world, sim) = (first_stage(0), github(&[], &[]));
    from_fork(&sim);
    let payload = workflow_run(&"1".repeat(40), "mallory/monorepo", "topic");
    let good = fs::read_to_string(world.beside(RECORD)).unwrap();
    for text in ["", "[]", "{}", &good[..good.len() / 2], &good.replace("record/1", "record/2")] {
        fs::write(world.beside(RECORD), text).unwrap();
        let stepped = second_stage(&world, &sim, &payload);
        assert_eq!(stepped.ran.exit, Some(2), "{text:.40}: {stepped:?}");
    }
    fs::remove_file(world.beside(RECORD)).unwrap();
    assert_eq!(second_stage(&world, &sim, &payload).ran.exit, Some(2));
    assert_eq!(comments(&sim), []);
}

/// Where commenting is all there is to do, a refusal is a failure outside.
#[test]
fn a_second_stage_that_may_not_comment_says_so() {
    let world = first_stage(0);
    let sim = github(&[], &[(3, Fault::Status { status: 403, retry_after: None })]);
    from_fork(&sim);
    let stepped = second_stage(&world, &sim, &workflow_run(&"1".repeat(40), "mallory/monorepo", "topic"));
    assert_eq!(stepped.ran.exit, Some(3), "{stepped:?}");
    stepped.ran.says("403");
}
