//! One formula of autoscaling: as many replicas as bring the metric to its target, within bounds, downwards only after a while.

use serde_json::{Value, json};

use crate::clock::stamp;
use crate::controllers::serves;
use crate::json::{int, list, text};
use crate::kinds::{Key, Kind};
use crate::pods::condition;
use crate::selector::Selector;
use crate::state::{Happening, State};
use crate::traffic;
use crate::write::{self, Part};

/// Within this of the target nothing is done.
const TOLERANCE: f64 = 0.1;

pub(crate) fn reconcile(state: &mut State, key: &Key, autoscaler: &Value) {
    let period = i64::try_from(state.options.autoscaler_period.as_millis()).unwrap_or(15_000);
    state.soon(period, Happening::Reconcile(key.clone()));
    let now = state.clock.now();
    let target = Key::new(Kind::Deployment, &key.namespace, text(autoscaler, "/spec/scaleTargetRef/name"));
    let Some(deployment) = state.get(&target) else {
        state.change(key, |held| {
            condition(
                &mut held["status"],
                ("AbleToScale", false),
                ("FailedGetScale", "the HPA controller was unable to get the target's current scale"),
                now,
            );
        });
        return;
    };
    let current = int(&deployment, "/spec/replicas", 0);
    let wish = list(autoscaler, "/spec/metrics").iter().filter_map(|metric| wish(state, &deployment, metric)).max();
    let Some(wish) = wish else {
        state.change(key, |held| {
            condition(
                &mut held["status"],
                ("ScalingActive", false),
                ("FailedGetResourceMetric", "the HPA was unable to compute the replica count"),
                now,
            );
        });
        return;
    };
    let wish = stabilized(state, autoscaler, (wish, current));
    let (least, most) = (int(autoscaler, "/spec/minReplicas", 1), int(autoscaler, "/spec/maxReplicas", 1));
    let wanted = if current == 0 { 0 } else { wish.clamp(least, most) };
    if wanted != current {
        let mut scaled = (*deployment).clone();
        scaled["spec"]["replicas"] = json!(wanted);
        // It stands there: it was read above, under the same lock.
        drop(write::update(state, &target, scaled, (Part::Scale, false)));
    }
    state.change(key, |held| {
        let status = &mut held["status"];
        status["currentReplicas"] = json!(current);
        status["desiredReplicas"] = json!(wanted);
        if wanted != current {
            status["lastScaleTime"] = json!(stamp(now));
        }
        condition(status, ("AbleToScale", true), ("ReadyForNewScale", "recommended size matches current size"), now);
        condition(
            status,
            ("ScalingActive", true),
            ("ValidMetricFound", "the HPA was able to successfully calculate a replica count"),
            now,
        );
        let limited = if wish < least {
            ("TooFewReplicas", "the desired replica count is less than the minimum replica count")
        } else {
            ("DesiredWithinRange", "the desired count is within the acceptable range")
        };
        condition(status, ("ScalingLimited", wish < least), limited, now);
    });
}

/// How many replicas one metric asks for.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "counts of pods are small")]
fn wish(state: &mut State, deployment: &Value, metric: &Value) -> Option<i64> {
    let current = int(deployment, "/spec/replicas", 0);
    match text(metric, "/type") {
        "External" => {
            let value = *state.external.get(text(metric, "/external/metric/name"))? as f64;
            let per_pod = metric.pointer("/external/target/averageValue").and_then(quantity)?;
            let ratio = value / (per_pod * current.max(1) as f64);
            Some(if (ratio - 1.0).abs() <= TOLERANCE { current } else { (value / per_pod).ceil() as i64 })
        }
        "Resource" if text(metric, "/resource/name") == "cpu" => {
            let goal = int(metric, "/resource/target/averageUtilization", 80) as f64;
            let selector = Selector::of_spec(deployment.pointer("/spec/selector"))?;
            let namespace = text(deployment, "/metadata/namespace").to_owned();
            // By the selector alone, so a canary with the same labels is counted along: that is how the real one does it.
            let pods: Vec<_> = state
                .store
                .list(Kind::Pod, &namespace)
                .filter(|(_, pod)| serves(pod) && selector.selects(pod))
                .map(|(_, pod)| pod.clone())
                .collect();
            let usage: f64 = pods.iter().map(|pod| traffic::utilization(state, pod)).sum();
            let ratio = usage / pods.len() as f64 / goal;
            if !ratio.is_finite() {
                return None;
            }
            Some(if (ratio - 1.0).abs() <= TOLERANCE { current } else { (ratio * pods.len() as f64).ceil() as i64 })
        }
        _ => None,
    }
}

/// The highest wish of the last minutes.
fn stabilized(state: &mut State, autoscaler: &Value, (wish, current): (i64, i64)) -> i64 {
    let now = state.clock.now();
    let usual = i64::try_from(state.options.downscale_stabilization.as_secs()).unwrap_or(300);
    let window = int(autoscaler, "/spec/behavior/scaleDown/stabilizationWindowSeconds", usual) * 1000;
    let wishes = state.autoscalers.entry(text(autoscaler, "/metadata/uid").to_owned()).or_default();
    if wishes.is_empty() {
        // What is there counts as wished for when the autoscaler begins.
        wishes.push((now, current));
    }
    wishes.push((now, wish));
    wishes.retain(|(at, _)| *at > now - window);
    wishes.iter().map(|(_, wish)| *wish).max().unwrap_or(wish)
}

/// A quantity as the API writes it: `5`, `"5"`, `"500m"`, `"2k"`.
pub(crate) fn quantity(value: &Value) -> Option<f64> {
    let text = match value {
        Value::String(text) => text.as_str(),
        other => return other.as_f64(),
    };
    let (digits, factor) = match text.as_bytes().last()? {
        b'm' => (&text[..text.len() - 1], 0.001),
        b'k' => (&text[..text.len() - 1], 1000.0),
        _ => (text, 1.0),
    };
    digits.parse::<f64>().ok().map(|number| number * factor)
}
