//! The canary's manifest: what is kept, what is dropped, what tells its pods apart.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
use canary_step::clone::{Reference, ReferenceKind, Wanted, canary, container, name, references, with_image};
use canary_step::policy::Span;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const WANTED: Wanted<'_> = Wanted {
    namespace: "shop",
    rollout: "k3x9",
    replicas: 2,
    ready_within: Span::seconds(180),
    guard: ("canary-guard-shop-k3x9", "0b5e"),
};

/// A Deployment as a GitOps tool leaves it in a cluster.
fn target() -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "newTopLevel": {"kept": true},
        "metadata": {
            "name": "api", "namespace": "shop", "uid": "u", "resourceVersion": "7", "generation": 3,
            "creationTimestamp": "2026-01-01T00:00:00Z", "finalizers": ["x/y"], "managedFields": [{}],
            "ownerReferences": [{"apiVersion": "apps.example/v1", "kind": "App", "name": "a", "uid": "o"}],
            "labels": {
                "app": "api", "team": "shop", "applyset.kubernetes.io/part-of": "applyset-x", "app.kubernetes.io/instance": "shop",
                "app.kubernetes.io/managed-by": "Helm", "kustomize.toolkit.fluxcd.io/name": "shop", "helm.sh/chart": "api-1",
            },
            "annotations": {
                "kubectl.kubernetes.io/last-applied-configuration": "{}", "deployment.kubernetes.io/revision": "12",
                "autopilot.gke.io/resource-adjustment": "{}", "configsync.gke.io/managed": "enabled",
                "meta.helm.sh/release-name": "shop", "argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/api",
                "owner": "team-shop",
            },
        },
        "spec": {
            "replicas": 10, "paused": true, "minReadySeconds": 10, "revisionHistoryLimit": 3, "newField": [1, {"a": null}],
            "selector": {"matchLabels": {"app": "api"}},
            "template": {
                "metadata": {
                    "labels": {"app": "api", "app.kubernetes.io/instance": "shop", "applyset.kubernetes.io/part-of": "applyset-x"},
                    "annotations": {"checksum/config": "1", "autopilot.gke.io/x": "1"},
                },
                "spec": {
                    "newPodField": {"x": 1},
                    "containers": [{"name": "api", "image": "r/api@sha256:1", "futureField": 5}],
                    "topologySpreadConstraints": [
                        {"maxSkew": 1, "topologyKey": "zone", "labelSelector": {"matchLabels": {"app": "api"}}},
                        {"maxSkew": 1, "topologyKey": "zone"},
                    ],
                    "affinity": {
                        "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": []}},
                        "podAntiAffinity": {
                            "requiredDuringSchedulingIgnoredDuringExecution": [
                                {"topologyKey": "h", "labelSelector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["api"]}]}},
                                {"topologyKey": "h", "labelSelector": {"matchLabels": {"app": "noisy"}}},
                                {"topologyKey": "h", "namespaces": ["other"], "labelSelector": {"matchLabels": {"app": "api"}}},
                                {"topologyKey": "h", "labelSelector": {}},
                            ],
                            "preferredDuringSchedulingIgnoredDuringExecution": [
                                {"weight": 1, "podAffinityTerm": {"topologyKey": "h", "labelSelector": {"matchLabels": {"app": "api"}}}},
                            ],
                        },
                        "podAffinity": {
                            "requiredDuringSchedulingIgnoredDuringExecution": [
                                {"topologyKey": "h", "namespaceSelector": {}, "labelSelector": {"matchLabels": {"app": "api"}}},
                            ],
                        },
                    },
                },
            },
        },
        "status": {"replicas": 10},
    })
}

