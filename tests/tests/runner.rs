//! The case runner on cases of its own: a shell stands for the binary, so that everything else is real.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tempfile::TempDir;
use tests::cases;

/// A tool with two inputs that does what the input `script` says.
const TOOL: &str = r#"#!/bin/sh
if [ "${1:-}" = --action-yml ]; then
  printf 'inputs:\n  script:\n    required: true\n  some-list:\n    default: "a\\nb"\n  token:\n    default: ${{ github.token }}\n'
  exit 0
fi
eval "${INPUT_SCRIPT:-$1}"
"#;

/// The tool, written before anything is started: what another thread starts meanwhile would hold it open for writing, and
/// then it does not start.
fn tool() -> PathBuf {
    static WRITTEN: OnceLock<PathBuf> = OnceLock::new();
    let write = || {
        let exe = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tool-of-the-runner");
        fs::write(&exe, TOOL).unwrap();
        fs::set_permissions(&exe, fs::Permissions::from_mode(0o755)).unwrap();
        exe
    };
    WRITTEN.get_or_init(write).clone()
}

/// A folder with a case made of these files, and the tool.
fn laid_out(files: &[(&str, &str)]) -> (TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (exe, case) = (tool(), folder.path().join("case"));
    for (name, text) in files {
        let file = case.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    (folder, exe, case)
}

/// The whole of `expect` is compared; the failure's text is matched by its beginning.
fn check(files: &[(&str, &str)], expected: Result<&str, &str>) {
    let (_folder, exe, case) = laid_out(files);
    if let Ok(text) = expected {
        fs::write(case.join("expect"), text).unwrap();
    }
    match (cases::check(&exe, &case), expected) {
        (Ok(()), Ok(_)) => {}
        (Err(found), Err(expected)) if found.starts_with(expected) => {}
        (found, _) => panic!("{}", found.err().unwrap_or_else(|| "it passed".to_owned())),
    }
}

#[test]
fn a_terminal_run_shows_both_streams() {
    check(&[("args", "echo one; echo two >&2; exit 4")], Ok("exit 4\n\n== stdout\none\n\n== stderr\ntwo\n"));
    check(&[("args", "read -r line; echo \"$line\""), ("stdin", "hello\n")], Ok("exit 0\n\n== stdout\nhello\n"));
}

#[test]
fn a_step_has_its_inputs_and_files() {
    let with = "with:\n  script: |\n    echo \"list=$INPUT_SOME_LIST.\" >> \"$GITHUB_STEP_SUMMARY\"\n    echo k=v >> \"$GITHUB_OUTPUT\"\n";
    check(&[("with.yml", with)], Ok("exit 0\n\n== outputs\nk = v\n\n== summary\nlist=a\nb.\n"));
    check(&[("with.yml", "script: test -z \"$INPUT_TOKEN\"\n")], Ok("exit 0\n"));
    check(&[("with.yml", "scirpt: x\n")], Err("with.yml: the action has no input scirpt"));
    check(&[("with.yml", "script: echo 'k<<E' >> \"$GITHUB_OUTPUT\"\n")], Err("the runner refuses GITHUB_OUTPUT: "));
}

#[test]
fn the_environment_is_empty_otherwise() {
    check(
        &[("args", "export -p | while read -r _ line; do echo \"${line%%=*}\"; done")],
        Ok("exit 0\n\n== stdout\nHOME\nPATH\nPWD\n"),
    );
    let (_folder, exe, case) = laid_out(&[("args", "ls")]);
    assert!(cases::check(&exe, &case).unwrap_err().contains("+ exit 127\n"), "ls was found");
    check(&[("args", "echo \"$A$B\""), ("env", "# two\nA=1\nB=@{work}\n")], Ok("exit 0\n\n== stdout\n1@{work}\n"));
}

#[test]
fn files_history_and_event_are_there() {
    let case = [
        (
            "args",
            "git log --format='%H %h' --abbrev=9; read -r line < new.txt; echo \"$line\"; read -r line < \"$GITHUB_EVENT_PATH\"; echo \"$line\"",
        ),
        ("history", "commit first on main\n  write a.txt 1\n"),
        ("files/new.txt", "here\n"),
        ("event.json", "{\"after\": \"@{first}\"}\n"),
    ];
    check(&case, Ok("exit 0\n\n== stdout\n@{first} @{first:9}\nhere\n{\"after\": \"@{first}\"}\n"));
}

#[test]
fn an_http_request_is_answered_and_logged() {
    // The shell of Debian cannot open sockets; bash can, and its path is absolute.
    let script = r#"exec /bin/bash -c 'u=${0#http://}; exec 3<>/dev/tcp/${u%:*}/${u#*:}; printf "POST /x HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi" >&3; while IFS= read -r line <&3; do echo "${line%?}."; done' @{api}"#;
    let expected = "exit 0\n\n== stdout\nHTTP/1.1 201 201.\nconnection: close.\ncontent-length: 6.\n\
                    content-type: application/json.\netag: 1.\n.\n[1,2.\n\n== calls\n> POST /x\n    hi\n";
    check(&[("args", script), ("replies", "> POST /x\n< 201\n< etag: 1\n[1,2]\n")], Ok(expected));
    check(&[("args", script)], Err("the case has no answer for this call: > POST /x"));
}

#[test]
fn what_differs_is_shown() {
    let (_folder, exe, case) = laid_out(&[("args", "echo new"), ("expect", "exit 0\n\n== stdout\nold\n")]);
    let said = cases::check(&exe, &case).unwrap_err();
    assert!(said.ends_with("  exit 0\n  \n  == stdout\n- old\n+ new\n"), "{said}");
}

#[test]
fn a_case_is_either_a_step_or_a_terminal_run() {
    check(&[("args", ""), ("with.yml", "")], Err("a case has either with.yml or args"));
    check(&[("args", "true"), ("history", "nonsense\n")], Err("history:1: not a step"));
    check(
        &[("args", "true"), ("replies", "$ kubectl get pods\n")],
        Err("nobody asked for this answer: $ kubectl get pods"),
    );
}
