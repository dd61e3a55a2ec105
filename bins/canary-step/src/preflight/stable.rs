//! Stable must be there, well, and still; and the target must be a new version of it.
use serde_json::Value;

use super::{Facts, Finder, Finding, Pair, ServiceFacts, Severity, count, text};
use crate::clone::{ReferenceKind, container, references};
use crate::policy::{Policy, Router, Service};

/// Looks at a service by itself; none when it cannot be looked at further.
pub(super) fn look<'a>(
    (policy, wanted): (&Policy, &'a Service),
    (facts, there): (&Facts, &'a ServiceFacts),
    found: &mut Vec<Finding>,
) -> Option<Pair<'a>> {
    let mut finder = Finder { service: &wanted.name, found };
    let Some(stable) = &there.stable else {
        let text = format!("there is no Deployment `{}` in the namespace `{}`", wanted.deployment, facts.namespace);
        finder.add(
            (Severity::Blocks, "no-deployment"),
            text,
            "name it by `deployment` in the policy, or apply it once without a canary",
        );
        return None;
    };
    let target = there.target.as_ref().unwrap_or(stable);
    // Without a step nothing is compared, and a stable that is not well may be what the new version mends.
    let ill = if policy.steps.is_empty() { Severity::Warns } else { Severity::Blocks };
    well(stable, ill, &mut finder);
    of_itself(target, stable, &mut finder);
    image((wanted, target), stable, &mut finder);
    missing(facts, target, &mut finder);
    if policy.router == Router::Inplace && text(stable, "/spec/strategy/type") == "Recreate" {
        let text = "its strategy is Recreate, which ends every pod before a new one starts";
        finder.add((Severity::Blocks, "recreate"), text, "use `router: replicas`, or the strategy RollingUpdate");
    }
    Some(Pair { wanted, stable, target, ready: count(stable, "/status/readyReplicas").unwrap_or(0) })
}

fn well(stable: &Value, ill: Severity, finder: &mut Finder<'_>) {
    let number = |pointer| count(stable, pointer);
    let (wanted, ready) = (number("/spec/replicas").unwrap_or(1), number("/status/readyReplicas").unwrap_or(0));
    let remedy = "bring it into order first: a canary beside a stable that is not well says nothing";
    if stable.pointer("/spec/paused").and_then(Value::as_bool) == Some(true) {
        let text = "stable is paused: a rollout of it was stopped half-way";
        finder.add((Severity::Blocks, "paused"), text, "finish or undo it, and then `kubectl rollout resume`");
    }
    let behind = number("/status/observedGeneration") < number("/metadata/generation");
    if behind || number("/status/updatedReplicas").unwrap_or(0) < wanted {
        let text = "a rollout of stable is still under way";
        finder.add((Severity::Blocks, "rolling"), text, "wait for it: `kubectl rollout status`");
    }
    if wanted == 0 {
        let text = "stable has 0 replicas, so that there is nothing to compare with";
        finder.add((ill, "no-replicas"), text, "scale it up first, or promote without a canary by `skip-canary`");
    } else if ready == 0 {
        finder.add((ill, "no-ready-pod"), format!("none of its {wanted} stable pods is ready"), remedy);
    } else if ready < wanted {
        let text = format!("only {ready} of its {wanted} stable pods are ready");
        finder.add((ill, "unhealthy"), text, remedy);
    }
}

/// Promotion changes the template and nothing else.
fn of_itself(target: &Value, stable: &Value, finder: &mut Finder<'_>) {
    if target.pointer("/spec/selector") != stable.pointer("/spec/selector") {
        let text = "the target has another selector than the live Deployment, and a selector never changes";
        finder.add((Severity::Blocks, "other-selector"), text, "keep the selector, or release it as a new service");
    }
    if target.pointer("/spec/template") == stable.pointer("/spec/template") {
        let text = "the target is what runs already: its template does not differ";
        finder.add((Severity::Notes, "no-change"), text, "leave the service out, if that is not meant");
    }
}

fn image((wanted, target): (&Service, &Value), stable: &Value, finder: &mut Finder<'_>) {
    let template = target.pointer("/spec/template").unwrap_or(&Value::Null);
    match container(template, wanted.container.as_deref(), &wanted.deployment) {
        Err(problem) => {
            finder.add((Severity::Blocks, "no-container"), problem, "name one by `container` in the policy")
        }
        Ok(name) => {
            let image = |of: &Value| -> String {
                let list = super::items(of, "/spec/template/spec/containers");
                list.iter().find(|one| text(one, "/name") == name).map_or("", |one| text(one, "/image")).to_owned()
            };
            let (new, old) = (image(target), image(stable));
            if !new.contains("@sha256:") && new != old {
                let text =
                    format!("the image `{new}` has no digest: a tag may mean another image tomorrow, and on each node");
                finder.add((Severity::Warns, "no-digest"), text, "give the image as registry/name@sha256:…");
            }
        }
    }
}

fn missing(facts: &Facts, target: &Value, finder: &mut Finder<'_>) {
    let Some(there) = &facts.config_maps else { return };
    let template = target.pointer("/spec/template").unwrap_or(&Value::Null);
    let needed = references(template).into_iter().filter(|one| one.kind == ReferenceKind::ConfigMap && !one.optional);
    for lost in needed.filter(|one| !there.contains(&one.name)) {
        let text = format!("the ConfigMap `{}` that its pods need is not there", lost.name);
        finder.add((Severity::Blocks, "no-config-map"), text, "apply the new ConfigMaps before the canary");
    }
}
