//! The lives of pods: scheduler, kubelet and containers in one, stage by stage.

use serde_json::{Value, json};

use crate::clock::{Millis, stamp};
use crate::failure::Failure;
use crate::faults::{Behaviour, Fault};
use crate::json::{has, list, set_meta, text};
use crate::kinds::{Key, Kind};
use crate::route::Query;
use crate::state::{Happening, State};
use crate::traffic;

mod status;

pub(crate) use status::condition;

/// Where a pod is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Born,
    Unschedulable,
    Scheduled,
    Creating,
    /// The first container cannot start, for this reason.
    Waiting(&'static str),
    Running,
    Ready,
    /// Running, and not ready any more.
    Unready,
    Died,
    BackOff,
    InitDied,
    InitBackOff,
    /// The kubelet has ended the whole pod.
    Evicted,
}

/// What is known of a pod beside its object.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) behaviour: Behaviour,
    pub(crate) stage: Stage,
    pub(crate) deaths: u32,
    /// Since when its present container runs.
    pub(crate) started: Millis,
    /// Since when it is ready.
    pub(crate) ready: Option<Millis>,
    /// Steps that were planned for an earlier life do nothing.
    life: u64,
}

/// A pod was made.
pub(crate) fn born(state: &mut State, key: &Key, pod: &Value) {
    let behaviour = Behaviour::of(state, pod);
    let life = state.id();
    let run = Run { behaviour, stage: Stage::Born, deaths: 0, started: 0, ready: None, life };
    state.runs.insert(text(pod, "/metadata/uid").to_owned(), run);
    plan_next(state, key, pod);
}

/// A pod was changed: it may be told something else now.
pub(crate) fn changed(state: &mut State, key: &Key, pod: &Value) {
    let behaviour = Behaviour::of(state, pod);
    let life = state.id();
    let Some(run) = state.runs.get_mut(text(pod, "/metadata/uid")) else { return };
    if run.behaviour == behaviour || has(pod, "/metadata/deletionTimestamp") {
        return;
    }
    run.behaviour = behaviour;
    run.life = life;
    match run.stage {
        Stage::Unschedulable => run.stage = Stage::Born,
        Stage::Waiting(_) | Stage::InitBackOff | Stage::InitDied => run.stage = Stage::Creating,
        _ => {}
    }
    plan_next(state, key, pod);
}

/// A deleted pod's containers have ended.
pub(crate) fn gone(state: &mut State, key: &Key, uid: &str) {
    if state.get(key).is_some_and(|pod| text(&pod, "/metadata/uid") == uid) {
        state.store.remove(key);
    }
}

fn plan_next(state: &mut State, key: &Key, pod: &Value) {
    let uid = text(pod, "/metadata/uid");
    let pull = state.random.between(200, 700);
    let Some(run) = state.runs.get(uid) else { return };
    if let Some((after, _)) = next(run, pod, pull) {
        let life = run.life;
        state.soon(after, Happening::Pod { key: key.clone(), uid: uid.to_owned(), life });
    }
}

/// The next stage is reached.
pub(crate) fn step(state: &mut State, key: &Key, uid: &str, life: u64) {
    let Some(pod) = state.get(key).filter(|pod| text(pod, "/metadata/uid") == uid) else { return };
    if has(&pod, "/metadata/deletionTimestamp") {
        return;
    }
    let now = state.clock.now();
    let node = format!("node-{}", state.random.between(1, 5));
    let Some(run) = state.runs.get_mut(uid).filter(|run| run.life == life) else { return };
    let Some((_, stage)) = next(run, &pod, 0) else { return };
    match stage {
        Stage::Running => run.started = now,
        Stage::Died | Stage::InitDied => run.deaths += 1,
        _ => {}
    }
    run.stage = stage;
    run.ready = (stage == Stage::Ready).then_some(now);
    let run = run.clone();
    if stage == Stage::Running && run.deaths > 0 {
        traffic::restart(state, uid);
    }
    state.change(key, |pod| {
        if stage == Stage::Scheduled {
            pod["spec"]["nodeName"] = json!(node);
        }
        status::write(pod, &run, now);
    });
    if stage == Stage::Evicted && run.behaviour.fault == Fault::Drain {
        drain(state, key, now);
    }
    plan_next(state, key, &pod);
}

/// A drained pod is deleted by the eviction.
fn drain(state: &mut State, key: &Key, now: Millis) {
    let pod = state.change(key, |pod| {
        set_meta(pod, "deletionTimestamp", json!(stamp(now + 30_000)));
        set_meta(pod, "deletionGracePeriodSeconds", json!(30));
    });
    if let Some(pod) = pod {
        state.soon(300, Happening::PodGone { key: key.clone(), uid: text(&pod, "/metadata/uid").to_owned() });
    }
}

