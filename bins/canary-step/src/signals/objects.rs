//! Signals of the objects above the pods: Deployment, ReplicaSet, and the guard Job.
use serde_json::Value;

use super::{Blame, Kind, Signal, condition, quoted, text, time};

/// The signals of a canary's Deployment, or of one that is being promoted. Conditions of an older generation say nothing.
pub fn deployment(service: &str, deployment: &Value) -> Vec<Signal> {
    let number = |pointer| deployment.pointer(pointer).and_then(Value::as_i64);
    if number("/status/observedGeneration") < number("/metadata/generation") {
        return Vec::new();
    }
    let late = condition(deployment, "Progressing", "False")
        .filter(|found| text(found, "/reason") == Some("ProgressDeadlineExceeded"))
        .map(|found| {
            let ready = number("/status/readyReplicas").unwrap_or(0);
            let wanted = number("/spec/replicas").unwrap_or(1);
            let seconds = number("/spec/progressDeadlineSeconds").unwrap_or(600);
            let text = format!("{ready} of {wanted} pods were ready, and none became so within {seconds} s");
            above(service, Kind::ProgressDeadlineExceeded, (Blame::Regression, text), found)
        });
    late.into_iter().chain(failure(service, deployment)).collect()
}

/// The signals of a canary's ReplicaSet: it says first that pods cannot be created.
pub fn replica_set(service: &str, set: &Value) -> Vec<Signal> {
    failure(service, set).into_iter().collect()
}

fn failure(service: &str, object: &Value) -> Option<Signal> {
    let found = condition(object, "ReplicaFailure", "True")?;
    let message = text(found, "/message").unwrap_or_default();
    // A full quota is nobody's regression; a refused manifest is.
    let blame = match message.contains("exceeded quota") {
        true => Blame::Infrastructure,
        false => Blame::Regression,
    };
    let text = format!("pods could not be created: {}", quoted(message));
    Some(above(service, Kind::ReplicaFailure, (blame, text), found))
}

/// What the dead-man switch says: it must be the one that was made, neither failed, nor finished, nor being deleted.
///
/// A patch of its deadline succeeds on a failed one too, so its conditions are what counts.
pub fn guard(job: Option<&Value>, uid: &str) -> Option<Signal> {
    let lost = |text: String, at: Option<&Value>| {
        let nothing = Value::Null;
        Some(above("", Kind::GuardLost, (Blame::Infrastructure, text), at.unwrap_or(&nothing)))
    };
    let Some(job) = job else { return lost("the dead-man switch is gone, and the canaries with it".to_owned(), None) };
    if text(job, "/metadata/uid") != Some(uid) {
        return lost("another Job stands where the dead-man switch was".to_owned(), None);
    }
    if job.pointer("/metadata/deletionTimestamp").is_some() {
        return lost("the dead-man switch is being deleted".to_owned(), None);
    }
    let ended = ["Failed", "FailureTarget", "Complete", "SuccessCriteriaMet", "Suspended"];
    let found = ended.iter().find_map(|name| condition(job, name, "True"))?;
    let why = text(found, "/reason").unwrap_or_default();
    lost(format!("the dead-man switch fell: {} ({why})", text(found, "/type").unwrap_or_default()), Some(found))
}

fn above(service: &str, kind: Kind, (blame, text): (Blame, String), condition: &Value) -> Signal {
    Signal {
        kind,
        blame,
        service: service.to_owned(),
        pod: None,
        container: None,
        since: time(condition, "/lastTransitionTime"),
        text,
        last_log_lines: Vec::new(),
        log: None,
    }
}
