//! Releases, their files and tags: answers, permissions, states, and faults before and after the deed.
use github_sim::{Asset, Fault, PlannedFault, Release, Repository, Sim, State, Tag, Token};
use serde_json::{Value, json};

use crate::described::{ASSET, ASSETS, BY_TAG, LATEST, REF, RELEASE, RELEASES, TAG, check, exchange, validator};

const HEAD: &str = "hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh";

/// Tags v1 and an annotated cli/v2; release 1 of v1, draft 2 of cli/v2, which has asset 3.
fn repository(id: u64, name: &str) -> Repository {
    let tag = |name: &str, object: Option<&str>| Tag {
        name: name.to_owned(),
        commit: "c".repeat(40),
        object: object.map(str::to_owned),
    };
    let release = |id, tag_name: &str, draft| Release {
        id,
        tag_name: tag_name.to_owned(),
        target_commitish: "main".to_owned(),
        name: Some(tag_name.to_owned()),
        draft,
        author: "ann".to_owned(),
        ..Release::default()
    };
    let asset = Asset {
        id: 3,
        name: "a.tgz".to_owned(),
        state: "uploaded".to_owned(),
        content_type: "application/gzip".to_owned(),
        size: 1,
        ..Asset::default()
    };
    Repository {
        id,
        owner: "octo".to_owned(),
        name: name.to_owned(),
        private: name == "shut",
        tags: vec![tag("v1", None), tag("cli/v2", Some(&"d".repeat(40)))],
        head_sha: HEAD.to_owned(),
        releases: vec![release(1, "v1", false), Release { assets: vec![asset], ..release(2, "cli/v2", true) }],
        latest: Some(1),
        ..Repository::default()
    }
}

fn state() -> State {
    let token = |secret: &str, level: &str| Token {
        secret: secret.to_owned(),
        repositories: vec!["octo/shut".to_owned(), "octo/open".to_owned()],
        permissions: [("contents".to_owned(), level.to_owned())].into(),
        ..Token::default()
    };
    State {
        repositories: vec![repository(1, "open"), repository(2, "shut")],
        tokens: vec![token("run", "write"), token("reads", "read")],
        ..State::default()
    }
}

fn sent(request: &str, body: Value) -> String {
    format!("{request} run\n{body}")
}

fn upload(release: &Value, name: &str) -> String {
    let url = release["upload_url"].as_str().unwrap();
    let path = url.strip_prefix("http://").unwrap().split_once('/').unwrap().1.split_once('{').unwrap().0;
    format!("POST /{path}?name={name} run\nabc")
}

#[test]
fn releases_are_read_as_described() {
    let sim = Sim::start(state()).unwrap();
    for (repository, token) in [("open", ""), ("shut", " reads")] {
        let path = format!("/repos/octo/{repository}/releases");
        let (_, list) = check(&sim, (&format!("{path}{token}"), RELEASES), 200);
        assert_eq!((list.as_array().unwrap().len(), &list[0]["tag_name"]), (1, &json!("v1")));
        check(&sim, (&format!("{path}/tags/v1{token}"), BY_TAG), 200);
        check(&sim, (&format!("{path}/latest{token}"), LATEST), 200);
        check(&sim, (&format!("{path}/1{token}"), RELEASE), 200);
        check(&sim, (&format!("{path}/2{token}"), RELEASE), 404);
        check(&sim, (&format!("{path}/2/assets{token}"), ASSETS), 404);
        check(&sim, (&format!("/repos/octo/{repository}/git/ref/tags/v1{token}"), REF), 200);
    }
    let path = "/api/v3/repos/octo/shut/releases";
    let (_, list) = check(&sim, (&format!("{path} run"), RELEASES), 200);
    assert_eq!((&list[0]["draft"], &list[1]["draft"]), (&json!(true), &json!(false)));
    let (_, draft) = check(&sim, (&format!("{path}/2 run"), RELEASE), 200);
    assert_eq!((&draft["published_at"], &draft["assets"][0]["digest"]), (&Value::Null, &Value::Null));
    check(&sim, (&format!("{path}/tags/cli%2Fv2 run"), BY_TAG), 404);
    check(&sim, (&format!("{path}/tags/v1"), BY_TAG), 404);
    let (_, assets) = check(&sim, (&format!("{path}/2/assets?per_page=100 run"), ASSETS), 200);
    assert_eq!(assets[0]["name"], "a.tgz");
    for name in ["tags%2Fcli%2Fv2", "tags/cli/v2"] {
        let (_, tag) = check(&sim, (&format!("/repos/octo/shut/git/ref/{name} run"), REF), 200);
        assert_eq!((&tag["object"]["type"], &tag["object"]["sha"]), (&json!("tag"), &json!("d".repeat(40))));
    }
    let (_, tag) = check(&sim, (&format!("/repos/octo/shut/git/tags/{} run", "d".repeat(40)), TAG), 200);
    assert_eq!(tag["object"], json!({ "sha": "c".repeat(40), "type": "commit", "url": tag["object"]["url"] }));
    check(&sim, ("/repos/octo/shut/git/ref/tags/v2 run", REF), 404);
    check(&sim, ("/repos/octo/shut/git/tags/abc run", TAG), 404);
}

