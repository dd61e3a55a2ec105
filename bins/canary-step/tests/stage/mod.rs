//! A stage for rollouts: an embedded cluster with services on it, and drivers that may die.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(dead_code, reason = "each test target uses its part")]
use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use canary_step::cluster::Cluster as Adapter;
use canary_step::decide::{Goal, Safety};
use canary_step::driver::{Begin, Beginning, Driver, End, Identity, Image, Trouble, begin, resume};
use canary_step::evidence::Run;
use canary_step::policy::Policy;
use canary_step::record::Record;
use cluster_sim::{Cluster, Kind, Options};
use serde_json::{Value, json};

pub(crate) const NAMESPACE: &str = "shop";
pub(crate) const ROLLOUT: &str = "r1";
pub(crate) const OLD: &str = "registry.example/api:1";
pub(crate) const NEW: &str = "registry.example/api:2";
pub(crate) const BAD: &str = "registry.example/api:bad";

/// Runs on a paused clock.
pub(crate) fn virtually<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(work)
}

/// A cluster with these services, each of `pods` pods that are ready.
pub(crate) async fn cluster(services: &[&str], pods: u32) -> Cluster {
    let options = Options { downscale_stabilization: Duration::from_secs(15), ..Options::default() };
    let cluster = Cluster::new(options);
    cluster.image(BAD, &[("fault", "crash")]);
    for name in services {
        cluster.create(Kind::Deployment, NAMESPACE, deployment(name, pods)).unwrap();
    }
    settle(15).await;
    cluster
}

/// Lets virtual seconds pass.
pub(crate) async fn settle(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

pub(crate) fn deployment(name: &str, pods: u32) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {
            "name": name, "namespace": NAMESPACE,
            "labels": { "app": name, "applyset.kubernetes.io/part-of": "applyset-abc-v1" },
            "annotations": { "kubectl.kubernetes.io/last-applied-configuration": "{}" },
        },
        "spec": {
            "replicas": pods,
            // Apart from canaries, so that an autoscaler sees the load that they take away.
            "selector": { "matchLabels": { "app": name, "dataflow.dev/track": "stable" } },
            "template": {
                "metadata": { "labels": { "app": name, "dataflow.dev/track": "stable" } },
                "spec": { "containers": [{
                    "name": "app", "image": OLD, "resources": { "requests": { "cpu": "100m" } }, "env": [{ "name": "VERSION", "value": "1" }],
                    "readinessProbe": { "httpGet": { "path": "/healthz", "port": 8080 } },
                }] },
            },
        },
    })
}

/// An autoscaler of a Deployment.
pub(crate) fn autoscaler(name: &str, floor: u32) -> Value {
    json!({
        "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
        "metadata": { "name": name, "namespace": NAMESPACE },
        "spec": {
            "minReplicas": floor, "maxReplicas": 50,
            "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": name },
            "metrics": [{ "type": "Resource", "resource": { "name": "cpu",
                "target": { "type": "Utilization", "averageUtilization": 60 } } }],
        },
    })
}

/// Traffic that keeps `pods` pods at 57 % of their CPU.
pub(crate) fn service(name: &str, pods: u32) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Service",
        "metadata": { "name": name, "namespace": NAMESPACE,
            "annotations": { "sim.dataflow.dev/rps": format!("{}", f64::from(pods) * 5.7) } },
        "spec": { "selector": { "app": name }, "ports": [{ "port": 80 }] },
    })
}

/// A policy from YAML lines below the names of the services.
pub(crate) fn policy(services: &[&str], rest: &str) -> Policy {
    let names: String = services.iter().map(|name| format!("  - name: {name}\n")).collect();
    let quick = "judge: {onInconclusive: proceed}\n";
    let judge = if rest.contains("judge:") { "" } else { quick };
    let steps = "steps: [{weight: 10, observe: 20s}, {weight: 50, observe: 20s}]\n";
    let steps = if rest.contains("steps:") { "" } else { steps };
    let text = format!("group: shop\nservices:\n{names}{steps}{judge}{rest}");
    Policy::read(&text, &[]).unwrap_or_else(|problem| panic!("{problem:?}\n{text}"))
}

pub(crate) fn identity(name: &str) -> Identity {
    let run =
        Run { id: "17".to_owned(), url: "https://ci.example/runs/17".to_owned(), attempt: 1, sha: "f00".to_owned() };
    Identity { holder: name.to_owned(), run }
}

/// What a rollout of `image` for all services begins with.
pub(crate) fn beginning(policy: &Policy, image: &str) -> Begin {
    let images = policy.services.iter().map(|service| (service.name.clone(), Image::Whole(image.to_owned()))).collect();
    Begin {
        policy: policy.clone(),
        targets: BTreeMap::new(),
        images,
        identity: identity("first"),
        rollout: ROLLOUT.to_owned(),
    }
}

pub(crate) fn adapter(cluster: &Cluster) -> Adapter {
    Adapter::new(cluster.client(NAMESPACE), NAMESPACE, "canary-step")
}

/// A whole rollout.
pub(crate) async fn run(cluster: &Cluster, begin_with: Begin, safety: Safety) -> Result<(End, Record), Trouble> {
    let mut driver = begin(adapter(cluster), begin_with, safety).await?;
    drive(&mut driver).await
}

pub(crate) async fn drive(driver: &mut Driver) -> Result<(End, Record), Trouble> {
    driver.goal = Goal::End;
    let end = driver.run(std::future::pending()).await?;
    Ok((end, driver.record.clone()))
}

/// Another process goes on.
pub(crate) async fn go_on(cluster: &Cluster, name: &str) -> Result<Driver, Trouble> {
    resume(adapter(cluster), ("shop", &Beginning::Own), identity(name)).await
}

/// The image that a Deployment asks for.
pub(crate) fn image(cluster: &Cluster, name: &str) -> String {
    let stable = cluster.get(Kind::Deployment, NAMESPACE, name).unwrap();
    stable["spec"]["template"]["spec"]["containers"][0]["image"].as_str().unwrap().to_owned()
}

/// Objects that carry the rollout's label, and the guard.
pub(crate) fn leftovers(cluster: &Cluster) -> Vec<String> {
    let kinds = [Kind::Deployment, Kind::ReplicaSet, Kind::Pod, Kind::Job];
    let all = kinds.into_iter().flat_map(|kind| cluster.list(kind, NAMESPACE));
    let ours = all.filter(|object| object["metadata"]["labels"]["dataflow.dev/rollout"] == ROLLOUT);
    let mut found: Vec<String> =
        ours.map(|object| format!("{}/{}", object["kind"], object["metadata"]["name"])).collect();
    for kind in [Kind::Deployment, Kind::HorizontalPodAutoscaler] {
        let fenced = cluster.list(kind, NAMESPACE).into_iter();
        let fenced = fenced.filter(|object| object["metadata"]["labels"].get("dataflow.dev/fence").is_some());
        found.extend(fenced.map(|object| format!("fence on {}", object["metadata"]["name"])));
    }
    found
}

/// The record as it stands in the cluster.
pub(crate) fn record(cluster: &Cluster) -> Record {
    let object = cluster.get(Kind::ConfigMap, NAMESPACE, "canary-shop").unwrap();
    serde_json::from_str(object["data"]["record.json"].as_str().unwrap()).unwrap()
}

pub(crate) mod checks;
pub(crate) mod explore;
pub(crate) mod matrix;
pub(crate) mod scenes;
