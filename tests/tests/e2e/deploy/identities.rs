//! Who may deploy: the identity of a job decides, and nothing is stored that could stand in for it.
use std::fs;

use serde_json::json;

use super::STAGING;
use crate::runner::Run;
use crate::shop::Shop;

/// Runs staging by hand with a changed line of the caller or of the workflow that it calls.
fn staging(change: impl FnOnce(&Shop)) -> Option<(Shop, Run)> {
    let shop = Shop::new("staging")?;
    shop.registry.fill(&shop.monorepo.runner.folder("registry"), "chosen");
    change(&shop);
    let run = shop.dispatch(STAGING, &json!({"image_tag": "chosen"}));
    Some((shop, run))
}

fn replace(file: &std::path::Path, old: &str, new: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(old), "{} has no {old:?}", file.display());
    fs::write(file, text.replacen(old, new, 1)).unwrap();
}

/// The first job that signs in failed for this reason, and nothing was deployed.
fn is_refused(shop: &Shop, run: &Run, why: &str) {
    assert_eq!(run.jobs(), ["Digests failure", "Notify success"], "{}", run.log);
    let said = run.annotations();
    assert!(said.iter().any(|line| line.contains(why)), "{said:?}\n{}", run.log);
    assert_eq!(shop.images(), []);
    assert_eq!((shop.noted("backups").as_str(), shop.noted("migrations").as_str()), ("", ""));
    let log = shop.monorepo.cloud.log();
    assert!(!log.iter().any(|line| line.starts_with("lent")), "{log:#?}");
}

#[test]
fn every_job_that_signs_in_does_so_as_its_environment() {
    let Some((shop, run)) = staging(|_| ()) else { return };
    super::in_staging(&shop, &run, "chosen");
    let (subject, account) =
        ("repo:dataflow/monorepo:environment:staging", "deploy-staging@shop.iam.gserviceaccount.com");
    let lent = format!("lent: {account} to {subject}");
    let log = shop.monorepo.cloud.log();
    // Digests, backup and deploy; the one that notifies has no identity.
    assert_eq!(log.iter().filter(|line| **line == lent).count(), 3, "{log:#?}");
    assert_eq!(log.len(), 9, "{log:#?}");
}

#[test]
fn a_job_without_the_permission_gets_no_identity() {
    let Some((shop, run)) = staging(|shop| {
        let caller = shop.monorepo.work().join(".github/workflows").join(STAGING);
        replace(&caller, "      id-token: write # to sign in without a stored key\n", "");
    }) else {
        return;
    };
    is_refused(&shop, &run, "this job gets no identity token");
}

#[test]
fn a_job_of_another_environment_does_not_become_the_account() {
    let Some((shop, run)) = staging(|shop| {
        replace(&shop.monorepo.called().join(STAGING), "    environment: staging\n", "    environment: development\n");
    }) else {
        return;
    };
    is_refused(&shop, &run, "PERMISSION_DENIED");
}
