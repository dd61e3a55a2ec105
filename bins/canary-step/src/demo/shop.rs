//! The shop: eight services with traffic, on an embedded cluster.
use std::collections::BTreeMap;
use std::time::Duration;

use cluster_sim::{Cluster, Kind, Options};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::Scenario;
use crate::driver::Image;
use crate::policy::{Policy, Problem};

/// The namespace.
pub const NAMESPACE: &str = "shop";

/// For how long stable has run when a rollout begins: what the judge compares with has a history.
const HISTORY: Duration = Duration::from_mins(30);

/// The policy of the demo, as a team would write it.
pub(crate) const POLICY: &str = include_str!("shop.yaml");

/// A service: its name, pods, requests a second, share of them that fails, and the median of its answers in milliseconds.
struct Service(&'static str, u32, u32, f64, u32);

const SERVICES: [Service; 8] = [
    Service("accounts", 6, 600, 0.008, 12),
    Service("cart", 6, 900, 0.006, 9),
    Service("catalog", 10, 1200, 0.005, 22),
    Service("checkout", 9, 800, 0.01, 45),
    Service("gateway", 10, 2000, 0.004, 8),
    Service("notifications", 6, 400, 0.01, 30),
    Service("payments", 6, 700, 0.008, 60),
    Service("search", 8, 1000, 0.006, 35),
];

/// The policy, read.
///
/// # Errors
/// Never, as the tests show.
pub fn policy() -> Result<Policy, Problem> {
    Policy::read(POLICY, &[])
}

/// The image of a service in a version.
#[must_use]
pub(crate) fn image(service: &str, version: &str) -> String {
    let digest = Sha256::digest(format!("{service} {version}"));
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("registry.example/shop/{service}@sha256:{hex}")
}

/// The images of a version, by service.
#[must_use]
pub(crate) fn images(version: &str) -> BTreeMap<String, Image> {
    SERVICES.iter().map(|service| (service.0.to_owned(), Image::Whole(image(service.0, version)))).collect()
}

/// The shop as it runs, with half an hour behind it, and what a scenario has in store for the version `next`.
///
/// # Errors
/// An object is refused, which the tests exclude.
pub async fn open(scenario: Scenario, (seed, next): (u64, &str)) -> Result<Cluster, String> {
    let cluster = Cluster::new(Options { seed, ..Options::default() });
    for service in &SERVICES {
        cluster.create(Kind::Service, NAMESPACE, traffic(service, scenario))?;
        cluster.create(Kind::Deployment, NAMESPACE, deployment(service))?;
    }
    if scenario == Scenario::HpaTrap {
        cluster.create(Kind::HorizontalPodAutoscaler, NAMESPACE, autoscaler())?;
    }
    expect(&cluster, scenario, next);
    tokio::time::sleep(HISTORY).await;
    Ok(cluster)
}

/// Gives the images of a version what the scenario says of it.
pub fn expect(cluster: &Cluster, scenario: Scenario, version: &str) {
    if let Some((service, traits)) = scenario.traits() {
        cluster.image(&image(service, version), traits);
    }
}

fn traffic(service: &Service, scenario: Scenario) -> Value {
    let Service(name, _, rps, errors, latency) = service;
    let rps = if scenario == Scenario::NoTraffic { 0 } else { *rps };
    let mut marks = json!({
        "sim.dataflow.dev/rps": rps.to_string(), "sim.dataflow.dev/error-rate": errors.to_string(),
        "sim.dataflow.dev/latency-ms": latency.to_string(), "sim.dataflow.dev/pod-sigma": "0.1",
        "sim.dataflow.dev/cpu-per-request": "0.333",
    });
    if scenario == Scenario::SharedOutage {
        // Two minutes into the rollout.
        marks["sim.dataflow.dev/outage"] = json!(format!("{}+60@0.2", HISTORY.as_secs() + 120));
    }
    json!({
        "metadata": { "name": name, "annotations": marks },
        "spec": { "selector": { "app": name }, "ports": [{ "port": 80, "targetPort": 8080 }] },
    })
}

fn deployment(service: &Service) -> Value {
    let Service(name, pods, ..) = service;
    json!({
        "metadata": { "name": name, "labels": { "app": name } },
        "spec": {
            "replicas": pods,
            "selector": { "matchLabels": { "app": name } },
            "strategy": { "type": "RollingUpdate", "rollingUpdate": { "maxSurge": "25%", "maxUnavailable": 0 } },
            "template": {
                "metadata": { "labels": { "app": name } },
                "spec": { "containers": [{
                    "name": name, "image": image(name, "1"),
                    "ports": [{ "name": "http", "containerPort": 8080 }],
                    "resources": { "requests": { "cpu": "100m", "memory": "128Mi" } },
                    "readinessProbe": { "httpGet": { "path": "/healthz", "port": 8080 } },
                }] },
            },
        },
    })
}

/// Forty requests a second are 40 % of what each of ten pods asked for; a few pods more, and it would take some of stable away.
fn autoscaler() -> Value {
    json!({
        "metadata": { "name": "catalog" },
        "spec": {
            "minReplicas": 3, "maxReplicas": 20,
            "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": "catalog" },
            "metrics": [{ "type": "Resource", "resource": {
                "name": "cpu", "target": { "type": "Utilization", "averageUtilization": 40 },
            } }],
        },
    })
}
