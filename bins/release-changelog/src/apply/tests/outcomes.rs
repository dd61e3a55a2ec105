//! What a run comes to in each state of the server and of the files.
use std::fs;

use github_sim::{Asset, Fault, PlannedFault, Release, Sim, State};

use super::super::plan::marker;
use super::super::{GITHUB_TAKES, LONGEST_BODY, Notes};
use super::world::{HEAD, TAG, assets, list, notes, run, run_telling, shown, state, told};

const FILES: &str = "a.tgz uploaded, b+1.zip uploaded, SHA256SUMS uploaded";

fn body() -> String {
    format!("{}\n\n{}\n", notes().body, marker(TAG))
}

/// A draft of ours without files.
fn draft(id: u64) -> Release {
    Release {
        id,
        tag_name: TAG.to_owned(),
        name: Some("1.2.0".to_owned()),
        body: Some(body()),
        draft: true,
        ..Release::default()
    }
}

fn asset(id: u64, name: &str, state: &str) -> Asset {
    Asset { id, name: name.to_owned(), state: state.to_owned(), size: 7, ..Asset::default() }
}

/// What a run says in a changed world, and what is there afterwards.
fn check(world: impl FnOnce(&mut State), expected: (&str, &str)) {
    check_notes((world, notes()), true, expected);
}

fn check_notes((world, notes): (impl FnOnce(&mut State), Notes), public: bool, expected: (&str, &str)) {
    let mut state = state(Vec::new());
    world(&mut state);
    let sim = Sim::start(state).unwrap();
    let result = told(&run(&sim, (&assets(), &notes), public));
    assert_eq!((result.as_str(), shown(&sim).as_str()), expected);
}

#[test]
fn a_draft_of_ours_is_taken_up() {
    let whole = format!("public latest v1.2.0: {FILES}");
    let releases = |releases: Vec<Release>| move |state: &mut State| state.repositories[0].releases = releases;
    check(releases(vec![draft(3)]), ("there", &whole));
    check(releases(vec![draft(3), draft(4), draft(9)]), ("there", &whole));
    let broken = vec![asset(10, "a.tgz", "starter"), asset(11, "old.tgz", "uploaded"), asset(12, "b+1.zip", "open")];
    check(releases(vec![Release { assets: broken, ..draft(3) }]), ("there", &whole));
    let other = Asset { digest: Some(format!("sha256:{}", "0".repeat(64))), ..asset(10, "a.tgz", "uploaded") };
    check(releases(vec![Release { assets: vec![other], prerelease: true, name: None, ..draft(3) }]), ("there", &whole));
}

#[test]
fn what_is_not_ours_is_left_alone() {
    let by_hand = Release { body: Some("by hand".to_owned()), ..draft(3) };
    let url = format!("https://github.com/octo/demo/releases/tag/untagged-{:020x}", 3);
    check(
        |state| state.repositories[0].releases = vec![by_hand, draft(4)],
        (
            &format!("no: there is a draft of v1.2.0 that was made otherwise: {url}; delete it or publish it yourself"),
            "draft v1.2.0:  | draft v1.2.0: ",
        ),
    );
    let theirs = Asset { uploader: "ann".to_owned(), ..asset(10, "sbom.json", "uploaded") };
    check(
        |state| state.repositories[0].releases = vec![Release { assets: vec![theirs], ..draft(3) }],
        (
            &format!(
                "no: the draft has sbom.json, uploaded by ann, which is not part of this release; delete it, or list it in `assets`: {url}"
            ),
            "draft v1.2.0: sbom.json uploaded",
        ),
    );
    let other = Release { tag_name: "v1.1.0".to_owned(), ..draft(3) };
    check(
        |state| state.repositories[0].releases = vec![other],
        ("there", &format!("draft v1.1.0:  | public latest v1.2.0: {FILES}")),
    );
}

#[test]
fn a_public_release_is_found_or_refused() {
    let sim = Sim::start(state(Vec::new())).unwrap();
    let files = assets();
    for immutable in [false, true] {
        sim.change(|state| state.repositories[0].releases.iter_mut().for_each(|release| release.immutable = immutable));
        let first = if immutable { "there before" } else { "there" };
        assert_eq!(told(&run(&sim, (&files, &notes()), true)), first);
        let calls = sim.calls().len();
        for public in [true, false] {
            assert_eq!(told(&run(&sim, (&files, &notes()), public)), "there before");
        }
        assert!(sim.calls()[calls..].iter().all(|call| call.method == "GET"));
    }
    fs::write(files.path().join("a.tgz"), "ARCHIVE").unwrap();
    list(&files, &["a.tgz", "b+1.zip"]);
    let url = "https://github.com/octo/demo/releases/tag/v1.2.0";
    let no = format!("no: v1.2.0 is published already, and is never changed: {url}");
    let result = told(&run(&sim, (&files, &Notes { title: "x".to_owned(), ..notes() }), true));
    assert_eq!(
        result,
        format!("{no} | its title differs | its a.tgz has another digest | its SHA256SUMS has another digest")
    );
    assert_eq!(shown(&sim), format!("public latest v1.2.0: {FILES}"));
}

