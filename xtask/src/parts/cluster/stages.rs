//! What pods go through: ready at once, or a fault that the label `sim.dataflow.dev/fault` asks for.
//!
//! Among stages that match, kwok takes one at random, so each says exactly when it is due. A label put on a running pod
//! plays the fault on it, and taking it off lets the pod recover.
use serde_json::{Value, json};

/// The label that names a fault.
const FAULT: &str = "sim.dataflow.dev/fault";

/// What a pod looks like after a stage.
struct Look {
    phase: &'static str,
    /// Whether the pod is ready, or else why not.
    ready: Result<(), &'static str>,
    /// The status of each container without its name and image, as YAML.
    container: String,
    /// The same of containers that come before them; those that only initialise have ended well unless it says otherwise.
    init: Option<String>,
    /// More of the status, as YAML.
    more: &'static str,
}

/// Every stage.
pub(super) fn all() -> Vec<Value> {
    let mut stages = recovering();
    stages.extend(waiting_for_ever());
    stages.extend(ending());
    stages.extend(unready());
    stages.extend(initialising());
    stages.extend(gone());
    stages
}

/// A pod without a fault becomes ready, whatever it was before; after as many seconds as an annotation says.
fn recovering() -> Vec<Value> {
    let slow = ".metadata.annotations[\"sim.dataflow.dev/start-seconds\"]";
    let unready = "([.status.conditions[]? | select(.type == \"Ready\") | .status][0] // \"False\") != \"True\"";
    let lives = format!("{unready} and (.status.phase | IN(\"Pending\", \"Running\"))");
    let first = format!("{slow} != null and ([.status.containerStatuses[]?] | length) == 0");
    let started = named("pod-started", stage("", &format!("{lives} and {first}"), 0, &running()));
    let ready = Look { ready: Ok(()), ..running() };
    let mut ready = stage("", &format!("{lives} and ({first} | not)"), 0, &ready);
    ready["spec"]["delay"]["durationFrom"] = json!({"expressionFrom": format!("{slow} // \"0\" | . + \"s\"")});
    vec![started, ready]
}

/// Containers that never get as far as running.
fn waiting_for_ever() -> Vec<Value> {
    let look = |reason, message| Look { phase: "Pending", container: waits(reason, message, 0, "{}"), ..running() };
    let waiting = [
        ("create-error", "CreateContainerError", "no command specified"),
        ("config-error", "CreateContainerConfigError", "configmap \"settings\" not found"),
        ("run-error", "RunContainerError", "exec: \"/app\": no such file or directory"),
        ("invalid-image", "InvalidImageName", "couldn't parse image name"),
        ("never-pull", "ErrImageNeverPull", "image is not present with pull policy of Never"),
    ];
    let waiting = waiting.map(|(fault, reason, message)| stage(fault, &not_yet(reason), 0, &look(reason, message)));
    let pulls = [
        ("bad-image", "manifest unknown: not found"),
        ("denied-image", "pull access denied, repository does not exist or may require authorization"),
        ("pull-timeout", "dial tcp: i/o timeout"),
    ];
    let pulls = pulls.map(|(fault, message)| {
        let first = format!("{} and {}", not_yet("ErrImagePull"), not_yet("ImagePullBackOff"));
        let then = format!("({} | not)", not_yet("ErrImagePull"));
        let back_off = stage(fault, &then, 300, &look("ImagePullBackOff", "Back-off pulling image"));
        [stage(fault, &first, 0, &look("ErrImagePull", message)), named(&format!("pod-{fault}-back-off"), back_off)]
    });
    waiting.into_iter().chain(pulls.into_iter().flatten()).collect()
}

/// Containers that run and end, again and again: first they end, then they wait to be started again.
fn ending() -> Vec<Value> {
    let ends = [("crash", 1, "Error"), ("oom", 137, "OOMKilled"), ("exit", 0, "Completed")];
    let both = ends.map(|(fault, code, reason)| {
        let state = ended(code, reason);
        let first = Look { container: container(false, 0, &state, "{}"), ..running() };
        let message = "back-off 10s restarting failed container";
        let then = Look { container: waits("CrashLoopBackOff", message, 1, &state), ..running() };
        let now = format!("([.status.containerStatuses[]?.state.terminated.reason] | index(\"{reason}\")) != null");
        let due = format!("({now} | not) and {}", not_yet("CrashLoopBackOff"));
        let mut back_off = named(&format!("pod-{fault}-back-off"), stage(fault, &now, 300, &then));
        back_off["spec"]["next"]["event"] =
            json!({"type": "Warning", "reason": "BackOff", "message": "Back-off restarting failed container"});
        [stage(fault, &due, 0, &first), back_off]
    });
    both.into_iter().flatten().collect()
}

