//! Another process goes on with a rollout, and what it found is not as the last one left it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod stage;

use std::time::Duration;

use canary_step::cluster::{Change, Cluster as Adapter, Kind};
use canary_step::decide::Safety;
use canary_step::driver::{End, begin};
use canary_step::record::{Phase, Record};
use cluster_sim::Cluster;
use serde_json::{Value, json};
use stage::*;

/// A rollout that was driven for a while; its driver is gone.
async fn abandoned(cluster: &Cluster) -> Record {
    let policy = policy(&["api"], "steps: [{weight: 50, observe: 3m}]\n");
    let mut driver = begin(adapter(cluster), beginning(&policy, NEW), Safety::default()).await.unwrap();
    let driven = tokio::time::timeout(Duration::from_secs(100), driver.run(std::future::pending())).await;
    assert!(driven.is_err(), "it was over before it was left");
    record(cluster)
}

/// Somebody's hand on the record.
async fn edited(cluster: &Cluster, change: impl FnOnce(&mut Value)) {
    let hand = Adapter::new(cluster.onlooker(NAMESPACE), NAMESPACE, "somebody");
    let mut object = hand.get(Kind::ConfigMap, "canary-shop").await.unwrap().unwrap();
    let mut record: Value = serde_json::from_str(object["data"]["record.json"].as_str().unwrap()).unwrap();
    change(&mut record);
    object["data"]["record.json"] = json!(record.to_string());
    hand.send(Kind::ConfigMap, "canary-shop", (&Change::Replace(object), false)).await.unwrap();
}

/// What was counted is lost: that is said, and the step is observed anew.
#[test]
fn statistics_that_cannot_be_read_begin_anew_and_say_so() {
    virtually(async {
        let cluster = cluster(&["api"], 4).await;
        let before = abandoned(&cluster).await;
        assert_eq!(before.phase, Phase::Observing);
        edited(&cluster, |record| record["judge"] = json!({ "judge": { "of": "another version" } })).await;
        let mut driver = go_on(&cluster, "second").await.unwrap();
        let now = driver.record.since.0 + driver.cluster.now().since(driver.record.since);
        assert_eq!(driver.record.observing.unwrap().0, now, "the step is observed from now on");
        let (end, after) = drive(&mut driver).await.unwrap();
        assert_eq!(end, End::Over(Phase::Promoted), "{:?}", after.reasons);
        let said = after.events.iter().find(|event| event.text.contains("begins anew")).expect("it is said");
        assert_eq!(said.kind, "driver");
        let judged = after.judged.unwrap().text;
        assert!(judged.contains("could not be read"), "{judged}");
    });
}

#[test]
fn statistics_that_can_be_read_go_on() {
    virtually(async {
        let cluster = cluster(&["api"], 4).await;
        let before = abandoned(&cluster).await;
        let driver = go_on(&cluster, "second").await.unwrap();
        assert_eq!(driver.record.judge, before.judge);
        assert!(driver.record.events.iter().all(|event| !event.text.contains("begins anew")));
    });
}
