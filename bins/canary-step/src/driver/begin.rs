//! A rollout begins, or another process goes on with one: lock, record, and only then anything else.
use std::collections::BTreeMap;

use serde_json::Value;

use super::{Driver, Identity, Image, Keeper, Lock, Trouble, absorb, gather, keeper::patient};
use crate::clone;
use crate::cluster::{Cluster, Kind};
use crate::decide::{Safety, object};
use crate::evidence::LegacyRow;
use crate::names;
use crate::policy::{Policy, Router, Service};
use crate::record::{Phase, Record, SCHEMA, ServerTime, ServiceRecord};
use crate::signals::Flaps;

/// What begins.
#[derive(Debug, Clone)]
pub struct Begin {
    /// The policy.
    pub policy: Policy,
    /// The Deployment that is released, by the service's name; where there is none, the live one with another image.
    pub targets: BTreeMap<String, Value>,
    /// The new image, by the service's name.
    pub images: BTreeMap<String, Image>,
    /// Who drives.
    pub identity: Identity,
    /// Id of the rollout.
    pub rollout: String,
}

/// Which rollout is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beginning {
    /// The one with this id.
    Named(String),
    /// The one that this run began.
    Own,
}

/// Begins a rollout: its record is written, and nothing else is made yet.
///
/// # Errors
/// Another rollout is under way, somebody holds the lock, or something stands in the way.
pub async fn begin(cluster: Cluster, begin: Begin, safety: Safety) -> Result<Driver, Trouble> {
    let group = begin.policy.group.clone();
    let (_, before) = Keeper::load(&cluster, &group).await?;
    free(before.as_ref())?;
    let known = before.map_or(0, |record| record.token);
    let mut lock = Lock::acquire(&cluster, &group, (begin.identity.clone(), known)).await?;
    let begun = locked(&cluster, begin, (&lock, safety)).await;
    match begun {
        Ok((keeper, record)) => {
            let mut driver = Driver::new(cluster, record, (keeper, lock));
            driver.safety = safety;
            Ok(driver)
        }
        Err(trouble) => {
            lock.release(&cluster).await;
            Err(trouble)
        }
    }
}

async fn locked(cluster: &Cluster, begin: Begin, (lock, safety): (&Lock, Safety)) -> Result<(Keeper, Record), Trouble> {
    // Somebody may have begun while we waited for the lock.
    let (mut keeper, before) = Keeper::load(cluster, &begin.policy.group).await?;
    free(before.as_ref())?;
    let deployments = patient(|| cluster.list(Kind::Deployment, "")).await?.0;
    let sets = patient(|| cluster.list(Kind::ReplicaSet, "")).await?.0;
    let autoscalers = patient(|| cluster.list(Kind::HorizontalPodAutoscaler, "")).await?.0;
    if let Some(stray) = deployments.iter().find(|found| !object::label(found, names::ROLLOUT).is_empty()) {
        let (name, rollout) = (object::name(stray), object::label(stray, names::ROLLOUT));
        return Err(Trouble::Refused(format!(
            "the canary {name} of the rollout {rollout} is still there; `canary-step gc` removes it"
        )));
    }
    let mut services = BTreeMap::new();
    for service in &begin.policy.services {
        let stable = deployments.iter().find(|found| object::name(found) == service.deployment);
        let stable =
            stable.ok_or_else(|| Trouble::Refused(format!("there is no Deployment {}", service.deployment)))?;
        let mut saved = saved(&begin, (service, stable), &sets).map_err(Trouble::Refused)?;
        if safety.preflight {
            healthy(&begin.policy, stable).map_err(Trouble::Refused)?;
        }
        let autoscaler = autoscalers.iter().find(|found| gather::is_for(found, &service.deployment));
        saved.floor = autoscaler.and_then(|found| absorb::floor(found, saved.replicas));
        services.insert(service.name.clone(), saved);
    }
    let mut record = record(cluster, begin, (lock, services));
    keeper.write(cluster, &mut record).await?;
    Ok((keeper, record))
}

/// Refuses when another rollout is under way.
fn free(before: Option<&Record>) -> Result<(), Trouble> {
    match before.filter(|record| !record.phase.is_over()) {
        None => Ok(()),
        Some(record) => Err(Trouble::Refused(format!(
            "{} is under way; `canary-step resume` goes on with it, `canary-step abort` ends it",
            absorb::told(record)
        ))),
    }
}

