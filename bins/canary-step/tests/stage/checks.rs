//! What has to be true of a world, at every moment and in the end.
use canary_step::record::{Phase, Record};
use cluster_sim::{Cluster, Kind};
use serde_json::Value;

use super::matrix::Scene;
use super::{NAMESPACE, OLD, image, leftovers};

/// After `resume`, `abort` or a run of its own: all old or all new, nothing left.
pub(crate) fn whole(scene: &Scene, cluster: &Cluster, aborted: bool) -> Result<(), String> {
    always(scene, cluster)?;
    let images: Vec<String> = scene.services.iter().map(|name| image(cluster, name)).collect();
    let new = images.iter().all(|image| image == scene.released());
    let old = images.iter().all(|image| image == OLD);
    if !new && !old {
        return Err(format!("mixed: {images:?}"));
    }
    if new && !scene.good {
        return Err("a bad release was shipped".to_owned());
    }
    let left = leftovers(cluster);
    if !left.is_empty() {
        return Err(format!("left over: {left:?}"));
    }
    if old {
        unchanged(scene, cluster)?;
    }
    if let Some(floor) = scene.floor {
        let autoscalers = cluster.list(Kind::HorizontalPodAutoscaler, NAMESPACE);
        if let Some(found) = autoscalers.iter().find(|found| found["spec"]["minReplicas"] != floor) {
            return Err(format!("the floor of {} is {}", found["metadata"]["name"], found["spec"]["minReplicas"]));
        }
    }
    if cluster.get(Kind::ConfigMap, NAMESPACE, "canary-shop").is_none() {
        return if old { Ok(()) } else { Err("new, and no record".to_owned()) };
    }
    let record = super::record(cluster);
    if old && record.phase == Phase::Stepping && record.operations.is_empty() && record.intents.is_empty() {
        // The record itself was the late write: it says that a rollout began, and nothing was made.
        return Ok(());
    }
    said(&record, (new, aborted))
}

/// As [`whole`], wherever somebody may have changed stable by hand (then that is what is left, and the record may name it as a doubt), or may have
/// let an autoscaler take pods from it while nobody drove.
pub(crate) fn whole_or_edited(scene: &Scene, cluster: &Cluster, (edited, fewer): (bool, bool)) -> Result<(), String> {
    let scene = &Scene { pods: if fewer { 1 } else { scene.pods }, ..scene.clone() };
    if !edited {
        return whole(scene, cluster, false);
    }
    always(scene, cluster)?;
    let left = leftovers(cluster);
    if !left.is_empty() {
        return Err(format!("left over: {left:?}"));
    }
    let record = super::record(cluster);
    let new = scene.services.iter().all(|name| image(cluster, name) == scene.released());
    let old = scene.services.iter().all(|name| image(cluster, name) == OLD);
    match record.phase {
        Phase::Promoted if new && scene.good => Ok(()),
        Phase::Aborted | Phase::RolledBack if old => Ok(()),
        // Somebody's edit of the new template stands, and it is named.
        Phase::Aborted | Phase::RolledBack if !record.doubts.is_empty() => Ok(()),
        phase => Err(format!("the record says {phase:?}; new: {new}, old: {old}, doubts: {:?}", record.doubts)),
    }
}

/// Whether the record tells the truth.
fn said(record: &Record, (new, aborted): (bool, bool)) -> Result<(), String> {
    let fine = match record.phase {
        Phase::Promoted => new,
        Phase::Aborted | Phase::RolledBack => !new,
        _ => false,
    };
    if !fine {
        return Err(format!(
            "the record says {:?}, and the services are {}",
            record.phase,
            if new { "new" } else { "old" }
        ));
    }
    if aborted && new && record.phase != Phase::Promoted {
        return Err("it was to be aborted, and is new".to_owned());
    }
    if record.doubts.is_empty() { Ok(()) } else { Err(format!("doubts: {:?}", record.doubts)) }
}

/// Nobody came: each service is one or the other, and canaries are gone.
pub(crate) fn nothing(scene: &Scene, cluster: &Cluster) -> Result<(), String> {
    always(scene, cluster)?;
    for name in &scene.services {
        let image = image(cluster, name);
        if image != OLD && image != scene.released() {
            return Err(format!("{name} has the image {image}"));
        }
        if image == scene.released() && !scene.good && scene.is_guarded() {
            return Err("a bad release was shipped".to_owned());
        }
    }
    let left: Vec<String> = leftovers(cluster).into_iter().filter(|left| !left.starts_with("fence")).collect();
    if !left.is_empty() {
        return Err(format!("left over: {left:?}"));
    }
    Ok(())
}

/// What holds at every moment of every rollout.
fn always(scene: &Scene, cluster: &Cluster) -> Result<(), String> {
    for name in &scene.services {
        let ready = |was: &Value| was.pointer("/status/readyReplicas").and_then(Value::as_u64).unwrap_or(0);
        // The history begins before the rollout did, when the first pods started.
        let history = cluster.history(Kind::Deployment, NAMESPACE, name);
        for was in history.iter().skip_while(|was| ready(was) < scene.pods) {
            stable(scene, (name, was))?;
        }
    }
    for name in &scene.services {
        let canary = format!("{name}-canary-{}", super::ROLLOUT);
        for was in cluster.history(Kind::Deployment, NAMESPACE, &canary) {
            clean(scene, &was)?;
        }
    }
    Ok(())
}

/// Stable never has fewer pods than it had, as long as its template is the old one and no promotion was undone.
fn stable(scene: &Scene, (name, was): (&str, &Value)) -> Result<(), String> {
    let number = |pointer: &str| was.pointer(pointer).and_then(Value::as_u64).unwrap_or(0);
    let (wanted, ready) = (number("/spec/replicas"), number("/status/readyReplicas"));
    let first = number("/metadata/generation") <= 1;
    let held = !scene.is_guarded() && number("/spec/minReadySeconds") > 0;
    if wanted < scene.pods {
        return Err(format!("{name} was scaled to {wanted} of {}", scene.pods));
    }
    if (first || held) && ready < scene.pods {
        return Err(format!("{name} had {ready} ready pods of {}", scene.pods));
    }
    Ok(())
}

/// A canary is small, and nobody else's tool finds it.
fn clean(scene: &Scene, canary: &Value) -> Result<(), String> {
    let replicas = canary.pointer("/spec/replicas").and_then(Value::as_u64).unwrap_or(0);
    if replicas > scene.extra {
        return Err(format!("a canary had {replicas} pods, not {}", scene.extra));
    }
    let labels = canary.pointer("/metadata/labels").and_then(Value::as_object);
    let foreign = labels.into_iter().flatten().find(|(key, _)| key.starts_with("applyset"));
    foreign.map_or(Ok(()), |(key, _)| Err(format!("a canary carries {key}")))
}

/// Stable is what it was: the same object, the same spec.
fn unchanged(scene: &Scene, cluster: &Cluster) -> Result<(), String> {
    let spec = |object: &Value| {
        let mut spec = object["spec"].clone();
        spec.as_object_mut().map(|spec| spec.remove("replicas"));
        canary_step::decide::object::canonical(&spec)
    };
    for name in &scene.services {
        let history = cluster.history(Kind::Deployment, NAMESPACE, name);
        let (Some(first), Some(last)) = (history.first(), history.last()) else {
            return Err(format!("{name} has no history"));
        };
        if spec(first) != spec(last) || first["metadata"]["uid"] != last["metadata"]["uid"] {
            return Err(format!("{name} is not what it was: {}", last["spec"]));
        }
    }
    Ok(())
}
