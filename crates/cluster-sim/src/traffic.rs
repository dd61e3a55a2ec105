//! Traffic: what a Service's callers send, spread over the pods that serve, and the pages where pods tell what they saw.
//!
//! A Service's annotations tell how much comes in (`sim.dataflow.dev/rps`, `error-rate`, `latency-ms`, `pod-sigma`, `outage`); nothing is
//! simulated request by request: counts are drawn when somebody looks, for the time since anybody last did.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;

use serde_json::Value;

use crate::clock::Millis;
use crate::controllers::{autoscaler, serves};
use crate::failure::Failure;
use crate::faults::{number, told};
use crate::json::{list, text};
use crate::kinds::{Key, Kind};
use crate::pods::{Run, Stage};
use crate::random::Random;
use crate::selector::Selector;
use crate::state::State;

/// Upper ends of the latency buckets, in milliseconds.
const BUCKETS: [f64; 10] = [5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0];

/// How far latencies spread around their median, as the standard deviation of their logarithm.
const SPREAD: f64 = 0.5;

/// Who gets whose requests, and what came of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traffic {
    routes: BTreeMap<Key, Route>,
    counters: HashMap<String, Counters>,
}

/// What one Service's callers do.
#[derive(Clone, Debug)]
struct Route {
    selector: Selector,
    rps: f64,
    error_rate: f64,
    latency: f64,
    sigma: f64,
    cost: f64,
    /// From, until, and which share of requests fails.
    outage: Option<(Millis, Millis, f64)>,
    members: BTreeSet<String>,
    told: Millis,
}

/// What a container counted since it started.
#[derive(Clone, Debug, Default)]
struct Counters {
    served: u64,
    failed: u64,
    buckets: [u64; BUCKETS.len() + 1],
    sum: f64,
    /// The pod's own factor on errors, which nodes and neighbours give it.
    factor: f64,
}

/// A Service was written, or is gone.
pub(crate) fn route(state: &mut State, key: &Key, service: Option<&Value>) {
    advance(state, key);
    let Some(service) = service else {
        state.traffic.routes.remove(key);
        return;
    };
    let figure = |name: &str, or: f64| number(&told(state, service, name)).unwrap_or(or);
    let rps = figure("rps", 0.0);
    let Some(selector) = Selector::of_map(service.pointer("/spec/selector")).filter(|_| rps > 0.0) else {
        state.traffic.routes.remove(key);
        return;
    };
    let pods = state.store.list(Kind::Pod, &key.namespace).filter(|(_, pod)| serves(pod) && selector.selects(pod));
    let route = Route {
        rps,
        error_rate: figure("error-rate", 0.001),
        latency: figure("latency-ms", 20.0),
        sigma: figure("pod-sigma", 0.0),
        cost: figure("cpu-per-request", 10.0),
        outage: outage(&told(state, service, "outage"), state.options.start),
        members: pods.map(|(_, pod)| text(pod, "/metadata/uid").to_owned()).collect(),
        told: state.clock.now(),
        selector,
    };
    state.traffic.routes.insert(key.clone(), route);
}

/// Reads `240+60@0.2`: from 240 s after the start, for 60 s, a fifth of the requests fails.
#[expect(clippy::cast_possible_truncation, reason = "bounded to a year")]
fn outage(text: &str, start: Millis) -> Option<(Millis, Millis, f64)> {
    let (times, rate) = text.split_once('@')?;
    let (from, length) = times.split_once('+')?;
    let millis = |text: &str| number(text).map(|seconds| (seconds.min(31_536_000.0) * 1000.0) as Millis);
    let from = start + millis(from)?;
    Some((from, from + millis(length)?, number(rate)?.min(1.0)))
}

/// A pod begins or ceases to serve: what came up to now went to those who served until now.
pub(crate) fn shift(state: &mut State, pod: &Value, in_service: bool) {
    let namespace = text(pod, "/metadata/namespace");
    let uid = text(pod, "/metadata/uid");
    let routes = state.traffic.routes.iter();
    let concerned: Vec<Key> = routes
        .filter(|(key, route)| {
            key.namespace == namespace && (route.selector.selects(pod) || route.members.contains(uid))
        })
        .map(|(key, _)| key.clone())
        .collect();
    for key in concerned {
        advance(state, &key);
        let Some(route) = state.traffic.routes.get_mut(&key) else { continue };
        if in_service && route.selector.selects(pod) {
            route.members.insert(uid.to_owned());
        } else {
            route.members.remove(uid);
        }
    }
}