#[test]
fn a_release_goes_from_draft_to_public() {
    let sim = Sim::start(state()).unwrap();
    let path = "/repos/octo/shut/releases";
    let text = json!({ "tag_name": "v3-rc.1", "name": "3", "body": "é", "draft": true, "prerelease": true });
    let (_, draft) = check(&sim, (&sent(&format!("POST {path}"), text), RELEASES), 201);
    assert_eq!(
        (&draft["id"], &draft["draft"], &draft["author"]["login"]),
        (&json!(4), &json!(true), &json!("github-actions[bot]"))
    );
    assert!(draft["html_url"].as_str().unwrap().contains("/untagged-"));
    let (_, asset) = check(&sim, (&upload(&draft, "b%20(1)~x+y.tgz"), ASSETS), 201);
    // printf abc | sha256sum
    let digest = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!((&asset["name"], &asset["digest"], &asset["size"]), (&json!("b.1.x+y.tgz"), &json!(digest), &json!(3)));
    let (_, taken) = check(&sim, (&upload(&draft, "b%20(1)~x+y.tgz"), ASSETS), 422);
    assert_eq!(taken["errors"], json!([{ "resource": "ReleaseAsset", "code": "already_exists", "field": "name" }]));
    check(&sim, (&upload(&draft, "c"), ASSETS), 201);
    check(&sim, ("DELETE /repos/octo/shut/releases/assets/6 run", ASSET), 204);
    check(&sim, ("DELETE /repos/octo/shut/releases/assets/6 run", ASSET), 404);
    // The tag does not exist: GitHub makes it, wherever the default branch is.
    let (_, public) = check(&sim, (&sent(&format!("PATCH {path}/4"), json!({ "draft": false })), RELEASE), 200);
    assert_eq!((&public["draft"], &public["assets"][0]["name"]), (&json!(false), &json!("b.1.x+y.tgz")));
    let (_, made) = check(&sim, ("/repos/octo/shut/git/ref/tags/v3-rc.1 run", REF), 200);
    assert_eq!(made["object"]["sha"], HEAD);
    let latest = |sim: &Sim| check(sim, (&format!("{path}/latest run"), LATEST), 200).1["tag_name"].clone();
    assert_eq!(latest(&sim), "v1");
    check(&sim, (&sent(&format!("PATCH {path}/2"), json!({ "draft": false, "make_latest": "false" })), RELEASE), 200);
    assert_eq!(latest(&sim), "v1");
    check(&sim, (&sent(&format!("POST {path}"), json!({ "tag_name": "v4" })), RELEASES), 201);
    assert_eq!(latest(&sim), "v4");
    check(&sim, (&format!("DELETE {path}/7 run"), RELEASE), 204);
    check(&sim, (&format!("{path}/latest run"), LATEST), 404);
}

