//! A real Prometheus that scrapes the pods, by way of the API server.
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::ground::{Ground, Run};
use crate::pages::{Moment, Numbers, Pages};

/// Ends when the test does, whichever way.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Server {
    fn start(ground: &Ground, program: &Path) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let config = ground.file("prometheus.json", &config(ground).to_string());
        let data = ground.folder.path().join("prometheus");
        let log = std::fs::File::create(ground.folder.path().join("prometheus.log")).unwrap();
        let child = Command::new(program)
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.tsdb.path={}", data.display()))
            .arg(format!("--web.listen-address={address}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        Self { child, address }
    }

    /// The values of an instant query, by pod.
    fn values(&self, query: &str) -> BTreeMap<String, f64> {
        let answer = get(self.address, &format!("/api/v1/query?query={query}")).unwrap_or_default();
        let answer: Value = serde_json::from_str(&answer).unwrap_or_default();
        let results = answer["data"]["result"].as_array().cloned().unwrap_or_default();
        let value = |result: &Value| result["value"][1].as_str().unwrap().parse().unwrap();
        results.iter().map(|result| (result["metric"]["pod"].as_str().unwrap().to_owned(), value(result))).collect()
    }
}

/// A page over plain HTTP; none when nobody answers.
fn get(address: SocketAddr, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.write_all(format!("GET {path} HTTP/1.0\r\nhost: {address}\r\n\r\n").as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned())
}

/// Debian's package discovers nothing in Kubernetes, so the targets stand in a file.
fn config(ground: &Ground) -> Value {
    let keys = ground.kubeconfig.parent().unwrap();
    let file = |name: &str| keys.join(name).display().to_string();
    json!({
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
        "scrape_configs": [{
            "job_name": "pods",
            "scheme": "https",
            "tls_config": {"ca_file": file("ca.crt"), "cert_file": file("admin.crt"), "key_file": file("admin.key")},
            "file_sd_configs": [{"files": [ground.folder.path().join("targets.json")], "refresh_interval": "1s"}],
        }],
    })
}

/// Each pod, through `pods/proxy` of the API server: pods have no addresses of their own here.
fn target(ground: &Ground, server: &str, pod: &Value) -> Value {
    let name = pod["metadata"]["name"].as_str().unwrap();
    let page = format!("/api/v1/namespaces/{}/pods/{name}:8080/proxy/metrics", ground.namespace);
    let track = pod["metadata"]["labels"]["dataflow.dev/track"].as_str().unwrap_or("stable");
    json!({
        "targets": [server.trim_start_matches("https://")],
        "labels": {"__metrics_path__": page, "namespace": ground.namespace, "pod": name, "track": track},
    })
}

/// Lets the server know of each pod's page.
fn told(ground: &Ground, pods: &[Value]) {
    let server = ground.typed(&["config", "view", "--output", "jsonpath={.clusters[0].cluster.server}"]);
    let targets: Vec<Value> = pods.iter().map(|pod| target(ground, &server, pod)).collect();
    // Whole at once, or it is read by half.
    let part = ground.file("targets.part", &json!(targets).to_string());
    std::fs::rename(part, ground.folder.path().join("targets.json")).unwrap();
}

#[test]
fn prometheus_counts_what_stable_and_canary_serve() {
    let Some(program) = tests::parts::needed("prometheus") else { return };
    let Some(ground) = Ground::new(2) else { return };
    let mut pages = Pages::of(|moment| Some(Numbers { requests: 10.0 * moment.age, ..Numbers::default() }));
    let server = Server::start(&ground, &program);
    let child = ground.release("steps: [{weight: 34, observe: 45s}]\n", &[]).spawn().unwrap();
    ground.until("observation", || ground.record()["phase"] == "observing");
    let mut counted = |track: &str| {
        told(&ground, &pages.look(&ground));
        server
            .values(&format!("increase(http_requests_total%7Btrack%3D%22{track}%22%2Ccode%3D%22200%22%7D%5B10s%5D)"))
            .values()
            .filter(|count| **count > 0.0)
            .count()
    };
    ground.until("counts of all pods", || counted("canary") == 1 && counted("stable") == 2);
    assert_eq!(ground.record()["phase"], "observing", "the canary was over before it was counted");
    Run::ended(child).came_to(0, "promoted");
}

/// How stable did before the rollout is asked of the server, and the verdict comes from its numbers alone.
#[test]
fn prometheus_remembers_what_stable_did_before() {
    let Some(program) = tests::parts::needed("prometheus") else { return };
    let Some(ground) = Ground::new(6) else { return };
    let failing = |moment: Moment| {
        let requests = 20_000.0 * moment.age;
        Some(Numbers { requests, errors: requests * if moment.new { 0.05 } else { 0.01 }, ..Numbers::default() })
    };
    let mut pages = Pages::of(failing);
    let server = Server::start(&ground, &program);
    let mut counted = |least: usize| {
        told(&ground, &pages.look(&ground));
        let query = format!("count_over_time(http_requests_total%7Bnamespace%3D%22{}%22%7D%5B1m%5D)", ground.namespace);
        server.values(&query).values().filter(|count| **count >= 10.0).count() >= least
    };
    ground.until("ten scrapes of stable", || counted(6));
    let source = format!("metrics: [{{source: {{prometheus: 'http://{}'}}}}]", server.address);
    let policy = format!("steps: [{{weight: 34, observe: 30s}}]\njudge: {{tick: 2s, warmUp: 2s, {source}}}\n");
    let mut child = ground.release(&policy, &[]).spawn().unwrap();
    while child.try_wait().unwrap().is_none() {
        told(&ground, &pages.look(&ground));
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    let run = Run::ended(child).came_to(1, "aborted");
    assert_eq!(run.evidence["reasons"][0]["signal"], "error-rate", "{}", run.said);
    let events = run.evidence["events"].as_array().unwrap();
    let told = events.iter().filter_map(|event| event["text"].as_str()).find_map(|text| text.split_once(" remembers "));
    let seconds = told.and_then(|(_, rest)| rest.split(' ').next()?.parse::<u64>().ok());
    assert!(seconds.is_some_and(|seconds| seconds >= 6), "{events:#?}");
}
