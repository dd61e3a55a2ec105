//! Pages, statuses, names, and lists that are short or move.
use github::{FileStatus, PullFile};
use github_sim::{Fault, File, PlannedFault, Pull, Sim};

use crate::support::{client, file, repo, settings, state, story};

/// A list of so many files, read with faults, as a story.
fn check(pull: Pull, fault: Option<(u64, Fault)>, expected: &str) {
    let faults = fault.map(|(call, fault)| PlannedFault { call, times: 1, fault });
    let changed_files = pull.changed_files.unwrap_or((pull.files.len() + pull.generated_files) as u64);
    let sim = Sim::start(state(pull, faults.into_iter().collect())).unwrap();
    assert_eq!(story(&sim, &settings(&sim.url()), changed_files), expected);
}

fn generated(generated_files: usize) -> Pull {
    Pull { generated_files, ..Pull::default() }
}

fn listed(files: &[File]) -> Pull {
    Pull { files: files.to_vec(), ..Pull::default() }
}

#[test]
fn pages_end_where_the_list_ends() {
    check(generated(0), None, "0 files | sent 200");
    check(generated(1), None, "1 files | sent 200");
    check(generated(99), None, "99 files | sent 200");
    // A full page without `Link` may be the last; only another call can tell.
    check(generated(100), None, "100 files | sent 200 200");
    check(generated(101), None, "101 files | sent 200 200");
    check(generated(200), None, "200 files | sent 200 200");
    let thirty = vec!["200"; 30].join(" ");
    check(generated(2_999), None, &format!("2999 files | sent {thirty}"));
    check(generated(3_000), None, &format!("3000 files | sent {thirty}"));
    let cut = "3000 files, uncertain: GitHub lists 3000 of 3001 changed files; its limit is 3000";
    check(generated(3_001), None, &format!("{cut} | sent {thirty}"));
}

#[test]
fn dropped_links_shorten_no_list() {
    check(generated(250), Some((1, Fault::NoLink)), "250 files | sent 200 200 200");
    check(generated(250), Some((3, Fault::NoLink)), "250 files | sent 200 200 200");
}

#[test]
fn links_in_a_circle_are_refused() {
    let what = "BadAnswer: could not list the files of pull request 5 of octo/demo: GET /repos/octo/demo/pulls/5/files";
    let circle = "?per_page=100&page=2 answered a Link header that leads from page 2 back to page 2 [no hint]";
    check(generated(250), Some((2, Fault::LinkLoop)), &format!("{what}{circle} | sent 200 200"));
}

#[test]
fn other_counts_are_uncertain() {
    let pull = |said| Pull { generated_files: 3, changed_files: Some(said), ..Pull::default() };
    check(pull(2), None, "3 files, uncertain: GitHub lists 3 files and counts 2 changed files | sent 200");
    check(pull(4), None, "3 files, uncertain: GitHub lists 3 files and counts 4 changed files | sent 200");
}

#[test]
fn pushes_between_pages_are_noticed() {
    let push = |names: &[&str]| {
        let files = names.iter().map(|name| file(name, "added", None)).collect();
        Some((2, Fault::Push { repository: "octo/demo".to_owned(), number: 5, files }))
    };
    let one = "150 files, uncertain: the pull request changed while its files were listed (1 came twice)";
    check(generated(150), push(&["a"]), &format!("{one} | sent 200 200"));
    let two = "150 files, uncertain: the pull request changed while its files were listed (2 came twice)";
    check(generated(150), push(&["a", "b"]), &format!("{two} | sent 200 200"));
}

#[test]
fn changes_of_type_may_be_two_entries() {
    let twins = [file("link", "removed", None), file("link", "added", None)];
    check(listed(&twins), None, "2 files | sent 200");
    let counted_once = Pull { changed_files: Some(1), ..listed(&twins) };
    check(counted_once, None, "2 files | sent 200");
    let apart = [file("a", "removed", None), file("b", "added", None), file("a", "added", None)];
    let moved = "3 files, uncertain: the pull request changed while its files were listed (1 came twice)";
    check(listed(&apart), None, &format!("{moved} | sent 200"));
}

#[test]
fn what_is_not_described_is_refused() {
    let what = "BadAnswer: could not list the files of pull request 5 of octo/demo: GET /repos/octo/demo/pulls/5/files?per_page=100&page=1";
    let refused = |why: &str| format!("{what} answered {why} [no hint] | sent 200");
    check(listed(&[file("a\nb", "conflicted", None)]), None, &refused(r#"the unknown status "conflicted" for "a b""#));
    check(listed(&[file("a", "", None)]), None, &refused(r#"the unknown status "" for "a""#));
    check(listed(&[file("a", "Added", None)]), None, &refused(r#"the unknown status "Added" for "a""#));
    check(listed(&[file("", "added", None)]), None, &refused("a file without a name"));
    check(listed(&[file("a", "renamed", None)]), None, &refused(r#"no previous name for the renamed "a""#));
}

#[test]
fn statuses_and_names_arrive_unchanged() {
    use FileStatus::*;
    let names = ["plain", "a\nb", "::warning::x", "$(id)", "-rf", "\u{1f980}", "q\"\\u", "\u{0}\u{7f}", " "];
    let statuses = [Added, Removed, Modified, Renamed, Copied, Changed, Unchanged, Added, Removed];
    let expected: Vec<PullFile> = names
        .iter()
        .zip(statuses)
        .map(|(name, status)| {
            let previous = [Renamed, Copied].contains(&status).then(|| format!("old/{name}"));
            PullFile { filename: (*name).to_owned(), previous_filename: previous, status }
        })
        .collect();
    let files: Vec<File> =
        expected.iter().map(|f| file(&f.filename, f.status.as_str(), f.previous_filename.as_deref())).collect();
    let sim = Sim::start(state(listed(&files), Vec::new())).unwrap();
    let (client, _) = client(&settings(&sim.url()));
    assert_eq!(client.pull_request_files(&repo(), 5).unwrap().files, expected);
    let calls = sim.calls();
    assert_eq!(calls[0].target, "/repos/octo/demo/pulls/5/files?per_page=100&page=1");
    let of = |name: &str| calls[0].headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    assert_eq!(of("accept"), Some("application/vnd.github+json"));
    assert_eq!(of("x-github-api-version"), Some("2022-11-28"));
    assert_eq!(of("user-agent"), Some("dataflow-tests/1"));
    assert_eq!(calls[0].authorization.as_deref(), Some("Bearer ghs_secretsecret"));
}

#[test]
fn pull_requests_are_read() {
    let sim = Sim::start(state(generated(3_001), Vec::new())).unwrap();
    // As an own server has it.
    let (client, _) = client(&settings(&format!("{}/api/v3/", sim.url())));
    let pull = client.pull_request(&repo(), 5).unwrap();
    assert_eq!((pull.number, pull.changed_files), (5, 3_001));
    assert_eq!((pull.base_ref.as_str(), pull.head_ref.as_str()), ("main", "topic"));
    assert_eq!((pull.base_sha, pull.head_sha), ("b".repeat(40), "a".repeat(40)));
    assert_eq!(client.pull_request_files(&repo(), 5).unwrap().files.len(), 3_000);
}
