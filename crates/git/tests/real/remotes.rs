//! Fetching, and clones that lack something.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use git::{Credentials, Depth, FetchRequest, Filter, MergeBase, Scope};

use crate::support::{Sandbox, isolate};

/// A repository that allows filtered fetches, with five commits and a side branch.
fn origin() -> Sandbox {
    let sandbox = Sandbox::new("sha1");
    for key in ["uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant", "http.receivepack"] {
        sandbox.git(["config", key, "true"]);
    }
    for at in 0..5 {
        sandbox.write(&format!("dir{at}/file"), &at.to_string());
        sandbox.commit_all(&format!("c{at}"));
    }
    sandbox.git(["branch", "side", "HEAD~2"]);
    sandbox
}

fn request(wants: &[&str], depth: Depth) -> FetchRequest {
    FetchRequest {
        remote: "origin".to_owned(),
        wants: wants.iter().map(|&want| want.to_owned()).collect(),
        depth,
        filter: Filter::Blobs,
        credentials: None,
        time_limit: Duration::from_secs(60),
    }
}

#[test]
fn a_shallow_clone_gets_what_it_lacks() {
    let origin = origin();
    let clone = Sandbox::clone_of(&origin.path(), &["--depth", "1"]);
    let repository = clone.open();
    let (head, old) = (origin.id("HEAD"), origin.id("HEAD~3"));
    assert!(!repository.has(old));
    assert_eq!(repository.merge_base(head, head).expect("looks"), MergeBase::Found(head));
    let side = "+refs/heads/side:refs/remotes/origin/side";
    repository.fetch(&request(&[&old.to_string(), side], Depth::Keep)).expect("fetches");
    assert!(repository.has(old));
    let side = repository.resolve("origin/side").expect("resolves").expect("was fetched");
    assert_eq!(repository.diff(Some(old), head, &Scope::everything()).expect("compares").len(), 3);
    assert_eq!(repository.merge_base(head, side).expect("looks"), MergeBase::Unknown);
    repository.fetch(&request(&["refs/heads/main"], Depth::Full)).expect("fetches");
    assert!(!repository.is_shallow().expect("reads"));
    assert_eq!(repository.merge_base(head, side).expect("looks"), MergeBase::Found(side));
    repository.fetch(&request(&["refs/heads/main"], Depth::Full)).expect("is complete already");
    assert_eq!(repository.fell_back(), None);
}

#[test]
fn a_clone_is_deepened_by_steps() {
    let origin = origin();
    let clone = Sandbox::clone_of(&origin.path(), &["--depth", "1"]);
    let repository = clone.open();
    let check = |depth, present: usize| {
        repository.fetch(&request(&["refs/heads/main"], depth)).expect("fetches");
        let there = (0..5).filter(|back| repository.has(origin.id(&format!("HEAD~{back}")))).count();
        assert_eq!(there, present, "{depth:?}");
    };
    check(Depth::To(2), 2);
    check(Depth::Deepen(2), 4);
}

#[test]
fn what_cannot_be_fetched_is_told() {
    let origin = origin();
    let clone = Sandbox::clone_of(&origin.path(), &[]);
    let repository = clone.open();
    let error = repository.fetch(&request(&["refs/heads/nothing"], Depth::Keep)).expect_err("is not there");
    let text = error.to_string();
    assert!(text.starts_with("could not run git fetch "), "{text}");
    assert!(text.ends_with("fatal: couldn't find remote ref refs/heads/nothing"), "{text}");
    let dashed = repository.fetch(&request(&["--upload-pack=touch /tmp/never"], Depth::Keep));
    assert!(dashed.is_err(), "it is a ref, not an option");
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let clone = Sandbox::clone_of(&origin().path(), &[]);
    let mut request = request(&["refs/heads/main"], Depth::Keep);
    request.remote = format!("http://{}/x.git", listener.local_addr().expect("an address"));
    request.time_limit = Duration::from_millis(200);
    let error = clone.open().fetch(&request).expect_err("nobody answers");
    assert!(error.to_string().ends_with("it was stopped after 0.2 s"), "{error}");
}

#[test]
fn a_clone_without_contents_needs_no_server() {
    let origin = origin();
    let clone = Sandbox::clone_of(&origin.path(), &["--filter=blob:none", "--no-checkout"]);
    drop(clone.git(["remote", "set-url", "origin", "http://127.0.0.1:1/"]));
    let repository = clone.open();
    let (one, two) = (origin.id("HEAD~3"), origin.id("HEAD"));
    assert_eq!(repository.diff(Some(one), two, &Scope::everything()).expect("compares").len(), 3);
    assert_eq!(repository.fell_back(), None);
}

