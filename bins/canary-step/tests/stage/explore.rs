//! Worlds that a rollout can be in, and what can happen next in each: a driver that dies after any of its writes, an order, a hand on the
//! cluster, time.
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use canary_step::cluster::{Change, Cluster as Adapter, Kind as Of};
use canary_step::driver::{Beginning, Driver, End, Order, Trouble, begin, resume};
use cluster_sim::{Cluster, Kind, Snapshot};
use http::{Method, Request, Response};
use kube::client::Body;
use serde_json::{Value, json};
use tower_service::Service;

use super::checks::whole_or_edited;
use super::matrix::Scene;
use super::{NAMESPACE, ROLLOUT, identity, settle};

/// What can happen to a world while nobody drives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hand {
    /// Somebody gives the autoscaler its old floor back.
    Floor,
    /// Somebody changes the template of stable.
    Template,
    /// Somebody deletes the canary.
    Canary,
    /// Nobody comes for ten minutes.
    Time,
}

pub(crate) const HANDS: [Hand; 4] = [Hand::Floor, Hand::Template, Hand::Canary, Hand::Time];

/// A world, and how it came to be.
#[derive(Clone)]
pub(crate) struct Seen {
    pub(crate) world: Snapshot,
    pub(crate) path: Vec<String>,
    pub(crate) hands: Vec<Hand>,
}

impl Seen {
    pub(crate) fn after(&self, what: String, world: Snapshot) -> Self {
        let path = self.path.iter().cloned().chain([what]).collect();
        Self { world, path, hands: self.hands.clone() }
    }
}

/// Worlds after each write of a driver that goes on from here as ordered, and whether all was well when it came to its end. Somebody's hand
/// may be on the cluster right after a write with a number, counted from 1.
pub(crate) async fn driven(
    scene: &Scene,
    (seen, order): (&Seen, Order),
    hand: Option<(usize, Hand)>,
) -> (Vec<(String, Snapshot)>, Result<(), String>) {
    let cluster = Cluster::restore(&seen.world);
    let taken = Arc::new(Mutex::new(Vec::new()));
    let camera = Camera { real: cluster.client(NAMESPACE), cluster: cluster.clone(), taken: taken.clone(), hand };
    let client = kube::Client::new(camera, NAMESPACE);
    let adapter = Adapter::new(client, NAMESPACE, "canary-step");
    let ended = tokio::time::timeout(Duration::from_secs(3600), to_the_end((scene, &cluster), (adapter, order))).await;
    let result = ended.unwrap_or_else(|_| Err("it was not over after an hour".to_owned()));
    settle(5).await;
    let hands: Vec<Hand> = seen.hands.iter().copied().chain(hand.map(|(_, hand)| hand)).collect();
    // Without a driver nobody keeps an autoscaler from what somebody lets it do.
    let alone = seen.hands.contains(&Hand::Floor);
    let result = result.and_then(|()| whole_or_edited(scene, &cluster, (hands.contains(&Hand::Template), alone)));
    let taken = std::mem::take(&mut *taken.lock().unwrap());
    (taken, result)
}

async fn to_the_end((scene, cluster): (&Scene, &Cluster), (adapter, order): (Adapter, Order)) -> Result<(), String> {
    let begun = cluster.get(Kind::ConfigMap, NAMESPACE, "canary-shop").is_some();
    let driver: Result<Driver, Trouble> = match begun {
        true => resume(adapter, ("shop", &Beginning::Named(ROLLOUT.to_owned())), identity("next")).await,
        false => begin(adapter, scene.begin.clone(), scene.safety).await,
    };
    let mut driver = driver.map_err(|trouble| format!("nobody can drive: {trouble}"))?;
    driver.safety = scene.safety;
    match driver.order(order).await {
        Err(Trouble::Refused(text)) if text.contains("rollback") => return Ok(()),
        other => other.map_err(|trouble| format!("it takes no order: {trouble}"))?,
    }
    match driver.run(std::future::pending()).await {
        Ok(End::Over(_)) => Ok(()),
        other => Err(format!("it ended with {other:?}")),
    }
}

/// The world after somebody's hand; none where there is nothing for it to do.
pub(crate) async fn touched(seen: &Seen, hand: Hand) -> Option<Seen> {
    let cluster = Cluster::restore(&seen.world);
    laid(&cluster, hand).await?;
    settle(60).await;
    let mut next = seen.after(format!("{hand:?}"), cluster.snapshot());
    next.hands.push(hand);
    Some(next)
}