/// Containers that run and do not answer: for ever, or every other second.
fn unready() -> Vec<Value> {
    let ready =
        |status: &str| format!("([.status.conditions[]? | select(.type == \"Ready\") | .status][0]) == \"{status}\"");
    let lives = format!("{} | not", ready("False"));
    let flaps = named("pod-flap-ready", stage("flap", &ready("False"), 700, &Look { ready: Ok(()), ..running() }));
    vec![stage("never-ready", &lives, 0, &running()), stage("flap", &lives, 700, &running()), flaps]
}

/// A container that has to end well before the others start, and does not.
fn initialising() -> Vec<Value> {
    let state = ended(1, "Error");
    let message = "back-off 10s restarting failed container";
    let look = Look {
        phase: "Pending",
        ready: Err("ContainersNotInitialized"),
        container: waits("PodInitializing", "", 0, "{}"),
        init: Some(waits("CrashLoopBackOff", message, 1, &state)),
        ..running()
    };
    let due = "([.status.initContainerStatuses[]?.state.waiting.reason] | index(\"CrashLoopBackOff\")) == null";
    vec![stage("init-crash", due, 0, &look)]
}

/// Pods that the cluster took: for what the pod itself did, or for what it could do nothing about.
fn gone() -> Vec<Value> {
    let failed = || Look {
        phase: "Failed",
        ready: Err("PodFailed"),
        container: container(false, 0, &ended(137, "Error"), "{}"),
        ..running()
    };
    let evicted = Look {
        more: "reason: Evicted\nmessage: \"Pod ephemeral local storage usage exceeds the total limit\"",
        ..failed()
    };
    let disrupted = Look {
        more: "reason: Terminated\nmessage: \"Pod was terminated in response to imminent node shutdown.\"",
        ..failed()
    };
    let due = ".status.phase != \"Failed\"";
    vec![stage("evict", due, 0, &evicted), stage("drain", due, 0, &disrupted)]
}

fn running() -> Look {
    let state = "{running: {startedAt: {{ $now | Quote }}}}";
    Look {
        phase: "Running",
        ready: Err("ContainersNotReady"),
        container: container(true, 0, state, "{}"),
        init: None,
        more: "",
    }
}

fn waits(reason: &str, message: &str, restarts: u32, last: &str) -> String {
    container(false, restarts, &format!("{{waiting: {{reason: {reason}, message: {message:?}}}}}"), last)
}

fn ended(code: u8, reason: &str) -> String {
    let times = "startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}";
    format!("{{terminated: {{exitCode: {code}, reason: {reason}, {times}}}}}")
}

/// Restarts are counted on top of those that the pod has had; YAML, to be indented under its name.
fn container(started: bool, restarts: u32, state: &str, last: &str) -> String {
    let had = "(get $restarts .name | default 0 | int)";
    format!(
        "  started: {started}\n  restartCount: {{{{ add {had} {restarts} }}}}\n  state: {state}\n  lastState: {last}\n"
    )
}

fn not_yet(reason: &str) -> String {
    format!("(([.status.containerStatuses[]?.state.waiting.reason] | index(\"{reason}\")) == null)")
}

fn named(name: &str, mut stage: Value) -> Value {
    stage["metadata"]["name"] = json!(name);
    stage
}

