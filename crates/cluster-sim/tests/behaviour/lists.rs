//! Lists, and choosing by labels.
use serde_json::json;

use crate::ground::{CONFIGMAPS, Ground};
use crate::manifests::configmap;
use crate::reply::{name, text, version};
use crate::{Behaviour, seen};

pub(crate) fn all() -> Vec<Behaviour> {
    vec![seen(a_list_has_a_version_and_plain_items), seen(labels_choose), seen(a_bad_selector_is_refused)]
}

async fn a_list_has_a_version_and_plain_items(ground: Ground) {
    for name in ["b", "a", "c"] {
        ground.create(CONFIGMAPS, configmap(name, "1")).await;
    }
    let list = ground.get(&ground.all(CONFIGMAPS)).await.ok();
    assert_eq!((text(&list["kind"]), text(&list["apiVersion"])), ("ConfigMapList", "v1"));
    let items = list["items"].as_array().unwrap();
    // A real namespace holds the certificates of its cluster too.
    let names: Vec<&str> = items.iter().map(name).filter(|name| name.len() == 1).collect();
    assert_eq!(names, ["a", "b", "c"]);
    assert!(items.iter().all(|item| item["kind"].is_null() && item["apiVersion"].is_null()), "{list:#}");
    let number = |version: &str| version.parse::<u64>().unwrap();
    assert!(items.iter().all(|item| number(version(item)) <= number(version(&list))));
}

async fn labels_choose(ground: Ground) {
    let objects = [
        ("api-stable", json!({"app": "api", "track": "stable"})),
        ("api-canary", json!({"app": "api", "track": "canary"})),
        ("web", json!({"app": "web"})),
    ];
    for (name, labels) in objects {
        let mut object = configmap(name, "1");
        object["metadata"]["labels"] = labels;
        ground.create(CONFIGMAPS, object).await;
    }
    let chosen = [
        ("app=api", vec!["api-canary", "api-stable"]),
        ("app==api,track=canary", vec!["api-canary"]),
        ("app,track!=canary", vec!["api-stable", "web"]),
        ("app in (api, web),!track", vec!["web"]),
        ("track notin (canary),app", vec!["api-stable", "web"]),
        ("track", vec!["api-canary", "api-stable"]),
        ("app=none", vec![]),
    ];
    for (selector, expected) in chosen {
        let list = ground.list(CONFIGMAPS, selector).await;
        assert_eq!(list.iter().map(name).collect::<Vec<_>>(), expected, "{selector}");
    }
}

async fn a_bad_selector_is_refused(ground: Ground) {
    let path = format!("{}?labelSelector=app%3D%3D%3D", ground.all(CONFIGMAPS));
    ground.get(&path).await.refused(400, "BadRequest");
}
