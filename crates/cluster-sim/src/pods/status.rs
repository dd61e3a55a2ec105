//! A pod's status at each stage of its life, as a kubelet writes it.

use serde_json::{Value, json};

use super::{Run, Stage, init};
use crate::clock::{Millis, stamp};
use crate::faults::Fault;
use crate::json::{list, text};

/// How long a kubelet waits before the next start: 10 s, doubled at each death, at most 5 minutes.
pub(super) fn pause(deaths: u32) -> Millis {
    (10_000 << deaths.saturating_sub(2).min(5)).min(300_000)
}

/// Writes the status of a stage.
pub(super) fn write(pod: &mut Value, run: &Run, now: Millis) {
    let mut status = pod["status"].clone();
    match run.stage {
        Stage::Born => {}
        Stage::Unschedulable => {
            let why = "0/5 nodes are available: 5 Insufficient cpu. preemption: 0/5 nodes are available: 5 No preemption victims found for incoming pod.";
            condition(&mut status, ("PodScheduled", false), ("Unschedulable", why), now);
        }
        Stage::Scheduled => condition(&mut status, ("PodScheduled", true), ("", ""), now),
        Stage::Evicted => evicted(&mut status, run, now),
        _ => running(pod, &mut status, run, now),
    }
    pod["status"] = status;
}

fn running(pod: &Value, status: &mut Value, run: &Run, now: Millis) {
    let initial = matches!(run.stage, Stage::InitDied | Stage::InitBackOff);
    let up = !initial && (run.deaths > 0 || !matches!(run.stage, Stage::Creating | Stage::Waiting(_)));
    let ready = run.stage == Stage::Ready;
    status["phase"] = json!(if up || run.started > 0 { "Running" } else { "Pending" });
    if status.get("startTime").is_none() {
        let octet = |shift: u32| ((now / 7) >> shift) & 0xff;
        status["hostIP"] = json!("192.0.2.10");
        status["podIP"] = json!(format!("10.{}.{}.{}", octet(16), octet(8), octet(0)));
        status["startTime"] = json!(stamp(now));
    }
    let names: Vec<&str> = list(pod, "/spec/containers").iter().map(|container| text(container, "/name")).collect();
    let unready = format!("containers with unready status: [{}]", names.join(" "));
    let not_ready = if ready { ("", "") } else { ("ContainersNotReady", unready.as_str()) };
    condition(status, ("PodReadyToStartContainers", true), ("", ""), now);
    let why = format!("containers with incomplete status: [{}]", init_name(pod, run));
    condition(
        status,
        ("Initialized", !initial),
        if initial { ("ContainersNotInitialized", &why) } else { ("", "") },
        now,
    );
    condition(status, ("Ready", ready), not_ready, now);
    condition(status, ("ContainersReady", ready), not_ready, now);
    let containers: Vec<Value> = list(pod, "/spec/containers")
        .iter()
        .enumerate()
        .map(|(index, spec)| {
            let healthy = index > 0 && up;
            let state = if initial {
                waiting("PodInitializing", "")
            } else if healthy {
                started(run)
            } else {
                state(spec, run, now)
            };
            container(spec, run, (state, ready || healthy, index == 0 && !initial), now)
        })
        .collect();
    status["containerStatuses"] = json!(containers);
    let inits: Vec<Value> = list(pod, "/spec/initContainers")
        .iter()
        .enumerate()
        .map(|(index, spec)| initialized(pod, run, (index, spec), now))
        .collect();
    if !inits.is_empty() {
        status["initContainerStatuses"] = json!(inits);
    }
}

fn init_name<'a>(pod: &'a Value, run: &Run) -> &'a str {
    let index = init(pod, run.behaviour.fault).unwrap_or(0);
    text(pod, &format!("/spec/initContainers/{index}/name"))
}

/// The status of an init container: the one that fails, or one that is done (or runs beside, as a sidecar).
fn initialized(pod: &Value, run: &Run, (index, spec): (usize, &Value), now: Millis) -> Value {
    let fails =
        matches!(run.stage, Stage::InitDied | Stage::InitBackOff) && init(pod, run.behaviour.fault) == Some(index);
    if fails {
        return container(spec, run, (state(spec, run, now), false, true), now);
    }
    let sidecar = text(spec, "/restartPolicy") == "Always";
    let done = if sidecar { started(run) } else { json!({ "terminated": ended(run, (0, "Completed"), now) }) };
    container(spec, run, (done, true, false), now)
}

fn container(spec: &Value, run: &Run, (state, ready, at_fault): (Value, bool, bool), now: Millis) -> Value {
    let image = text(spec, "/image");
    let (running, died) = (state.get("running").is_some(), at_fault && run.deaths > 0);
    let restarts = if at_fault { restarts(run) } else { 0 };
    let mut status = json!({
        "name": spec["name"], "image": image, "imageID": "", "ready": ready && !at_fault || at_fault && run.stage == Stage::Ready,
        "started": running, "restartCount": restarts, "state": state,
        "lastState": {},
    });
    if running || died {
        status["imageID"] = json!(image);
        status["containerID"] = json!(format!("containerd://{:016x}{restarts:016x}", run.started));
    }
    if died && (run.deaths > 1 || !matches!(run.stage, Stage::Died | Stage::InitDied)) {
        status["lastState"] = json!({ "terminated": ended(run, run.behaviour.fault.death(), now) });
    }
    status
}

