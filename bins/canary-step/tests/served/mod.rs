//! The embedded cluster on a loopback socket, in real time, and the binary as a process that talks to it.
use std::convert::Infallible;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

use cluster_sim::Cluster;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use kube::client::Body;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::stage::NAMESPACE;

/// A served cluster; it lives as long as the test's process.
pub(crate) struct Served {
    folder: TempDir,
}

impl Served {
    /// Builds a world on virtual time, and serves it from then on in real time.
    pub(crate) fn new<W: Future<Output = Cluster>>(world: impl FnOnce() -> W + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (tell, built) = mpsc::channel();
        std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
            runtime.block_on(async move {
                let cluster = world().await;
                tokio::time::resume();
                tell.send(()).unwrap();
                serve(&cluster, listener).await;
            });
        });
        built.recv().unwrap();
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("kubeconfig"), kubeconfig(address).to_string()).unwrap();
        Self { folder }
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// canary-step with these words, on a terminal that is no run of a workflow, not started yet.
    pub(crate) fn canary(&self, words: &[&str]) -> Command {
        // Another build of it, such as the one that users get.
        let other = std::env::var_os("CANARY_TEST_BINARY");
        let mut command = Command::new(other.unwrap_or_else(|| env!("CARGO_BIN_EXE_canary-step").into()));
        command.env_clear().env("HOME", self.folder.path()).args(words);
        command.arg("--kubeconfig").arg(self.folder.path().join("kubeconfig")).args(["--namespace", NAMESPACE]);
        if words[0] != "gc" {
            command.args(["--format", "json"]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) said: String,
    /// What it printed for machines; null where that was nothing.
    pub(crate) json: Value,
}

impl Run {
    pub(crate) fn of(mut command: Command) -> Self {
        Self::ended(command.spawn().unwrap())
    }

    pub(crate) fn ended(child: Child) -> Self {
        let output = child.wait_with_output().unwrap();
        let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let json = out.lines().find_map(|line| serde_json::from_str(line).ok()).unwrap_or_default();
        Self { code: output.status.code(), said: format!("{out}{err}"), json }
    }

    /// What it ended with, and everything that was said when it is something else.
    pub(crate) fn came_to(self, code: i32, (outcome, phase): (&str, &str)) -> Self {
        let found = (self.code, self.json["outcome"].as_str(), self.json["phase"].as_str());
        assert_eq!(found, (Some(code), Some(outcome), Some(phase)), "{}", self.said);
        self
    }
}

async fn serve(cluster: &Cluster, listener: TcpListener) {
    listener.set_nonblocking(true).unwrap();
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let client = cluster.client(NAMESPACE);
        let answer = service_fn(move |request: http::Request<Incoming>| {
            let client = client.clone();
            async move {
                let (head, body) = request.into_parts();
                let body = body.collect().await.unwrap().to_bytes().to_vec();
                Ok::<_, Infallible>(client.send(http::Request::from_parts(head, Body::from(body))).await.unwrap())
            }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
    }
}

fn kubeconfig(address: SocketAddr) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "served",
        "clusters": [{ "name": "served", "cluster": { "server": format!("http://{address}") } }],
        "contexts": [{ "name": "served", "context": { "cluster": "served", "user": "anybody" } }],
        "users": [{ "name": "anybody", "user": {} }],
    })
}
