//! The dead-man switch: a Job without pods that owns every canary, and whose deadline is put off while a driver lives.
use serde_json::Value;

use super::{Step, View, alarm, object};
use crate::cluster::Kind;
use crate::names;
use crate::record::{Action, GuardRecord, Intent, ServerTime};

/// The deadline that it is made with, in seconds: long enough to be put off, short enough that one which nobody knows of goes by itself.
pub(crate) const FIRST: u64 = 120;
/// How far the deadline is put off while a driver lives, and when that is done again.
const LEASH: u64 = 300;
const AGAIN: u64 = 180;
/// How long the Job controller may take to start it: nothing of ours runs in it, so only a queue or a policy keeps it from starting.
const START: u64 = 30;

/// What there is to do so that canaries may be made and stay; `handover` also when this driver stops. None: nothing.
pub(super) fn keep(view: View<'_>, handover: bool) -> Option<Step> {
    let Some(job) = &view.world.guard else {
        let name = names::guard(&view.record.group, &view.record.rollout);
        return Some(Step::Do(Intent::new(Action::CreateGuard, ("", Kind::Job), &name)));
    };
    let now = view.world.now;
    let Some((started, deadline)) = times(job) else {
        let patience = created(job).map_or(now.0, |made| made.0) + START;
        if now.0 < patience {
            return Some(Step::Wait(Some(ServerTime(patience))));
        }
        let text =
            "the dead-man switch was not started within 30 s: a queue or a policy holds Jobs back in this namespace";
        return Some(Step::Abort(vec![alarm::reason(view, "", ("guard-not-started", text.to_owned()))]));
    };
    debug_assert!(started <= deadline, "a deadline is counted from the start");
    let (least, most) = match handover {
        true => (handover_of(view).saturating_sub(30).max(AGAIN), handover_of(view).max(LEASH)),
        false => (AGAIN, LEASH),
    };
    let short = deadline.0 < now.0 + least;
    short.then(|| Step::Do(Intent::on(Action::ExtendGuard, ("", Kind::Job), job).with(now.0 + most)))
}

fn handover_of(view: View<'_>) -> u64 {
    view.record.policy.timeouts.handover.as_secs()
}

/// When it was started and when it falls; none before the controller has started it.
pub(crate) fn times(job: &Value) -> Option<(ServerTime, ServerTime)> {
    let started = time(job, "/status/startTime")?;
    let seconds = job.pointer("/spec/activeDeadlineSeconds").and_then(Value::as_u64)?;
    Some((started, ServerTime(started.0 + seconds)))
}

/// What the record keeps of it.
pub(crate) fn known(job: &Value) -> GuardRecord {
    let times = times(job);
    GuardRecord {
        name: object::name(job).to_owned(),
        uid: object::uid(job).to_owned(),
        started: times.map(|(started, _)| started),
        deadline: times.map(|(_, deadline)| deadline),
    }
}

fn created(job: &Value) -> Option<ServerTime> {
    time(job, "/metadata/creationTimestamp")
}

fn time(object: &Value, pointer: &str) -> Option<ServerTime> {
    let time: jiff::Timestamp = object.pointer(pointer)?.as_str()?.parse().ok()?;
    u64::try_from(time.as_second()).ok().map(ServerTime)
}
