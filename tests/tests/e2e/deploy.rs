//! The deployments against the real control plane: development, staging, and production as it should go and as it can go.
use serde_json::json;

use crate::shop::Shop;

const PRODUCTION: &str = "deploy-production.yml";

fn inputs(skip: bool) -> serde_json::Value {
    json!({"image_tag": "new", "canary_weight_step1": "10", "canary_weight_step2": "50", "skip_canary": skip})
}

/// The shop in production with the images `old`, and images `new` in the registry.
fn production() -> Option<Shop> {
    let shop = Shop::new("prod")?;
    shop.runs("prod", "old");
    shop.registry.fill(&shop.monorepo.runner.folder("registry"), "new");
    Some(shop)
}

#[test]
fn a_good_image_goes_to_production() {
    let Some(shop) = production() else { return };
    let run = shop.dispatch(PRODUCTION, &inputs(false));
    let expected = [
        "Approve success",
        "Backup success",
        "Canary, first step success",
        "Canary, second step success",
        "Full deploy success",
        "Notify success",
        "Validate success",
        "Verify success",
    ];
    let jobs: Vec<String> = run.jobs().into_iter().filter(|job| !job.starts_with("Scan")).collect();
    assert_eq!(jobs, expected, "{}", run.log);
    shop.all_run("new");
    assert_eq!((shop.noted("migrations").as_str(), shop.noted("backups").lines().count()), ("rollback\ncommit\n", 1));
    assert!(shop.noted("messages").contains("new is in production"), "{}", shop.noted("messages"));
    assert_eq!(shop.noted("pages"), "");
}

#[test]
fn a_bad_image_is_stopped_at_the_first_step() {
    let Some(mut shop) = production() else { return };
    let before = shop.templates();
    // An image has no process here: the label makes its pods crash.
    let old = "  - target:\n      kind: HorizontalPodAutoscaler\n";
    let crash = "  - target: {kind: Deployment, name: orders}\n    patch: |-\n      - {op: add, path: /spec/template/metadata/labels/sim.dataflow.dev~1fault, value: crash}\n";
    shop.monorepo
        .change("feat(orders): break", &[("deploy/overlays/prod/kustomization.yaml", old, &format!("{crash}{old}"))]);
    let run = shop.dispatch(PRODUCTION, &inputs(false));
    let jobs: Vec<String> = run.jobs().into_iter().filter(|job| !job.starts_with("Scan")).collect();
    let expected = [
        "Approve success",
        "Backup success",
        "Canary, first step failure",
        "Notify success",
        "Rollback success",
        "Validate success",
    ];
    assert_eq!(jobs, expected, "{}", run.log);
    assert_eq!(shop.templates(), before, "stable was touched");
    shop.all_run("old");
    assert_eq!(shop.noted("migrations"), "");
    assert!(shop.noted("messages").contains("was stopped"), "{}", shop.noted("messages"));
    assert_eq!(shop.noted("pages"), "");
}

#[test]
fn the_canary_can_be_skipped() {
    let Some(shop) = production() else { return };
    let run = shop.dispatch(PRODUCTION, &inputs(true));
    let jobs: Vec<String> = run.jobs().into_iter().filter(|job| !job.starts_with("Scan")).collect();
    let expected = [
        "Approve success",
        "Backup success",
        "Canary, first step success",
        "Full deploy success",
        "Notify success",
        "Validate success",
        "Verify success",
    ];
    assert_eq!(jobs, expected, "{}", run.log);
    shop.all_run("new");
    assert_eq!(shop.noted("migrations"), "rollback\ncommit\n");
}