/// A container started anew: its counters begin at zero.
pub(crate) fn restart(state: &mut State, uid: &str) {
    if let Some(held) = state.traffic.counters.get_mut(uid) {
        *held = Counters { factor: held.factor, ..Counters::default() };
    }
}

/// Draws what happened on a route since it was last told.
fn advance(state: &mut State, key: &Key) {
    let now = state.clock.now();
    let Some(mut route) = state.traffic.routes.remove(key) else { return };
    // What changes with time is drawn second by second.
    let uneven = |run: &crate::pods::Run| {
        run.behaviour.warm > 0 && run.ready.is_some_and(|since| since + run.behaviour.warm > route.told)
    };
    let warming = route.members.iter().filter_map(|uid| state.runs.get(uid)).any(uneven);
    let outage = route.outage.is_some_and(|(from, until, _)| from < now && until > route.told);
    let piece = if warming || outage { 1000 } else { Millis::MAX };
    while route.told < now {
        let until = now.min(route.told.saturating_add(piece));
        draw(state, &route, until);
        route.told = until;
    }
    state.traffic.routes.insert(key.clone(), route);
}

#[expect(clippy::cast_precision_loss, reason = "durations and pods are small")]
fn draw(state: &mut State, route: &Route, until: Millis) {
    let middle = route.told + (until - route.told) / 2;
    let requests = route.rps * (until - route.told) as f64 / 1000.0 / route.members.len().max(1) as f64;
    for uid in &route.members {
        let Some(run) = state.runs.get(uid) else { continue };
        let told = &run.behaviour;
        let cold = run.ready.is_some_and(|since| middle < since + told.warm);
        let median = route.latency * told.latency_factor * if cold { told.warm_factor } else { 1.0 };
        let random = &mut state.random;
        let counters = state.traffic.counters.entry(uid.clone()).or_insert_with(|| Counters {
            factor: (route.sigma * random.normal() - route.sigma * route.sigma / 2.0).exp(),
            ..Counters::default()
        });
        let mut failing = told.error_rate.unwrap_or(route.error_rate * told.error_factor) * counters.factor;
        if let Some((_, _, rate)) = route.outage.filter(|(from, until, _)| (*from..*until).contains(&middle)) {
            failing = failing.max(rate);
        }
        count(counters, random, (requests, failing.min(1.0), median));
    }
}

/// Adds requests: how many came, how many of them failed, how long they took.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn count(counters: &mut Counters, random: &mut Random, (requests, failing, median): (f64, f64, f64)) {
    let served = random.poisson(requests);
    counters.served += served;
    counters.failed += random.binomial(served, failing);
    let (mut left, mut below) = (served, 0.0);
    for (index, bound) in BUCKETS.iter().enumerate() {
        let up_to = normal_below((bound / median).ln() / SPREAD);
        let share = if below < 1.0 { ((up_to - below) / (1.0 - below)).clamp(0.0, 1.0) } else { 1.0 };
        let here = random.binomial(left, share);
        counters.buckets[index] += here;
        left -= here;
        below = up_to;
    }
    counters.buckets[BUCKETS.len()] += left;
    counters.sum += served as f64 * median / 1000.0 * (SPREAD * SPREAD / 2.0).exp();
}

/// The standard normal distribution function (Abramowitz and Stegun 26.2.17, error below 1e-7).
fn normal_below(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * x.abs());
    let density = (-x * x / 2.0).exp() / std::f64::consts::TAU.sqrt();
    let tail = density
        * t
        * (0.319_381_530 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    if x >= 0.0 { 1.0 - tail } else { tail }
}