#[test]
fn immutable_repositories_get_whole_releases() {
    check(
        |state| state.repositories[0].immutable_releases = true,
        ("there", &format!("public latest v1.2.0: {FILES}")),
    );
}

#[test]
fn drafts_stay_drafts() {
    check_notes((|_: &mut State| {}, notes()), false, ("there", &format!("draft v1.2.0: {FILES}")));
}

#[test]
fn without_its_tag_there_is_no_release() {
    let none = "no: there is no tag v1.2.0 in the repository on the server; push it first, a release makes none";
    check(|state| state.repositories[0].tags.clear(), (none, ""));
    let here = super::world::commit();
    let moved =
        format!("no: the tag v1.2.0 points at {HEAD} on the server and at {here} here; fetch tags, and run again");
    check(|state| state.repositories[0].tags[0].commit = HEAD.to_owned(), (&moved, ""));
}

#[test]
fn who_may_not_write_hears_so() {
    let read = |state: &mut State| drop(state.tokens[0].permissions.insert("contents".to_owned(), "read".to_owned()));
    let hint = "[give the job `permissions: contents: write`; a run for a fork's pull request cannot have it]";
    let cause = "POST /repos/octo/demo/releases answered 403: Resource not accessible by integration";
    check(read, (&format!("could not create a draft release of v1.2.0 in octo/demo: {cause} {hint}"), ""));
}

#[test]
fn without_digests_nothing_is_public() {
    let hint = "own servers give digests from version 3.18 on; update the server, or upload and publish by hand";
    let told = format!("could not compare a.tgz with what GitHub has: the API gives no digest of it [{hint}]");
    check(|state| state.repositories[0].without_digests = true, (&told, "draft v1.2.0: a.tgz uploaded"));
}

#[test]
fn candidates_and_backports_are_not_the_latest() {
    let public = |id, tag: &str| Release { draft: false, tag_name: tag.to_owned(), ..draft(id) };
    let world = |state: &mut State| {
        state.repositories[0].releases = vec![public(3, "v1.3.0")];
        state.repositories[0].latest = Some(3);
    };
    let after = |kind: &str| format!("public latest v1.3.0:  | public{kind} v1.2.0: {FILES}");
    check(world, ("there", &after("")));
    check_notes((world, Notes { prerelease: true, ..notes() }), true, ("there", &after(" pre")));
    let lower = |state: &mut State| {
        state.repositories[0].releases = vec![public(3, "v1.1.9")];
        state.repositories[0].latest = Some(3);
    };
    check(lower, ("there", &format!("public v1.1.9:  | public latest v1.2.0: {FILES}")));
}

#[test]
fn a_body_that_is_too_long_is_found_first() {
    let sim = Sim::start(state(Vec::new())).unwrap();
    let fits = Notes { body: "x".repeat(LONGEST_BODY), full: Some("all of it".to_owned()), ..notes() };
    assert_eq!(told(&run(&sim, (&assets(), &fits), true)), "there");
    assert_eq!(
        shown(&sim),
        "public latest v1.2.0: RELEASE_NOTES.md uploaded, a.tgz uploaded, b+1.zip uploaded, SHA256SUMS uploaded"
    );
    let sim = Sim::start(state(Vec::new())).unwrap();
    let long = Notes { body: "x".repeat(GITHUB_TAKES), ..notes() };
    let told = told(&run(&sim, (&assets(), &long), true));
    assert!(told.starts_with("could not release v1.2.0: its body has 125036 bytes, and GitHub takes 125000"), "{told}");
    assert!(sim.calls().is_empty());
}

/// What a run says of other files than usual, before any call.
fn check_files(change: impl FnOnce(&tempfile::TempDir), expected: &str) {
    let (files, sim) = (assets(), Sim::start(state(Vec::new())).unwrap());
    change(&files);
    let folder = files.path().display().to_string();
    assert_eq!(told(&run(&sim, (&files, &notes()), true)).replace(&folder, "DIR"), expected);
    assert!(sim.calls().is_empty());
}

