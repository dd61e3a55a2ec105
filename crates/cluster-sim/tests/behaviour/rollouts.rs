//! Deployments: how a template gets to pods, and back.
use serde_json::{Value, json};

use crate::ground::{DEPLOYMENTS, Ground, PODS, REPLICA_SETS};
use crate::manifests::{FIRST, SECOND, deployment, faulty};
use crate::reply::{condition, count, generation, holds, name, text, uid};
use crate::{Behaviour, seen};

pub(crate) fn all() -> Vec<Behaviour> {
    vec![
        seen(a_deployment_rolls_out),
        seen(pods_are_owned_and_named_after_their_set),
        seen(a_surge_never_goes_below),
        seen(a_restored_template_has_its_set_again),
        seen(an_equal_template_starts_nothing),
        seen(a_paused_deployment_waits),
        seen(a_paused_deployment_still_scales),
        seen(a_pod_is_available_after_its_time),
        seen(a_stuck_rollout_says_so),
        seen(a_deleted_pod_is_replaced),
        seen(a_deleted_deployment_takes_its_pods_along),
    ]
}

/// Whether all pods are of the newest template, available, and no others are left.
pub(crate) fn complete(web: &Value, replicas: i64) -> bool {
    let status = &web["status"];
    count(&status["observedGeneration"]) == generation(web)
        && ["replicas", "updatedReplicas", "readyReplicas", "availableReplicas"]
            .iter()
            .all(|field| count(&status[field]) == replicas)
        && count(&status["unavailableReplicas"]) == 0
}

/// Creates it and waits for its pods.
pub(crate) async fn rolled_out(ground: &Ground, object: Value) -> Value {
    let (path, replicas) = (ground.one(DEPLOYMENTS, name(&object)), count(&object["spec"]["replicas"]));
    ground.create(DEPLOYMENTS, object).await;
    ground.until("rollout", &path, |web| complete(web, replicas)).await
}

