//! What a server fills in, and what it refuses, for the kinds that have a pod template and a few more.

use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::json::{has, int, list, text};
use crate::kinds::Kind;
use crate::selector::Selector;

/// The most bytes of a ConfigMap's data.
const MOST: usize = 1 << 20;

/// Fills in defaults as the server's versioned defaulting does.
pub(crate) fn fill(kind: Kind, object: &mut Value) {
    match kind {
        Kind::Deployment => {
            let spec = object["spec"].as_object_mut();
            if let Some(spec) = spec {
                // What is nothing is not written down.
                for (field, nothing) in [("minReadySeconds", json!(0)), ("paused", json!(false))] {
                    if spec.get(field) == Some(&nothing) {
                        spec.shift_remove(field);
                    }
                }
                or(spec, "replicas", json!(1));
                or(spec, "revisionHistoryLimit", json!(10));
                or(spec, "progressDeadlineSeconds", json!(600));
                or(spec, "strategy", json!({}));
                strategy(&mut spec["strategy"]);
            }
            pod(object.pointer_mut("/spec/template/spec"), "Always");
        }
        Kind::ReplicaSet => {
            if let Some(spec) = object["spec"].as_object_mut() {
                or(spec, "replicas", json!(1));
            }
            pod(object.pointer_mut("/spec/template/spec"), "Always");
        }
        Kind::Job => job(object),
        Kind::Pod => pod(object.pointer_mut("/spec"), "Always"),
        Kind::HorizontalPodAutoscaler => {
            if let Some(spec) = object["spec"].as_object_mut() {
                or(spec, "minReplicas", json!(1));
            }
        }
        Kind::Service => {
            if let Some(spec) = object["spec"].as_object_mut() {
                or(spec, "type", json!("ClusterIP"));
                or(spec, "sessionAffinity", json!("None"));
                ports(spec.get_mut("ports"));
            }
        }
        Kind::Namespace => object["status"] = json!({ "phase": "Active" }),
        _ => {}
    }
}

fn or(map: &mut Map<String, Value>, key: &str, value: Value) {
    if map.get(key).is_none_or(Value::is_null) {
        map.insert(key.to_owned(), value);
    }
}

fn strategy(strategy: &mut Value) {
    let Some(map) = strategy.as_object_mut() else { return };
    or(map, "type", json!("RollingUpdate"));
    if map["type"] == "RollingUpdate" {
        or(map, "rollingUpdate", json!({}));
        if let Some(rolling) = map["rollingUpdate"].as_object_mut() {
            or(rolling, "maxUnavailable", json!("25%"));
            or(rolling, "maxSurge", json!("25%"));
        }
    }
}

fn job(object: &mut Value) {
    let uid = text(object, "/metadata/uid").to_owned();
    let name = text(object, "/metadata/name").to_owned();
    let Some(spec) = object["spec"].as_object_mut() else { return };
    for (key, value) in [
        ("parallelism", json!(1)),
        ("completions", json!(1)),
        ("backoffLimit", json!(6)),
        ("completionMode", json!("NonIndexed")),
        ("suspend", json!(false)),
        ("podReplacementPolicy", json!("TerminatingOrFailed")),
        ("manualSelector", json!(false)),
    ] {
        or(spec, key, value);
    }
    // `manualSelector: false` is not stored, but tells that the labels are the server's to make.
    if spec.shift_remove("manualSelector") == Some(json!(false)) && !uid.is_empty() {
        or(spec, "selector", json!({ "matchLabels": { "batch.kubernetes.io/controller-uid": uid } }));
        let template = &mut spec["template"];
        let metadata = crate::json::child(template, "metadata");
        let labels = metadata.entry("labels").or_insert_with(|| json!({}));
        for (key, value) in [
            ("batch.kubernetes.io/controller-uid", &uid),
            ("batch.kubernetes.io/job-name", &name),
            ("controller-uid", &uid),
            ("job-name", &name),
        ] {
            labels[key] = json!(value);
        }
    }
    pod(object.pointer_mut("/spec/template/spec"), "Always");
}