#[test]
fn a_canary_is_the_target_under_a_name_of_its_own() {
    let own = json!({"dataflow.dev/track": "canary", "dataflow.dev/rollout": "k3x9"});
    let made = canary(&target(), &WANTED).unwrap();
    assert_eq!(
        made["metadata"],
        json!({
            "name": "api-canary-k3x9", "namespace": "shop",
            "labels": {"app": "api", "team": "shop", "dataflow.dev/track": "canary", "dataflow.dev/rollout": "k3x9"},
            "ownerReferences": [{"apiVersion": "batch/v1", "kind": "Job", "name": "canary-guard-shop-k3x9", "uid": "0b5e"}],
            "annotations": {"owner": "team-shop"},
        })
    );
    assert_eq!(made.get("status"), None);
    assert_eq!(made["newTopLevel"], json!({"kept": true}));
    let spec = &made["spec"];
    assert_eq!((spec["replicas"].clone(), spec.get("paused")), (json!(2), None));
    assert_eq!(spec["progressDeadlineSeconds"], 190, "ready within 180 s, and 10 s of staying it");
    assert_eq!((&spec["newField"], &spec["revisionHistoryLimit"]), (&json!([1, {"a": null}]), &json!(3)));
    let with = |app: Value| -> Value {
        let mut all: Map<String, Value> = app.as_object().unwrap().clone();
        all.extend(own.as_object().unwrap().clone());
        all.into()
    };
    assert_eq!(spec["selector"]["matchLabels"], with(json!({"app": "api"})));
    let template = &spec["template"];
    let labels = with(json!({"app": "api", "app.kubernetes.io/instance": "shop"}));
    assert_eq!(template["metadata"], json!({"labels": labels, "annotations": {"checksum/config": "1"}}));
    assert_eq!(template["spec"]["newPodField"], json!({"x": 1}));
    assert_eq!(template["spec"]["containers"], target()["spec"]["template"]["spec"]["containers"]);
}

#[test]
fn only_selectors_of_its_own_pods_are_narrowed() {
    let made = canary(&target(), &WANTED).unwrap();
    let pod = &made["spec"]["template"]["spec"];
    let narrowed = |pointer: &str| pod.pointer(pointer).unwrap().to_string().contains("dataflow.dev/rollout");
    let anti = "/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution";
    for (pointer, expected) in [
        ("/topologySpreadConstraints/0".to_owned(), true),
        ("/topologySpreadConstraints/1".to_owned(), false),
        (format!("{anti}/0"), true),
        (format!("{anti}/1"), false),
        (format!("{anti}/2"), false),
        (format!("{anti}/3"), false),
        ("/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/0".to_owned(), true),
        ("/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/0".to_owned(), false),
        ("/affinity/nodeAffinity".to_owned(), false),
    ] {
        assert_eq!(narrowed(&pointer), expected, "{pointer}");
    }
}

#[test]
fn names_fit_and_stay_apart() {
    assert_eq!(name("api", "k3x9"), "api-canary-k3x9");
    let (one, two) = (name(&format!("{}-a", "x".repeat(60)), "k3x9"), name(&format!("{}-b", "x".repeat(60)), "k3x9"));
    assert!(one.len() <= 63 && two.len() <= 63, "{one} {two}");
    assert_ne!(one, two);
    assert!(one.ends_with("-k3x9"), "{one}");
}

#[test]
fn what_is_missing_is_named() {
    for (field, problem) in [
        ("metadata", "the target has no metadata.name"),
        ("spec", "the target of `api` has no spec"),
        ("selector", "the target of `api` has no spec.selector"),
        ("template", "the target of `api` has no spec.template"),
    ] {
        let mut target = target();
        if let Some(spec) = target["spec"].as_object_mut() {
            spec.remove(field);
        }
        target.as_object_mut().unwrap().remove(field);
        assert_eq!(canary(&target, &WANTED).unwrap_err(), problem);
    }
}

#[test]
fn the_container_is_the_named_one() {
    let template =
        |names: &[&str]| json!({"spec": {"containers": names.iter().map(|n| json!({"name": n})).collect::<Vec<_>>()}});
    assert_eq!(container(&template(&["app"]), None, "api"), Ok("app".to_owned()));
    assert_eq!(container(&template(&["log", "api"]), None, "api"), Ok("api".to_owned()));
    assert_eq!(container(&template(&["log", "app"]), Some("app"), "api"), Ok("app".to_owned()));
    assert_eq!(
        container(&template(&["log", "app"]), None, "api"),
        Err("`api` has the containers log, app, and none is named as it is".to_owned())
    );
    assert_eq!(
        container(&template(&["log"]), Some("app"), "api"),
        Err("`api` has no container `app`; it has log".to_owned())
    );
    let changed = with_image(&target(), "api", "r/api@sha256:2");
    let mut expected = target();
    expected["spec"]["template"]["spec"]["containers"][0]["image"] = json!("r/api@sha256:2");
    assert_eq!(changed, expected);
}