#[test]
fn a_missing_tree_of_a_partial_clone_is_fetched_over_http_only() {
    let origin = origin();
    let clone = Sandbox::clone_of(&origin.path(), &["--filter=tree:0", "--no-checkout"]);
    let (one, two) = (origin.id("HEAD~3"), origin.id("HEAD"));
    let error = clone.open().diff(Some(one), two, &Scope::everything()).expect_err("a file is no server");
    assert!(error.to_string().contains("transport 'file' not allowed"), "{error}");
    let server = Server::start(&origin.path());
    clone.git(["remote", "set-url", "origin", &server.url()]);
    let repository = clone.open();
    assert_eq!(repository.diff(Some(one), two, &Scope::everything()).expect("compares").len(), 3);
    let reason = repository.fell_back().expect("says so");
    assert!(reason.ends_with("is not in this partial clone"), "{reason}");
}

#[test]
fn credentials_reach_their_server_and_no_command_line() {
    let origin = origin();
    let server = Server::start(&origin.path());
    let clone = Sandbox::clone_of(&origin.path(), &["--depth", "1"]);
    clone.git(["remote", "set-url", "origin", &server.url()]);
    let mut request = request(&["refs/heads/main"], Depth::Full);
    request.credentials =
        Some(Credentials { server: server.root(), header: "AUTHORIZATION: basic c2VjcmV0".to_owned() });
    clone.open().fetch(&request).expect("fetches");
    let heard = server.heard();
    assert!(!heard.is_empty() && heard.iter().all(|header| header == "basic c2VjcmV0"), "{heard:?}");
    request.wants = vec!["refs/heads/nothing".to_owned()];
    let error = clone.open().fetch(&request).expect_err("is not there");
    assert!(!error.to_string().contains("c2VjcmV0"), "{error}");
    request.credentials =
        Some(Credentials { server: "https://elsewhere.example/".to_owned(), header: "X: y".to_owned() });
    request.wants = vec!["refs/heads/side".to_owned()];
    clone.open().fetch(&request).expect("fetches");
    assert!(server.heard().iter().any(String::is_empty), "nothing is sent elsewhere");
}

/// `git http-backend` on a port of this machine.
struct Server {
    address: std::net::SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(repository: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (root, log) = (repository.join(".git"), Arc::clone(&heard));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(stream, &root, &log);
            }
        });
        Self { address, heard }
    }

    fn root(&self) -> String {
        format!("http://{}/", self.address)
    }

    fn url(&self) -> String {
        format!("http://{}/repository.git", self.address)
    }

    /// The `Authorization` of each request; empty where there was none.
    fn heard(&self) -> Vec<String> {
        self.heard.lock().expect("not poisoned").clone()
    }
}

/// Answers one request and closes the connection.
fn answer(mut stream: TcpStream, root: &Path, log: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream.try_clone().expect("a handle"));
    let mut line = String::new();
    reader.read_line(&mut line).expect("a request");
    let mut words = line.split(' ').map(str::to_owned);
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return };
    let mut headers: Vec<(String, String)> = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a header");
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let header = |name: &str| headers.iter().find(|known| known.0 == name).map_or("", |known| &known.1);
    log.lock().expect("not poisoned").push(header("authorization").to_owned());
    let mut body = vec![0; header("content-length").parse().unwrap_or(0)];
    reader.read_exact(&mut body).expect("a body");
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let mut backend = Command::new("git");
    isolate(&mut backend).arg("http-backend").envs([
        ("REQUEST_METHOD", method.as_str()),
        ("QUERY_STRING", query),
        ("PATH_TRANSLATED", &format!("{}{}", root.display(), path.trim_start_matches("/repository.git"))),
        ("CONTENT_TYPE", header("content-type")),
        ("CONTENT_LENGTH", header("content-length")),
        ("HTTP_CONTENT_ENCODING", header("content-encoding")),
        ("GIT_PROTOCOL", header("git-protocol")),
        ("GIT_HTTP_EXPORT_ALL", "1"),
        ("REMOTE_ADDR", "127.0.0.1"),
    ]);
    let mut child = backend.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("starts");
    child.stdin.take().expect("piped").write_all(&body).expect("takes the body");
    let output = child.wait_with_output().expect("ends").stdout;
    let status = output.strip_prefix(b"Status: ").and_then(|rest| rest.splitn(2, |&byte| byte == b'\r').next());
    let status = status.map_or_else(|| "200 OK".to_owned(), |line| String::from_utf8_lossy(line).into_owned());
    stream.write_all(format!("HTTP/1.1 {status}\r\nConnection: close\r\n").as_bytes()).expect("is heard");
    stream.write_all(&output).expect("is heard");
}
