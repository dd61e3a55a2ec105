//! The lock: one holder, found out by versions.
use serde_json::{Value, json};

use crate::ground::{Ground, LEASES};
use crate::reply::{text, version};
use crate::{Behaviour, seen};

pub(crate) fn all() -> Vec<Behaviour> {
    vec![
        seen(a_lease_is_created_once),
        seen(a_lease_is_renewed_by_its_version),
        seen(a_lease_is_not_replaced_without_a_version),
        seen(a_lease_outlives_its_duration),
    ]
}

fn lease(holder: &str, renewed: &str) -> Value {
    json!({
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": {"name": "canary-shop"},
        "spec": {
            "holderIdentity": holder, "leaseDurationSeconds": 1, "leaseTransitions": 1,
            "acquireTime": renewed, "renewTime": renewed,
        },
    })
}

async fn a_lease_is_created_once(ground: Ground) {
    let made = ground.create(LEASES, lease("one", "2026-01-05T09:00:00.123456Z")).await;
    assert_eq!(text(&made["spec"]["renewTime"]), "2026-01-05T09:00:00.123456Z");
    let refused = ground.try_create(LEASES, lease("other", "2026-01-05T09:00:00.123456Z")).await;
    let refused = refused.refused(409, "AlreadyExists");
    assert_eq!(text(&refused["message"]), "leases.coordination.k8s.io \"canary-shop\" already exists");
}

async fn a_lease_is_renewed_by_its_version(ground: Ground) {
    let made = ground.create(LEASES, lease("one", "2026-01-05T09:00:00.000000Z")).await;
    let path = ground.one(LEASES, "canary-shop");
    let with = |holder: &str| {
        let mut taken = lease(holder, "2026-01-05T09:00:05.000000Z");
        taken["metadata"]["resourceVersion"] = json!(version(&made));
        taken["spec"]["leaseTransitions"] = json!(2);
        taken
    };
    let (one, other) = tokio::join!(ground.put(&path, with("one")), ground.put(&path, with("other")));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let holder = if one.status == 200 { "one" } else { "other" };
    let now = ground.get(&path).await.ok();
    assert_eq!((text(&now["spec"]["holderIdentity"]), &now["spec"]["leaseTransitions"]), (holder, &json!(2)));
}

/// Unlike a ConfigMap.
async fn a_lease_is_not_replaced_without_a_version(ground: Ground) {
    ground.create(LEASES, lease("one", "2026-01-05T09:00:00.000000Z")).await;
    let path = ground.one(LEASES, "canary-shop");
    let refused = ground.put(&path, lease("other", "2026-01-05T09:00:05.000000Z")).await.refused(422, "Invalid");
    assert!(text(&refused["message"]).contains("must be specified for an update"), "{refused:#}");
}

/// Nobody deletes it, and nobody writes to it: who waits has to see for himself that it is not renewed.
async fn a_lease_outlives_its_duration(ground: Ground) {
    let made = ground.create(LEASES, lease("one", "2026-01-05T09:00:00.000000Z")).await;
    ground.wait(2500).await;
    let after = ground.get(&ground.one(LEASES, "canary-shop")).await.ok();
    assert_eq!((version(&after), &after["spec"]), (version(&made), &made["spec"]));
}
