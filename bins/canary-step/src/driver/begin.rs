//! A rollout begins: lock, record, and only then anything else.
use std::collections::BTreeMap;

use serde_json::Value;

use super::{Driver, Identity, Image, Keeper, Lock, Trouble, absorb, gather, keeper::patient, saved};
use crate::cluster::{Cluster, Kind};
use crate::decide::{Safety, object};
use crate::evidence::LegacyRow;
use crate::names;
use crate::policy::Policy;
use crate::record::{Phase, Record, SCHEMA, ServiceRecord};
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
        let mut saved = saved::saved(&begin, (service, stable), &sets).map_err(Trouble::Refused)?;
        if safety.preflight {
            saved::healthy(&begin.policy, stable).map_err(Trouble::Refused)?;
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
