//! Releases: read, made, published, deleted; files streamed to where the API says; tags.
use std::io::Read;

use github::{Asset, AssetState, Client, ErrorKind, Limits, MakeLatest, Release, ReleaseText, Upload};
use github_sim::{Fault, PlannedFault, Pull, Sim, State, Tag};

use crate::support::{VirtualClock, client, repo, settings, state, told, told_call};

fn world(faults: Vec<PlannedFault>) -> State {
    let mut state = state(Pull::default(), faults);
    state.tokens[0].permissions.insert("contents".to_owned(), "write".to_owned());
    let tag = |name: &str, object: Option<String>| Tag { name: name.to_owned(), commit: "c".repeat(40), object };
    state.repositories[0].tags = vec![tag("v1", None), tag("cli/v2", Some("d".repeat(40)))];
    let draft = github_sim::Release { id: 7, tag_name: "v1".to_owned(), draft: true, ..github_sim::Release::default() };
    state.repositories[0].releases = vec![draft];
    state
}

fn text(body: &str) -> ReleaseText {
    ReleaseText { name: "One".to_owned(), body: body.to_owned(), prerelease: false }
}

fn draft(client: &Client) -> Release {
    client.release(&repo(), 7).unwrap().unwrap()
}

/// Sends these bytes as `name`, said to be so many.
fn send(
    client: &Client,
    release: &Release,
    (name, bytes, length): (&str, &'static [u8], u64),
) -> Result<Asset, github::Error> {
    let open = || Ok(Box::new(bytes) as Box<dyn Read + Send>);
    client.upload_asset(release, &Upload { name, content_type: "application/x-test", length, open: &open })
}

#[test]
fn a_release_is_made_filled_and_published() {
    let sim = Sim::start(world(Vec::new())).unwrap();
    // As an own server has it.
    let (client, _) = client(&settings(&format!("{}/api/v3", sim.url())));
    let hostile = "é \u{1f980} \u{0} \" ${{ x }}\r\n<!-- marker -->";
    let new = client.create_draft(&repo(), "cli/v2", &text(hostile)).unwrap();
    assert_eq!((new.draft, new.body.as_deref(), new.tag_name.as_str()), (true, Some(hostile), "cli/v2"));
    assert_eq!(client.release_by_tag(&repo(), "cli/v2").unwrap(), None);
    let mut seen = Vec::new();
    client.each_release(&repo(), |release| seen.push(release.id)).unwrap();
    assert_eq!(seen, [new.id, 7]);
    let asset = send(&client, &new, ("a+b c.tgz", b"archive", 7)).unwrap();
    // printf archive | sha256sum
    let digest = "sha256:0eb3e36bfb24dcd9bb1d1bece1531216b59539a8fde17ee80224af0653c92aa3";
    assert_eq!((asset.name.as_str(), asset.size, &asset.state), ("a+b.c.tgz", 7, &AssetState::Uploaded));
    assert_eq!(asset.digest.as_deref(), Some(digest));
    let call = sim.calls().last().unwrap().clone();
    let header = |name: &str| call.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
    assert_eq!(call.target, format!("/api/uploads/repos/octo/demo/releases/{}/assets?name=a%2Bb%20c.tgz", new.id));
    assert_eq!((header("content-length"), header("transfer-encoding")), (Some("7"), None));
    assert_eq!((header("content-type"), call.authorization.is_some()), (Some("application/x-test"), true));
    let changed = client.change_release(&repo(), new.id, &text("new")).unwrap();
    assert_eq!((changed.draft, changed.body.as_deref()), (true, Some("new")));
    let public = client.publish_release(&repo(), (new.id, "cli/v2"), (&text("new"), MakeLatest::No)).unwrap();
    assert_eq!((public.draft, public.assets.len()), (false, 1));
    assert_eq!(client.release_by_tag(&repo(), "cli/v2").unwrap().map(|release| release.id), Some(new.id));
    sim.change(|state| assert_eq!(state.repositories[0].latest, None));
    assert_eq!(client.release_assets(&repo(), new.id).unwrap(), std::slice::from_ref(&asset));
    for _ in 0..2 {
        client.delete_asset(&repo(), asset.id).unwrap();
        client.delete_release(&repo(), 7).unwrap();
    }
    assert_eq!(client.release_assets(&repo(), new.id).unwrap(), []);
    assert_eq!(client.release(&repo(), 7).unwrap(), None);
    let bodies: Vec<_> =
        sim.calls().iter().filter(|call| call.method == "DELETE").map(|call| call.body.clone()).collect();
    assert_eq!(bodies, ["", "", "", ""]);
}

#[test]
fn tags_lead_to_their_commit() {
    let sim = Sim::start(world(Vec::new())).unwrap();
    let (client, _) = client(&settings(&sim.url()));
    let commit = |tag: &str| client.tag_commit(&repo(), tag).unwrap();
    assert_eq!(commit("v1"), Some("c".repeat(40)));
    assert_eq!(commit("cli/v2"), Some("c".repeat(40)));
    assert_eq!(commit("v"), None);
    assert_eq!(commit("cli"), None);
}

#[test]
fn every_release_is_listed_or_none() {
    let mut many = world(Vec::new());
    let release = |id| github_sim::Release { id, tag_name: format!("v{id}"), ..github_sim::Release::default() };
    many.repositories[0].releases = (1..=250).map(release).collect();
    let sim = Sim::start(many).unwrap();
    let (client, _) = client(&settings(&sim.url()));
    let mut count = 0;
    client.each_release(&repo(), |_| count += 1).unwrap();
    assert_eq!((count, sim.calls().len()), (250, 3));
    sim.change(|state| state.repositories[0].releases = (1..=10_001).map(release).collect());
    let error = client.each_release(&repo(), |_| {}).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadAnswer);
    assert!(error.to_string().ends_with("lists more than 10000 releases"), "{error}");
}