fn image(image: &str) -> Value {
    json!([{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": image}])
}

fn revision(set: &Value) -> &str {
    text(&set["metadata"]["annotations"]["deployment.kubernetes.io/revision"])
}

async fn a_deployment_rolls_out(ground: Ground) {
    rolled_out(&ground, deployment("web", 3)).await;
    let done = |web: &Value| condition(web, "Progressing")["reason"] == "NewReplicaSetAvailable";
    let web = ground.until("end of progress", &ground.one(DEPLOYMENTS, "web"), done).await;
    assert_eq!(text(&condition(&web, "Available")["reason"]), "MinimumReplicasAvailable");
    assert!(holds(&web, "Available") && holds(&web, "Progressing"), "{web:#}");
    assert_eq!(revision(&web), "1");
}

async fn pods_are_owned_and_named_after_their_set(ground: Ground) {
    let web = rolled_out(&ground, deployment("web", 2)).await;
    let sets = ground.list(REPLICA_SETS, "app=web").await;
    let owner = &sets[0]["metadata"]["ownerReferences"][0];
    assert_eq!(
        (text(&owner["kind"]), text(&owner["uid"]), &owner["controller"]),
        ("Deployment", uid(&web), &json!(true))
    );
    let hash = text(&sets[0]["metadata"]["labels"]["pod-template-hash"]);
    assert_eq!(name(&sets[0]), format!("web-{hash}"));
    assert_eq!(text(&sets[0]["spec"]["selector"]["matchLabels"]["pod-template-hash"]), hash);
    let pods = ground.list(PODS, "app=web").await;
    assert_eq!(pods.len(), 2);
    for pod in &pods {
        let owner = &pod["metadata"]["ownerReferences"][0];
        assert_eq!((text(&owner["kind"]), text(&owner["uid"])), ("ReplicaSet", uid(&sets[0])));
        assert_eq!(text(&pod["metadata"]["labels"]["pod-template-hash"]), hash);
        assert!(name(pod).starts_with(&format!("web-{hash}-")));
        assert!(holds(pod, "Ready") && pod["status"]["phase"] == "Running", "{pod:#}");
        let container = &pod["status"]["containerStatuses"][0];
        assert_eq!((text(&container["name"]), text(&container["image"])), ("app", FIRST));
        assert_eq!((&container["ready"], count(&container["restartCount"])), (&json!(true), 0));
    }
}

/// With a surge of one and nothing unavailable, in every state on the way.
async fn a_surge_never_goes_below(ground: Ground) {
    rolled_out(&ground, deployment("web", 4)).await;
    let path = ground.one(DEPLOYMENTS, "web");
    ground.patch(&path, image(SECOND)).await.ok();
    let careful = |web: &Value| {
        let status = &web["status"];
        assert!(count(&status["replicas"]) <= 5 && count(&status["availableReplicas"]) >= 4, "{status:#}");
        complete(web, 4)
    };
    ground.until("second rollout", &path, careful).await;
    let pods = ground.list(PODS, "app=web").await;
    let alive = pods.iter().filter(|pod| pod["metadata"]["deletionTimestamp"].is_null());
    assert!(alive.clone().all(|pod| pod["spec"]["containers"][0]["image"] == SECOND));
    assert_eq!(alive.count(), 4);
}

/// Rolling back is putting the saved template back.
async fn a_restored_template_has_its_set_again(ground: Ground) {
    let first = rolled_out(&ground, deployment("web", 2)).await;
    let path = ground.one(DEPLOYMENTS, "web");
    let old = ground.list(REPLICA_SETS, "app=web").await.remove(0);
    ground.patch(&path, image(SECOND)).await.ok();
    let second = ground.until("second rollout", &path, |web| complete(web, 2)).await;
    assert_eq!((revision(&first), revision(&second)), ("1", "2"));
    let restore = json!([{"op": "replace", "path": "/spec/template", "value": first["spec"]["template"]}]);
    let restored = ground.patch(&path, restore).await.ok();
    assert_eq!(restored["spec"], first["spec"]);
    let third = ground.until("restored rollout", &path, |web| complete(web, 2) && revision(web) == "3").await;
    assert_eq!(third["spec"]["template"], first["spec"]["template"]);
    let sets = ground.list(REPLICA_SETS, "app=web").await;
    assert_eq!(sets.len(), 2);
    let again = sets.iter().find(|set| count(&set["spec"]["replicas"]) == 2).unwrap();
    assert_eq!((uid(again), name(again), revision(again)), (uid(&old), name(&old), "3"));
    let history = &again["metadata"]["annotations"]["deployment.kubernetes.io/revision-history"];
    assert_eq!(text(history), "1");
}

async fn an_equal_template_starts_nothing(ground: Ground) {
    let web = rolled_out(&ground, deployment("web", 1)).await;
    let same = json!([{"op": "replace", "path": "/spec/template", "value": web["spec"]["template"]}]);
    let after = ground.patch(&ground.one(DEPLOYMENTS, "web"), same).await.ok();
    assert_eq!(generation(&after), generation(&web));
    ground.wait(500).await;
    assert_eq!(ground.list(REPLICA_SETS, "app=web").await.len(), 1);
}

async fn a_paused_deployment_waits(ground: Ground) {
    rolled_out(&ground, deployment("web", 2)).await;
    let path = ground.one(DEPLOYMENTS, "web");
    let change = json!([
        {"op": "add", "path": "/spec/paused", "value": true},
        {"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": SECOND},
    ]);
    let changed = ground.patch(&path, change).await.ok();
    let seen = |web: &Value| count(&web["status"]["observedGeneration"]) == generation(&changed);
    ground.until("sight of it", &path, seen).await;
    ground.wait(500).await;
    let web = ground.get(&path).await.ok();
    assert_eq!(ground.list(REPLICA_SETS, "app=web").await.len(), 1);
    assert_eq!(text(&condition(&web, "Progressing")["reason"]), "DeploymentPaused");
    assert_eq!((count(&web["status"]["readyReplicas"]), count(&web["status"]["updatedReplicas"])), (2, 0));
    ground.patch(&path, json!([{"op": "remove", "path": "/spec/paused"}])).await.ok();
    ground.until("rollout", &path, |web| complete(web, 2)).await;
    assert_eq!(ground.list(REPLICA_SETS, "app=web").await.len(), 2);
}

async fn a_paused_deployment_still_scales(ground: Ground) {
    rolled_out(&ground, deployment("web", 1)).await;
    let path = ground.one(DEPLOYMENTS, "web");
    ground.merge(&path, json!({"spec": {"paused": true, "replicas": 3}})).await.ok();
    ground.until("three pods", &path, |web| count(&web["status"]["availableReplicas"]) == 3).await;
}

async fn a_pod_is_available_after_its_time(ground: Ground) {
    let mut object = deployment("web", 1);
    object["spec"]["minReadySeconds"] = json!(2);
    ground.create(DEPLOYMENTS, object).await;
    let path = ground.one(DEPLOYMENTS, "web");
    let ready = ground.until("readiness", &path, |web| count(&web["status"]["readyReplicas"]) == 1).await;
    assert_eq!((count(&ready["status"]["availableReplicas"]), count(&ready["status"]["unavailableReplicas"])), (0, 1));
    assert!(!holds(&ready, "Available"));
    ground.until("availability", &path, |web| complete(web, 1) && holds(web, "Available")).await;
}

/// The deadline says that nothing moves; it undoes nothing, and what served goes on serving.
async fn a_stuck_rollout_says_so(ground: Ground) {
    let mut object = deployment("web", 2);
    object["spec"]["progressDeadlineSeconds"] = json!(2);
    rolled_out(&ground, object).await;
    let path = ground.one(DEPLOYMENTS, "web");
    let mut bad = faulty("web", 2, "never-ready")["spec"]["template"].clone();
    bad["spec"]["containers"][0]["image"] = json!(SECOND);
    ground.patch(&path, json!([{"op": "replace", "path": "/spec/template", "value": bad}])).await.ok();
    let exceeded = |web: &Value| condition(web, "Progressing")["reason"] == "ProgressDeadlineExceeded";
    let web = ground.until("end of patience", &path, exceeded).await;
    assert_eq!(text(&condition(&web, "Progressing")["status"]), "False");
    assert!(holds(&web, "Available"));
    let status = &web["status"];
    let counts =
        ["replicas", "updatedReplicas", "readyReplicas", "unavailableReplicas"].map(|field| count(&status[field]));
    assert_eq!(counts, [3, 1, 2, 1]);
}

async fn a_deleted_pod_is_replaced(ground: Ground) {
    rolled_out(&ground, deployment("web", 2)).await;
    let pods = ground.list(PODS, "app=web").await;
    ground.delete(&ground.one(PODS, name(&pods[0])), json!({})).await.ok();
    let path = format!("{}?labelSelector=app%3Dweb", ground.all(PODS));
    let gone = name(&pods[0]).to_owned();
    let both = |list: &Value| {
        let items = list["items"].as_array().unwrap();
        items.len() == 2 && items.iter().all(|pod| holds(pod, "Ready") && name(pod) != gone)
    };
    ground.until("a new pod", &path, both).await;
}

async fn a_deleted_deployment_takes_its_pods_along(ground: Ground) {
    let web = rolled_out(&ground, deployment("web", 2)).await;
    let options = json!({"propagationPolicy": "Background", "preconditions": {"uid": uid(&web)}});
    ground.delete(&ground.one(DEPLOYMENTS, "web"), options).await.ok();
    ground.get(&ground.one(DEPLOYMENTS, "web")).await.refused(404, "NotFound");
    ground.until_none(REPLICA_SETS, "app=web").await;
    ground.until_none(PODS, "app=web").await;
}