/// A stage for pods with the fault (none: without any), due when the jq condition holds, after some milliseconds.
fn stage(fault: &str, due: &str, after: u64, look: &Look) -> Value {
    let fault_of = format!("(.metadata.labels[\"{FAULT}\"] // \"\")");
    let when = format!("if {fault_of} == \"{fault}\" and ({due}) then \"due\" else \"not\" end");
    json!({
        "apiVersion": "kwok.x-k8s.io/v1alpha1",
        "kind": "Stage",
        "metadata": {"name": format!("pod-{}", if fault.is_empty() { "ready" } else { fault })},
        "spec": {
            "resourceRef": {"apiGroup": "v1", "kind": "Pod"},
            "selector": {"matchExpressions": [
                {"key": ".metadata.deletionTimestamp", "operator": "DoesNotExist"},
                {"key": when, "operator": "In", "values": ["due"]},
            ]},
            "delay": {"durationMilliseconds": after},
            "next": {"statusTemplate": status(fault, look)},
        },
    })
}

/// The status as a template of kwok's; an address once given stays.
fn status(fault: &str, look: &Look) -> String {
    let init = look.init.clone().unwrap_or_else(|| initialised().to_owned());
    let conditions = conditions(fault, look);
    let (ready, phase, container, more) = (look.ready.is_ok(), look.phase, &look.container, look.more);
    format!(
        "{{{{ $now := Now }}}}
{{{{ $restarts := dict }}}}
{{{{ range .status.containerStatuses }}}}{{{{ $_ := set $restarts .name .restartCount }}}}{{{{ end }}}}
phase: {phase}
startTime: {{{{ or .status.startTime $now | Quote }}}}
{more}
conditions:
{conditions}
containerStatuses:
{{{{ range .spec.containers }}}}
- name: {{{{ .name | Quote }}}}
  image: {{{{ .image | Quote }}}}
  imageID: \"\"
  ready: {ready}
{container}
{{{{ end }}}}
initContainerStatuses:
{{{{ range .spec.initContainers }}}}
- name: {{{{ .name | Quote }}}}
  image: {{{{ .image | Quote }}}}
  imageID: \"\"
{init}
{{{{ end }}}}
hostIP: {{{{ NodeIPWith .spec.nodeName | Quote }}}}
{{{{ $ip := or .status.podIP ( PodIPWith .spec.nodeName ( or .spec.hostNetwork false ) .metadata.uid .metadata.name .metadata.namespace ) }}}}
podIP: {{{{ $ip | Quote }}}}
podIPs: [{{ip: {{{{ $ip | Quote }}}}}}]
"
    )
}

/// How containers that initialise look in a pod whose others have started.
fn initialised() -> &'static str {
    "{{ if eq (or .restartPolicy \"\") \"Always\" }}
  ready: true
  started: true
  restartCount: 0
  state: {running: {startedAt: {{ $now | Quote }}}}
{{ else }}
  ready: true
  restartCount: 0
  state: {terminated: {exitCode: 0, reason: Completed, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}}}
{{ end }}"
}

fn conditions(fault: &str, look: &Look) -> String {
    let one = |kind: &str, holds: bool, why: &str| {
        let (status, why) = (
            if holds { "True" } else { "False" },
            if why.is_empty() { String::new() } else { format!(", reason: {why}") },
        );
        format!("- {{type: {kind}, status: {status:?}, lastTransitionTime: {{{{ $now | Quote }}}}{why}}}\n")
    };
    let (ready, why) = (look.ready.is_ok(), look.ready.err().unwrap_or_default());
    let mut all = one("PodScheduled", true, "");
    all += &one("Initialized", look.init.is_none(), if look.init.is_none() { "" } else { why });
    all += &one("ContainersReady", ready, why);
    all += &one("Ready", ready, why);
    if fault == "drain" {
        all += &one("DisruptionTarget", true, "TerminationByKubelet");
    }
    let gates = "{{ range .spec.readinessGates }}\n- {type: {{ .conditionType | Quote }}, status: \"True\", lastTransitionTime: {{ $now | Quote }}}\n{{ end }}\n";
    all + gates
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_stage_has_a_name_of_its_own_and_leaves_deleted_pods_alone() {
        let stages = all();
        let names: BTreeSet<&str> = stages.iter().filter_map(|stage| stage["metadata"]["name"].as_str()).collect();
        assert_eq!(names.len(), stages.len(), "{names:?}");
        for stage in &stages {
            let first = &stage["spec"]["selector"]["matchExpressions"][0];
            assert_eq!(first["key"], ".metadata.deletionTimestamp", "{stage}");
        }
    }
}