/// What an upload under a fault says, and what is there afterwards.
fn check_upload(fault: Fault, expected: &str) {
    let sim = Sim::start(world(vec![PlannedFault { call: 2, times: 1, fault }])).unwrap();
    let (client, clock) = client(&settings(&sim.url()));
    let release = draft(&client);
    let result = send(&client, &release, ("a", b"archive", 7)).map(|asset| asset.name);
    assert_eq!(shown(&sim, &result, &clock), expected);
}

fn shown(sim: &Sim, result: &Result<String, github::Error>, clock: &VirtualClock) -> String {
    let mut assets = Vec::new();
    sim.change(|state| {
        assets.extend(state.repositories[0].releases[0].assets.iter().map(|a| format!("{} {}", a.name, a.state)));
    });
    let what = "could not upload a to the release of v1: POST /api/uploads/repos/octo/demo/releases/7/assets?name=a";
    format!("{} | now {}", told_call(sim, result, clock).replace(what, "POST"), assets.join(", "))
}

#[test]
fn a_lost_upload_is_not_sent_again() {
    let look = "[it may have been carried out: look before it is repeated]";
    let cut =
        format!("MaybeDone: POST got no whole answer: connection closed before message completed {look} | sent 200 -");
    check_upload(Fault::CarriedOut(Box::new(Fault::Cut)), &format!("{cut} | now a uploaded"));
    check_upload(Fault::Cut, &format!("{cut} | now "));
    check_upload(Fault::HalfUpload(Box::new(Fault::Cut)), &format!("{cut} | now a starter"));
    let bad = || Box::new(Fault::Status { status: 502, retry_after: None });
    let failed = format!("MaybeDone: POST answered 502: Server Error {look} | sent 200 502");
    check_upload(Fault::CarriedOut(bad()), &format!("{failed} | now a uploaded"));
    check_upload(Fault::HalfUpload(bad()), &format!("{failed} | now a starter"));
    let limit = Fault::Status { status: 429, retry_after: Some(9) };
    check_upload(limit, "a | waited 9s | sent 200 429 201 | now a uploaded");
    let same = "/api/uploads/repos/octo/demo/releases/7/assets?name=a";
    check_upload(
        Fault::Redirect { status: 307, to: same.to_owned() },
        "BadAnswer: POST redirects to itself [check GITHUB_API_URL: it must be the address that answers, not one that redirects to it] | sent 200 307 | now ",
    );
    let away = Fault::Redirect { status: 307, to: "https://evil.example/x".to_owned() };
    check_upload(
        away,
        "BadAnswer: POST redirects to https://evil.example, and the token stays here [check GITHUB_API_URL: it must be the address that answers, not one that redirects to it] | sent 200 307 | now ",
    );
}

