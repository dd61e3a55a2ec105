//! Selectors of others: what counts, protects, isolates or reaches a canary's pods together with stable's, or not.
use serde_json::{Map, Value, json};

use super::{Facts, Finder, Finding, Pair, Severity, count, items, name, text};
use crate::clone::labels::{own, selects};
use crate::policy::{Policy, Router};

/// Looks at everything in the namespace that selects pods.
pub(super) fn look(policy: &Policy, (facts, pair): (&Facts, &Pair<'_>), found: &mut Vec<Finding>) {
    if policy.steps.is_empty() || policy.router == Router::Inplace {
        return;
    }
    let mut finder = Finder { service: &pair.wanted.name, found };
    let labels = Labels::of(pair);
    autoscalers((facts, pair), &labels, &mut finder);
    budgets(facts, &labels, &mut finder);
    isolation(facts, &labels, &mut finder);
}

/// Labels of stable's pods and of the canary's.
pub(super) struct Labels {
    pub(super) stable: Value,
    pub(super) canary: Value,
}

impl Labels {
    pub(super) fn of(pair: &Pair<'_>) -> Labels {
        let of = |deployment: &Value| -> Map<String, Value> {
            deployment.pointer("/spec/template/metadata/labels").and_then(Value::as_object).cloned().unwrap_or_default()
        };
        let mut canary = of(pair.target);
        canary.extend(own("rollout"));
        Labels { stable: of(pair.stable).into(), canary: canary.into() }
    }
}

fn autoscalers((facts, pair): (&Facts, &Pair<'_>), labels: &Labels, finder: &mut Finder<'_>) {
    let Some(all) = &facts.autoscalers else { return };
    let mine = |one: &&Value| {
        text(one, "/spec/scaleTargetRef/kind") == "Deployment"
            && text(one, "/spec/scaleTargetRef/name") == pair.wanted.deployment
    };
    for one in all.iter().filter(mine) {
        let (scaler, least) = (name(one), count(one, "/spec/minReplicas").unwrap_or(1));
        let selector = pair.stable.pointer("/spec/selector").unwrap_or(&Value::Null);
        let how = match selects(selector, &labels.canary) {
            true => "averages over the canary's pods too, since stable's selector matches them",
            false => "sees only what is left of stable's load, and would shrink stable",
        };
        let raised = match least < pair.ready {
            true => format!("its floor is raised from {least} to {} for the time, and put back at the end", pair.ready),
            false => format!("its floor of {least} keeps stable at {} pods", pair.ready),
        };
        finder.add(
            (Severity::Notes, "autoscaler"),
            format!("the HPA `{scaler}` {how}: {raised}"),
            "nothing, if that is fine",
        );
        if one.pointer("/metadata/labels/scaledobject.keda.sh~1name").is_some() {
            let text =
                format!("the HPA `{scaler}` belongs to KEDA, which puts its floor back; it is raised again each time");
            finder.add(
                (Severity::Warns, "keda"),
                text,
                "set `minReplicaCount` of the ScaledObject for the time of the rollout",
            );
        }
    }
}

fn budgets(facts: &Facts, labels: &Labels, finder: &mut Finder<'_>) {
    for one in facts.budgets.iter().flatten() {
        let Some(selector) = one.pointer("/spec/selector") else { continue };
        if selects(selector, &labels.stable) && selects(selector, &labels.canary) {
            let text = format!(
                "the PodDisruptionBudget `{}` counts canary pods as stable ones: while they are there, a drain may take more of stable",
                name(one)
            );
            finder.add((Severity::Notes, "budget"), text, "do not drain nodes while a canary is observed");
        }
    }
}

fn isolation(facts: &Facts, labels: &Labels, finder: &mut Finder<'_>) {
    for one in facts.network_policies.iter().flatten() {
        let selector = one.pointer("/spec/podSelector").cloned().unwrap_or_else(|| json!({}));
        // An empty selector means every pod, canaries as well.
        let empty = selector.as_object().is_none_or(Map::is_empty);
        let (stable, canary) = (selects(&selector, &labels.stable), selects(&selector, &labels.canary));
        if !empty && stable != canary {
            let (which, other) = if stable { ("stable", "the canary") } else { ("the canary", "stable") };
            let text = format!("the NetworkPolicy `{}` isolates {which} but not {other}", name(one));
            finder.add((Severity::Warns, "network-policy"), text, "select by labels that both have");
        }
    }
    for one in facts.network_policies.iter().flatten() {
        let rules = items(one, "/spec/ingress").iter().map(|rule| items(rule, "/from"));
        let rules = rules.chain(items(one, "/spec/egress").iter().map(|rule| items(rule, "/to")));
        let peers = rules.flatten().filter(|peer| peer.get("namespaceSelector").is_none());
        let known = peers.filter_map(|peer| peer.get("podSelector"));
        if known.clone().any(|peer| selects(peer, &labels.stable))
            && !known.clone().any(|peer| selects(peer, &labels.canary))
        {
            let text = format!("the NetworkPolicy `{}` lets stable through but not the canary", name(one));
            finder.add((Severity::Warns, "network-policy-peer"), text, "select by labels that both have");
        }
    }
}
