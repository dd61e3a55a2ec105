//! The driver on a copy of the services, in the embedded cluster and on virtual time.
use std::collections::BTreeMap;
use std::time::Duration;

use cluster_sim::{Cluster as Embedded, Kind, Options};
use serde_json::{Value, json};

use crate::cluster::Cluster;
use crate::decide::Safety;
use crate::driver::{Begin, End, Identity, Image, begin};
use crate::evidence::{Evidence, Operation, Outcome, Run};
use crate::policy::{OnInconclusive, Policy};

/// What is copied.
#[derive(Clone, Debug, Default)]
pub struct Copy {
    /// The namespace.
    pub namespace: String,
    /// The live Deployments of the services.
    pub deployments: Vec<Value>,
    /// Their autoscalers.
    pub autoscalers: Vec<Value>,
    /// The Deployments that are released, by service.
    pub targets: BTreeMap<String, Value>,
    /// The new images, by service.
    pub images: BTreeMap<String, Image>,
}

/// The id of a rollout that is only planned; names of real ones have eight letters as well.
const ROLLOUT: &str = "plannedx";
/// What stands for the id of the real one.
const SHOWN: &str = "ROLLOUT";
/// Until the copies are ready.
const SETTLED: Duration = Duration::from_secs(60);

/// What the driver sends for a release that nothing is wrong with, and how many seconds that takes.
///
/// # Errors
/// Why the copy could not be made or driven.
pub fn dry_run(policy: &Policy, copy: Copy) -> Result<(Vec<Operation>, u64), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.map_err(|error| error.to_string())?.block_on(driven(policy, copy))
}

async fn driven(policy: &Policy, copy: Copy) -> Result<(Vec<Operation>, u64), String> {
    // Nobody sends requests there: that must neither stop it nor let an autoscaler shrink it.
    let options = Options { downscale_stabilization: Duration::from_secs(86_400), ..Options::default() };
    let embedded = Embedded::new(options);
    let namespace = copy.namespace.as_str();
    for (kind, objects) in [(Kind::Deployment, &copy.deployments), (Kind::HorizontalPodAutoscaler, &copy.autoscalers)] {
        for object in objects {
            embedded.create(kind, namespace, bare(object, namespace))?;
        }
    }
    tokio::time::sleep(SETTLED).await;
    let mut policy = policy.clone();
    policy.judge.on_inconclusive = OnInconclusive::Proceed;
    // Gates are for real evidence and real programs.
    policy.steps.iter_mut().for_each(|stage| stage.gates.clear());
    let cluster = Cluster::new(embedded.client(namespace), namespace, "canary-step");
    let identity = Identity { holder: "plan".to_owned(), run: Run::default() };
    let Copy { targets, images, .. } = copy;
    let start = Begin { policy, targets, images, identity, rollout: ROLLOUT.to_owned() };
    let mut driver = begin(cluster, start, Safety::default()).await.map_err(|trouble| trouble.to_string())?;
    let end = driver.run(std::future::pending()).await.map_err(|trouble| trouble.to_string())?;
    let evidence = Evidence::of(&driver.record, driver.cluster.namespace(), driver.cluster.now());
    if !matches!(end, End::Over(_)) || evidence.outcome != Outcome::Promoted {
        let reasons: Vec<String> = evidence.reasons.iter().map(|reason| reason.text.clone()).collect();
        return Err(format!("the copy did not come to its end: {}", reasons.join("; ")));
    }
    Ok((evidence.operations.into_iter().map(shown).collect(), evidence.elapsed))
}

/// What an object is made from: its name, its marks and its spec.
fn bare(object: &Value, namespace: &str) -> Value {
    let mut metadata = json!({"namespace": namespace});
    for field in ["name", "labels", "annotations"] {
        if let Some(value) = object.pointer("/metadata").and_then(|metadata| metadata.get(field)) {
            metadata[field] = value.clone();
        }
    }
    // Made by the controller, and counted anew.
    if let Some(marks) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
        marks.remove("deployment.kubernetes.io/revision");
    }
    let known = |field: &str| object.get(field).cloned().unwrap_or_default();
    json!({"apiVersion": known("apiVersion"), "kind": known("kind"), "metadata": metadata, "spec": known("spec")})
}

fn shown(operation: Operation) -> Operation {
    let named = |text: &str| text.replace(ROLLOUT, SHOWN);
    Operation { intent: named(&operation.intent), path: named(&operation.path), ..operation }
}
