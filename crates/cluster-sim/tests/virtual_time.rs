//! What only the embedded cluster has: virtual time, faults by name, the numbered call log, traffic.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::future::Future;
use std::time::Duration;

use cluster_sim::{Cluster, Fault, Kind, Options, When};
use serde_json::{Value, json};

/// Runs on a runtime of its own whose clock is paused, and fails when it takes long in real time.
fn simulate<F: Future>(body: impl FnOnce(Cluster) -> F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async { body(Cluster::new(Options::default())).await })
}

fn deployment(name: &str, replicas: i64, traits: &Value) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": name },
        "spec": {
            "replicas": replicas, "selector": { "matchLabels": { "app": name } },
            "template": {
                "metadata": { "labels": { "app": name }, "annotations": traits },
                "spec": { "containers": [{ "name": "app", "image": "shop/app:1", "ports": [{ "containerPort": 8080 }] }] },
            },
        },
    })
}

async fn call(client: &kube::Client, method: &str, path: &str, body: Value) -> Result<Value, u16> {
    let kind = match method {
        "PATCH" if body.is_array() => "application/json-patch+json",
        "PATCH" => "application/merge-patch+json",
        _ => "application/json",
    };
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let request = http::Request::builder().method(method).uri(path).header("content-type", kind).body(body).unwrap();
    client.request(request).await.map_err(|error| match error {
        kube::Error::Api(status) => status.code,
        other => panic!("{other}"),
    })
}

const DEPLOYMENTS: &str = "/apis/apps/v1/namespaces/shop/deployments";

