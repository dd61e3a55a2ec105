//! Jobs without pods: a start, a deadline, an end, and the time after which nothing is left of them.

use serde_json::{Value, json};

use crate::clock::{parse, stamp};
use crate::json::{has, int, list, text};
use crate::kinds::Key;
use crate::state::{Happening, State};
use crate::write::{self, Deletion, Propagation};

pub(crate) fn reconcile(state: &mut State, key: &Key, job: &Value) {
    if has(job, "/metadata/deletionTimestamp") {
        return;
    }
    let now = state.clock.now();
    if let Some(failed) = list(job, "/status/conditions").iter().find(|held| text(held, "/type") == "Failed") {
        let since = parse(text(failed, "/lastTransitionTime")).unwrap_or(now);
        return end(state, key, job, since);
    }
    if job.pointer("/spec/suspend").is_some_and(|on| on == true) {
        state.change(key, |job| {
            crate::pods::condition(&mut job["status"], ("Suspended", true), ("JobSuspended", "Job suspended"), now);
        });
        return;
    }
    let start = text(job, "/status/startTime").to_owned();
    if start.is_empty() {
        state.change(key, |job| {
            job["status"]["startTime"] = json!(stamp(now));
            job["status"]["ready"] = json!(0);
            job["status"]["terminating"] = json!(0);
            job["status"]["uncountedTerminatedPods"] = json!({});
        });
        return;
    }
    let Some(seconds) = job.pointer("/spec/activeDeadlineSeconds").and_then(Value::as_i64) else { return };
    let deadline = parse(&start).unwrap_or(now).saturating_add(seconds.saturating_mul(1000));
    if now < deadline {
        return state.plan(deadline, Happening::Reconcile(key.clone()));
    }
    state.change(key, |job| {
        let why = ("DeadlineExceeded", "Job was active longer than specified deadline");
        crate::pods::condition(&mut job["status"], ("FailureTarget", true), why, now);
        crate::pods::condition(&mut job["status"], ("Failed", true), why, now);
    });
}

/// A finished Job goes when its time to live is over, its dependents with it.
fn end(state: &mut State, key: &Key, job: &Value, since: i64) {
    if !has(job, "/spec/ttlSecondsAfterFinished") {
        return;
    }
    let at = since + int(job, "/spec/ttlSecondsAfterFinished", 0) * 1000;
    if state.clock.now() < at {
        return state.plan(at, Happening::Reconcile(key.clone()));
    }
    let uid = Some(text(job, "/metadata/uid").to_owned());
    let how = Deletion { uid, propagation: Some(Propagation::Foreground), ..Deletion::default() };
    // It stands there: it was read above, under the same lock.
    drop(write::delete(state, key, &how));
}