#[test]
fn a_name_is_taken_once() {
    let sim = Sim::start(world(Vec::new())).unwrap();
    let (client, clock) = client(&settings(&sim.url()));
    let release = draft(&client);
    send(&client, &release, ("a", b"archive", 7)).unwrap();
    let result = send(&client, &release, ("a", b"archive", 7)).map(|asset| asset.name);
    let taken =
        "Refused: POST answered 422: Validation Failed: already_exists [no hint] | sent 200 201 422 | now a uploaded";
    assert_eq!(shown(&sim, &result, &clock), taken);
}

#[test]
fn what_is_not_as_long_as_said_is_not_sent() {
    let hint = "[what is sent must not change meanwhile: run again once it is written]";
    for (length, why) in [(8, "shorter"), (6, "longer")] {
        let sim = Sim::start(world(Vec::new())).unwrap();
        let (client, clock) = client(&settings(&sim.url()));
        let release = draft(&client);
        let result = send(&client, &release, ("a", b"archive", length)).map(|asset| asset.name);
        let expected = format!("Source: POST sent nothing whole: it is {why} than it was {hint} | sent 200 | now ");
        assert_eq!(shown(&sim, &result, &clock), expected);
    }
    let sim = Sim::start(world(Vec::new())).unwrap();
    let (client, clock) = client(&settings(&sim.url()));
    let release = draft(&client);
    let gone = || Err(std::io::Error::other("gone"));
    let upload = Upload { name: "a", content_type: "text/plain", length: 7, open: &gone };
    let result = client.upload_asset(&release, &upload).map(|asset| asset.name);
    assert_eq!(shown(&sim, &result, &clock), "Source: POST sent nothing: gone [no hint] | sent 200 | now ");
}

#[test]
fn files_go_nowhere_else() {
    let sim = Sim::start(world(Vec::new())).unwrap();
    let (client, _) = client(&settings(&sim.url()));
    for away in
        ["https://evil.example/repos/o/r/releases/7/assets", "http://127.0.0.1:1/releases/7/assets{?name,label}"]
    {
        let release = Release { upload_url: away.to_owned(), ..draft(&client) };
        let error = send(&client, &release, ("a", b"archive", 7)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadAnswer);
        assert!(told(&error).contains("and the token stays here"), "{error}");
    }
    assert!(sim.calls().iter().all(|call| call.method == "GET"));
}

#[test]
fn large_files_are_streamed_and_have_their_time() {
    /// So many bytes from nowhere, in memory never more than a chunk.
    struct Zeros;
    impl Read for Zeros {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            into.fill(0);
            Ok(into.len())
        }
    }
    let sim = Sim::start(world(Vec::new())).unwrap();
    let mut settings = settings(&sim.url());
    // 30 seconds and one for each MiB.
    settings.limits = Limits { upload_bytes_per_second: 1 << 20, ..Limits::default() };
    let (client, _) = client(&settings);
    let release = draft(&client);
    let length = 48 << 20;
    let open = || Ok(Box::new(Zeros.take(length)) as Box<dyn Read + Send>);
    let upload = Upload { name: "big", content_type: "application/octet-stream", length, open: &open };
    let asset = client.upload_asset(&release, &upload).unwrap();
    assert_eq!((asset.size, asset.state), (length, AssetState::Uploaded));
    assert_eq!(sim.calls().last().unwrap().body, format!("{length} bytes"));
}
