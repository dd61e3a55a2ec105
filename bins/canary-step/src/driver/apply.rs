//! Intents as requests. Each carries uid and resourceVersion of the object that was read before its intent was written down.
use serde_json::{Value, json};

use crate::clone::{self, Wanted};
use crate::cluster::Change;
use crate::decide::{GUARD_FIRST, HELD, Safety, World, object};
use crate::names;
use crate::record::{Action, Intent, Record, ServiceRecord};

/// What is sent for an intent; none when the object is not there any more.
///
/// # Errors
/// Why there can be no such request.
pub(super) fn change(
    intent: &Intent,
    (record, world): (&Record, &World),
    safety: Safety,
) -> Result<Option<Change>, String> {
    let service = record.services.get(&intent.service);
    let there = world.services.get(&intent.service);
    let stable = there.and_then(|there| there.stable.as_ref());
    Ok(Some(match intent.action {
        Action::CreateGuard => Change::Create(guard(record, &intent.name)),
        Action::CreateCanary => {
            let Some(service) = service else { return Ok(None) };
            Change::Create(canary(service, (record, intent), safety)?)
        }
        Action::DeleteCanary => Change::Delete { uid: intent.uid.clone() },
        Action::ExtendGuard | Action::EndGuard => {
            let Some(job) = &world.guard else { return Ok(None) };
            let started = decide_started(job);
            let seconds =
                if intent.action == Action::EndGuard { 1 } else { intent.amount.saturating_sub(started).max(1) };
            patch(intent, vec![add("/spec/activeDeadlineSeconds", json!(seconds))])
        }
        Action::ScaleCanary => patch(intent, vec![add("/spec/replicas", json!(intent.amount))]),
        Action::RaiseFloor => patch(intent, vec![add("/spec/minReplicas", json!(intent.amount))]),
        Action::LowerFloor => patch(intent, vec![add("/spec/minReplicas", json!(intent.amount))]),
        Action::Unfence => patch(intent, vec![json!({ "op": "remove", "path": label(names::FENCE) })]),
        Action::Fence => patch(intent, Vec::new()),
        Action::Promote | Action::StartInplace | Action::SurgeInplace | Action::FinishInplace | Action::Restore => {
            let (Some(service), Some(stable)) = (service, stable) else { return Ok(None) };
            patch(intent, template(intent, (service, stable), safety))
        }
    }))
}

/// What is changed in stable.
fn template(intent: &Intent, (service, stable): (&ServiceRecord, &Value), safety: Safety) -> Vec<Value> {
    let target = service.target.pointer("/spec/template").cloned().unwrap_or_default();
    let unavailable = if safety.surge_grows { json!(0) } else { json!("50%") };
    let surge = json!({
        "type": "RollingUpdate", "rollingUpdate": { "maxSurge": intent.amount, "maxUnavailable": unavailable },
    });
    match intent.action {
        Action::StartInplace => vec![
            add("/spec/template", target),
            add("/spec/minReadySeconds", json!(HELD)),
            add("/spec/progressDeadlineSeconds", json!(HELD + 600)),
            add("/spec/strategy", surge),
        ],
        Action::SurgeInplace => vec![add("/spec/strategy", surge)],
        Action::FinishInplace => originals(service, stable),
        Action::Restore => {
            let mut changes = originals(service, stable);
            changes.push(match (service.saved.get("template"), safety.whole_template) {
                (Some(saved), true) => add("/spec/template", saved.clone()),
                _ => {
                    let image = clone::with_image(stable, &service.container, &service.from_image);
                    add("/spec/template", image.pointer("/spec/template").cloned().unwrap_or_default())
                }
            });
            changes
        }
        _ => vec![add("/spec/template", target)],
    }
}

/// The saved pace of a rollout, where it is another one now.
fn originals(service: &ServiceRecord, stable: &Value) -> Vec<Value> {
    let fields = ["minReadySeconds", "progressDeadlineSeconds", "strategy"];
    let changed = fields.into_iter().filter_map(|field| {
        let (now, before) = (stable.pointer("/spec").and_then(|spec| spec.get(field)), service.saved.get(field));
        let path = format!("/spec/{field}");
        match (now, before) {
            (now, before) if now == before => None,
            (_, Some(before)) => Some(add(&path, before.clone())),
            (_, None) => Some(json!({ "op": "remove", "path": path })),
        }
    });
    changed.collect()
}

fn patch(intent: &Intent, changes: Vec<Value>) -> Change {
    let mut operations = vec![
        json!({ "op": "test", "path": "/metadata/uid", "value": intent.uid }),
        json!({ "op": "test", "path": "/metadata/resourceVersion", "value": intent.version }),
    ];
    operations.extend(changes);
    Change::Patch(Value::Array(operations))
}

/// The patch that makes an object stale for every write that is on its way: whatever its resourceVersion is now.
pub(super) fn fence(object: &Value, value: &str) -> Change {
    let mut operations = vec![json!({ "op": "test", "path": "/metadata/uid", "value": object::uid(object) })];
    if object.pointer("/metadata/labels").is_none() {
        operations.push(add("/metadata/labels", json!({})));
    }
    operations.push(add(&label(names::FENCE), json!(value)));
    Change::Patch(Value::Array(operations))
}

fn add(path: &str, value: Value) -> Value {
    json!({ "op": "add", "path": path, "value": value })
}

fn label(key: &str) -> String {
    format!("/metadata/labels/{}", key.replace('/', "~1"))
}

fn decide_started(job: &Value) -> u64 {
    crate::decide::guard_times(job).map_or(0, |(started, _)| started.0)
}

/// The dead-man switch: a Job that asks for no pod, so nothing of it ever runs.
fn guard(record: &Record, name: &str) -> Value {
    json!({
        "apiVersion": "batch/v1", "kind": "Job",
        "metadata": {
            "name": name,
            "labels": { names::GROUP: record.group, names::ROLLOUT: record.rollout },
        },
        "spec": {
            "parallelism": 0, "completions": 1, "suspend": false, "backoffLimit": 0,
            "activeDeadlineSeconds": GUARD_FIRST, "ttlSecondsAfterFinished": 0,
            "template": { "spec": {
                "restartPolicy": "Never",
                "containers": [{ "name": "guard", "image": "registry.k8s.io/pause:3.10" }],
            } },
        },
    })
}

fn canary(service: &ServiceRecord, (record, intent): (&Record, &Intent), safety: Safety) -> Result<Value, String> {
    let guard = record.guard.as_ref().map(|guard| (guard.name.as_str(), guard.uid.as_str()));
    let wanted = Wanted {
        namespace: service.target.pointer("/metadata/namespace").and_then(Value::as_str).unwrap_or(""),
        rollout: &record.rollout,
        replicas: u32::try_from(intent.amount).unwrap_or(u32::MAX),
        ready_within: record.policy.timeouts.ready_within,
        guard: guard.unwrap_or_default(),
    };
    let mut canary = clone::canary(&service.target, &wanted)?;
    let metadata = canary.get_mut("metadata").and_then(Value::as_object_mut);
    if let Some(metadata) = metadata.filter(|_| !safety.guard) {
        metadata.remove("ownerReferences");
    }
    if !safety.clean_clone {
        canary["metadata"]["annotations"] = service.target["metadata"]["annotations"].clone();
        for (key, value) in service.target["metadata"]["labels"].as_object().into_iter().flatten() {
            canary["metadata"]["labels"][key] = value.clone();
        }
    }
    Ok(canary)
}
