//! What stands in the way of a rollout: one healthy service, and each row changes something about it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod table;

use canary_step::policy::Policy;
use canary_step::preflight::{Facts, NEEDED, Right, ServiceFacts, findings, missing};
use serde_json::{Value, json};

/// A namespace in which nothing is wrong: ten ready pods behind a Service.
fn base() -> Value {
    let deployment = |image: &str| {
        json!({
            "metadata": {"name": "api", "generation": 4},
            "spec": {
                "replicas": 10, "selector": {"matchLabels": {"app": "api"}},
                "template": {
                    "metadata": {"labels": {"app": "api"}},
                    "spec": {"containers": [{"name": "api", "image": image, "resources": {"requests": {"cpu": "500m", "memory": "256Mi"}}}]},
                },
            },
            "status": {"observedGeneration": 4, "replicas": 10, "readyReplicas": 10, "updatedReplicas": 10},
        })
    };
    json!({
        "policy": {"services": ["api"], "steps": [{"weight": 20, "observe": "5m"}]},
        "stable": deployment("r/api@sha256:1"), "target": deployment("r/api@sha256:2"),
        "autoscalers": [], "budgets": [], "networkPolicies": [], "quotas": [], "configMaps": [],
        "endpoints": [{"metadata": {"name": "api"}, "spec": {"selector": {"app": "api"}, "clusterIP": "10.0.0.1"}}],
        "leftovers": [], "unfinished": null, "missingRights": [],
    })
}

/// The base with what a row says of some pointers; null takes a field away.
fn changed(row: &Value) -> Value {
    let mut world = base();
    for (pointer, value) in row["change"].as_object().unwrap() {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = world.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer}")).as_object_mut().unwrap();
        match value {
            Value::Null => drop(parent.remove(key)),
            value => drop(parent.insert(key.to_owned(), value.clone())),
        }
    }
    world
}

fn found(world: &Value) -> Value {
    let policy = Policy::read(&world["policy"].to_string(), &[]).unwrap();
    let list = |name: &str| world.get(name).and_then(Value::as_array).cloned();
    let texts = |name: &str| list(name).map(|l| l.iter().map(|v| v.as_str().unwrap().to_owned()).collect());
    let right = |value: &Value| serde_json::from_value::<Right>(value.clone()).unwrap();
    let some = |name: &str| world.get(name).filter(|value| !value.is_null()).cloned();
    let facts = Facts {
        namespace: "shop".to_owned(),
        services: vec![ServiceFacts { name: "api".to_owned(), stable: some("stable"), target: some("target") }],
        autoscalers: list("autoscalers"),
        budgets: list("budgets"),
        network_policies: list("networkPolicies"),
        endpoints: list("endpoints"),
        quotas: list("quotas"),
        config_maps: texts("configMaps"),
        missing_rights: list("missingRights").unwrap().iter().map(right).collect(),
        leftovers: texts("leftovers").unwrap(),
        unfinished: some("unfinished").map(|value| serde_json::from_value(value).unwrap()),
    };
    let shown = |finding: canary_step::preflight::Finding| {
        let severity = serde_json::to_value(finding.severity).unwrap();
        let about = if finding.service.is_empty() { "" } else { "api: " };
        Value::from(format!(
            "{} {} — {about}{} [{}]",
            severity.as_str().unwrap(),
            finding.code,
            finding.text,
            finding.remedy
        ))
    };
    // Said of each Service, and of no use in every row.
    let always = |finding: &canary_step::preflight::Finding| finding.code == "keep-alive";
    findings(&policy, &facts).into_iter().filter(|finding| !always(finding)).map(shown).collect()
}

#[test]
fn every_row_of_the_fixture() {
    table::check("preflight", |row| found(&changed(row)));
}

#[test]
fn rights_are_read_from_a_rules_review() {
    let rule = |group: &str, resource: &str, verbs: &[&str]| json!({"apiGroups": [group], "resources": [resource], "verbs": verbs});
    let all: Vec<Value> = NEEDED.iter().map(|(group, resource, verbs)| rule(group, resource, verbs)).collect();
    let review =
        |rules: Value| json!({"status": {"incomplete": false, "resourceRules": rules, "nonResourceRules": []}});
    let lost =
        |review: &Value| missing(review).iter().map(|r| format!("{} {}", r.verb, r.resource)).collect::<Vec<_>>();
    assert_eq!(lost(&review(json!(all))), Vec::<String>::new());
    assert_eq!(lost(&review(json!([rule("*", "*", &["*"])]))), Vec::<String>::new());
    for (at, (_, resource, verbs)) in NEEDED.iter().enumerate() {
        let mut fewer = all.clone();
        fewer.remove(at);
        let expected: Vec<String> = verbs.iter().map(|verb| format!("{verb} {resource}")).collect();
        assert_eq!(lost(&review(json!(fewer))), expected);
        fewer.insert(at, json!({"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"], "resourceNames": ["one"]}));
        assert_eq!(lost(&review(json!(fewer))), expected, "a rule for one name");
    }
    let mut unknown = review(json!([]));
    unknown["status"]["incomplete"] = json!(true);
    assert_eq!((lost(&unknown), lost(&json!({}))), (vec![], vec![]));
}

#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    assert_eq!(found(&base()), json!([]));
}
