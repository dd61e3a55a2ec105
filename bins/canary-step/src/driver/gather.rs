//! The world, read anew: five lists and one object, whatever the number of services, and one list more while a pod waits for a node.
use serde_json::Value;
use tokio::time::Instant;

use super::{Driver, Trouble};
use crate::clone;
use crate::cluster::{ApiError, Cluster, Kind};
use crate::decide::{ServiceWorld, World, object, services};
use crate::names;
use crate::record::{Record, ServiceRecord};
use crate::signals::{self, Sighting};

impl Driver {
    /// Reads the world; the verdict and what is remembered of pods are carried on.
    pub(super) async fn gather(&mut self) -> Result<(), Trouble> {
        let mut world = world(&self.cluster, &self.record).await?;
        world.verdict = self.observer.verdict(&self.record, world.now);
        world.programs = self.gates.say();
        self.gathered = Some(Instant::now());
        let allowed = self.record.policy.judge.hard_signals.flaps;
        let mut uids = Vec::new();
        for (service, there) in &world.services {
            for pod in &there.canary_pods {
                uids.push(object::uid(pod));
                let seen = Sighting { service, pod, events: &world.events, now: world.now.0 };
                world.remembered.extend(self.record.flaps.observe(seen, allowed));
            }
        }
        self.record.flaps.keep(&uids);
        self.world = world;
        Ok(())
    }
}

/// Everything that the record speaks of.
///
/// # Errors
/// The cluster does not answer, or only half.
pub async fn world(cluster: &Cluster, record: &Record) -> Result<World, ApiError> {
    let guard = names::guard(&record.group, &record.rollout);
    let (deployments, sets, pods, autoscalers, guard) = tokio::try_join!(
        cluster.list(Kind::Deployment, ""),
        cluster.list(Kind::ReplicaSet, ""),
        cluster.list(Kind::Pod, ""),
        cluster.list(Kind::HorizontalPodAutoscaler, ""),
        cluster.get(Kind::Job, &guard),
    )?;
    let mut lists = Lists { deployments: deployments.0, sets: sets.0, pods: pods.0, autoscalers: autoscalers.0 };
    lists.pods.iter_mut().for_each(lean);
    let mut world = World { now: cluster.now(), guard, ..World::default() };
    let made = [(Kind::Deployment, &lists.deployments), (Kind::ReplicaSet, &lists.sets), (Kind::Pod, &lists.pods)];
    for (kind, items) in made {
        let ours = items.iter().filter(|item| object::label(item, names::ROLLOUT) == record.rollout);
        world.made.extend(ours.map(|item| format!("{}/{}", kind.plural(), object::name(item))));
    }
    let strays = lists.deployments.iter().filter(|item| object::label(item, names::ROLLOUT) == record.rollout);
    world.strays = strays.cloned().collect();
    for (name, saved) in &record.services {
        world.services.insert(name.clone(), lists.service(saved, &record.rollout));
    }
    if is_waiting(record, &world) {
        world.events = cluster.events(signals::SCALE_UP).await?;
    }
    Ok(world)
}

/// Whether any pod of the new version waits for a node.
fn is_waiting(record: &Record, world: &World) -> bool {
    services(record, world).any(|(_, saved, there)| {
        there.canary_pods.iter().chain(there.new_pods(saved)).any(|pod| signals::placed_since(pod).is_none())
    })
}

/// Leaves out of a pod what nobody here looks at: there are hundreds of them, in the last world and in the next.
fn lean(pod: &mut Value) {
    let Some(spec) = pod.get_mut("spec").and_then(Value::as_object_mut) else { return };
    spec.retain(|key, _| matches!(key.as_str(), "nodeName" | "containers" | "initContainers"));
    let containers = spec.values_mut().filter_map(Value::as_array_mut).flatten().filter_map(Value::as_object_mut);
    for container in containers {
        container.retain(|key, _| matches!(key.as_str(), "name" | "image" | "ports" | "restartPolicy"));
    }
}

struct Lists {
    deployments: Vec<Value>,
    sets: Vec<Value>,
    pods: Vec<Value>,
    autoscalers: Vec<Value>,
}

impl Lists {
    /// What there is of a service; its ReplicaSets and pods are taken out, since nobody else owns them.
    fn service(&mut self, saved: &ServiceRecord, rollout: &str) -> ServiceWorld {
        let named = |name: &str| self.deployments.iter().find(|found| object::name(found) == name).cloned();
        let stable = named(&saved.deployment);
        let canary = named(&clone::name(&saved.deployment, rollout));
        let canary = canary.filter(|found| object::label(found, names::ROLLOUT) == rollout);
        let (sets, stable_pods) = self.below(stable.as_ref());
        let (canary_sets, canary_pods) = self.below(canary.as_ref());
        let autoscaler = self.autoscalers.iter().find(|found| is_for(found, &saved.deployment)).cloned();
        ServiceWorld { stable, sets, stable_pods, canary, canary_sets, canary_pods, autoscaler }
    }

    /// ReplicaSets and pods of a Deployment, by owner: selectors overlap.
    fn below(&mut self, deployment: Option<&Value>) -> (Vec<Value>, Vec<Value>) {
        let Some(deployment) = deployment else { return Default::default() };
        let owner = object::uid(deployment);
        let (sets, others) = taken(&mut self.sets).partition(|set| object::is_owned_by(set, owner));
        self.sets = others;
        let owned = |pod: &Value| sets.iter().any(|set: &Value| object::is_owned_by(pod, object::uid(set)));
        let (pods, others) = taken(&mut self.pods).partition(owned);
        self.pods = others;
        (sets, pods)
    }
}

fn taken(items: &mut Vec<Value>) -> impl Iterator<Item = Value> + use<> {
    std::mem::take(items).into_iter()
}

/// Whether an autoscaler scales this Deployment.
pub(super) fn is_for(autoscaler: &Value, deployment: &str) -> bool {
    object::text(autoscaler, "/spec/scaleTargetRef/kind") == "Deployment"
        && object::text(autoscaler, "/spec/scaleTargetRef/name") == deployment
}