#[test]
fn who_may_not_write_is_refused() {
    let sim = Sim::start(state()).unwrap();
    let path = "/repos/octo/shut/releases";
    let app = "Resource not accessible by integration";
    let refused = |request: &str, described: &str, (status, message): (u16, &str)| {
        assert_eq!(check(&sim, (request, described), status).1["message"], message, "{request}");
    };
    refused(&format!("POST {path} reads\n{{\"tag_name\": \"v9\"}}"), RELEASES, (403, app));
    refused(&format!("PATCH {path}/1 reads\n{{}}"), RELEASE, (403, app));
    refused(&format!("DELETE {path}/1 reads"), RELEASE, (403, app));
    refused("POST /api/uploads/repos/octo/shut/releases/2/assets?name=x reads\nabc", ASSETS, (403, app));
    refused("DELETE /repos/octo/shut/releases/assets/3", ASSET, (404, "Not Found"));
    // Files have an address of their own.
    refused(&format!("POST {path}/2/assets?name=x run\nabc"), ASSETS, (404, "Not Found"));
    refused(&format!("PATCH {path}/9 run\n{{}}"), RELEASE, (404, "Not Found"));
    refused(&format!("DELETE {path}/9 run"), RELEASE, (404, "Not Found"));
    refused("POST /api/uploads/repos/octo/shut/releases/9/assets?name=x run\nabc", ASSETS, (404, "Not Found"));
}

#[test]
fn what_makes_no_sense_is_refused() {
    let sim = Sim::start(state()).unwrap();
    let path = "/repos/octo/shut/releases";
    let code = |request: &str, described: &str| {
        let (_, answer) = check(&sim, (request, described), 422);
        let error = &answer["errors"][0];
        format!("{} {}", error["code"].as_str().unwrap(), error["field"].as_str().unwrap())
    };
    assert_eq!(code(&sent(&format!("POST {path}"), json!({})), RELEASES), "missing_field tag_name");
    let body = |length: usize| json!({ "tag_name": "v8", "draft": true, "body": "é".repeat(length) });
    check(&sim, (&sent(&format!("POST {path}"), body(125_000)), RELEASES), 201);
    assert_eq!(code(&sent(&format!("POST {path}"), body(125_001)), RELEASES), "custom body");
    let long = sent(&format!("PATCH {path}/1"), json!({ "body": "é".repeat(125_001) }));
    assert_eq!(code(&long, RELEASE), "custom body");
    assert_eq!(code(&sent(&format!("POST {path}"), json!({ "tag_name": "v1" })), RELEASES), "already_exists tag_name");
    // A draft of a tag that has a release may be made, but not published.
    let (_, twin) =
        check(&sim, (&sent(&format!("POST {path}"), json!({ "tag_name": "v1", "draft": true })), RELEASES), 201);
    let publish = sent(&format!("PATCH {path}/{}", twin["id"]), json!({ "draft": false }));
    assert_eq!(code(&publish, RELEASE), "already_exists tag_name");
    let (_, still) = check(&sim, (&format!("{path}/{} run", twin["id"]), RELEASE), 200);
    assert_eq!(still["draft"], true);
    check(&sim, (&format!("POST {path} run\n{{"), RELEASES), 400);
    assert_eq!(code(&upload(&twin, ""), ASSETS), "missing_field name");
}