fn pod(spec: Option<&mut Value>, restart: &str) {
    let Some(spec) = spec.and_then(Value::as_object_mut) else { return };
    or(spec, "restartPolicy", json!(restart));
    or(spec, "terminationGracePeriodSeconds", json!(30));
    or(spec, "dnsPolicy", json!("ClusterFirst"));
    or(spec, "securityContext", json!({}));
    or(spec, "schedulerName", json!("default-scheduler"));
    for key in ["containers", "initContainers"] {
        for container in spec.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten() {
            self::container(container);
        }
    }
}

fn container(container: &mut Value) {
    let latest = latest(text(container, "/image"));
    let Some(map) = container.as_object_mut() else { return };
    or(map, "resources", json!({}));
    or(map, "terminationMessagePath", json!("/dev/termination-log"));
    or(map, "terminationMessagePolicy", json!("File"));
    or(map, "imagePullPolicy", json!(if latest { "Always" } else { "IfNotPresent" }));
    ports(map.get_mut("ports"));
    for probe in ["readinessProbe", "livenessProbe", "startupProbe"] {
        if let Some(probe) = map.get_mut(probe).and_then(Value::as_object_mut) {
            or(probe, "timeoutSeconds", json!(1));
            or(probe, "periodSeconds", json!(10));
            or(probe, "successThreshold", json!(1));
            or(probe, "failureThreshold", json!(3));
            if let Some(get) = probe.get_mut("httpGet").and_then(Value::as_object_mut) {
                or(get, "path", json!("/"));
                or(get, "scheme", json!("HTTP"));
            }
        }
    }
}

fn ports(ports: Option<&mut Value>) {
    for port in ports.and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(port) = port.as_object_mut() {
            or(port, "protocol", json!("TCP"));
        }
    }
}

/// Whether an image has no tag, or the one that moves.
fn latest(image: &str) -> bool {
    let last = image.rsplit('/').next().unwrap_or(image);
    !image.contains('@') && last.split_once(':').is_none_or(|(_, tag)| tag == "latest")
}

/// Refuses what a server would refuse, as far as our callers could get there; `before` for an update.
pub(crate) fn check(kind: Kind, object: &Value, before: Option<&Value>) -> Result<(), Failure> {
    let name = text(object, "/metadata/name");
    let invalid = |field: &str, why: &str| Err(Failure::invalid(kind, name, field, why));
    if let Some((field, value, why)) = bad_name(kind, object) {
        return invalid(&field, &format!("Invalid value: {value:?}: {why}"));
    }
    if kind == Kind::ConfigMap {
        let sizes = ["data", "binaryData"].iter().filter_map(|field| object.get(*field)?.as_object());
        let size: usize = sizes.flatten().map(|(key, value)| key.len() + value.as_str().map_or(0, str::len)).sum();
        return if size > MOST {
            invalid("[]", &format!("Too long: may not be more than {MOST} bytes"))
        } else {
            Ok(())
        };
    }
    if kind == Kind::Job {
        // A Job's template cannot change, and pods of Jobs do not exist here.
        if int(object, "/spec/parallelism", 1) != 0 && !object.pointer("/spec/suspend").is_some_and(|on| on == true) {
            return Err(Failure::lacking("Jobs that run pods: only parallelism 0"));
        }
        if before.is_some_and(|before| before["spec"]["template"] != object["spec"]["template"]) {
            return invalid("spec.template", "Invalid value: field is immutable");
        }
        return positive(object, "/spec/activeDeadlineSeconds")
            .map_or(Ok(()), |why| invalid("spec.activeDeadlineSeconds", &why));
    }
    if !matches!(kind, Kind::Deployment | Kind::ReplicaSet) {
        return Ok(());
    }
    if text(object, "/spec/strategy/type") == "Recreate" {
        return Err(Failure::lacking("strategy Recreate"));
    }
    if int(object, "/spec/replicas", 1) < 0 {
        let why = format!("Invalid value: {}: must be greater than or equal to 0", int(object, "/spec/replicas", 1));
        return invalid("spec.replicas", &why);
    }
    let Some(selector) = Selector::of_spec(object.pointer("/spec/selector")).filter(|all| all.keys().next().is_some())
    else {
        return invalid("spec.selector", "Required value");
    };
    if before.is_some_and(|before| before["spec"]["selector"] != object["spec"]["selector"]) {
        return invalid("spec.selector", "Invalid value: field is immutable");
    }
    if !selector.selects(&object["spec"]["template"]) {
        return invalid("spec.template.metadata.labels", "Invalid value: `selector` does not match template `labels`");
    }
    template(kind, object)
}

