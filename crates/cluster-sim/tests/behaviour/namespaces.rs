//! Namespaces: what is in one goes with it.
use http::Method;
use serde_json::json;

use crate::ground::{CONFIGMAPS, DEPLOYMENTS, Ground};
use crate::manifests::{configmap, deployment};
use crate::rollouts::rolled_out;
use crate::{Behaviour, seen};

pub(crate) fn all() -> Vec<Behaviour> {
    vec![seen(a_deleted_namespace_takes_all_along), seen(nothing_is_created_in_no_namespace)]
}

async fn a_deleted_namespace_takes_all_along(ground: Ground) {
    rolled_out(&ground, deployment("web", 1)).await;
    ground.create(CONFIGMAPS, configmap("record", "1")).await;
    let path = format!("/api/v1/namespaces/{}", ground.namespace);
    ground.delete(&path, json!({})).await.ok();
    ground.until("its end", &path, |namespace| namespace["code"] == 404).await;
    ground.get(&ground.one(DEPLOYMENTS, "web")).await.refused(404, "NotFound");
    ground.get(&ground.one(CONFIGMAPS, "record")).await.refused(404, "NotFound");
    // The run deletes it once more at the end.
    let body = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": ground.namespace}});
    let made = ground.send(Method::POST, "/api/v1/namespaces", Some(("application/json", body))).await;
    assert_eq!(made.status, 201);
}

async fn nothing_is_created_in_no_namespace(ground: Ground) {
    let path = "/api/v1/namespaces/no-such-namespace/configmaps";
    let made = ground.send(Method::POST, path, Some(("application/json", configmap("record", "1")))).await;
    made.refused(404, "NotFound");
}
