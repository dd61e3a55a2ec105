//! `gc`: what rollouts left behind that are over, or that nobody has a record of.
use std::collections::BTreeSet;

use action::{Answer, Failure, Report};
use serde_json::{Value, json};

use super::driving;
use crate::cluster::{ApiError, Change, Cluster, Kind, connect};
use crate::decide::object;
use crate::driver::{Trouble, read};
use crate::inputs::GcInputs;
use crate::names;
use crate::record::Record;

/// Something that is left, and what takes it away.
struct Left {
    kind: Kind,
    name: String,
    text: String,
    change: Change,
}

pub(crate) fn run(inputs: GcInputs, report: &mut Report) -> Result<Answer, Failure> {
    let GcInputs { cluster, dry_run } = inputs;
    driving::on_runtime(async {
        let cluster = connect(&cluster, None).await?;
        let left = find(&cluster).await?;
        if left.is_empty() {
            report.line(format!("nothing is left over in {}", cluster.namespace()));
        }
        for found in &left {
            if dry_run {
                report.line(format!("would be removed: {}", found.text));
                continue;
            }
            match cluster.send(found.kind, &found.name, (&found.change, false)).await {
                Ok(_) | Err(ApiError::NotFound(_)) => report.line(format!("removed: {}", found.text)),
                Err(error) => return Err(Failure::from(Trouble::Api(error))),
            }
        }
        Ok(Answer::from(!dry_run || left.is_empty()))
    })
}

/// Objects first and records after them: what a rollout makes has a record before, so one that is seen without is left over.
async fn find(cluster: &Cluster) -> Result<Vec<Left>, Trouble> {
    let (deployments, _) = cluster.list(Kind::Deployment, "").await?;
    let (jobs, _) = cluster.list(Kind::Job, names::ROLLOUT).await?;
    let (autoscalers, _) = cluster.list(Kind::HorizontalPodAutoscaler, "").await?;
    let (maps, _) = cluster.list(Kind::ConfigMap, names::GROUP).await?;
    let records: Vec<Record> = maps.iter().map(read).collect::<Result<_, _>>().map_err(Trouble::Record)?;
    let active: BTreeSet<&str> =
        records.iter().filter(|record| !record.phase.is_over()).map(|record| record.rollout.as_str()).collect();
    let mut left = Vec::new();
    for (kind, found) in
        jobs.iter().map(|job| (Kind::Job, job)).chain(deployments.iter().map(|one| (Kind::Deployment, one)))
    {
        let rollout = object::label(found, names::ROLLOUT);
        if !rollout.is_empty() && !active.contains(rollout) && !object::is_leaving(found) {
            let text = format!("{}/{} of the rollout {rollout}", kind.plural(), object::name(found));
            left.push(Left {
                kind,
                name: object::name(found).to_owned(),
                text,
                change: Change::Delete { uid: object::uid(found).to_owned() },
            });
        }
    }
    let over = records.iter().filter(|record| record.phase.is_over());
    left.extend(over.flat_map(|record| floors(record, &autoscalers)));
    if active.is_empty() {
        left.extend(deployments.iter().filter_map(|found| fence((Kind::Deployment, found))));
        left.extend(autoscalers.iter().filter_map(|found| fence((Kind::HorizontalPodAutoscaler, found))));
    }
    Ok(left)
}

/// Floors that still are what a rollout raised them to.
fn floors(record: &Record, autoscalers: &[Value]) -> Vec<Left> {
    let floors = record.services.values().filter_map(|saved| saved.floor.as_ref());
    let left = floors.filter_map(|floor| {
        let found = autoscalers.iter().find(|found| object::uid(found) == floor.uid)?;
        let raised = object::number(found, "/spec/minReplicas", 1) == floor.raised;
        let original = floor.original.unwrap_or(1);
        let set = json!({ "op": "add", "path": "/spec/minReplicas", "value": original });
        (raised && original != floor.raised).then(|| Left {
            kind: Kind::HorizontalPodAutoscaler,
            name: floor.name.clone(),
            text: format!("the floor of {} on the autoscaler {}; it was {original}", floor.raised, floor.name),
            change: patch(found, set),
        })
    });
    left.collect()
}

fn fence((kind, found): (Kind, &Value)) -> Option<Left> {
    if object::label(found, names::FENCE).is_empty() {
        return None;
    }
    let path = format!("/metadata/labels/{}", names::FENCE.replace('/', "~1"));
    let name = object::name(found).to_owned();
    let text = format!("the label {} on {}/{name}", names::FENCE, kind.plural());
    Some(Left { kind, name, text, change: patch(found, json!({ "op": "remove", "path": path })) })
}

/// Only as long as it is the same object, with the same value at that place: its status may change meanwhile.
fn patch(found: &Value, operation: Value) -> Change {
    let path = object::text(&operation, "/path");
    let was = json!({ "op": "test", "path": path, "value": found.pointer(path) });
    Change::Patch(json!([
        { "op": "test", "path": "/metadata/uid", "value": object::uid(found) },
        was,
        operation,
    ]))
}

#[cfg(test)]
mod tests {
    use cluster_sim::{Cluster as Embedded, Kind as Held, Options};

    use super::*;

    #[test]
    fn what_is_left_is_found_and_what_is_not_is_left_alone() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let embedded = Embedded::new(Options::default());
            let deployment = |name: &str, labels: Value| {
                json!({
                    "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": name, "labels": labels },
                    "spec": { "replicas": 0, "selector": { "matchLabels": { "app": name } }, "template": {
                        "metadata": { "labels": { "app": name } }, "spec": { "containers": [{ "name": "a", "image": "a" }] },
                    } },
                })
            };
            for (name, labels) in [
                ("api", json!({ "app": "api", names::FENCE: "3.1" })),
                ("api-canary-gone", json!({ names::ROLLOUT: "gone" })),
                ("web", json!({ "app": "web" })),
            ] {
                embedded.create(Held::Deployment, "shop", deployment(name, labels)).unwrap();
            }
            let cluster = Cluster::new(embedded.client("shop"), "shop", "canary-step");
            let left = find(&cluster).await.unwrap();
            let texts: Vec<&str> = left.iter().map(|left| left.text.as_str()).collect();
            assert_eq!(
                texts,
                ["deployments/api-canary-gone of the rollout gone", "the label dataflow.dev/fence on deployments/api"]
            );
            for found in &left {
                cluster.send(found.kind, &found.name, (&found.change, false)).await.unwrap();
            }
            assert!(find(&cluster).await.unwrap().is_empty());
            assert!(cluster.get(Kind::Deployment, "web").await.unwrap().is_some());
        });
    }
}