fn record(cluster: &Cluster, begin: Begin, (lock, services): (&Lock, BTreeMap<String, ServiceRecord>)) -> Record {
    let phase = if begin.policy.steps.is_empty() { Phase::Promoting } else { Phase::Stepping };
    let now = cluster.now();
    let mut record = Record {
        schema: SCHEMA,
        group: begin.policy.group.clone(),
        rollout: begin.rollout,
        run: begin.identity.run,
        holder: begin.identity.holder,
        token: lock.token(),
        writes: 0,
        phase,
        step: 0,
        started: now,
        since: now,
        observing: None,
        policy: begin.policy,
        services,
        guard: None,
        intents: Vec::new(),
        judge: None,
        legacy: LegacyRow::default(),
        series: BTreeMap::new(),
        events: Vec::new(),
        operations: Vec::new(),
        reasons: Vec::new(),
        flaps: Flaps::default(),
        judged: None,
        left: 0,
        held: None,
        untouched: None,
        doubts: Vec::new(),
    };
    record.note(now, ("", "phase"), "the rollout begins".to_owned());
    record
}

fn saved(begin: &Begin, (service, stable): (&Service, &Value), sets: &[Value]) -> Result<ServiceRecord, String> {
    let name = &service.deployment;
    let template = stable.pointer("/spec/template").unwrap_or(&Value::Null);
    let container = clone::container(template, service.container.as_deref(), name)?;
    let base = service.image.as_ref().map(|image| image.as_str().to_owned());
    let base = base.unwrap_or_else(|| image(template, &container));
    let pinned = service.image.as_ref().filter(|image| image.digest().is_some());
    let pinned = pinned.map(|image| Image::Whole(image.as_str().to_owned()));
    let wanted = begin.images.get(&service.name).or(pinned.as_ref()).map(|image| image.resolve(&base));
    let target = match (begin.targets.get(&service.name), &wanted) {
        (Some(target), Some(image)) => clone::with_image(target, &container, image),
        (Some(target), None) => target.clone(),
        (None, Some(image)) => clone::with_image(stable, &container, image),
        (None, None) => {
            return Err(format!(
                "nothing says which image `{}` gets: give `images`, `image-tag` or `manifests`",
                service.name
            ));
        }
    };
    const REVISION: &str = "/metadata/annotations/deployment.kubernetes.io~1revision";
    let revision = object::text(stable, REVISION);
    let own = sets.iter().filter(|set| object::is_owned_by(set, object::uid(stable)));
    let set = own.into_iter().find(|set| object::text(set, REVISION) == revision);
    let set = set.ok_or_else(|| format!("the Deployment {name} has no ReplicaSet of its revision yet"))?;
    let saved = object::spec_of(stable);
    Ok(ServiceRecord {
        deployment: name.clone(),
        uid: object::uid(stable).to_owned(),
        from_image: image(template, &container),
        to_image: image(target.pointer("/spec/template").unwrap_or(&Value::Null), &container),
        container,
        saved_hash: object::hash(&saved),
        saved,
        replica_set: object::uid(set).to_owned(),
        replicas: object::replicas(stable),
        target: without_noise(target),
        promised: None,
        written: None,
        floor: None,
        canary: None,
        touched: None,
    })
}

/// A Deployment without what only the server writes.
fn without_noise(mut deployment: Value) -> Value {
    if let Some(whole) = deployment.as_object_mut() {
        whole.remove("status");
        if let Some(metadata) = whole.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.remove("managedFields");
        }
    }
    deployment
}

fn image(template: &Value, container: &str) -> String {
    let containers = template.pointer("/spec/containers").and_then(Value::as_array);
    let found = containers.into_iter().flatten().find(|found| object::text(found, "/name") == container);
    found.map_or_else(String::new, |found| object::text(found, "/image").to_owned())
}