/// The processor that a pod uses now, in percent of what it asked for.
#[expect(clippy::cast_precision_loss, reason = "pods are few")]
pub(crate) fn utilization(state: &State, pod: &Value) -> f64 {
    let uid = text(pod, "/metadata/uid");
    let routes = state.traffic.routes.values().filter(|route| route.members.contains(uid));
    let used: f64 = routes.map(|route| route.rps / route.members.len() as f64 * route.cost).sum();
    let asked = pod.pointer("/spec/containers/0/resources/requests/cpu").and_then(autoscaler::quantity);
    used / (asked.unwrap_or(0.1) * 1000.0) * 100.0
}

/// A page of a pod through its proxy: `metrics`, or `actuator/prometheus` with the names that Micrometer gives.
pub(crate) fn page(state: &mut State, key: &Key, port: &str, page: &str) -> Result<String, Failure> {
    let pod = state.get(key).ok_or_else(|| Failure::not_found(Kind::Pod, &key.name))?;
    let uid = text(&pod, "/metadata/uid");
    let listening =
        state.runs.get(uid).is_some_and(|run| matches!(run.stage, Stage::Running | Stage::Ready | Stage::Unready));
    if !listening || !opens(&pod, port) {
        return Err(Failure::unreachable(&format!(
            "dial tcp {}:{port}: connect: connection refused",
            text(&pod, "/status/podIP")
        )));
    }
    let now = state.clock.now();
    let silent = |run: &Run| run.behaviour.silent.zip(run.ready).is_some_and(|(after, since)| since + after <= now);
    if state.runs.get(uid).is_some_and(silent) {
        return Err(Failure::unreachable("context deadline exceeded"));
    }
    let routes = state.traffic.routes.iter();
    let mine: Vec<Key> =
        routes.filter(|(_, route)| route.members.contains(uid)).map(|(route, _)| route.clone()).collect();
    mine.iter().for_each(|route| advance(state, route));
    let none = Counters::default();
    let counters = state.traffic.counters.get(uid).unwrap_or(&none);
    match page {
        "metrics" => Ok(render(counters, ["http_requests_total", "http_request_duration_seconds", "code"])),
        "actuator/prometheus" => Ok(render(counters, ["", "http_server_requests_seconds", "status"])),
        other => Err(Failure::no_page(other)),
    }
}

/// Whether a port is one of the pod's; an empty one is the first.
fn opens(pod: &Value, port: &str) -> bool {
    let ports: Vec<&Value> =
        list(pod, "/spec/containers").iter().flat_map(|container| list(container, "/ports")).collect();
    port.is_empty()
        || ports.is_empty()
        || ports.iter().any(|open| {
            open["containerPort"].as_u64().is_some_and(|number| port.parse() == Ok(number)) || open["name"] == port
        })
}

fn render(counters: &Counters, [total, latency, label]: [&str; 3]) -> String {
    let mut text = String::new();
    let good = counters.served - counters.failed;
    // Writing to a String cannot fail.
    if !total.is_empty() {
        let _ = write!(
            text,
            "# HELP {total} Requests by status.\n# TYPE {total} counter\n{total}{{{label}=\"200\"}} {good}\n{total}{{{label}=\"500\"}} {}\n",
            counters.failed
        );
    }
    let _ = write!(text, "# HELP {latency} Time to answer.\n# TYPE {latency} histogram\n");
    if total.is_empty() {
        // Micrometer counts by status in the histogram itself; the failed ones are among the buckets of all.
        let _ = write!(
            text,
            "{latency}_count{{{label}=\"200\",outcome=\"SUCCESS\"}} {good}\n{latency}_count{{{label}=\"500\",outcome=\"SERVER_ERROR\"}} {}\n",
            counters.failed
        );
        return text;
    }
    let mut sum = 0;
    for (bound, count) in
        BUCKETS.iter().map(|bound| (bound / 1000.0).to_string()).chain(["+Inf".to_owned()]).zip(counters.buckets)
    {
        sum += count;
        let _ = writeln!(text, "{latency}_bucket{{le=\"{bound}\"}} {sum}");
    }
    let _ = write!(text, "{latency}_sum {:.6}\n{latency}_count {}\n", counters.sum, counters.served);
    text
}