/// What comes next in a pod's life, and after how long; `pull` is how long this image takes.
fn next(run: &Run, pod: &Value, pull: Millis) -> Option<(Millis, Stage)> {
    let told = &run.behaviour;
    let fault = told.fault;
    match run.stage {
        Stage::Born if fault == Fault::Pending => Some((10, Stage::Unschedulable)),
        Stage::Born => Some((10, Stage::Scheduled)),
        Stage::Scheduled => Some((20, Stage::Creating)),
        Stage::Creating => Some(match fault {
            Fault::BadImage | Fault::DeniedImage | Fault::PullTimeout => (400, Stage::Waiting("ErrImagePull")),
            Fault::InvalidImage => (50, Stage::Waiting("InvalidImageName")),
            Fault::NeverPull => (50, Stage::Waiting("ErrImageNeverPull")),
            Fault::ConfigError => (50, Stage::Waiting("CreateContainerConfigError")),
            Fault::CreateError => (200, Stage::Waiting("CreateContainerError")),
            Fault::RunError => (300, Stage::Waiting("RunContainerError")),
            Fault::InitCrash | Fault::SidecarCrash if init(pod, fault).is_some() => (told.after, Stage::InitDied),
            _ => (told.pull.unwrap_or(pull), Stage::Running),
        }),
        Stage::Waiting("ErrImagePull") => Some((12_000, Stage::Waiting("ImagePullBackOff"))),
        Stage::Running => match fault {
            Fault::Crash | Fault::StartError | Fault::Exit => Some((told.after, Stage::Died)),
            Fault::PostStart => Some((told.after, Stage::Waiting("PostStartHookError"))),
            Fault::NeverReady => None,
            _ => Some((told.start, Stage::Ready)),
        },
        Stage::Ready => match fault {
            Fault::CrashLate | Fault::OutOfMemory => Some((told.after, Stage::Died)),
            Fault::Crash | Fault::StartError | Fault::Exit => Some((told.after, Stage::Died)),
            Fault::Flap => Some((told.after, Stage::Unready)),
            Fault::NeverReady => Some((told.after, Stage::Unready)),
            Fault::Evict | Fault::Drain => Some((told.after, Stage::Evicted)),
            _ => None,
        },
        Stage::Unready if fault == Fault::NeverReady => None,
        Stage::Unready => Some((told.after, Stage::Ready)),
        // The first restart comes at once, later ones after a pause that doubles.
        Stage::Died if run.deaths < 2 => Some((200, Stage::Running)),
        Stage::Died => Some((50, Stage::BackOff)),
        Stage::BackOff => Some((status::pause(run.deaths), Stage::Running)),
        Stage::InitDied => Some((100, Stage::InitBackOff)),
        Stage::InitBackOff => Some((status::pause(run.deaths), Stage::InitDied)),
        Stage::Unschedulable | Stage::Waiting(_) | Stage::Evicted => None,
    }
}

/// The first init container of the kind that a fault is about.
fn init(pod: &Value, fault: Fault) -> Option<usize> {
    list(pod, "/spec/initContainers")
        .iter()
        .position(|container| (text(container, "/restartPolicy") == "Always") == (fault == Fault::SidecarCrash))
}

/// What a container wrote last.
pub(crate) fn log(state: &State, key: &Key, query: &Query) -> Result<String, Failure> {
    let pod = state.get(key).ok_or_else(|| Failure::not_found(Kind::Pod, &key.name))?;
    let asked = query.get("container");
    let container = if asked.is_empty() { text(&pod, "/spec/containers/0/name") } else { asked };
    let run = state.runs.get(text(&pod, "/metadata/uid"));
    let Some(run) = run.filter(|run| run.started > 0 || run.stage == Stage::InitBackOff) else {
        let why = format!("container \"{container}\" in pod \"{}\" is waiting to start: ContainerCreating", key.name);
        return Err(Failure::bad_request(why));
    };
    if query.is_true("previous") && run.deaths == 0 {
        let why = format!("previous terminated container \"{container}\" in pod \"{}\" not found", key.name);
        return Err(Failure::bad_request(why));
    }
    let mut lines = vec![format!("{} INFO  {container} starting", stamp(run.started))];
    lines.extend(last_words(run.behaviour.fault).iter().map(|line| format!("{} {line}", stamp(run.started))));
    let tail = query.number("tailLines").map_or(lines.len(), |tail| usize::try_from(tail).unwrap_or(usize::MAX));
    Ok(lines[lines.len().saturating_sub(tail)..].iter().map(|line| format!("{line}\n")).collect())
}

fn last_words(fault: Fault) -> &'static [&'static str] {
    match fault {
        Fault::Crash | Fault::CrashLate => {
            &["INFO  reading configuration", "ERROR could not start: environment variable DATABASE_URL is not set"]
        }
        Fault::OutOfMemory => &["INFO  listening on :8080", "WARN  heap at 97 % after loading 412000 rows"],
        Fault::Exit => &["INFO  nothing to do, bye"],
        Fault::InitCrash | Fault::SidecarCrash => {
            &["ERROR could not reach the configuration server: connection refused"]
        }
        Fault::StartError => &["ERROR exec /app/server: no such file or directory"],
        Fault::Flap => &["INFO  listening on :8080", "WARN  readiness: connection pool exhausted"],
        _ => &["INFO  listening on :8080"],
    }
}
