//! Tests of histories: what git says about the repositories that come out.
use super::build;
use super::build::git;

fn check(history: &str, questions: &[(&[&str], &str)]) {
    let folder = tempfile::tempdir().unwrap();
    let built = build(history, folder.path()).unwrap();
    for (question, answer) in questions {
        let mut said = git(&built.work, question, "").unwrap_or_else(|e| e);
        for (label, id) in &built.ids {
            said = said.replace(id, label);
        }
        assert_eq!(said.trim_end(), *answer, "{question:?}");
    }
}

const BOTH: &str = "commit one on main\n  write a.txt 1\n  write b.txt 1\n\
                    commit two on topic from one\n  write a.txt 2\n  delete b.txt\n\
                    commit three on main\n  write \"odd\\n\\\"name\" \"3\"\n  link l a.txt\n  exec a.txt\n\
                    merge both on main of topic\n";

#[test]
fn merges_by_file() {
    check(
        BOTH,
        &[
            (&["log", "--format=%H %s", "--first-parent"], "both both\nthree three\none one"),
            (
                &["ls-tree", "-r", "--format=%(objectmode) %(path)", "HEAD"],
                "100755 a.txt\n120000 l\n100644 \"odd\\n\\\"name\"",
            ),
            (&["show", "HEAD:a.txt"], "1"),
            (&["status", "--porcelain"], ""),
        ],
    );
}

#[test]
fn ids_never_change() {
    let id = "commit one on main\n  write a.txt 1\n";
    let folder = tempfile::tempdir().unwrap();
    let built = build(id, folder.path()).unwrap();
    assert_eq!(built.ids, [("one".to_owned(), "bc2af674e21bbaf3cd0e9ecce2d9519464db4a87".to_owned())]);
}

#[test]
fn a_shallow_clone_knows_one_commit() {
    let history = format!("{BOTH}clone depth=1 main\n");
    check(
        &history,
        &[
            (&["log", "--format=%H"], "both"),
            (&["rev-parse", "--abbrev-ref", "HEAD", "--is-shallow-repository"], "main\ntrue"),
            (&["fetch", "--quiet", "origin", "topic"], ""),
            (&["rev-parse", "FETCH_HEAD"], "two"),
        ],
    );
}

#[test]
fn a_pull_request_is_checked_out_detached() {
    let history =
        format!("{BOTH}ref refs/pull/7/merge at both\nbranch main at three\nclone depth=2 refs/pull/7/merge\n");
    check(
        &history,
        &[
            (&["rev-parse", "--abbrev-ref", "HEAD"], "HEAD"),
            (&["log", "--format=%H", "HEAD"], "both\nthree\ntwo"),
            (&["for-each-ref", "--format=%(refname)"], "refs/remotes/pull/7/merge"),
        ],
    );
}

#[test]
fn a_forgotten_branch_is_lost() {
    let history =
        "commit one on main\n  write a 1\ncommit old on gone from one\n  write a 2\nforget gone\nclone main\n";
    let folder = tempfile::tempdir().unwrap();
    let built = build(history, folder.path()).unwrap();
    let old = &built.ids[1].1;
    assert!(git(&built.work, &["cat-file", "-e", old], "").is_err());
    assert!(git(&built.work, &["fetch", "--quiet", "origin", old], "").is_err());
}

#[test]
fn work_tree_and_index_can_differ() {
    let history = "commit one on main\n  write a 1\nedit a 2\nstage dir/b 3\n";
    check(history, &[(&["status", "--porcelain"], " M a\nA  dir/b")]);
}

#[test]
fn a_line_that_makes_no_sense_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for (history, problem) in [
        ("comit one on main\n", "history:1: not a step: \"comit one on main\""),
        ("  write a 1\n", "history:1: a change without a commit above it: \"  write a 1\""),
        ("commit one on main\n  write\n", "history:2: not a change: \"  write\""),
        ("tag v1 at one\n", "there is no commit one"),
        ("commit one on main\n  delete a\n", "there is no file a"),
    ] {
        assert_eq!(build(history, folder.path()).unwrap_err(), problem);
    }
}

#[test]
fn messages_name_ids_and_merges_have_many_parents() {
    check(
        "commit one on main\n  author A B <a@b.example>\n  date 1600000000\n\
         commit two on side from one\n  message \"Revert \\\"x\\\"\\n\\nThis reverts commit @{one}.\"\n\
         commit three on other from one\n  write ids @{one} @{two}\n\
         commit four on main\nmerge all on main of side other\n  message All of it\nannotate v1 at all\n",
        &[
            (&["log", "--format=%an %ae %at", "-1", "main~2"], "A B a@b.example 1600000000"),
            (&["log", "--format=%b", "-1", "main^2"], "This reverts commit one."),
            (&["show", "main^3:ids"], "one two"),
            (&["log", "--format=%s", "-1"], "All of it"),
            (&["cat-file", "-t", "v1"], "tag"),
            (&["rev-parse", "v1^{commit}"], "all"),
        ],
    );
}
