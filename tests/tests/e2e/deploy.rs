//! The deployments against the real control plane: development, staging, and production as it should go and as it can go.
mod cancelled;
mod identities;
mod put_back;

use serde_json::json;

use crate::runner::Run;
use crate::shop::Shop;

const PRODUCTION: &str = "deploy-production.yml";
const STAGING: &str = "deploy-staging.yml";

fn inputs(skip: bool) -> serde_json::Value {
    json!({"image_tag": "new", "canary_weight_step1": "10", "canary_weight_step2": "50", "skip_canary": skip.to_string()})
}

/// The shop in production with the images `old`, and images `new` in the registry.
fn production() -> Option<Shop> {
    let shop = Shop::new("prod")?;
    shop.runs("prod", "old");
    shop.registry.fill(&shop.monorepo.runner.folder("registry"), "new");
    Some(shop)
}

/// The jobs of production up to the new version everywhere.
const PROMOTED: [&str; 5] = [
    "Approve success",
    "Backup success",
    "Canary, first step success",
    "Canary, second step success",
    "Full deploy success",
];

/// How the jobs ended, but for those of the scan, one an image.
fn jobs(run: &Run) -> Vec<String> {
    run.jobs().into_iter().filter(|job| !job.starts_with("Scan")).collect()
}

#[test]
fn a_good_image_goes_to_production() {
    let Some(shop) = production() else { return };
    let run = shop.dispatch(PRODUCTION, &inputs(false));
    assert_eq!(
        jobs(&run),
        [&PROMOTED[..], &["Notify success", "Validate success", "Verify success"]].concat(),
        "{}",
        run.log
    );
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
    let expected = [
        "Approve success",
        "Backup success",
        "Canary, first step failure",
        "Notify success",
        "Rollback success",
        "Validate success",
    ];
    assert_eq!(jobs(&run), expected, "{}", run.log);
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
    let jobs = jobs(&run);
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

/// The images of the last commit in the registry, under the tag that deploy-dev gives them.
fn built(shop: &Shop) {
    let commit = shop.monorepo.git(&["rev-parse", "HEAD"]);
    shop.registry.fill(&shop.monorepo.runner.folder("registry"), &format!("dev-{commit}"));
}

#[test]
fn a_push_to_develop_is_built_and_deployed() {
    let Some(mut shop) = Shop::new("dev") else { return };
    shop.monorepo.change("feat: begin development", &[("NOTES.md", "", "One.\n")]);
    let run = shop.push("refs/heads/develop", "deploy-dev.yml");
    let jobs = run.jobs();
    assert!(jobs.len() == 11 && jobs.iter().all(|job| job.ends_with(" success")), "{jobs:?}\n{}", run.log);
    let commit = shop.monorepo.git(&["rev-parse", "HEAD"]);
    shop.all_run(&format!("dev-{commit}"));
    assert!(shop.noted("messages").contains("development: deployed"), "{}", shop.noted("messages"));
    // What is gone from the overlay is pruned, and nothing else.
    shop.kubectl(&["create", "configmap", "somebody-elses"], "");
    let (old, new) = ("  - catalog-autoscaler.yaml\n", "");
    shop.monorepo.change("feat: scale by hand", &[("deploy/base/kustomization.yaml", old, new)]);
    let overlay = shop.monorepo.work().join("deploy/overlays/dev/kustomization.yaml");
    let text = std::fs::read_to_string(&overlay).unwrap();
    std::fs::write(&overlay, &text[..text.find("patches:").unwrap()]).unwrap();
    shop.monorepo.git(&["commit", "--quiet", "--all", "--message", "chore: no patch"]);
    let run = shop.push("refs/heads/develop", "deploy-dev.yml");
    assert_eq!(run.jobs(), jobs, "{}", run.log);
    assert_eq!(shop.kubectl(&["get", "hpa", "--output", "name"], ""), "");
    assert!(shop.kubectl(&["get", "configmaps", "--output", "name"], "").contains("somebody-elses"));
}

/// Staging after a workflow ran: four jobs, one backup, the migrations, and every service by the digest of a tag.
fn in_staging(shop: &Shop, run: &Run, tag: &str) {
    assert_eq!(run.jobs(), ["Backup success", "Deploy success", "Digests success", "Notify success"], "{}", run.log);
    shop.all_run(tag);
    assert_eq!((shop.noted("migrations").as_str(), shop.noted("backups").lines().count()), ("rollback\ncommit\n", 1));
    assert!(shop.noted("messages").contains("staging: deployed"), "{}", shop.noted("messages"));
}

#[test]
fn a_push_to_main_goes_to_staging_by_the_same_digests() {
    let Some(mut shop) = Shop::new("staging") else { return };
    shop.monorepo.change("feat: begin staging", &[("NOTES.md", "", "One.\n")]);
    built(&shop);
    let run = shop.push("refs/heads/main", STAGING);
    let commit = shop.monorepo.git(&["rev-parse", "HEAD"]);
    in_staging(&shop, &run, &format!("dev-{commit}"));
}

#[test]
fn a_tag_of_a_candidate_goes_to_staging_by_the_digests_of_its_commit() {
    let Some(mut shop) = Shop::new("staging") else { return };
    shop.monorepo.change("feat: a candidate", &[("NOTES.md", "", "One.\n")]);
    built(&shop);
    let tagged = shop.monorepo.git(&["rev-parse", "HEAD"]);
    shop.monorepo.git(&["tag", "v1.2.0-rc.1"]);
    // Images of a later commit are there as well, and nobody asked for them.
    shop.monorepo.change("feat: after the candidate", &[("NOTES.md", "One", "Two")]);
    built(&shop);
    shop.monorepo.git(&["checkout", "--quiet", "v1.2.0-rc.1"]);
    let run = shop.push("refs/tags/v1.2.0-rc.1", STAGING);
    in_staging(&shop, &run, &format!("dev-{tagged}"));
}

#[test]
fn a_tag_chosen_by_hand_goes_to_staging_and_no_other() {
    let Some(shop) = Shop::new("staging") else { return };
    // What a push of this commit would take is there as well.
    built(&shop);
    shop.registry.fill(&shop.monorepo.runner.folder("registry"), "chosen");
    let run = shop.dispatch(STAGING, &json!({"image_tag": "chosen"}));
    in_staging(&shop, &run, "chosen");
    // A tag that one image lacks stops before anything is changed.
    let before = shop.templates();
    let run = shop.dispatch(STAGING, &json!({"image_tag": "nowhere"}));
    assert_eq!(run.jobs(), ["Digests failure", "Notify success"], "{}", run.log);
    assert_eq!(shop.templates(), before);
    assert_eq!(shop.noted("backups").lines().count(), 1);
    assert!(shop.noted("messages").contains("staging: failed"), "{}", shop.noted("messages"));
}