/// Whether stable is fit to be compared with, and to be moved.
fn healthy(policy: &Policy, stable: &Value) -> Result<(), String> {
    let name = object::name(stable);
    let problem = match stable {
        _ if object::replicas(stable) == 0 => "asks for no pods, so there is nothing to compare with",
        _ if stable.pointer("/spec/paused").and_then(Value::as_bool) == Some(true) => {
            "is paused, so a promotion would do nothing"
        }
        _ if object::is_leaving(stable) => "is being deleted",
        _ if !object::is_complete(stable) => "is not healthy: not every pod of it is ready and of its newest template",
        _ if policy.router == Router::Inplace && object::text(stable, "/spec/strategy/type") == "Recreate" => {
            "has the strategy Recreate, which cannot be held half-way"
        }
        _ => return Ok(()),
    };
    Err(format!("the Deployment {name} {problem}"))
}

/// Goes on with a rollout: takes the lock, and writes the record with the new token before anything else.
///
/// # Errors
/// There is no record, it is of another rollout, or somebody holds the lock.
pub async fn resume(
    cluster: Cluster,
    (group, which): (&str, &Beginning),
    identity: Identity,
) -> Result<Driver, Trouble> {
    let (_, record) = Keeper::load(&cluster, group).await?;
    let record =
        record.ok_or_else(|| Trouble::Refused(format!("there is no record of a rollout of the group {group}")))?;
    meant(&record, which, &identity)?;
    let mut lock = Lock::acquire(&cluster, group, (identity, record.token)).await?;
    match taken(&cluster, (group, which), &lock).await {
        Ok((keeper, record)) => Ok(Driver::new(cluster, record, (keeper, lock))),
        Err(trouble) => {
            if !matches!(trouble, Trouble::LockLost(_)) {
                lock.release(&cluster).await;
            }
            Err(trouble)
        }
    }
}

async fn taken(
    cluster: &Cluster,
    (group, which): (&str, &Beginning),
    lock: &Lock,
) -> Result<(Keeper, Record), Trouble> {
    // It was read before the lock was ours.
    let (mut keeper, record) = Keeper::load(cluster, group).await?;
    let mut record =
        record.ok_or_else(|| Trouble::Refused(format!("somebody deleted the record of the group {group}")))?;
    meant(&record, which, lock.identity())?;
    let now = cluster.now();
    (record.holder, record.token) = (lock.identity().holder.clone(), lock.token());
    let held = record.held.take().is_some();
    if record.phase == Phase::Observing {
        let observe = record.policy.steps.get(record.step).map_or(0, |stage| stage.observe.as_secs());
        // More evidence is what was lacking where it was held.
        let since = if held { now } else { seen_since(record.observing.unwrap_or(now), observe, now) };
        record.observing = Some(since);
    }
    record.note(now, ("", "driver"), format!("{} goes on with the rollout", record.holder));
    keeper.write(cluster, &mut record).await?;
    Ok((keeper, record))
}

/// From when on a step counts as observed for a driver that takes over: what the last one saw is of the past, so at least a minute is
/// left to look again.
fn seen_since(observing: ServerTime, observe: u64, now: ServerTime) -> ServerTime {
    const AGAIN: u64 = 60;
    ServerTime(observing.0.max((now.0 + AGAIN.min(observe)).saturating_sub(observe)))
}

/// A job that another run's concurrency cancelled must not touch somebody else's rollout.
fn meant(record: &Record, which: &Beginning, identity: &Identity) -> Result<(), Trouble> {
    let same = match which {
        Beginning::Named(id) => *id == record.rollout,
        Beginning::Own => identity.run.id == record.run.id,
    };
    if same {
        return Ok(());
    }
    let asked = match which {
        Beginning::Named(id) => format!("the rollout {id}"),
        Beginning::Own => "the rollout of this run".to_owned(),
    };
    Err(Trouble::Refused(format!(
        "the record is of {}, not of {asked}: name it by `rollout` if it is meant",
        absorb::told(record)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_takes_over_looks_for_a_minute() {
        let since = |observing, observe, now| seen_since(ServerTime(observing), observe, ServerTime(now)).0;
        assert_eq!(since(1_000, 300, 1_100), 1_000, "there is time enough");
        assert_eq!(since(1_000, 300, 1_290), 1_050);
        assert_eq!(since(1_000, 300, 9_000), 8_760);
        assert_eq!(since(1_000, 10, 9_000), 9_000, "a short step anew");
    }
}
