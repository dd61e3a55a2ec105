//! Room for extra pods: quotas, ports of nodes, disks that one pod has for itself.
use std::collections::BTreeMap;

use serde_json::Value;

use super::{Facts, Finder, Finding, Pair, Quantity, Severity, count, items, name, text};
use crate::policy::{Policy, Router};

/// What of a template does not go twice.
pub(super) fn template(policy: &Policy, pair: &Pair<'_>, found: &mut Vec<Finding>) {
    if policy.steps.is_empty() {
        return;
    }
    let mut finder = Finder { service: &pair.wanted.name, found };
    let pod = pair.target.pointer("/spec/template/spec").unwrap_or(&Value::Null);
    let ports = items(pod, "/containers").iter().flat_map(|container| items(container, "/ports"));
    let host: Vec<u32> = ports.filter_map(|port| count(port, "/hostPort")).filter(|port| *port > 0).collect();
    let network = pod.get("hostNetwork").and_then(Value::as_bool) == Some(true);
    if network || !host.is_empty() {
        let text = "its pods take ports of their nodes, so that a canary pod needs a node without a stable pod";
        finder.add((Severity::Warns, "host-port"), text, "have free nodes, or drop hostPort and hostNetwork");
    }
    let volumes = items(pod, "/volumes").iter().filter_map(|volume| volume.pointer("/persistentVolumeClaim/claimName"));
    for claim in volumes.filter_map(Value::as_str) {
        let text = format!(
            "its pods share the claim `{claim}`: the canary gets the same disk, if it can be mounted twice at all"
        );
        finder.add(
            (Severity::Warns, "shared-disk"),
            text,
            "check that both versions may write to it, and that it is ReadWriteMany",
        );
    }
}

/// What the canaries of the largest step ask for beyond what quotas leave.
pub(super) fn quotas(policy: &Policy, facts: &Facts, found: &mut Vec<Finding>) {
    let (Some(all), Some(last)) = (&facts.quotas, policy.steps.last()) else { return };
    let mut finder = Finder { service: "", found };
    let mut wanted: BTreeMap<String, Quantity> = BTreeMap::new();
    for service in &facts.services {
        let Some(stable) = &service.stable else { continue };
        let pods = last.weight.canaries(count(stable, "/status/readyReplicas").unwrap_or(0));
        let objects = u32::from(policy.router == Router::Replicas);
        add(&mut wanted, "pods", Quantity::whole(pods));
        add(&mut wanted, "count/pods", Quantity::whole(pods));
        add(&mut wanted, "count/deployments.apps", Quantity::whole(objects));
        add(&mut wanted, "count/replicasets.apps", Quantity::whole(objects));
        for (resource, one) in resources(service.target.as_ref().unwrap_or(stable)) {
            add(&mut wanted, &resource, one.times(pods));
        }
    }
    for quota in all.iter().filter(|quota| scoped(quota)) {
        let hard = quota.pointer("/status/hard").and_then(Value::as_object);
        for (resource, limit) in hard.into_iter().flatten() {
            let used = quota.pointer("/status/used").and_then(|used| used.get(resource));
            let read = |value: Option<&Value>| Quantity::parse(value?.as_str()?).ok();
            // `cpu` and `memory` are short for the requests.
            let asked = wanted.get(resource).or_else(|| wanted.get(&format!("requests.{resource}")));
            let (Some(limit), Some(used), Some(asked)) = (read(Some(limit)), read(used), asked) else { continue };
            if used.plus(*asked) > limit {
                let text = format!(
                    "the step of {} needs {asked} more of `{resource}`, and the quota `{}` has {used} of {limit} in use",
                    last.weight,
                    name(quota)
                );
                finder.add((Severity::Blocks, "quota"), text, "raise the quota, or lower the weight");
            }
        }
    }
}

/// A quota for some pods only is not ours to reckon with, unless it is for those that run without an end.
fn scoped(quota: &Value) -> bool {
    let all = items(quota, "/spec/scopes").iter().all(|scope| scope.as_str() == Some("NotTerminating"));
    all && quota.pointer("/spec/scopeSelector").is_none()
}

fn add(wanted: &mut BTreeMap<String, Quantity>, resource: &str, more: Quantity) {
    let sum = wanted.entry(resource.to_owned()).or_insert(Quantity::whole(0));
    *sum = sum.plus(more);
}

/// Requests and limits of one pod: the sum of its containers and sidecars, or its largest init container.
fn resources(deployment: &Value) -> BTreeMap<String, Quantity> {
    let mut pod = BTreeMap::new();
    let spec = deployment.pointer("/spec/template/spec").unwrap_or(&Value::Null);
    let sidecars = items(spec, "/initContainers").iter().filter(|one| text(one, "/restartPolicy") == "Always");
    for container in items(spec, "/containers").iter().chain(sidecars) {
        for (resource, quantity) in asks(container) {
            add(&mut pod, &resource, quantity);
        }
    }
    for init in items(spec, "/initContainers").iter().filter(|one| text(one, "/restartPolicy") != "Always") {
        for (resource, quantity) in asks(init) {
            let most = pod.entry(resource).or_insert(quantity);
            *most = (*most).max(quantity);
        }
    }
    pod
}

fn asks(container: &Value) -> Vec<(String, Quantity)> {
    let of = |kind: &'static str| {
        let map = container.pointer(&format!("/resources/{kind}")).and_then(Value::as_object);
        map.into_iter().flatten().filter_map(move |(resource, quantity)| {
            let text = quantity.as_str().map_or_else(|| quantity.to_string(), str::to_owned);
            Some((format!("{kind}.{resource}"), Quantity::parse(&text).ok()?))
        })
    };
    of("requests").chain(of("limits")).collect()
}