#[test]
fn files_and_their_list_must_agree() {
    let write = |name: &'static str, text: &'static str| {
        move |folder: &tempfile::TempDir| fs::write(folder.path().join(name), text).unwrap()
    };
    let digest = |text: &str| {
        use sha2::Digest as _;
        format!("sha256:{}", formats::sums::hex(&sha2::Sha256::digest(text).into()))
    };
    check_files(write("c.tgz", "x"), "no: c.tgz is not in SHA256SUMS");
    check_files(
        write("a.tgz", "other"),
        &format!("no: a.tgz is {}, and SHA256SUMS says {}", digest("other"), digest("archive")),
    );
    check_files(
        |folder| fs::remove_file(folder.path().join("b+1.zip")).unwrap(),
        "no: SHA256SUMS lists b+1.zip, which is none of the assets",
    );
    let one = "could not hold the assets against SHA256SUMS: N of them are checksum lists, and there has to be one [make SHA256SUMS of the other files, for instance with `sha256sums create`, and list it in `assets`]";
    check_files(|folder| fs::remove_file(folder.path().join("SHA256SUMS")).unwrap(), &one.replace('N', "0"));
    check_files(write("checksums.txt", "x"), &one.replace('N', "2"));
    check_files(
        write("SHA256SUMS", "nonsense\n"),
        "could not read the checksum list DIR/SHA256SUMS: line 1, column 1: this is no line of a checksum list [remove the line, or start it with # if it is a comment]",
    );
    let renamed = "GitHub would change its name [rename it: letters, digits, and `.`, `_`, `-`, `+` between them are kept as they are]";
    for name in ["a b.tgz", "x~1.deb", ".hidden", "a..b", "é"] {
        let attach = format!("could not attach the asset DIR/{name}: {renamed}");
        // The glob `*` meets no name with a dot in front.
        let expected = if name.starts_with('.') { continue } else { attach };
        check_files(write(name, "x"), &expected);
    }
    check_files(
        |folder| std::os::unix::fs::symlink("a.tgz", folder.path().join("c.tgz")).unwrap(),
        "could not find the assets *: DIR/c.tgz is a link [name what it leads to, or copy that]",
    );
    check_files(
        write("empty", ""),
        "could not attach DIR/empty: it is empty, and GitHub takes no empty file [leave it out, or put something into it]",
    );
}

#[test]
fn signatures_need_no_line_in_the_list() {
    let (files, sim) = (assets(), Sim::start(state(Vec::new())).unwrap());
    for name in ["SHA256SUMS.asc", "a.tgz.sigstore.json", "all.intoto.jsonl"] {
        fs::write(files.path().join(name), "signed").unwrap();
    }
    assert_eq!(told(&run(&sim, (&files, &notes()), true)), "there");
    assert!(
        shown(&sim).ends_with("all.intoto.jsonl uploaded, b+1.zip uploaded, SHA256SUMS uploaded"),
        "{}",
        shown(&sim)
    );
}

#[test]
fn a_file_that_changes_while_it_is_sent_is_found() {
    let hint = "[run again once it is written; the draft is corrected then]";
    for (text, expected) in [
        ("ARCHIVE", format!("could not upload a.tgz: it changed while it was sent {hint}")),
        ("arch", "it is shorter than it was".to_owned()),
        ("archive and more", "it is longer than it was".to_owned()),
    ] {
        let (files, sim) = (assets(), Sim::start(state(Vec::new())).unwrap());
        let path = files.path().join("a.tgz");
        let mut tell = |line: String| {
            if line.starts_with("uploading a.tgz") {
                fs::write(&path, text).unwrap();
            }
        };
        let result = told(&run_telling(&sim, (&files, &notes()), true, &mut tell));
        assert!(result.contains(&expected), "{result}");
        assert!(!shown(&sim).contains("public"));
        fs::write(&path, "archive").unwrap();
        assert_eq!(told(&run(&sim, (&files, &notes()), true)), "there");
    }
}

#[test]
fn what_is_shown_late_is_waited_for() {
    let lost = Fault::CarriedOut(Box::new(Fault::Cut));
    let clean = Sim::start(state(Vec::new())).unwrap();
    run(&clean, (&assets(), &notes()), true).unwrap();
    let create = clean.calls().iter().position(|call| call.method == "POST").unwrap() as u64 + 1;
    let late = |call| PlannedFault { call, times: 1, fault: Fault::Unlisted };
    // The draft was made, its answer lost, and the list shows it at the third look only. Each look is five calls without it.
    let plan = vec![PlannedFault { call: create, times: 1, fault: lost }, late(create + 2), late(create + 6)];
    let sim = Sim::start(state(plan)).unwrap();
    assert_eq!(told(&run(&sim, (&assets(), &notes()), true)), "there");
    let posts = sim.calls().iter().filter(|call| call.method == "POST" && call.target.ends_with("/releases")).count();
    assert_eq!((posts, shown(&sim)), (1, format!("public latest v1.2.0: {FILES}")));
}