fn template(kind: Kind, object: &Value) -> Result<(), Failure> {
    let name = text(object, "/metadata/name");
    let containers = list(object, "/spec/template/spec/containers");
    if containers.is_empty() {
        return Err(Failure::invalid(kind, name, "spec.template.spec.containers", "Required value"));
    }
    for (index, container) in containers.iter().enumerate() {
        if text(container, "/image").is_empty() {
            let field = format!("spec.template.spec.containers[{index}].image");
            return Err(Failure::invalid(kind, name, &field, "Required value"));
        }
    }
    let unavailable = object.pointer("/spec/strategy/rollingUpdate/maxUnavailable");
    let surge = object.pointer("/spec/strategy/rollingUpdate/maxSurge");
    let zero = |value: Option<&Value>| value.is_some_and(|value| value == 0 || value == "0%");
    if zero(unavailable) && zero(surge) {
        let why = "Invalid value: 0: may not be 0 when `maxSurge` is 0";
        return Err(Failure::invalid(kind, name, "spec.strategy.rollingUpdate.maxUnavailable", why));
    }
    let deadline = int(object, "/spec/progressDeadlineSeconds", i64::MAX);
    if kind == Kind::Deployment
        && has(object, "/spec/progressDeadlineSeconds")
        && deadline <= int(object, "/spec/minReadySeconds", 0)
    {
        let why = format!("Invalid value: {deadline}: must be greater than minReadySeconds");
        return Err(Failure::invalid(kind, name, "spec.progressDeadlineSeconds", &why));
    }
    Ok(())
}

fn positive(object: &Value, pointer: &str) -> Option<String> {
    let number = int(object, pointer, 0);
    (number < 0).then(|| format!("Invalid value: {number}: must be greater than or equal to 0"))
}

/// A name or label value that is too long or has wrong signs: its field, itself, why.
fn bad_name(kind: Kind, object: &Value) -> Option<(String, String, String)> {
    let name = text(object, "/metadata/name");
    let longest = if kind == Kind::Namespace || kind == Kind::Service { 63 } else { 253 };
    let fits = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b"-.".contains(&c);
    let ends = |c: Option<u8>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if name.len() > longest || !name.bytes().all(fits) || !ends(name.bytes().next()) || !ends(name.bytes().last()) {
        let why = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
        return Some(("metadata.name".to_owned(), name.to_owned(), why.to_owned()));
    }
    let pointers = ["/metadata/labels", "/spec/template/metadata/labels"];
    let labels = pointers.iter().filter_map(|pointer| Some((pointer, object.pointer(pointer)?.as_object()?)));
    for (pointer, labels) in labels {
        for value in labels.values() {
            let value = value.as_str().unwrap_or("?!");
            if value.len() > 63 || !value.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_.".contains(&c)) {
                let field = pointer.trim_start_matches('/').replace('/', ".");
                let why = if value.len() > 63 {
                    "must be no more than 63 bytes"
                } else {
                    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.'"
                };
                return Some((field, value.to_owned(), why.to_owned()));
            }
        }
    }
    None
}
