//! An autoscaler that really scales, while a canary takes load from what it watches.
use serde_json::{Value, json};

use crate::ground::{Ground, NEW, Run};

fn load(ground: &Ground, value: u32) {
    let object = json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "external-metrics"},
        "data": {"load": value.to_string()},
    });
    ground.apply(&["apply"], &object);
}

fn autoscaled(ground: &Ground) {
    load(ground, 40);
    let object = json!({
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "api"},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "api"},
            "minReplicas": 1,
            "maxReplicas": 8,
            "metrics": [{"type": "External", "external": {
                "metric": {"name": "load"}, "target": {"type": "AverageValue", "averageValue": "10"},
            }}],
        },
    });
    ground.apply(&["apply"], &object);
    let looked = || ground.get("hpa/api").is_some_and(|scaler| scaler["status"]["desiredReplicas"] == 4);
    ground.until("the autoscaler's first look", looked);
}

fn floor(ground: &Ground) -> Value {
    ground.get("hpa/api").unwrap()["spec"]["minReplicas"].clone()
}

#[test]
fn a_canary_that_takes_load_shrinks_nothing() {
    let Some(ground) = Ground::new(4) else { return };
    autoscaled(&ground);
    let child = ground.release("steps: [{weight: 50, observe: 12s}]\n", &[]).spawn().unwrap();
    ground.until("observation", || ground.record()["phase"] == "observing");
    assert_eq!(floor(&ground), 4);
    // Half of the load goes to the canaries now: without a floor, stable would be two pods within three seconds.
    load(&ground, 20);
    while ground.record()["phase"] == "observing" {
        let api = ground.get("deployment/api").unwrap();
        assert!(
            api["spec"]["replicas"].as_u64() >= Some(4) && api["status"]["readyReplicas"].as_u64() >= Some(4),
            "{api:#}"
        );
    }
    load(&ground, 40);
    Run::ended(child).came_to(0, "promoted");
    assert_eq!((ground.image(), floor(&ground)), (NEW.to_owned(), json!(1)));
    assert_eq!(ground.leftovers(), [""; 0]);
    // And it is the autoscaler's again.
    load(&ground, 20);
    ground.until("shrinking", || ground.ready("api") == 2);
}