/// A death counts as a restart only when the container has been started again.
fn restarts(run: &Run) -> u32 {
    match run.stage {
        Stage::Died | Stage::BackOff | Stage::InitDied | Stage::InitBackOff => run.deaths.saturating_sub(1),
        _ => run.deaths,
    }
}

fn waiting(reason: &str, message: &str) -> Value {
    if message.is_empty() {
        json!({ "waiting": { "reason": reason } })
    } else {
        json!({ "waiting": { "reason": reason, "message": message } })
    }
}

fn started(run: &Run) -> Value {
    json!({ "running": { "startedAt": stamp(run.started) } })
}

fn ended(run: &Run, (code, reason): (i64, &str), now: Millis) -> Value {
    let since = if run.started > 0 { run.started } else { now };
    json!({ "exitCode": code, "reason": reason, "startedAt": stamp(since), "finishedAt": stamp(now) })
}

/// The state of the container that the fault is about.
fn state(spec: &Value, run: &Run, now: Millis) -> Value {
    let image = text(spec, "/image");
    match run.stage {
        Stage::Running | Stage::Ready | Stage::Unready => started(run),
        Stage::Died | Stage::InitDied => json!({ "terminated": ended(run, run.behaviour.fault.death(), now) }),
        Stage::BackOff | Stage::InitBackOff => {
            let seconds = pause(run.deaths) / 1000;
            let name = text(spec, "/name");
            waiting("CrashLoopBackOff", &format!("back-off {seconds}s restarting failed container={name}"))
        }
        Stage::Waiting(reason) => waiting(reason, &why(reason, image, run.behaviour.fault)),
        _ => waiting("ContainerCreating", ""),
    }
}

fn why(reason: &str, image: &str, fault: Fault) -> String {
    let cause = match fault {
        Fault::DeniedImage => {
            "pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials"
        }
        Fault::PullTimeout => "failed to do request: Head: dial tcp 192.0.2.80:443: i/o timeout",
        _ => "not found",
    };
    let pull = format!(
        "failed to pull and unpack image \"{image}\": failed to resolve reference \"{image}\": {image}: {cause}"
    );
    match reason {
        "ErrImagePull" if cause == "not found" => format!("rpc error: code = NotFound desc = {pull}"),
        "ErrImagePull" => format!("rpc error: code = Unknown desc = {pull}"),
        "ImagePullBackOff" => format!("Back-off pulling image \"{image}\": ErrImagePull: {pull}"),
        "InvalidImageName" => format!("Failed to apply default image tag \"{image}\": couldn't parse image name \"{image}\": invalid reference format"),
        "ErrImageNeverPull" => format!("Container image \"{image}\" is not present with pull policy of Never"),
        "CreateContainerConfigError" => "configmap \"app-config\" not found".to_owned(),
        "CreateContainerError" => "failed to reserve container name: name is reserved for another container".to_owned(),
        "RunContainerError" => "failed to create containerd task: failed to create shim task: OCI runtime create failed: exec: \"/app/server\": permission denied".to_owned(),
        "PostStartHookError" => "Exec lifecycle hook ([/app/register]) failed - error: command exited with 1".to_owned(),
        _ => String::new(),
    }
}

fn evicted(status: &mut Value, run: &Run, now: Millis) {
    status["phase"] = json!("Failed");
    if run.behaviour.fault == Fault::Drain {
        condition(status, ("DisruptionTarget", true), ("EvictionByEvictionAPI", "Eviction API: evicting"), now);
        return;
    }
    status["reason"] = json!("Evicted");
    status["message"] = json!("Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ");
    condition(status, ("Ready", false), ("PodFailed", ""), now);
    condition(status, ("ContainersReady", false), ("PodFailed", ""), now);
}

/// Sets a condition; its time moves only when its status does.
pub(crate) fn condition(status: &mut Value, (kind, holds): (&str, bool), (reason, message): (&str, &str), now: Millis) {
    let holds = if holds { "True" } else { "False" };
    let mut new = json!({ "type": kind, "status": holds, "lastProbeTime": null, "lastTransitionTime": stamp(now) });
    for (field, value) in [("reason", reason), ("message", message)] {
        if !value.is_empty() {
            new[field] = json!(value);
        }
    }
    if !status["conditions"].is_array() {
        status["conditions"] = json!([]);
    }
    let Some(all) = status["conditions"].as_array_mut() else { return };
    match all.iter_mut().find(|held| held["type"] == kind) {
        Some(held) => {
            if held["status"] == holds {
                new["lastTransitionTime"] = held["lastTransitionTime"].clone();
            }
            *held = new;
        }
        None => all.push(new),
    }
}
