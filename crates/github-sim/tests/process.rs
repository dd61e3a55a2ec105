//! The simulator as a process: it prints its address, answers from its state file, and refuses a broken one.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

/// Starts the process on this state; the first line of its answer to `path`, or what it says on standard error.
fn check((state, path): (&str, &str), expected: &str) {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("state-{}.json", state.len()));
    std::fs::write(&file, state).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_github-sim"));
    command.arg("--state").arg(&file).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
    let mut told = String::new();
    match url.trim().strip_prefix("http://") {
        Some(address) => {
            let mut stream = TcpStream::connect(address).unwrap();
            write!(stream, "GET {path} HTTP/1.1\r\nuser-agent: test\r\n\r\n").unwrap();
            BufReader::new(stream).read_line(&mut told).unwrap();
            child.kill().unwrap();
        }
        None => drop(child.stderr.take().unwrap().read_to_string(&mut told).unwrap()),
    }
    child.wait().unwrap();
    assert_eq!(told.replace(file.to_str().unwrap(), "FILE").trim(), expected);
}

#[test]
fn a_state_file_is_served() {
    let state = r#"{"repositories": [{"owner": "o", "name": "r", "pulls": [{"number": 1, "generated_files": 2}]}]}"#;
    check((state, "/repos/o/r/pulls/1/files"), "HTTP/1.1 200 OK");
    check((state, "/repos/o/r/pulls/2/files"), "HTTP/1.1 404 Not Found");
}

#[test]
fn a_broken_state_file_is_refused() {
    check(("{", ""), "could not start: FILE: EOF while parsing an object at line 1 column 1");
}
