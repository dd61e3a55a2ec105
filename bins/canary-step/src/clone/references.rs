//! Which ConfigMaps and Secrets a template needs: without them its pods hang, and pruning one breaks a rollback.
use std::collections::BTreeMap;

use serde_json::Value;

/// What is referred to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReferenceKind {
    /// A ConfigMap.
    ConfigMap,
    /// A Secret; this tool never reads one.
    Secret,
}

/// An object that a template refers to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// What it is.
    pub kind: ReferenceKind,
    /// Its name.
    pub name: String,
    /// Whether the pods start without it too.
    pub optional: bool,
}

/// All of them, sorted, each once; needed once is needed.
pub fn references(template: &Value) -> Vec<Reference> {
    let mut found = Found::default();
    let pod = template.get("spec").unwrap_or(&Value::Null);
    for volume in list(pod, "volumes") {
        found.add(ReferenceKind::ConfigMap, volume.get("configMap"), "name");
        found.add(ReferenceKind::Secret, volume.get("secret"), "secretName");
        for source in volume.get("projected").map_or(&[][..], |projected| list(projected, "sources")) {
            found.add(ReferenceKind::ConfigMap, source.get("configMap"), "name");
            found.add(ReferenceKind::Secret, source.get("secret"), "name");
        }
    }
    for container in list(pod, "containers").iter().chain(list(pod, "initContainers")) {
        for from in list(container, "envFrom") {
            found.add(ReferenceKind::ConfigMap, from.get("configMapRef"), "name");
            found.add(ReferenceKind::Secret, from.get("secretRef"), "name");
        }
        for from in list(container, "env").iter().filter_map(|env| env.get("valueFrom")) {
            found.add(ReferenceKind::ConfigMap, from.get("configMapKeyRef"), "name");
            found.add(ReferenceKind::Secret, from.get("secretKeyRef"), "name");
        }
    }
    for secret in list(pod, "imagePullSecrets") {
        found.add(ReferenceKind::Secret, Some(secret), "name");
    }
    found.0.into_iter().map(|((kind, name), optional)| Reference { kind, name, optional }).collect()
}

#[derive(Default)]
struct Found(BTreeMap<(ReferenceKind, String), bool>);

impl Found {
    fn add(&mut self, kind: ReferenceKind, source: Option<&Value>, field: &str) {
        let Some(name) = source.and_then(|source| source.get(field)?.as_str()) else { return };
        let optional = source.and_then(|source| source.get("optional")).and_then(Value::as_bool).unwrap_or(false);
        let entry = self.0.entry((kind, name.to_owned())).or_insert(true);
        *entry &= optional;
    }
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value.get(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