#[test]
fn what_is_immutable_stays() {
    let mut state = state();
    state.repositories[1].immutable_releases = true;
    let sim = Sim::start(state).unwrap();
    let path = "/repos/octo/shut/releases";
    let change = |body: Value, status: u16| check(&sim, (&sent(&format!("PATCH {path}/2"), body), RELEASE), status).1;
    assert_eq!(change(json!({ "draft": false }), 200)["immutable"], true);
    let (_, release) = check(&sim, (&format!("{path}/2 run"), RELEASE), 200);
    let (_, refused) = check(&sim, (&upload(&release, "x"), ASSETS), 422);
    assert_eq!(refused["message"], "Cannot upload assets to an immutable release.");
    let (_, refused) = check(&sim, ("DELETE /repos/octo/shut/releases/assets/3 run", ASSET), 422);
    assert_eq!(refused["message"], "Cannot delete asset from an immutable release.");
    change(json!({ "tag_name": "v9" }), 422);
    change(json!({ "prerelease": true }), 422);
    change(json!({ "draft": true }), 422);
    assert_eq!(change(json!({ "name": "n", "body": "b", "draft": false, "tag_name": "cli/v2" }), 200)["body"], "b");
    assert_eq!(check(&sim, (&format!("{path}/2/assets run"), ASSETS), 200).1[0]["name"], "a.tgz");
}

/// The states of the assets after one was uploaded under this fault.
fn check_upload(fault: Fault, expected: &str) {
    let told = format!("{fault:?}");
    let sim = Sim::start(State { faults: vec![PlannedFault { call: 1, times: 1, fault }], ..state() }).unwrap();
    let head = "POST /api/uploads/repos/octo/shut/releases/2/assets?name=x HTTP/1.1\r\nuser-agent: t\r\nauthorization: Bearer run";
    let mut stream = std::net::TcpStream::connect(sim.address()).unwrap();
    std::io::Write::write_all(&mut stream, format!("{head}\r\ncontent-length: 3\r\n\r\nabc").as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let _ = std::io::Read::read(&mut stream, &mut [0; 1]);
    let (head, list) = exchange(
        &sim,
        "GET /repos/octo/shut/releases/2/assets HTTP/1.1\r\nuser-agent: t\r\nauthorization: Bearer run\r\n\r\n",
    );
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    let list: Value = serde_json::from_str(&list).unwrap();
    let states: Vec<_> = list.as_array().unwrap()[1..].iter().map(|asset| asset["state"].as_str().unwrap()).collect();
    assert_eq!(states.join(" "), expected, "{told}");
    // GitHub has this state and its description has not: the one difference.
    let errors = validator(("get", ASSETS), 200).iter_errors(&list).count();
    assert_eq!(errors, usize::from(expected == "starter"), "{told}");
}

#[test]
fn uploads_fail_before_the_deed_after_it_and_half_way() {
    let bad = || Fault::Status { status: 502, retry_after: None };
    for fault in [bad(), Fault::Cut, Fault::Hang] {
        check_upload(fault.clone(), "");
        check_upload(Fault::CarriedOut(Box::new(fault.clone())), "uploaded");
        check_upload(Fault::HalfUpload(Box::new(fault)), "starter");
    }
}

#[test]
fn others_move_tags_and_lists_are_late() {
    let moved = |commit: Option<&str>| Fault::MoveTag {
        repository: "octo/shut".to_owned(),
        name: "v1".to_owned(),
        commit: commit.map(str::to_owned),
    };
    let plan = [moved(Some(HEAD)), moved(None), Fault::Unlisted];
    let faults = plan.into_iter().zip(1..).map(|(fault, call)| PlannedFault { call, times: 1, fault }).collect();
    let sim = Sim::start(State { faults, ..state() }).unwrap();
    let (_, tag) = check(&sim, ("/repos/octo/shut/git/ref/tags/v1 run", REF), 200);
    assert_eq!(tag["object"]["sha"], HEAD);
    check(&sim, ("/repos/octo/shut/git/ref/tags/v1 run", REF), 404);
    let (_, list) = check(&sim, ("/repos/octo/shut/releases run", RELEASES), 200);
    assert_eq!(list.as_array().unwrap().len(), 1);
    let (_, list) = check(&sim, ("/repos/octo/shut/releases run", RELEASES), 200);
    assert_eq!(list.as_array().unwrap().len(), 2);
}
