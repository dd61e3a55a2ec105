//! Labels that tell the canary's pods from stable's, wherever a selector of the target means its own pods.
use serde_json::{Map, Value, json};

use super::{CANARY, TRACK, marks, object};
use crate::names::ROLLOUT;

/// The labels of one rollout's canaries.
pub(crate) fn own(rollout: &str) -> Map<String, Value> {
    let mut labels = Map::new();
    labels.insert(TRACK.to_owned(), CANARY.into());
    labels.insert(ROLLOUT.to_owned(), rollout.into());
    labels
}

/// Puts the labels on selector and template, and into each affinity and spread selector that means the pods themselves.
pub(super) fn separate(spec: &mut Value, own: &Map<String, Value>, namespace: &str) {
    add(spec.get_mut("selector"), own);
    let Some(template) = spec.get_mut("template") else { return };
    let before = object(template).get("metadata").and_then(|m| m.get("labels")).cloned().unwrap_or_default();
    let metadata = object(object(template).entry("metadata").or_insert_with(|| json!({})));
    for marked in ["labels", "annotations"] {
        if let Some(entries) = metadata.get_mut(marked).and_then(Value::as_object_mut) {
            entries.retain(|key, _| !marks::of_template(key));
        }
    }
    object(metadata.entry("labels").or_insert_with(|| json!({}))).extend(own.clone());
    for term in terms(template, namespace) {
        if let Some(selector) = term.get_mut("labelSelector").filter(|selector| selects(selector, &before)) {
            add(Some(selector), own);
        }
    }
}

/// `matchLabels` of a selector.
fn add(selector: Option<&mut Value>, own: &Map<String, Value>) {
    let Some(selector) = selector else { return };
    object(object(selector).entry("matchLabels").or_insert_with(|| json!({}))).extend(own.clone());
}

/// Every affinity term and spread constraint that can mean pods of this namespace.
fn terms<'a>(template: &'a mut Value, namespace: &str) -> Vec<&'a mut Value> {
    let mut terms = Vec::new();
    let Some(Value::Object(pod)) = template.get_mut("spec") else { return terms };
    for (field, value) in pod {
        match field.as_str() {
            "topologySpreadConstraints" => terms.extend(value.as_array_mut().into_iter().flatten()),
            "affinity" => {
                let kinds = value.as_object_mut().into_iter().flatten();
                let kinds = kinds.filter(|(kind, _)| matches!(kind.as_str(), "podAffinity" | "podAntiAffinity"));
                let rules = kinds.filter_map(|(_, kind)| kind.as_object_mut()).flatten();
                let listed = rules.filter_map(|(_, list)| list.as_array_mut()).flatten();
                terms.extend(listed.map(|term| match term.get("podAffinityTerm") {
                    Some(_) => &mut term["podAffinityTerm"],
                    None => term,
                }));
            }
            _ => {}
        }
    }
    terms.retain(|term| here(term, namespace));
    terms
}

/// Whether a term means pods of this namespace only.
fn here(term: &Value, namespace: &str) -> bool {
    let named = term.get("namespaces").and_then(Value::as_array).filter(|list| !list.is_empty());
    let selected = term.get("namespaceSelector").is_some_and(|selector| !selector.is_null());
    !selected && named.is_none_or(|list| list.iter().all(|one| one.as_str() == Some(namespace)))
}

/// Whether a selector that says something selects these labels. One that is empty means every pod, not its own.
pub(crate) fn selects(selector: &Value, labels: &Value) -> bool {
    let equal = selector.get("matchLabels").and_then(Value::as_object);
    let rules = selector.get("matchExpressions").and_then(Value::as_array);
    let empty = equal.is_none_or(Map::is_empty) && rules.is_none_or(Vec::is_empty);
    let holds = |rule: &Value| {
        let value = rule.get("key").and_then(Value::as_str).and_then(|key| labels.get(key));
        let listed =
            || rule.get("values").and_then(Value::as_array).is_some_and(|list| value.is_some_and(|v| list.contains(v)));
        match rule.get("operator").and_then(Value::as_str) {
            Some("In") => listed(),
            Some("NotIn") => !listed(),
            Some("Exists") => value.is_some(),
            Some("DoesNotExist") => value.is_none(),
            _ => false,
        }
    };
    !empty
        && equal.is_none_or(|equal| equal.iter().all(|(key, value)| labels.get(key) == Some(value)))
        && rules.is_none_or(|rules| rules.iter().all(holds))
}