#[test]
fn a_rollout_of_ten_pods_ends_within_seconds_of_virtual_time() {
    simulate(async |cluster| {
        let client = cluster.client("shop");
        call(&client, "POST", DEPLOYMENTS, deployment("api", 10, &json!({}))).await.unwrap();
        tokio::time::sleep(Duration::from_secs(5)).await;
        let made = cluster.get(Kind::Deployment, "shop", "api").unwrap();
        assert_eq!(made["status"]["availableReplicas"], 10, "{made:#}");
        let patch =
            json!([{ "op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "shop/app:2" }]);
        call(&client, "PATCH", &format!("{DEPLOYMENTS}/api"), patch).await.unwrap();
        tokio::time::sleep(Duration::from_secs(30)).await;
        let made = cluster.get(Kind::Deployment, "shop", "api").unwrap();
        assert_eq!(made["status"]["updatedReplicas"], 10, "{made:#}");
        assert_eq!(made["metadata"]["annotations"]["deployment.kubernetes.io/revision"], "2");
        assert_eq!(made["metadata"]["generation"], 2);
        assert_eq!(cluster.list(Kind::Pod, "shop").len(), 10);
        let reasons: Vec<_> =
            made["status"]["conditions"].as_array().unwrap().iter().map(|c| c["reason"].clone()).collect();
        assert_eq!(reasons, ["MinimumReplicasAvailable", "NewReplicaSetAvailable"]);
        let history = cluster.history(Kind::Deployment, "shop", "api");
        let rolling = history.iter().filter(|past| past["metadata"]["generation"] == 2);
        let least = rolling.filter_map(|past| past["status"]["availableReplicas"].as_i64()).min();
        assert_eq!(least, Some(8), "a quarter of ten pods, rounded down, may be missing");
    });
}

/// The reason that a pod's first container waits for or ended with, after so many seconds.
fn reason_of(fault: &str, seconds: u64) -> String {
    simulate(async |cluster| {
        let traits = json!({ "sim.dataflow.dev/fault": fault });
        cluster.create(Kind::Deployment, "shop", deployment("api", 1, &traits)).unwrap();
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        let pods = cluster.list(Kind::Pod, "shop");
        let state = &pods[0]["status"]["containerStatuses"][0]["state"];
        let reason = state["waiting"]["reason"].as_str().or(state["terminated"]["reason"].as_str());
        reason.unwrap_or("runs").to_owned()
    })
}

#[test]
fn each_fault_shows_as_a_kubelet_shows_it() {
    for (fault, seconds, reason) in [
        ("bad-image", 2, "ErrImagePull"),
        ("bad-image", 20, "ImagePullBackOff"),
        ("invalid-image", 2, "InvalidImageName"),
        ("never-pull", 2, "ErrImageNeverPull"),
        ("config-error", 2, "CreateContainerConfigError"),
        ("create-error", 2, "CreateContainerError"),
        ("run-error", 2, "RunContainerError"),
        ("post-start", 4, "PostStartHookError"),
        ("crash", 4, "CrashLoopBackOff"),
        ("start-error", 4, "CrashLoopBackOff"),
        ("exit", 4, "CrashLoopBackOff"),
        ("oom", 20, "CrashLoopBackOff"),
        ("never-ready", 60, "runs"),
        ("none", 60, "runs"),
    ] {
        assert_eq!(reason_of(fault, seconds), reason, "{fault} after {seconds} s");
    }
}

#[test]
fn a_killed_client_gets_no_answer_and_its_call_counts_only_after() {
    for (when, there) in [(When::Before, false), (When::After, true)] {
        simulate(async |cluster| {
            let client = cluster.client("shop");
            cluster.on_call(2, when, Fault::Kill);
            call(&client, "GET", DEPLOYMENTS, Value::Null).await.unwrap();
            let create = call(&client, "POST", DEPLOYMENTS, deployment("api", 1, &json!({})));
            tokio::select! {
                biased;
                () = cluster.killed() => {}
                answer = create => panic!("{answer:?}"),
            }
            assert_eq!(cluster.get(Kind::Deployment, "shop", "api").is_some(), there);
            let more = call(&client, "GET", DEPLOYMENTS, Value::Null);
            assert!(tokio::time::timeout(Duration::from_secs(60), more).await.is_err(), "the dead get no answer");
            let calls = cluster.calls();
            assert_eq!((calls.len(), calls[0].status, calls[1].status), (2, 200, 0));
        });
    }
}

#[test]
fn a_late_write_of_a_dead_client_arrives() {
    simulate(async |cluster| {
        let client = cluster.client("shop");
        cluster.on_call(1, When::Before, Fault::LateWrite(Duration::from_secs(30)));
        let create = call(&client, "POST", DEPLOYMENTS, deployment("api", 1, &json!({})));
        tokio::select! {
            biased;
            () = cluster.killed() => {}
            answer = create => panic!("{answer:?}"),
        }
        tokio::time::sleep(Duration::from_secs(29)).await;
        assert!(cluster.get(Kind::Deployment, "shop", "api").is_none());
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert!(cluster.get(Kind::Deployment, "shop", "api").is_some());
    });
}

#[test]
fn an_injected_status_reaches_the_client_once() {
    for code in [403, 409, 422, 429, 500, 503] {
        simulate(async |cluster| {
            let client = cluster.client("shop");
            cluster.on_call(1, When::Before, Fault::Status(code));
            assert_eq!(call(&client, "GET", DEPLOYMENTS, Value::Null).await, Err(code));
            assert!(call(&client, "GET", DEPLOYMENTS, Value::Null).await.is_ok());
        });
    }
}

/// Requests and failures that the pages of all pods show.
async fn pages(cluster: &Cluster, client: &kube::Client) -> (u64, u64) {
    let mut seen = (0, 0);
    for pod in cluster.list(Kind::Pod, "shop") {
        let name = pod["metadata"]["name"].as_str().unwrap();
        let path = format!("/api/v1/namespaces/shop/pods/{name}:8080/proxy/metrics");
        let request = http::Request::get(path).body(Vec::new()).unwrap();
        for line in client.request_text(request).await.unwrap().lines() {
            let number = || line.rsplit(' ').next().unwrap().parse::<u64>().unwrap();
            if line.starts_with("http_requests_total{code=\"200\"}") {
                seen.0 += number();
            } else if line.starts_with("http_requests_total{code=\"500\"}") {
                seen.0 += number();
                seen.1 += number();
            }
        }
    }
    seen
}

#[test]
fn traffic_is_what_the_service_says() {
    simulate(async |cluster| {
        let client = cluster.client("shop");
        let service = json!({
            "metadata": { "name": "api", "annotations": { "sim.dataflow.dev/rps": "200", "sim.dataflow.dev/error-rate": "0.01" } },
            "spec": { "selector": { "app": "api" }, "ports": [{ "port": 80 }] },
        });
        cluster.create(Kind::Service, "shop", service).unwrap();
        let traits = json!({ "sim.dataflow.dev/error-factor": "5" });
        cluster.create(Kind::Deployment, "shop", deployment("api", 4, &traits)).unwrap();
        tokio::time::sleep(Duration::from_secs(1003)).await;
        let (requests, failures) = pages(&cluster, &client).await;
        assert!((195_000..205_000).contains(&requests), "{requests}");
        assert!((9_000..11_000).contains(&failures), "{failures}");
    });
}

#[test]
fn the_same_seed_gives_the_same_world() {
    let world = || {
        simulate(async |cluster| {
            cluster.create(Kind::Deployment, "shop", deployment("api", 5, &json!({}))).unwrap();
            tokio::time::sleep(Duration::from_secs(10)).await;
            cluster.list(Kind::Pod, "shop")
        })
    };
    assert_eq!(world(), world());
}

#[test]
fn what_is_not_there_answers_501() {
    simulate(async |cluster| {
        let client = cluster.client("shop");
        for (method, path, body) in [
            ("GET", "/api/v1/namespaces/shop/secrets", Value::Null),
            ("GET", "/api/v1/pods", Value::Null),
            ("GET", "/apis/apps/v1/namespaces/shop/statefulsets", Value::Null),
            ("DELETE", DEPLOYMENTS, Value::Null),
            ("GET", "/apis/apps/v1/namespaces/shop/deployments?watch=1&sendInitialEvents=true", Value::Null),
            (
                "POST",
                "/apis/batch/v1/namespaces/shop/jobs",
                json!({ "metadata": { "name": "a" }, "spec": { "template": { "spec": {} } } }),
            ),
        ] {
            assert_eq!(call(&client, method, path, body).await, Err(501), "{method} {path}");
        }
    });
}

#[test]
fn a_restored_cluster_goes_on_where_the_snapshot_was_taken() {
    let snapshot = simulate(async |cluster| {
        cluster.create(Kind::Deployment, "shop", deployment("api", 3, &json!({}))).unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        let snapshot = cluster.snapshot();
        tokio::time::sleep(Duration::from_secs(60)).await;
        (snapshot, cluster.now() - 60_000, cluster.get(Kind::Deployment, "shop", "api"))
    });
    simulate(async |_| {
        let (snapshot, at, later) = &snapshot;
        let cluster = Cluster::restore(snapshot);
        assert_eq!(cluster.now(), *at);
        let client = cluster.client("shop");
        let now = call(&client, "GET", &format!("{DEPLOYMENTS}/api"), Value::Null).await.unwrap();
        assert_ne!(Some(&now), later.as_ref(), "the rollout is not over yet");
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert_eq!(cluster.get(Kind::Deployment, "shop", "api"), *later);
        assert_eq!(cluster.calls().len(), 1);
    });
}