/// Somebody's hand on the cluster; none where there is nothing for it to do.
async fn laid(cluster: &Cluster, hand: Hand) -> Option<()> {
    let somebody = Adapter::new(cluster.onlooker(NAMESPACE), NAMESPACE, "somebody");
    match hand {
        Hand::Floor => {
            let floor = cluster.get(Kind::HorizontalPodAutoscaler, NAMESPACE, "api")?;
            (floor["spec"]["minReplicas"] != 1).then_some(())?;
            patch(&somebody, (Of::HorizontalPodAutoscaler, "api"), "/spec/minReplicas", json!(1)).await;
        }
        Hand::Template => {
            let label = "/spec/template/metadata/annotations";
            patch(&somebody, (Of::Deployment, "api"), label, json!({ "edited": "by hand" })).await;
        }
        Hand::Canary => {
            let name = format!("api-canary-{ROLLOUT}");
            let canary = cluster.get(Kind::Deployment, NAMESPACE, &name)?;
            let uid = canary["metadata"]["uid"].as_str()?.to_owned();
            somebody.send(Of::Deployment, &name, (&Change::Delete { uid }, false)).await.ok()?;
        }
        Hand::Time => settle(600).await,
    }
    Some(())
}

async fn patch(somebody: &Adapter, (kind, name): (Of, &str), path: &str, value: Value) {
    let change = Change::Patch(json!([{ "op": "add", "path": path, "value": value }]));
    somebody.send(kind, name, (&change, false)).await.unwrap();
}

/// What tells worlds apart: everything but versions, times and names that are made up; the clock of the dead-man switch counts as far as
/// there is one, and whether it has fallen.
pub(crate) fn shape(world: &Snapshot) -> String {
    let cluster = Cluster::restore(world);
    let of = |kind: Kind, look: fn(&Value) -> Value| -> Vec<Value> {
        cluster.list(kind, NAMESPACE).iter().map(look).collect()
    };
    let mut pods = of(Kind::Pod, |pod| {
        let image = &pod["spec"]["containers"][0]["image"];
        json!([
            pod["metadata"]["labels"],
            image,
            pod["status"]["phase"],
            pod["metadata"]["deletionTimestamp"].is_null()
        ])
    });
    pods.sort_by_key(ToString::to_string);
    json!([
        of(Kind::Deployment, |found| {
            let status = &found["status"];
            let counts = [&status["replicas"], &status["updatedReplicas"], &status["readyReplicas"]];
            json!([
                found["metadata"]["name"],
                marked(found),
                found["metadata"]["deletionTimestamp"].is_null(),
                found["spec"],
                counts
            ])
        }),
        of(Kind::Job, |job| json!([
            marked(job),
            job["metadata"]["deletionTimestamp"].is_null(),
            job["status"]["conditions"].is_null()
        ])),
        of(Kind::HorizontalPodAutoscaler, |found| json!([marked(found), found["spec"]["minReplicas"]])),
        of(Kind::Lease, |lease| json!(lease["spec"]["holderIdentity"] == "")),
        of(Kind::ConfigMap, recorded),
        pods,
    ])
    .to_string()
}

fn marked(object: &Value) -> bool {
    object["metadata"]["labels"].get("dataflow.dev/fence").is_some()
}

/// What the record says, as far as a driver acts on it.
fn recorded(config: &Value) -> Value {
    let Some(text) = config["data"]["record.json"].as_str() else { return Value::Null };
    let record: Value = serde_json::from_str(text).unwrap();
    let intents =
        record["intents"].as_array().into_iter().flatten().map(|intent| json!([intent["action"], intent["kind"]]));
    let services = record["services"].as_object().into_iter().flatten().map(|(_, service)| {
        let known = ["canary", "touched", "floor", "promised", "written"].map(|key| !service[key].is_null());
        json!(known)
    });
    let reasons = record["reasons"].as_array().map_or(0, Vec::len);
    json!([
        record["phase"],
        record["step"],
        record["held"].is_null(),
        record["guard"].is_null(),
        reasons.min(1),
        intents.collect::<Vec<_>>(),
        services.collect::<Vec<_>>(),
    ])
}

/// A client that takes a picture of the world after each of its writes.
#[derive(Clone)]
struct Camera {
    real: kube::Client,
    cluster: Cluster,
    taken: Arc<Mutex<Vec<(String, Snapshot)>>>,
    hand: Option<(usize, Hand)>,
}

type Answer = Pin<Box<dyn Future<Output = Result<Response<Body>, kube::Error>> + Send>>;

impl Service<Request<Body>> for Camera {
    type Response = Response<Body>;
    type Error = kube::Error;
    type Future = Answer;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), kube::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Answer {
        let camera = self.clone();
        Box::pin(async move {
            let (method, path) = (request.method().clone(), request.uri().path().to_owned());
            let answer = camera.real.send(request).await;
            if method != Method::GET {
                let world = camera.cluster.snapshot();
                let kind = path.rsplit('/').nth(usize::from(method != Method::POST)).unwrap_or_default().to_owned();
                let number = {
                    let mut taken = camera.taken.lock().unwrap();
                    taken.push((format!("{method} {kind}"), world));
                    taken.len()
                };
                if let Some((_, hand)) = camera.hand.filter(|(after, _)| *after == number) {
                    laid(&camera.cluster, hand).await;
                }
            }
            answer
        })
    }
}