#[test]
fn references_are_found_wherever_a_template_has_them() {
    let template = json!({"spec": {
        "imagePullSecrets": [{"name": "pull"}],
        "volumes": [
            {"name": "a", "configMap": {"name": "files", "optional": true}},
            {"name": "b", "secret": {"secretName": "tls"}},
            {"name": "c", "projected": {"sources": [{"configMap": {"name": "ca"}}, {"secret": {"name": "token", "optional": true}}]}},
        ],
        "initContainers": [{"name": "i", "envFrom": [{"configMapRef": {"name": "files"}}]}],
        "containers": [{"name": "c", "env": [
            {"name": "x", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "k"}}},
            {"name": "y", "valueFrom": {"secretKeyRef": {"name": "db", "key": "k"}}},
            {"name": "z", "value": "plain"},
        ], "envFrom": [{"secretRef": {"name": "db", "optional": true}}]}],
    }});
    let expected: Vec<Reference> = [
        (ReferenceKind::ConfigMap, "ca", false),
        (ReferenceKind::ConfigMap, "files", false),
        (ReferenceKind::ConfigMap, "settings", false),
        (ReferenceKind::Secret, "db", false),
        (ReferenceKind::Secret, "pull", false),
        (ReferenceKind::Secret, "tls", false),
        (ReferenceKind::Secret, "token", true),
    ]
    .map(|(kind, name, optional)| Reference { kind, name: name.to_owned(), optional })
    .into();
    assert_eq!(references(&template), expected);
}

/// JSON of any shape, with the field names that the clone looks at among its keys.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z]{0,6}".prop_map(Value::from),
    ];
    let keys = "metadata|spec|selector|template|labels|matchLabels|matchExpressions|affinity|podAntiAffinity|podAffinity|name|labelSelector|podAffinityTerm|topologySpreadConstraints|namespaces|containers|app|[a-z]{1,4}";
    leaf.prop_recursive(8, 80, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(keys, inner, 0..6)
                .prop_map(|map| Value::from(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_is_cloned_or_refused(mut target in json(), spec in json()) {
        let _ = (canary(&target, &WANTED), references(&target), container(&target, None, "x"), with_image(&target, "x", "y"));
        if let Some(map) = target.as_object_mut() {
            map.insert("metadata".to_owned(), json!({"name": "api"}));
            map.insert("spec".to_owned(), spec);
            let _ = canary(&target, &WANTED);
        }
    }

    /// Whatever labels the target has, its canary's pods are its own and no other's, and whatever else the spec has is kept.
    #[test]
    fn selectors_and_templates_agree(
        labels in proptest::collection::btree_map("[a-z./]{1,9}", "[a-z]{0,5}", 0..4),
        extra in json(),
    ) {
        let mut target = target();
        target["spec"]["selector"]["matchLabels"] = json!(labels);
        target["spec"]["template"]["metadata"]["labels"] = json!(labels);
        target["spec"]["zz"] = extra.clone();
        target["spec"]["template"]["spec"]["zz"] = extra.clone();
        let made = canary(&target, &WANTED).unwrap();
        prop_assert_eq!(&made["spec"]["selector"]["matchLabels"], &made["spec"]["template"]["metadata"]["labels"]);
        prop_assert_eq!(&made["spec"]["template"]["metadata"]["labels"]["dataflow.dev/rollout"], "k3x9");
        prop_assert_eq!((&made["spec"]["zz"], &made["spec"]["template"]["spec"]["zz"]), (&extra, &extra));
    }

    #[test]
    fn every_name_is_one_that_kubernetes_takes(deployment in "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", rollout in "[a-z0-9]{1,10}") {
        let name = name(&deployment, &rollout);
        prop_assert!(name.len() <= 63 && name.ends_with(&rollout), "{}", name);
        prop_assert!(!name.starts_with('-'), "{}", name);
    }
}
